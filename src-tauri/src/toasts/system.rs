//! Toasts of the operating system.

use super::Notifier;
use crate::place;
use crate::words::Worded;
use notify_rust::{Notification, NotificationResponse};

/// Shows toasts through the system's own notification service.
pub struct SystemNotifier;

impl SystemNotifier {
    /// Makes the program known to the system, where that is asked for.
    pub fn new() -> Self {
        #[cfg(windows)]
        if let Err(error) = super::app_id::register() {
            tracing::warn!(%error, "Windows will show no toasts");
        }
        // Before the program is installed as a bundle nothing has this name, and toasts come under another.
        #[cfg(target_os = "macos")]
        if let Err(error) = notify_rust::set_application(place::IDENTIFIER) {
            tracing::info!(%error, "toasts come under another program's name");
        }
        Self
    }
}

impl Notifier for SystemNotifier {
    fn show(&self, toast: Worded, open: &'static str, clicked: Box<dyn FnOnce() + Send>) {
        // Waiting for a click blocks: a thread of its own for each toast, gone when the toast is.
        let started = std::thread::Builder::new().name("toast".into()).spawn(move || {
            if let Err(error) = show_and_wait(&toast, open, clicked) {
                tracing::info!(%error, "no toast: the system has no notifications here");
            }
        });
        if let Err(error) = started {
            tracing::warn!(%error, "no thread for a toast");
        }
    }
}

fn show_and_wait(toast: &Worded, open: &str, clicked: Box<dyn FnOnce() + Send>) -> notify_rust::error::Result<()> {
    let mut notification = Notification::new();
    notification.appname("ЖКХ Desktop").summary(&toast.title).body(&toast.text);
    #[cfg(target_os = "linux")]
    notification.icon("zhkh-desktop").hint(notify_rust::Hint::DesktopEntry(place::IDENTIFIER.into()));
    #[cfg(windows)]
    notification.app_id(place::IDENTIFIER);
    notification.action("default", open);
    let mut clicked = Some(clicked);
    notification.show()?.wait_for_response(move |response: &NotificationResponse| {
        let wants_more = match response {
            NotificationResponse::Default => true,
            NotificationResponse::Action(key) => key == "default",
            NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => false,
        };
        if wants_more && let Some(clicked) = clicked.take() {
            clicked();
        }
    })
}
