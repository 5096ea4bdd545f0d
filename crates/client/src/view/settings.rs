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
