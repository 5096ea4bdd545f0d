//! The questions of a poll and what a person may answer.

use crate::MessageText;
use serde::{Deserialize, Serialize};

/// How many questions a poll has at most.
pub const QUESTIONS_MAX: usize = 20;
/// How many options a question has at most.
pub const OPTIONS_MAX: usize = 20;
/// How many characters a question or an option has at most.
const LONGEST: usize = 300;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PollQuestion {
    /// What is asked.
    pub text: String,
    /// How it is answered.
    pub ask: Ask,
    /// Whether it has to be answered.
    pub required: bool,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Ask {
    /// One of these.
    One {
        /// At least two.
        options: Vec<String>,
    },
    /// Any of these.
    Several {
        /// At least two.
        options: Vec<String>,
    },
    /// In the person's own words.
    Words,
}

/// What a person answered to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// Nothing.
    Skipped,
    /// These options, by their places from 0, rising.
    Chosen {
        /// The places.
        places: Vec<u8>,
    },
    /// The person's own words.
    Words {
        /// The words.
        words: MessageText,
    },
}

/// Why answers cannot be taken. Each names the question by its place from 0, where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(tag = "wrong", rename_all = "snake_case")]
pub enum AnswersProblem {
    /// There are not as many answers as questions: the poll was another one.
    #[error("there are not as many answers as questions")]
    Count,
    /// A question that has to be answered was not.
    #[error("question {question} has to be answered")]
    Required {
        /// The question.
        question: u8,
    },
    /// The answer is of another kind, or names an option that is not there.
    #[error("question {question} cannot be answered so")]
    Kind {
        /// The question.
        question: u8,
    },
}

/// Why a poll cannot be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PollProblem {
    /// There are none, or more than [`QUESTIONS_MAX`].
    #[error("a poll has 1 to {QUESTIONS_MAX} questions")]
    Count,
    /// A question has no words, or too many.
    #[error("question {0} has no words or too many")]
    Words(u8),
    /// A question has less than two or more than [`OPTIONS_MAX`] options, one without words, or one twice.
    #[error("question {0} has unclear options")]
    Options(u8),
}

impl Ask {
    /// What may be chosen.
    pub fn options(&self) -> &[String] {
        match self {
            Self::One { options } | Self::Several { options } => options,
            Self::Words => &[],
        }
    }
}

/// Whether these questions can be asked.
pub fn check_poll(questions: &[PollQuestion]) -> Result<(), PollProblem> {
    if questions.is_empty() || questions.len() > QUESTIONS_MAX {
        return Err(PollProblem::Count);
    }
    for (question, place) in questions.iter().zip(0_u8..) {
        if !is_line(&question.text) {
            return Err(PollProblem::Words(place));
        }
        let options = question.ask.options();
        let twice = options.iter().enumerate().any(|(at, option)| options[..at].contains(option));
        let clear =
            (2..=OPTIONS_MAX).contains(&options.len()) && !twice && options.iter().all(|option| is_line(option));
        if question.ask != Ask::Words && !clear {
            return Err(PollProblem::Options(place));
        }
    }
    Ok(())
}

/// Whether these answers answer these questions. `Err` names the first that does not.
pub fn check_answers(questions: &[PollQuestion], answers: &[Answer]) -> Result<(), AnswersProblem> {
    if questions.len() != answers.len() {
        return Err(AnswersProblem::Count);
    }
    for ((question, answer), place) in questions.iter().zip(answers).zip(0_u8..) {
        let nothing = match answer {
            Answer::Skipped => true,
            Answer::Chosen { places } => places.is_empty(),
            Answer::Words { words } => words.is_empty(),
        };
        let fits = match (&question.ask, answer) {
            (_, Answer::Skipped) | (Ask::Words, Answer::Words { .. }) => true,
            (Ask::One { options }, Answer::Chosen { places }) => places.len() < 2 && are_places(places, options),
            (Ask::Several { options }, Answer::Chosen { places }) => are_places(places, options),
            _ => false,
        };
        if !fits {
            return Err(AnswersProblem::Kind { question: place });
        }
        if nothing && question.required {
            return Err(AnswersProblem::Required { question: place });
        }
    }
    Ok(())
}

/// Whether all are there, each once.
fn are_places(places: &[u8], options: &[String]) -> bool {
    places.is_sorted_by(|one, next| one < next) && places.iter().all(|place| usize::from(*place) < options.len())
}

fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST && !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(count: usize) -> Vec<String> {
        (0..count).map(|place| format!("Вариант {place}")).collect()
    }

    fn ask(ask: Ask, required: bool) -> PollQuestion {
        PollQuestion { text: "Когда удобнее?".into(), ask, required }
    }

    fn chosen(places: &[u8]) -> Answer {
        Answer::Chosen { places: places.to_vec() }
    }

    #[test]
    fn an_answer_is_of_its_questions_kind() {
        let words = || Answer::Words { words: MessageText::parse("Вечером").expect("words") };
        let one = [ask(Ask::One { options: options(3) }, true)];
        let several = [ask(Ask::Several { options: options(3) }, false)];
        let free = [ask(Ask::Words, true)];
        let kind = Err(AnswersProblem::Kind { question: 0 });
        let required = Err(AnswersProblem::Required { question: 0 });
        assert_eq!(check_answers(&one, &[chosen(&[2])]), Ok(()));
        assert_eq!(check_answers(&one, &[chosen(&[3])]), kind);
        assert_eq!(check_answers(&one, &[chosen(&[0, 1])]), kind);
        assert_eq!(check_answers(&one, &[words()]), kind);
        assert_eq!(check_answers(&one, &[Answer::Skipped]), required);
        assert_eq!(check_answers(&one, &[]), Err(AnswersProblem::Count));
        assert_eq!(check_answers(&several, &[chosen(&[0, 2])]), Ok(()));
        assert_eq!(check_answers(&several, &[chosen(&[2, 0])]), kind);
        assert_eq!(check_answers(&several, &[chosen(&[1, 1])]), kind);
        assert_eq!(check_answers(&several, &[Answer::Skipped]), Ok(()));
        assert_eq!(check_answers(&free, &[words()]), Ok(()));
        assert_eq!(check_answers(&free, &[Answer::Words { words: MessageText::default() }]), required);
        assert_eq!(check_answers(&free, &[chosen(&[0])]), kind);
    }

    #[test]
    fn a_poll_asks_something_that_can_be_answered() {
        assert_eq!(check_poll(&[]), Err(PollProblem::Count));
        assert_eq!(check_poll(&vec![ask(Ask::Words, true); QUESTIONS_MAX + 1]), Err(PollProblem::Count));
        assert_eq!(check_poll(&[ask(Ask::Words, true), ask(Ask::One { options: options(2) }, true)]), Ok(()));
        let silent = PollQuestion { text: " ".into(), ..ask(Ask::Words, true) };
        assert_eq!(check_poll(&[ask(Ask::Words, true), silent]), Err(PollProblem::Words(1)));
        for wrong in
            [options(1), options(OPTIONS_MAX + 1), vec!["Да".into(), "Да".into()], vec!["Да".into(), String::new()]]
        {
            assert_eq!(check_poll(&[ask(Ask::Several { options: wrong }, true)]), Err(PollProblem::Options(0)));
        }
    }
}
