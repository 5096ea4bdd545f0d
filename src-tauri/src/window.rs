//! The one window.

use crate::shell::Shell;
use std::path::Path;
use std::sync::atomic::Ordering;
use tauri::webview::{PermissionKind, PermissionResponse, WebviewWindowBuilder};
use tauri::{App, AppHandle, Manager, WebviewUrl, Window, WindowEvent};
use tauri_plugin_window_state::StateFlags;

/// The window's name for Tauri and for the capability file.
pub const LABEL: &str = "main";

/// Remembers place and size in the data folder, and nothing else.
pub fn remembering(data: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::default()
        // An absolute path takes the place of the plugin's own folder.
        .with_filename(data.join("window.json").to_string_lossy())
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED)
        .build()
}

/// Opens it. The webview keeps its files in the data folder too, so that one folder holds everything.
pub fn open(app: &App, data: &Path) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("ЖКХ Desktop")
        .inner_size(1366.0, 768.0)
        .min_inner_size(360.0, 560.0)
        .decorations(false)
        .data_directory(data.join("webview"))
        .on_navigation(is_ours)
        // Files are dropped on the page itself, which knows where.
        .disable_drag_drop_handler()
        .on_permission_request(|_, wanted| permitted(wanted))
        .build()?;
    let_see(&window)
}

/// The camera, for «Сделать снимок»; the system asks the person by itself where it does. Nothing else.
fn permitted(wanted: PermissionKind) -> PermissionResponse {
    match wanted {
        PermissionKind::Camera => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    }
}

/// WebKitGTK has cameras only where they are switched on.
#[cfg(target_os = "linux")]
fn let_see(window: &tauri::WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{SettingsExt, WebViewExt};
    window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_enable_media_stream(true);
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn let_see(_: &tauri::WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// The window shows the program and nothing from outside.
fn is_ours(url: &tauri::Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

/// Shows it, wherever it is.
pub fn raise(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let raised = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = raised {
        tracing::warn!(%error, "the window cannot be raised");
    }
}

/// Closing hides the window while the tray can bring it back.
pub fn on_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    if window.state::<Shell>().close_ends.load(Ordering::Acquire) {
        return;
    }
    api.prevent_close();
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "the window cannot be hidden");
    }
}

#[cfg(test)]
mod tests {
    use super::{is_ours, permitted};
    use tauri::webview::{PermissionKind, PermissionResponse};

    #[test]
    fn the_page_gets_the_camera_and_no_microphone_or_place() {
        assert!(matches!(permitted(PermissionKind::Camera), PermissionResponse::Allow));
        for other in [PermissionKind::Microphone, PermissionKind::Geolocation, PermissionKind::DisplayCapture] {
            assert!(matches!(permitted(other), PermissionResponse::Deny));
        }
    }

    #[test]
    fn the_window_never_leaves_the_program() {
        let url = |text: &str| tauri::Url::parse(text).expect("written well in this test");
        assert!(is_ours(&url("tauri://localhost/index.html")));
        assert!(is_ours(&url("http://tauri.localhost/")));
        assert!(!is_ours(&url("https://example.org/")));
        assert!(!is_ours(&url("data:text/html,x")));
    }
}
