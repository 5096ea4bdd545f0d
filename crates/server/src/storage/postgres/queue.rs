//! What waits for the next statement to travel with it: savepoints, and the notification that goes with the commit.

use std::fmt::Write as _;

/// Commands in their order.
#[derive(Default)]
pub(super) struct Queue(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A transaction that only reads begins.
    BeginReading,
    Mark(u32),
    Release(u32),
    UndoTo(u32),
    /// The rows after one position up to another are announced.
    Announce(i64, i64),
}

impl Queue {
    pub(super) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    /// A mark behind which nothing happened is taken back instead.
    pub(super) fn release(&mut self, depth: u32) {
        if self.0.last() == Some(&Step::Mark(depth)) {
            self.0.pop();
        } else {
            self.0.push(Step::Release(depth));
        }
    }

    /// Whether a mark was still waiting: then nothing was written behind it, and there is nothing to undo.
    pub(super) fn forget_from(&mut self, depth: u32) -> bool {
        let place = self.0.iter().rposition(|step| *step == Step::Mark(depth));
        self.0.truncate(place.unwrap_or(self.0.len()));
        place.is_some()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of it as one command text; the queue is empty then.
    pub(super) fn take(&mut self) -> String {
        let mut text = String::new();
        for step in self.0.drain(..) {
            // Writing to a text cannot fail.
            let _ = match step {
                Step::BeginReading => write!(text, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"),
                Step::Mark(depth) => write!(text, "SAVEPOINT s{depth};"),
                Step::Release(depth) => write!(text, "RELEASE SAVEPOINT s{depth};"),
                Step::UndoTo(depth) => write!(text, "ROLLBACK TO SAVEPOINT s{depth};RELEASE SAVEPOINT s{depth};"),
                Step::Announce(after, last) => write!(text, "NOTIFY {}, '{after} {last}';", super::CHANNEL),
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_savepoint_in_which_nothing_happened_costs_nothing() {
        let mut queue = Queue::default();
        queue.push(Step::Mark(1));
        queue.push(Step::Mark(2));
        queue.release(2);
        queue.release(1);
        assert!(queue.is_empty());
        queue.push(Step::Mark(1));
        queue.push(Step::Mark(2));
        assert!(queue.forget_from(1));
        assert_eq!(queue.take(), "");
    }

    #[test]
    fn what_follows_each_other_travels_together_and_in_order() {
        let mut queue = Queue::default();
        queue.release(1);
        queue.push(Step::Mark(1));
        assert_eq!(queue.take(), "RELEASE SAVEPOINT s1;SAVEPOINT s1;");
        assert!(!queue.forget_from(1));
        queue.push(Step::UndoTo(1));
        queue.push(Step::Announce(3, 5));
        assert_eq!(queue.take(), "ROLLBACK TO SAVEPOINT s1;RELEASE SAVEPOINT s1;NOTIFY zhkh_feed, '3 5';");
    }
}
