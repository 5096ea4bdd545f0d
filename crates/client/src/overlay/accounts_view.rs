//! The accounts of the person.

use super::picture::Picture;
use crate::view::{AccountView, AccountsView};
use wire::entity::Account;

/// All accounts.
pub(crate) fn accounts_view(picture: &Picture) -> AccountsView {
    let mut accounts: Vec<AccountView> = picture.accounts.iter().map(account_view).collect();
    accounts.sort_by(|a, b| (&a.short_address, &a.number).cmp(&(&b.short_address, &b.number)));
    AccountsView { accounts, as_of_ms: picture.as_of_ms }
}

/// One account.
pub(crate) fn account_view(account: &Account) -> AccountView {
    AccountView {
        id: account.id.to_string(),
        number: account.number.to_string(),
        address: account.address.clone(),
        short_address: account.short_address.clone(),
        payer: account.payer.clone(),
        debt: account.debt,
        debt_on: account.debt_on,
    }
}
