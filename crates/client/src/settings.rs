//! `settings.json`: settings of this computer, and nothing about a person but the id of who was here last.

use crate::durable_file;
use crate::view::{FILES_MEGABYTES, Language, QuietHours, SettingsView, Theme, Toast, ToastKind};
use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use domain::UserId;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

const FILE: &str = "settings.json";

/// What the file holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// What the window shows of it.
    #[serde(flatten)]
    pub(crate) view: SettingsView,
    /// Whose data are opened at the start.
    #[serde(default)]
    pub(crate) last_user: Option<UserId>,
}

impl Default for Settings {
    fn default() -> Self {
        let view = SettingsView {
            theme: Theme::Auto,
            text_percent: 100,
            language: Language::Ru,
            toasts: true,
            toasts_off: Vec::new(),
            quiet: None,
            files_megabytes: FILES_MEGABYTES,
        };
        Self { view, last_user: None }
    }
}

impl Settings {
    /// Reads them; a missing or damaged file means the defaults, because nothing in it is worth a stop.
    pub(crate) fn read(folder: &Path) -> Self {
        let bytes = std::fs::read(folder.join(FILE)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Writes them durably.
    pub(crate) fn save(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        durable_file::replace(&folder.join(FILE), &serde_json::to_vec_pretty(self).map_err(io::Error::from)?)
    }
}

/// Whether the person wants to be told of this now.
pub(crate) fn wants(settings: &SettingsView, toast: &Toast, now_ms: i64, zone: Tz) -> bool {
    let now = DateTime::from_timestamp_millis(now_ms).unwrap_or_default().with_timezone(&zone);
    let minute = now.hour() * 60 + now.minute();
    let quiet = settings.quiet.is_some_and(|QuietHours { from, to }| {
        let (from, to) = (u32::from(from), u32::from(to));
        // Over midnight: from the evening into the morning.
        if from <= to { (from..to).contains(&minute) } else { minute >= from || minute < to }
    });
    settings.toasts && !quiet && !settings.toasts_off.contains(&kind(toast))
}

const fn kind(toast: &Toast) -> ToastKind {
    match toast {
        Toast::ReadingsAccepted { .. } | Toast::ReadingRejected { .. } | Toast::WindowCloses { .. } => {
            ToastKind::Readings
        }
        Toast::PaymentsMoved { .. } => ToastKind::Payments,
        Toast::Messages { .. } => ToastKind::Messages,
        Toast::Announced { .. } => ToastKind::Events,
        Toast::TicketsMoved { .. } | Toast::NewTickets { .. } | Toast::TicketsAssigned { .. } => ToastKind::Statuses,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_go_over_midnight_and_a_kind_can_be_off_alone() {
        let zone = chrono_tz::Europe::Moscow;
        let messages = Toast::Messages { conversations: Vec::new() };
        let statuses = Toast::TicketsMoved { tickets: Vec::new() };
        let mut settings = Settings::default().view;
        settings.quiet = Some(QuietHours { from: 22 * 60, to: 7 * 60 });
        let at = |hour: i64| (hour - 3) * 3_600_000;
        let told = |hour| wants(&settings, &messages, at(hour), zone);
        assert_eq!([6, 7, 21, 22, 23].map(told), [false, true, true, false, false]);
        settings.toasts_off = vec![ToastKind::Messages];
        assert!(!wants(&settings, &messages, at(12), zone) && wants(&settings, &statuses, at(12), zone));
        settings.toasts = false;
        assert!(!wants(&settings, &statuses, at(12), zone));
    }

    #[test]
    fn settings_survive_and_a_damaged_file_means_the_defaults() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::read(folder.path());
        settings.view.text_percent = 150;
        settings.last_user = Some(UserId::new(uuid::Uuid::from_u128(3)));
        settings.save(folder.path()).expect("saved");
        let read = Settings::read(folder.path());
        assert_eq!((read.view.text_percent, read.last_user), (150, settings.last_user));
        std::fs::write(folder.path().join(FILE), b"{").expect("damaged");
        assert_eq!(Settings::read(folder.path()).view.text_percent, 100);
    }
}
