use super::{Mark, view};
use domain::Kopecks;

view! {
    /// `accounts`
    pub struct AccountsView {
        /// In the order of attachment.
        pub accounts: Vec<AccountView>,
        /// When the mirror was last equal to the server; `None` before the first synchronisation.
        #[ts(type = "number | null")]
        pub as_of_ms: Option<i64>,
    }

    /// A personal account.
    pub struct AccountView {
        /// Id.
        pub id: String,
        /// Number on the bill.
        pub number: String,
        /// The full address.
        pub address: String,
        /// For lists: «Винокурова, 10-25».
        pub short_address: String,
        /// «Смирнова В. П.».
        pub payer: String,
        /// Debt; negative is an overpayment.
        pub debt: Kopecks,
        /// Of this day.
        pub debt_on: chrono::NaiveDate,
    }

    /// `account_lookup`
    pub struct AccountLookupArgs {
        /// As typed.
        pub number: String,
    }

    /// `account_prove`
    pub struct AccountProveArgs {
        /// As typed.
        pub number: String,
        /// The proof.
        pub proof: ProofArgs,
    }

    /// A proof from the bill.
    #[serde(tag = "by", rename_all = "snake_case")]
    pub enum ProofArgs {
        /// Sum and month.
        Sum {
            /// As typed, roubles.
            sum: String,
            /// `YYYY-MM`.
            period: String,
        },
        /// The text of the bill's QR code, from a scanner or pasted.
        Qr {
            /// The text.
            text: String,
        },
    }

    /// `account_attach`
    pub struct AccountAttachArgs {
        /// From `account_prove`.
        pub token: String,
    }

    /// `account_detach`
    pub struct AccountDetachArgs {
        /// The account.
        pub id: String,
    }

    /// `find` (Ctrl K)
    pub struct FindArgs {
        /// What was typed.
        pub query: String,
    }

    /// One thing found.
    pub struct HitView {
        /// What to show.
        pub target: super::Target,
        /// First line.
        pub title: String,
        /// Second line.
        pub detail: String,
        /// Its mark, if it waits.
        pub mark: Option<Mark>,
    }
}
