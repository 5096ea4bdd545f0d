use super::{Mark, view};

view! {
    /// `profile`
    pub struct ProfileView {
        /// ФИО.
        pub name: String,
        /// `+7 900 000-12-34`.
        pub phone: String,
        /// E-mail; may be empty.
        pub email: String,
        /// Where a change not yet accepted is.
        pub mark: Option<Mark>,
        /// «Не сохранять пароль».
        pub forget_password: bool,
        /// Whether the OS keyring can remember it at all.
        pub keyring: bool,
    }

    /// `profile_save`
    pub struct ProfileSaveArgs {
        /// ФИО.
        pub name: String,
        /// E-mail; empty removes it.
        pub email: String,
    }

    /// `forget_password`
    pub struct ForgetPasswordArgs {
        /// «Не сохранять пароль».
        pub forget: bool,
    }
}
