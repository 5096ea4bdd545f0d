//! Puts the program together: plugins, core, tray, window, toasts, and their end.

use crate::options::Options;
use crate::{attachment, command, engine, place, toasts, tray, window};
use client::Core;
use client::view::{Event, Topic};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager, RunEvent};
use tokio::sync::broadcast::error::RecvError;

/// How long the core may take to end. What was entered is on the disk by then anyway.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// The name under which the window hears events of the core.
const EVENT: &str = "core";

/// What commands, tray and window share.
pub struct Shell {
    /// The engine.
    pub core: Arc<Core>,
    /// Whether closing the window ends the program: there is no tray, or the person signed out.
    pub close_ends: AtomicBool,
    /// Whether the tray is there.
    pub in_tray: bool,
}

impl Shell {
    /// A person is signed in or out; a window closed after signing out is a program ended («Выход»).
    pub fn person_left(&self, left: bool) {
        self.close_ends.store(left || !self.in_tray, Ordering::Release);
    }
}

/// Runs the program until it ends.
pub fn run(options: Options) -> anyhow::Result<()> {
    let tray_possible = tray::possible();
    let app = tauri::Builder::default()
        .plugin(single_instance(&options))
        .plugin(window::remembering(&options.data))
        .register_asynchronous_uri_scheme_protocol(attachment::SCHEME, attachment::serve)
        .invoke_handler(tauri::generate_handler![command::call])
        .on_window_event(window::on_event)
        .setup(move |app| {
            let core = engine::open(&options)?;
            let shell = Shell { core, close_ends: AtomicBool::new(!tray_possible), in_tray: tray_possible };
            let core = Arc::clone(&shell.core);
            app.manage(shell);
            let tray = if tray_possible { Some(tray::raise(app)?) } else { None };
            if let Some(tray) = &tray {
                tray.refresh(&core);
            }
            window::open(app, &options.data)?;
            toasts::follow(app.handle(), &core);
            forward_events(app.handle(), &core, tray);
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            let core = Arc::clone(&app.state::<Shell>().core);
            tauri::async_runtime::block_on(async move {
                if tokio::time::timeout(LAST_WORDS, core.close()).await.is_err() {
                    tracing::warn!("the core did not end in time");
                }
            });
            tracing::info!("ended");
        }
    });
    Ok(())
}

/// The second start of the program only raises the window of the first. A data folder apart is another program.
fn single_instance(options: &Options) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let plugin = tauri_plugin_single_instance::Builder::new().callback(|app, _, _| show(app, Event::Raise));
    if options.apart {
        return plugin.dbus_id(format!("{}.{}", place::IDENTIFIER, engine::mark_of(&options.data))).build();
    }
    plugin.build()
}

/// Brings the window up and tells it why.
pub fn show(app: &AppHandle, event: Event) {
    window::raise(app);
    app.state::<Shell>().core.announce(event);
}

fn forward_events(app: &AppHandle, core: &Arc<Core>, tray: Option<tray::Lines>) {
    let (app, core, mut events) = (app.clone(), Arc::clone(core), core.events());
    tauri::async_runtime::spawn(async move {
        loop {
            let event = match events.recv().await {
                Ok(event) => event,
                // The window missed some: everything may have changed.
                Err(RecvError::Lagged(_)) => Event::Changed { topics: everything() },
                Err(RecvError::Closed) => return,
            };
            if let Err(error) = app.emit_to(window::LABEL, EVENT, &event) {
                tracing::warn!(%error, "the window did not hear an event");
            }
            if let (Some(tray), Event::Changed { topics }) = (&tray, &event)
                && topics
                    .iter()
                    .any(|topic| matches!(topic, Topic::Queue | Topic::Tickets | Topic::Settings | Topic::Session))
            {
                tray.refresh(&core);
            }
        }
    });
}

fn everything() -> Vec<Topic> {
    vec![
        Topic::Session,
        Topic::Queue,
        Topic::Accounts,
        Topic::Readings,
        Topic::Tickets,
        Topic::Profile,
        Topic::Utility,
        Topic::Settings,
    ]
}
