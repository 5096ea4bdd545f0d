use super::{AnnouncementView, AttachmentView, DraftView, Mark, view};
use domain::announcement::{Audience, Importance, Plan, PollQuestion, Stage, Tally};

view! {
    /// `desk_announcements`: everything that editors wrote, what changed last first.
    pub struct EditedListView {
        /// Whether the mirror was filled at least once: before that an empty list says nothing.
        pub known: bool,
        /// The lines.
        pub rows: Vec<EditedRow>,
    }

    /// One line of the list.
    pub struct EditedRow {
        /// The announcement.
        pub announcement: String,
        /// The heading.
        pub headline: String,
        /// What it is.
        pub kind: EditedKind,
        /// Where it stands now.
        pub stage: Stage,
        /// How loudly it is told.
        pub importance: Importance,
        /// Whether it stands above the others.
        pub pinned: bool,
        /// From when on it is, or will be, shown.
        #[ts(type = "number | null")]
        pub since_ms: Option<i64>,
        /// Until when.
        #[ts(type = "number | null")]
        pub until_ms: Option<i64>,
        /// Who changed it last.
        pub by: String,
        /// When.
        #[ts(type = "number")]
        pub changed_ms: i64,
        /// Where the change is that was entered here.
        pub mark: Option<Mark>,
    }

    /// What an announcement is.
    #[derive(Copy, Eq)]
    #[serde(rename_all = "snake_case")]
    pub enum EditedKind {
        /// A news item.
        News,
        /// A poll.
        Poll,
        /// An offer.
        Offer,
    }

    /// `desk_announcement`, `desk_announcement_results`, `desk_announcement_export`
    pub struct EditedArgs {
        /// The announcement.
        pub announcement: String,
    }

    /// `desk_announcement`: all of it, to be changed.
    pub struct EditedView {
        /// Its line.
        pub row: EditedRow,
        /// The words.
        pub story: String,
        /// Pictures and files.
        pub attachments: Vec<AttachmentView>,
        /// What it is.
        pub what: EditedWhat,
        /// For whom.
        pub audience: Audience,
        /// The addresses of the houses or accounts of the audience, in their order; empty when they are not known here.
        pub named: Vec<String>,
        /// When.
        pub plan: Plan,
    }

    /// What an announcement is, as it is typed.
    #[serde(tag = "what", rename_all = "snake_case")]
    pub enum EditedWhat {
        /// A news item.
        News,
        /// A poll.
        Poll {
            /// What is asked.
            questions: Vec<PollQuestion>,
            /// Until when one may answer.
            #[ts(type = "number")]
            ends_ms: i64,
            /// Whether residents see the results when it is over.
            results_shown: bool,
        },
        /// An offer.
        Offer {
            /// Offers of a group stand together; may be empty.
            group: String,
            /// Roubles as they are typed; by agreement when empty.
            price: String,
            /// Whether the price is the lowest.
            price_from: bool,
            /// Whose offer it is; the utility's own when empty.
            partner: String,
            /// The subtype of the ticket that ordering it creates.
            order: Option<String>,
            /// Where to call; may be empty.
            phone: String,
            /// The partner's page; may be empty.
            link: String,
        },
    }

    /// `desk_announcement_save`, `desk_announcement_preview`
    pub struct EditedSaveArgs {
        /// The announcement; none for a new one.
        pub announcement: Option<String>,
        /// The heading.
        pub headline: String,
        /// How loudly it is told.
        pub importance: Importance,
        /// Whether it stands above the others.
        pub pinned: bool,
        /// The words, and files that were added.
        pub draft: DraftView,
        /// Files that it has already and keeps.
        pub kept: Vec<String>,
        /// What it is.
        pub what: EditedWhat,
        /// For whom.
        pub audience: Audience,
        /// When.
        pub plan: Plan,
    }

    /// `desk_announcement_save`
    pub struct EditedSavedView {
        /// The announcement.
        pub announcement: String,
    }

    /// `desk_announcement_preview`: as a resident will see it.
    pub struct EditedPreviewView {
        /// What stands in the section.
        pub seen: AnnouncementView,
    }

    /// `desk_audience_find`
    pub struct AudienceFindArgs {
        /// A street, a house, or the whole number of an account.
        pub text: String,
    }

    /// `desk_audience_find`: whom an announcement can be for.
    pub struct AudienceFoundView {
        /// Streets, as the addresses have them.
        pub streets: Vec<AudiencePlaceView>,
        /// Houses.
        pub houses: Vec<AudiencePlaceView>,
        /// Accounts.
        pub accounts: Vec<AudiencePlaceView>,
    }

    /// A street, a house or an account.
    pub struct AudiencePlaceView {
        /// The id; the name of a street.
        pub id: String,
        /// How it is called.
        pub title: String,
    }

    /// `desk_audience_reach`
    pub struct AudienceReachArgs {
        /// For whom.
        pub audience: Audience,
    }

    /// `desk_audience_reach`: how many are meant today.
    pub struct AudienceReachView {
        /// Houses or accounts; 0 when it is for everybody.
        pub places: u32,
        /// People who use the program.
        pub people: u32,
    }

    /// `desk_announcement_results`: as of now.
    pub struct EditedResultsView {
        /// How many see it.
        pub people: u32,
        /// How many of them read it.
        pub readers: u32,
        /// The questions of a poll.
        pub questions: Vec<PollQuestion>,
        /// The answers, counted.
        pub tally: Option<Tally>,
        /// Answers in words, the newest first.
        pub words: Vec<PollWordsView>,
    }

    /// An answer in words.
    pub struct PollWordsView {
        /// To which question, by its place from 0.
        pub question: u8,
        /// The words.
        pub words: String,
    }
}
