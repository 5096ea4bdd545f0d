//! Toasts: what the core has to say while nobody looks at the window. Which toasts there are, and that none comes
//! twice, is the core's affair.

#[cfg(windows)]
mod app_id;
mod system;

use crate::{shell, words};
use client::Core;
use client::view::Event;
use std::sync::Arc;
use tauri::AppHandle;
use tokio::sync::broadcast::error::RecvError;
use words::Worded;

/// What shows toasts.
pub trait Notifier: Send + Sync + 'static {
    /// Shows one; `clicked` is called when the person asks for more.
    fn show(&self, toast: Worded, open: &'static str, clicked: Box<dyn FnOnce() + Send>);
}

/// Shows the core's toasts by the operating system until the core ends.
pub fn follow(app: &AppHandle, core: &Arc<Core>) {
    let (app, core, mut toasts) = (app.clone(), Arc::clone(core), core.toasts());
    let notifier = system::SystemNotifier::new();
    tauri::async_runtime::spawn(async move {
        loop {
            let toast = match toasts.recv().await {
                Ok(toast) => toast,
                // What was missed is in the window all the same.
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let language = core.settings().language;
            let worded = words::toast(&toast, &language);
            let (app, target) = (app.clone(), worded.target.clone());
            let clicked = Box::new(move || shell::show(&app, Event::Open { target }));
            notifier.show(worded, words::open(&language), clicked);
        }
    });
}
