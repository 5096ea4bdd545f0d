//! The icon beside the clock: how the queue is, and the way back to a hidden window.

use crate::{shell, window, words};
use client::Core;
use client::view::{Event, Language, Target};
use std::sync::Arc;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{App, Wry};

const OPEN: &str = "open";
const QUEUE: &str = "queue";
const QUIT: &str = "quit";

/// The parts that change.
pub struct Lines {
    icon: TrayIcon,
    open: MenuItem<Wry>,
    queue: MenuItem<Wry>,
    quit: MenuItem<Wry>,
}

/// Whether an icon would be seen. On Linux that needs a host for status icons; without one a window that hides
/// could never be brought back.
#[cfg(target_os = "linux")]
pub fn possible() -> bool {
    let asked = || -> zbus::Result<bool> {
        let bus = zbus::blocking::Connection::session()?;
        let name = zbus::names::BusName::try_from("org.kde.StatusNotifierWatcher")?;
        Ok(zbus::blocking::fdo::DBusProxy::new(&bus)?.name_has_owner(name)?)
    };
    asked().unwrap_or(false)
}

/// Whether an icon would be seen.
#[cfg(not(target_os = "linux"))]
pub fn possible() -> bool {
    true
}

/// Puts the icon up.
pub fn raise(app: &App) -> tauri::Result<Lines> {
    let language = &Language::Ru;
    let open = MenuItem::with_id(app, OPEN, words::open(language), true, None::<&str>)?;
    let queue = MenuItem::with_id(app, QUEUE, "ЖКХ Desktop", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, words::quit(language), true, None::<&str>)?;
    let menu = Menu::with_items(app, &[&open, &queue, &quit])?;
    let mut icon = TrayIconBuilder::with_id("main")
        .tooltip("ЖКХ Desktop")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id.as_ref() {
            OPEN => window::raise(app),
            QUEUE => shell::show(app, Event::Open { target: Target::Queue }),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|icon, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, .. } = event {
                shell::show(icon.app_handle(), Event::Raise);
            }
        });
    if let Some(image) = app.default_window_icon() {
        icon = icon.icon(image.clone());
    }
    Ok(Lines { icon: icon.build(app)?, open, queue, quit })
}

impl Lines {
    /// Writes what is true now, in the language of the settings.
    pub fn refresh(&self, core: &Arc<Core>) {
        let language = core.settings().language;
        let line = words::pill(&core.pill(), &language);
        let mut told = format!("ЖКХ Desktop\n{line}");
        if let Some(unread) = words::unread(core.unread(), &language) {
            told.push('\n');
            told.push_str(&unread);
        }
        let written = self
            .queue
            .set_text(&line)
            .and_then(|()| self.open.set_text(words::open(&language)))
            .and_then(|()| self.quit.set_text(words::quit(&language)))
            .and_then(|()| self.icon.set_tooltip(Some(told)));
        if let Err(error) = written {
            tracing::warn!(%error, "the tray does not show the queue");
        }
    }
}
