use super::view;

view! {
    /// What the core tells the window by itself.
    #[serde(tag = "event", rename_all = "snake_case")]
    pub enum Event {
        /// Something shown may be out of date: ask again for what is on the screen.
        Changed {
            /// What it was.
            topics: Vec<Topic>,
        },
        /// A toast was clicked: show this.
        Open {
            /// What to show.
            target: Target,
        },
        /// Another start of the program, or the tray, wants the window on top.
        Raise,
    }

    /// Groups of views.
    #[serde(rename_all = "snake_case")]
    pub enum Topic {
        /// Signed in or out.
        Session,
        /// The queue and the pill.
        Queue,
        /// Accounts.
        Accounts,
        /// Meters and readings.
        Readings,
        /// The profile.
        Profile,
        /// The utility.
        Utility,
        /// Settings of this computer.
        Settings,
    }

    /// Something that can be shown.
    #[serde(tag = "target", rename_all = "snake_case")]
    pub enum Target {
        /// A meter in «Показания».
        Meter {
            /// Its id.
            id: String,
        },
        /// «Показания».
        Readings,
        /// The queue.
        Queue,
        /// «Оплата».
        Payment,
        /// «Профиль».
        Profile,
    }

    /// A toast, before it has words: `src-tauri` gives it the language and shows it.
    #[serde(tag = "toast", rename_all = "snake_case")]
    pub enum Toast {
        /// Readings were accepted.
        ReadingsAccepted {
            /// Which: name of the meter and value as its face shows it.
            readings: Vec<ToastReading>,
        },
        /// A reading was rejected.
        ReadingRejected {
            /// Which.
            reading: ToastReading,
            /// Why.
            rejection: wire::problem::Rejection,
        },
        /// The window for readings closes soon and some meters have none.
        WindowCloses {
            /// The last day.
            closes: chrono::NaiveDate,
            /// Meters without a reading.
            missing: u32,
        },
    }

    /// A reading in a toast.
    pub struct ToastReading {
        /// The operation, for «never twice».
        pub operation: String,
        /// The meter, for the click.
        pub meter: String,
        /// The meter's name.
        pub name: String,
        /// Values as the face shows them, with the unit's code apart.
        pub values: Vec<String>,
        /// The unit.
        pub unit: domain::Unit,
        /// The server holds it until this day.
        pub scheduled: Option<chrono::NaiveDate>,
    }
}
