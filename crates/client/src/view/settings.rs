use super::view;

view! {
    /// `settings_save`, and part of `boot`. Settings of this computer, not of a person; kept in `settings.json`.
    pub struct SettingsView {
        /// Colours.
        pub theme: Theme,
        /// Text size, 100, 125, 150 or 200 per cent.
        pub text_percent: u16,
        /// Language of the window and the toasts.
        pub language: Language,
        /// Toasts on.
        pub toasts: bool,
        /// Kinds of toasts that are switched off one by one.
        #[serde(default)]
        #[ts(optional, as = "Option<_>")]
        pub toasts_off: Vec<ToastKind>,
        /// When no toast is shown.
        #[serde(default)]
        #[ts(optional)]
        pub quiet: Option<QuietHours>,
        /// How many megabytes photos and files may take that are only here to be looked at.
        #[serde(default = "files_megabytes")]
        #[ts(optional, as = "Option<_>")]
        pub files_megabytes: u32,
    }

    /// What a toast tells of.
    #[derive(Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum ToastKind {
        /// Readings: accepted, rejected, a window that closes.
        Readings,
        /// Messages of the utility.
        Messages,
        /// What becomes of tickets.
        Statuses,
        /// What becomes of payments.
        Payments,
        /// What the utility tells everybody.
        Events,
    }

    /// A part of every day, in the utility's time. It may go over midnight.
    #[derive(Eq, Copy)]
    pub struct QuietHours {
        /// Minutes after midnight.
        pub from: u16,
        /// Minutes after midnight.
        pub to: u16,
    }

    /// Colours.
    #[serde(rename_all = "snake_case")]
    pub enum Theme {
        /// As the system.
        Auto,
        /// Светлая.
        Light,
        /// Тёмная.
        Dark,
        /// Контрастная.
        Contrast,
    }

    /// Languages.
    #[serde(rename_all = "snake_case")]
    pub enum Language {
        /// Русский.
        Ru,
        /// English.
        En,
    }
}

/// Until the person sets another.
pub(crate) const FILES_MEGABYTES: u32 = 500;

const fn files_megabytes() -> u32 {
    FILES_MEGABYTES
}
