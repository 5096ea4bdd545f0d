//! Everything the views of money are made from, at one moment.

use super::super::picture::Picture;
use domain::payment::{PaymentRules, in_force};
use domain::{AccountId, BillId, Period, UserId};
use std::collections::BTreeMap;
use wire::entity::Account;
use wire::money::{PaymentPart, PaymentTerms};

/// Who pays for what, how, and what is known of it.
pub(crate) struct Purse {
    /// The person and the accounts.
    pub(crate) picture: Picture,
    /// The person.
    pub(crate) user: UserId,
    /// Where the last receipt went, if this program sent one.
    pub(crate) receipts_to: Option<String>,
    /// What the accounts get and got.
    pub(crate) parts: Vec<PaymentPart>,
    /// How one pays.
    pub(crate) terms: Option<PaymentTerms>,
    /// Which bills there are, oldest first; the bills themselves are read when somebody asks for them.
    pub(crate) bills: BTreeMap<AccountId, Vec<(BillId, Period)>>,
}

impl Purse {
    /// An account.
    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.picture.account(id)
    }

    /// What counts for payments today.
    pub(crate) fn rules(&self) -> Option<&PaymentRules> {
        in_force(&self.terms.as_ref()?.rules, self.picture.today())
    }

    /// The bills of an account, oldest first.
    pub(crate) fn bills_of(&self, account: AccountId) -> &[(BillId, Period)] {
        self.bills.get(&account).map_or(&[], Vec::as_slice)
    }
}
