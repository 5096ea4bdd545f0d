use super::view;

view! {
    /// `registration_start` (step 1)
    pub struct RegistrationStartArgs {
        /// As typed.
        pub phone: String,
        /// ФИО.
        pub name: String,
        /// Whether the box is ticked.
        pub consent_given: bool,
        /// The version of the document that was shown.
        pub consent_version: String,
        /// Its hash.
        pub consent_sha256: String,
    }

    /// `registration_call` (step 2)
    pub struct CallingView {
        /// `+7 900 000-12-34`.
        pub phone: String,
        /// How many digits.
        pub digits: u8,
        /// The code is good until then.
        #[ts(type = "number")]
        pub valid_until_ms: i64,
        /// Another call may be asked for from then on.
        #[ts(type = "number")]
        pub again_from_ms: i64,
    }

    /// `registration_code`
    pub struct RegistrationCodeArgs {
        /// What the robot said.
        pub code: String,
    }

    /// `registration_code`: the phone is proven.
    pub struct PhoneProvenView {
        /// It was registered before: the new password replaces the old one.
        pub known: bool,
    }

    /// `registration_finish` (step 3)
    pub struct RegistrationFinishArgs {
        /// «Создайте пароль».
        pub password: String,
        /// «Подтвердите пароль».
        pub repeat: String,
        /// «Не сохранять пароль».
        pub forget_password: bool,
    }
}
