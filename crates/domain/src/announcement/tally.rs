//! The results of a poll.

use super::{Answer, PollQuestion};
use serde::{Deserialize, Serialize};

/// How many answered, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Tally {
    /// How many people answered.
    pub people: u32,
    /// Question by question.
    pub questions: Vec<QuestionTally>,
}

/// The results of one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct QuestionTally {
    /// How many answered this question.
    pub people: u32,
    /// How many chose each option, in the order of the options; empty for words.
    pub chosen: Vec<u32>,
}

impl Tally {
    /// Nobody has answered these questions yet.
    pub fn empty(questions: &[PollQuestion]) -> Self {
        let question =
            |question: &PollQuestion| QuestionTally { people: 0, chosen: vec![0; question.ask.options().len()] };
        Self { people: 0, questions: questions.iter().map(question).collect() }
    }

    /// One more person, whose answers were checked ([`super::check_answers`]).
    pub fn add(&mut self, answers: &[Answer]) {
        self.people += 1;
        for (question, answer) in self.questions.iter_mut().zip(answers) {
            match answer {
                Answer::Skipped => {}
                Answer::Words { words } => question.people += u32::from(!words.is_empty()),
                Answer::Chosen { places } => {
                    question.people += u32::from(!places.is_empty());
                    for place in places {
                        if let Some(count) = question.chosen.get_mut(usize::from(*place)) {
                            *count += 1;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ask;
    use super::*;
    use crate::MessageText;
    use proptest::prelude::*;

    #[test]
    fn who_chose_two_is_one_person() {
        let ask = Ask::Several { options: vec!["Да".into(), "Нет".into()] };
        let questions = [
            PollQuestion { text: "?".into(), ask, required: false },
            PollQuestion { text: "?".into(), ask: Ask::Words, required: false },
        ];
        let mut tally = Tally::empty(&questions);
        let words = MessageText::parse("Спасибо").expect("words");
        tally.add(&[Answer::Chosen { places: vec![0, 1] }, Answer::Words { words }]);
        tally.add(&[Answer::Skipped, Answer::Skipped]);
        assert_eq!(tally.people, 2);
        assert_eq!(tally.questions[0], QuestionTally { people: 1, chosen: vec![1, 1] });
        assert_eq!(tally.questions[1], QuestionTally { people: 1, chosen: vec![] });
    }

    proptest! {
        #[test]
        fn of_one_choice_the_options_sum_to_the_people(given in prop::collection::vec(prop::option::of(0_u8..3), 0..50)) {
            let ask = Ask::One { options: vec!["а".into(), "б".into(), "в".into()] };
            let mut tally = Tally::empty(&[PollQuestion { text: "?".into(), ask, required: false }]);
            for place in &given {
                tally.add(&[place.map_or(Answer::Skipped, |place| Answer::Chosen { places: vec![place] })]);
            }
            prop_assert_eq!(tally.people as usize, given.len());
            prop_assert_eq!(tally.questions[0].chosen.iter().sum::<u32>(), tally.questions[0].people);
        }
    }
}
