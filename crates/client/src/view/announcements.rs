use super::{AttachmentView, Mark, view};
use domain::Kopecks;
use domain::announcement::{Importance, PollQuestion, Tally};

view! {
    /// `announcements`: what the utility tells, as it is shown now. What is pinned stands first, then the newest.
    pub struct AnnouncementsView {
        /// Whether the mirror was filled at least once: before that an empty list says nothing.
        pub known: bool,
        /// «Новости».
        pub news: Vec<AnnouncementRow>,
        /// «Опросы».
        pub polls: Vec<AnnouncementRow>,
        /// «Спецпредложения».
        pub offers: Vec<AnnouncementRow>,
        /// How many were not read: the counter of the section.
        pub unread: u32,
        /// When something comes, goes or ends by itself, so that it is worth asking again.
        #[ts(type = "number | null")]
        pub next_turn_ms: Option<i64>,
    }

    /// One line of the list.
    pub struct AnnouncementRow {
        /// The announcement.
        pub announcement: String,
        /// The heading.
        pub headline: String,
        /// The first words.
        pub text: String,
        /// How loudly it is told.
        pub importance: Importance,
        /// Whether it stands above the others.
        pub pinned: bool,
        /// Since when it is shown.
        #[ts(type = "number")]
        pub since_ms: i64,
        /// Whether the person has not opened it.
        pub unread: bool,
        /// What it invites to.
        pub what: AnnouncementWhat,
        /// Where the answer is that was entered here.
        pub mark: Option<Mark>,
    }

    /// What it invites to, as far as a line shows it.
    #[serde(tag = "what", rename_all = "snake_case")]
    pub enum AnnouncementWhat {
        /// A news item.
        News,
        /// A poll.
        Poll {
            /// Until when one may answer.
            #[ts(type = "number")]
            ends_ms: i64,
            /// Whether it is over.
            over: bool,
            /// Whether the person answered.
            answered: bool,
        },
        /// An offer.
        Offer {
            /// Offers of a group stand together; may be empty.
            group: String,
            /// By agreement without.
            price: Option<Kopecks>,
            /// Whether the price is the lowest.
            price_from: bool,
            /// Whose offer it is; the utility's own when empty.
            partner: String,
        },
    }

    /// `announcement`, `announcement_read`, `offer_browse`
    pub struct AnnouncementArgs {
        /// The announcement.
        pub announcement: String,
    }

    /// `announcement`: everything of it.
    pub struct AnnouncementView {
        /// Its line.
        pub row: AnnouncementRow,
        /// All the words.
        pub story: String,
        /// Pictures and files.
        pub attachments: Vec<AttachmentView>,
        /// The poll, if it is one.
        pub poll: Option<PollView>,
        /// The offer, if it is one.
        pub offer: Option<OfferView>,
    }

    /// A poll.
    pub struct PollView {
        /// What is asked.
        pub questions: Vec<PollQuestion>,
        /// What was answered, one for each question; with what is on its way.
        pub answers: Option<Vec<PollAnswer>>,
        /// What is chosen and not sent, or was refused.
        pub draft: Option<Vec<PollAnswer>>,
        /// Whether residents see the results when it is over.
        pub results_shown: bool,
        /// The results of a poll that is over.
        pub results: Option<Tally>,
    }

    /// An answer as it is entered: places of options, or words. Both empty: not answered.
    #[derive(Default)]
    pub struct PollAnswer {
        /// Options, by their places from 0.
        pub places: Vec<u8>,
        /// The person's own words.
        pub words: String,
    }

    /// An offer.
    pub struct OfferView {
        /// Whether it can be ordered by a ticket.
        pub orders: bool,
        /// Where to call; may be empty.
        pub phone: String,
        /// The partner's site, «example.ru»; opened by `offer_browse`.
        pub site: Option<String>,
    }

    /// `poll_answer`, `poll_draft_save`
    pub struct PollAnswerArgs {
        /// The poll.
        pub announcement: String,
        /// One for each question.
        pub answers: Vec<PollAnswer>,
    }

    /// `offer_order`: begins a ticket.
    pub struct OfferOrderArgs {
        /// The offer.
        pub announcement: String,
        /// Whether another ticket that was begun may be thrown away.
        pub replace: bool,
    }

    /// `offer_order`
    pub struct OfferOrderView {
        /// Whether the ticket's draft is there; not when another one was begun.
        pub begun: bool,
    }
}
