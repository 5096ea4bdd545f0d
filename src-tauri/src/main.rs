//! The shell of ЖКХ Desktop: window, tray, toasts, keyring. What the program knows and decides is in `crates/client`.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod attachment;
mod command;
mod engine;
mod keychain;
mod logs;
mod options;
mod panics;
mod place;
mod shell;
mod toasts;
mod tray;
mod window;
mod words;

fn main() -> anyhow::Result<()> {
    let options = options::Options::read()?;
    let _logs_end_here = logs::start(&options.data)?;
    panics::keep_reports(options.data.join("panics"));
    options.rendering.apply();
    shell::run(options)
}
