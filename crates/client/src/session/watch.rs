//! Turns what the engine tells into what the window is told, and into toasts, as long as the person is signed in.

use super::{Person, files_ahead};
use crate::core::Core;
use crate::engine::EngineEvent;
use crate::toasts;
use crate::view::Topic;
use std::collections::BTreeSet;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

/// Answers of one batch come within a moment; their readings make one toast.
const A_MOMENT: Duration = Duration::from_millis(1500);
/// Somebody's words are told of sooner. The window has this long to say that they are read already.
const SOON: Duration = Duration::from_millis(400);
/// How often the days left of the window are counted.
const NOW_AND_THEN: Duration = Duration::from_secs(30 * 60);

/// Starts watching.
pub(crate) fn start(core: &Arc<Core>, person: &Arc<Person>) {
    let (weak_core, weak_person) = (Arc::downgrade(core), Arc::downgrade(person));
    let (mut events, tokens) = (person.engine.subscribe(), person.tokens.clone());
    core.ports.spawn.spawn(Box::pin(async move {
        let mut toast_at = None;
        let mut look_at = tokio::time::interval(NOW_AND_THEN);
        loop {
            let toast = async {
                match toast_at {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let topics = tokio::select! {
                // What is seldom first: nothing waits for the end of a flood of events.
                biased;
                () = tokens.changed.notified() => vec![Topic::Session],
                () = toast => {
                    toast_at = None;
                    let Some((core, person)) = both(&weak_core, &weak_person) else { return };
                    toasts::decided(&core, &person).await;
                    toasts::window_closes(&core, &person).await;
                    // Whoever works for the utility has no tickets of their own.
                    if !toasts::desk::news(&core, &person).await {
                        toasts::conversations::news(&core, &person).await;
                    }
                    toasts::payments::news(&core, &person).await;
                    toasts::announcements::news(&core, &person).await;
                    files_ahead::start(&core, &person);
                    person.conversations.let_go_of_marks(&person.engine).await;
                    if let Err(fault) = person.files.forget_bills(&person.engine).await {
                        tracing::warn!(?fault, "printed forms of bills that are gone stay until the next look");
                    }
                    Vec::new()
                }
                _ = look_at.tick() => {
                    toast_at.get_or_insert_with(in_a_moment);
                    Vec::new()
                }
                event = events.recv() => match event {
                    Ok(event) => {
                        match &event {
                            EngineEvent::MirrorChanged { kinds } if has_words(kinds) => {
                                let soon = Instant::now() + SOON;
                                toast_at = Some(toast_at.map_or(soon, |at: Instant| at.min(soon)));
                            }
                            EngineEvent::Decided { .. } | EngineEvent::MirrorChanged { .. } => {
                                toast_at.get_or_insert_with(in_a_moment);
                            }
                            _ => {}
                        }
                        topics(&event)
                    }
                    Err(RecvError::Lagged(_)) => {
                        toast_at.get_or_insert_with(in_a_moment);
                        Topic::ALL.to_vec()
                    }
                    Err(RecvError::Closed) => return,
                },
            };
            let Some((core, _)) = both(&weak_core, &weak_person) else { return };
            if !topics.is_empty() {
                core.tell(&topics);
            }
        }
    }));
}

fn has_words(kinds: &BTreeSet<String>) -> bool {
    kinds.contains("message") || kinds.contains("ticket_event")
}

fn in_a_moment() -> Instant {
    Instant::now() + A_MOMENT
}

fn both(core: &Weak<Core>, person: &Weak<Person>) -> Option<(Arc<Core>, Arc<Person>)> {
    Some((core.upgrade()?, person.upgrade()?))
}

fn topics(event: &EngineEvent) -> Vec<Topic> {
    match event {
        EngineEvent::QueueChanged | EngineEvent::Decided { .. } => {
            vec![Topic::Queue, Topic::Readings, Topic::Profile, Topic::Tickets, Topic::Events]
        }
        EngineEvent::PauseChanged => vec![Topic::Queue],
        EngineEvent::FileMoved => vec![Topic::Tickets, Topic::Events],
        EngineEvent::MirrorChanged { kinds } => {
            let mut topics = vec![Topic::Queue];
            let has = |kind: &[&str]| kind.iter().any(|kind| kinds.contains(*kind));
            if has(&["profile"]) {
                topics.extend([Topic::Profile, Topic::Session]);
            }
            if has(&["account"]) {
                topics.push(Topic::Accounts);
            }
            if has(&["bill", "payment_part", "payment_terms", "account", "profile"]) {
                topics.push(Topic::Money);
            }
            if has(&["account", "meter", "reading", "reading_rules", "tariff"]) {
                topics.push(Topic::Readings);
            }
            if has(&["announcement", "announcement_mark"]) {
                topics.push(Topic::Events);
            }
            let of_tickets = ["ticket", "ticket_event", "message", "read_mark", "ticket_type", "account", "outage"];
            if has(&of_tickets) || crate::desk::has_kind(kinds) {
                topics.push(Topic::Tickets);
            }
            topics
        }
    }
}

impl Topic {
    /// Everything: somebody came or went, or events were missed.
    pub(crate) const ALL: [Self; 10] = [
        Self::Session,
        Self::Queue,
        Self::Accounts,
        Self::Readings,
        Self::Profile,
        Self::Tickets,
        Self::Events,
        Self::Money,
        Self::Utility,
        Self::Settings,
    ];
}
