//! What the utility tells its residents: «Новости», «Опросы», «Специальные предложения» (the manual, §4 «События»).

mod audience;
mod headline;
mod link;
mod plan;
mod poll;
mod tally;

pub use audience::{AUDIENCE_MAX, Audience, AudienceProblem};
pub use headline::{HEADLINE_MAX, Headline, HeadlineError};
pub use link::{LINK_MAX, WebLink, WebLinkError};
pub use plan::{Plan, Stage};
pub use poll::{
    Answer, AnswersProblem, Ask, OPTIONS_MAX, PollProblem, PollQuestion, QUESTIONS_MAX, check_answers, check_poll,
};
pub use tally::{QuestionTally, Tally};

use serde::{Deserialize, Serialize};

/// How loudly a thing is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Importance {
    /// Stands in the list.
    #[default]
    Usual,
    /// Stands in the list with a mark.
    Important,
    /// «Срочно»: the desktop shows a notification as well.
    Urgent,
}
