//! The course of a payment, from «создан» to the account and perhaps back.

use serde::{Deserialize, Serialize};

/// Where a payment stands. Why it was declined and how much was given back stand beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Создан: the order's number is written down, the bank may not know it yet.
    Created,
    /// Ожидает банка: the bank has the order, the person is on its page.
    Awaiting,
    /// The bank holds the sum and has not taken it.
    Held,
    /// Оплачен: the bank took the sum.
    Paid,
    /// Зачислен на лицевой счёт.
    Credited,
    /// Отклонён by the bank, or the hold was given back.
    Declined,
    /// Nobody paid in time.
    Expired,
    /// Возвращён, wholly or in part.
    Refunded,
}

impl PaymentStatus {
    /// All of them, in the order of a payment's life.
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::Awaiting,
        Self::Held,
        Self::Paid,
        Self::Credited,
        Self::Declined,
        Self::Expired,
        Self::Refunded,
    ];

    /// Whether it may still be paid, so that nobody should begin a second payment of the same bill.
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Created | Self::Awaiting | Self::Held)
    }

    /// Whether a payment that stands here may go to `next`.
    ///
    /// What the bank says about money it took wins over everything said before: somebody may pay on a page that was
    /// declined once or given up by us, and that money must reach the account. Only what was paid is credited, and
    /// once: no way leads back from [`Self::Credited`] to [`Self::Paid`].
    pub const fn may_become(self, next: Self) -> bool {
        use PaymentStatus::{Awaiting, Created, Credited, Declined, Expired, Held, Paid, Refunded};
        match self {
            // The answer to the registration may be lost: the next thing heard is then anything.
            Created => matches!(next, Awaiting | Held | Paid | Declined | Expired),
            Awaiting => matches!(next, Held | Paid | Declined | Expired),
            Held => matches!(next, Paid | Declined),
            Paid => matches!(next, Credited | Refunded),
            Credited => matches!(next, Refunded),
            Declined => matches!(next, Held | Paid),
            Expired => matches!(next, Held | Paid | Declined),
            Refunded => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PaymentStatus::{Awaiting, Created, Credited, Declined, Expired, Held, Paid, Refunded};

    #[test]
    fn these_are_all_the_ways() {
        let ways: [(PaymentStatus, &[PaymentStatus]); 8] = [
            (Created, &[Awaiting, Held, Paid, Declined, Expired]),
            (Awaiting, &[Held, Paid, Declined, Expired]),
            (Held, &[Paid, Declined]),
            (Paid, &[Credited, Refunded]),
            (Credited, &[Refunded]),
            (Declined, &[Held, Paid]),
            (Expired, &[Held, Paid, Declined]),
            (Refunded, &[]),
        ];
        for (from, expected) in ways {
            let found: Vec<_> = PaymentStatus::ALL.into_iter().filter(|to| from.may_become(*to)).collect();
            assert_eq!(found, expected, "{from:?}");
        }
    }

    #[test]
    fn money_is_credited_after_it_was_paid_and_never_twice() {
        for from in PaymentStatus::ALL {
            assert_eq!(from.may_become(Credited), from == Paid, "{from:?}");
            assert!(!from.may_become(from), "{from:?} stays and is no move");
        }
        // Nothing that follows the credit leads to it again.
        let mut reached = vec![Credited];
        while let Some(here) = reached.pop() {
            for next in PaymentStatus::ALL.into_iter().filter(|next| here.may_become(*next)) {
                assert!(!matches!(next, Paid | Credited), "{here:?} leads back to {next:?}");
                reached.push(next);
            }
        }
    }

    #[test]
    fn everything_that_can_be_paid_can_be_heard_of_as_paid() {
        for from in [Created, Awaiting, Held, Declined, Expired] {
            assert!(from.may_become(Paid), "the money of {from:?} would hang");
        }
    }

    #[test]
    fn the_words_on_the_wire_are_these() {
        let words = PaymentStatus::ALL.map(|status| serde_json::to_string(&status).expect("a word"));
        let expected = ["created", "awaiting", "held", "paid", "credited", "declined", "expired", "refunded"];
        assert_eq!(words, expected.map(|word| format!("\"{word}\"")));
    }
}
