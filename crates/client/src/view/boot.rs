use super::{SettingsView, view};
use wire::utility::Utility;

view! {
    /// `boot`: everything the first paint needs, without waiting for the network.
    pub struct BootView {
        /// The program's version.
        pub version: String,
        /// The utility, as last heard; `None` before the first contact.
        pub utility: Option<Utility>,
        /// Who is signed in.
        pub session: Option<SessionView>,
        /// Settings of this computer.
        pub settings: SettingsView,
        /// Whether the OS has a keyring that can remember the password.
        pub keyring: bool,
        /// Whether anybody signed in on this computer before.
        pub people_here: bool,
    }

    /// The person who is signed in.
    pub struct SessionView {
        /// The person's id.
        pub user: String,
        /// ФИО.
        pub name: String,
        /// `+79…`.
        pub phone: String,
        /// Whether the server knows of this session; false after a sign-in without a connection.
        pub online: bool,
        /// What they do in the program.
        pub workplace: Workplace,
    }

    /// Which sections the window has.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum Workplace {
        /// Those of a resident.
        Resident,
        /// Those of the dispatchers and the support.
        Desk,
    }

    /// `sign_in`
    pub struct SignInArgs {
        /// As typed: a phone, or the login of the staff.
        pub phone: String,
        /// The password.
        pub password: String,
        /// «Не сохранять пароль».
        pub forget_password: bool,
    }

    /// `sign_out`
    pub struct SignOutArgs {
        /// Whether the person agreed to leave with a queue: it stays encrypted here and goes after the next sign-in.
        pub leave_queue: bool,
    }

    /// `sign_out`: done, or first a question.
    #[serde(tag = "state", rename_all = "snake_case")]
    pub enum SignOutView {
        /// Signed out; the window closes.
        Done,
        /// Not signed out: so many entries have not been sent.
        QueueWaits {
            /// How many.
            count: u32,
        },
    }
}
