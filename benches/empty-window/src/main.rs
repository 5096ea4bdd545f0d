//! A window of the size of the product's with one page in it, and nothing else.

use tauri::webview::WebviewWindowBuilder;
use tauri::{App, WebviewUrl};

fn main() -> tauri::Result<()> {
    let data = std::env::var_os("ZHKH_DATA_DIR").map(std::path::PathBuf::from).unwrap_or_default();
    tauri::Builder::default().setup(move |app| Ok(open(app, &data)?)).run(tauri::generate_context!())
}

fn open(app: &App, data: &std::path::Path) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Empty")
        .inner_size(1366.0, 768.0)
        .decorations(false)
        .data_directory(data.join("webview"))
        .build()?;
    Ok(())
}
