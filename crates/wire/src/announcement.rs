//! «События»: news, polls and offers, what residents answer, and what editors write.
//!
//! **Three faces.** A resident sees an [`Announcement`], once for each scope it is for, because a mirror keeps a thing once and
//! a person may have accounts in two of its houses; `announcement` tells that they are the same. Editors see the
//! [`EditedAnnouncement`] with its audience and its plan. What a person did with it ([`AnnouncementMark`]) is theirs alone: the
//! editors are told numbers, and the free words of a poll without names.

use crate::ticket::{Attachment, Enclosure};
use domain::announcement::{Answer, Audience, Headline, Importance, Plan, PollQuestion, Stage, Tally, WebLink};
use domain::{AccountId, AccountNumber, AnnouncementId, HouseId, Kopecks, MessageText, SubtypeId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is told, and to what it invites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// «Новость».
    News,
    /// «Опрос».
    Poll(Poll),
    /// «Специальное предложение».
    Offer(Offer),
}

/// A poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Poll {
    /// What is asked.
    pub questions: Vec<PollQuestion>,
    /// Until when one may answer, milliseconds since 1970 UTC.
    pub ends_ms: i64,
    /// Whether residents see the results when it is over.
    pub results_shown: bool,
}

/// A paid service of the utility, or a partner's offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Offer {
    /// «Сантехника»: offers of a group stand together; may be empty.
    pub group: String,
    /// The price; by agreement without.
    pub price: Option<Kopecks>,
    /// Whether the price is the lowest: «от 1 500 ₽».
    pub price_from: bool,
    /// Whose offer it is, when it is not the utility's own; may be empty.
    pub partner: String,
    /// Ordering it creates a ticket of this subtype.
    pub order: Option<SubtypeId>,
    /// Where to call; may be empty.
    pub phone: String,
    /// The partner's page.
    pub link: Option<WebLink>,
}

/// A news item, a poll or an offer as residents see it (scope: public, house or account).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Announcement {
    /// Stable for an announcement and a scope.
    pub id: Uuid,
    /// The announcement.
    pub announcement: AnnouncementId,
    /// The heading.
    pub headline: Headline,
    /// The words.
    pub story: MessageText,
    /// How loudly it is told.
    pub importance: Importance,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// Pictures and files.
    pub attachments: Vec<Attachment>,
    /// Since when it is shown, milliseconds since 1970 UTC.
    pub since_ms: i64,
    /// Until when.
    pub until_ms: Option<i64>,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
    /// The results of a poll that is over, where residents are shown them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Tally>,
}

/// What a person did with an announcement (scope: user).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnouncementMark {
    /// Stable for an announcement and a person.
    pub id: Uuid,
    /// The announcement.
    pub announcement: AnnouncementId,
    /// When it was read first, milliseconds since 1970 UTC.
    pub read_ms: i64,
    /// What was answered; the last answer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Vec<Answer>>,
}

/// An announcement as its editors see it (scope: editors).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EditedAnnouncement {
    /// The announcement.
    pub id: AnnouncementId,
    /// The heading.
    pub headline: Headline,
    /// The words.
    pub story: MessageText,
    /// How loudly it is told.
    pub importance: Importance,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// Pictures and files.
    pub attachments: Vec<Attachment>,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
    /// For whom.
    pub audience: Audience,
    /// The addresses of the houses or accounts of the audience, in their order, as they were when it was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    /// When.
    pub plan: Plan,
    /// Where it stood when the server wrote this: with the plan it tells whether it was ever shown.
    pub stage: Stage,
    /// Who changed it last: «Ильина, редактор».
    pub by: String,
    /// When, milliseconds since 1970 UTC.
    pub changed_ms: i64,
}

/// `announcement.set/1`: an editor writes, plans, changes or withdraws. The operation's `base_version` is that of the
/// announcement as the person saw it, absent for a new one; somebody else's change that was not seen rejects with `changed`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetAnnouncement {
    /// The announcement, minted on the device.
    pub announcement: AnnouncementId,
    /// The heading.
    pub headline: Headline,
    /// The words; may be empty.
    pub story: MessageText,
    /// How loudly it is told.
    pub importance: Importance,
    /// Whether it stands above the others.
    pub pinned: bool,
    /// Pictures and files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Enclosure>,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
    /// For whom.
    pub audience: Audience,
    /// When.
    pub plan: Plan,
}

/// `announcement.read/1`: a resident opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReadAnnouncement {
    /// The announcement.
    pub announcement: AnnouncementId,
}

/// `poll.answer/1`: a resident answers a poll, or answers it again before it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnswerPoll {
    /// The announcement.
    pub announcement: AnnouncementId,
    /// One answer for each question.
    pub answers: Vec<Answer>,
}

/// `POST /v1/announcements/reach`: how many are meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// Houses or accounts that the audience comes to; none when it is for everybody.
    pub places: u32,
    /// People who use the program and see it.
    pub people: u32,
}

/// `GET /v1/announcements/places?text=…`: whom an announcement can be for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudiencePlaces {
    /// Streets with so many houses.
    pub streets: Vec<AudienceStreet>,
    /// Houses.
    pub houses: Vec<AudienceHouse>,
    /// Accounts, found by their whole number only.
    pub accounts: Vec<AudienceAccount>,
}

/// A street.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudienceStreet {
    /// Its name, as the addresses have it.
    pub name: String,
    /// How many houses.
    pub houses: u32,
}

/// A house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudienceHouse {
    /// The house.
    pub id: HouseId,
    /// Its address.
    pub address: String,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AudienceAccount {
    /// The account.
    pub id: AccountId,
    /// The number on the bill.
    pub number: AccountNumber,
    /// The short address.
    pub address: String,
}

/// `GET /v1/announcements/{id}/results`: who read and what was answered, as of now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AnnouncementResults {
    /// How many see it.
    pub people: u32,
    /// How many of them read it.
    pub readers: u32,
    /// The answers of a poll.
    pub tally: Option<Tally>,
    /// What was answered in words, the newest first, without names.
    pub words: Vec<PollWords>,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PollWords {
    /// To which question, by its place from 0.
    pub question: u8,
    /// The words.
    pub words: MessageText,
}

impl What {
    /// The poll.
    pub const fn poll(&self) -> Option<&Poll> {
        match self {
            Self::Poll(poll) => Some(poll),
            Self::News | Self::Offer(_) => None,
        }
    }
}
