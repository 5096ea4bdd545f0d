//! Who may attach an account: first a masked address, then a proof from the bill (docs/domain.md).

use super::bill_qr::{self, BillQr};
use super::owns;
use crate::access_log::{self, Deed};
use crate::config::LimitSettings;
use crate::failure::{Failure, unreadable};
use crate::limits::{self, Limit, Try};
use crate::params;
use crate::sessions::Caller;
use crate::storage::{Row, Sql, StoreError, Tx};
use domain::{AccountId, AccountNumber, Kopecks, Period, address};
use wire::account::{Found, Proof, Proven};
use wire::problem::Code;

const HOUR_MS: i64 = 3_600_000;
/// For how long the confirmation of a proof may take.
const TOKEN_MS: i64 = 10 * 60_000;

fn lookups(settings: &LimitSettings) -> Limit {
    Limit { thing: "lookup", most: settings.lookups_per_hour, window_ms: HOUR_MS }
}

fn proofs(settings: &LimitSettings) -> Limit {
    Limit { thing: "proof", most: settings.proofs_per_hour, window_ms: HOUR_MS }
}

fn proofs_of_account(settings: &LimitSettings) -> Limit {
    Limit { thing: "proof_of_account", most: settings.proofs_per_account_day, window_ms: 24 * HOUR_MS }
}

/// What a stranger may see of an account.
pub fn look_up(tx: &mut Tx<'_>, settings: &LimitSettings, caller: &Caller, number: &str) -> Result<Found, Failure> {
    let number = AccountNumber::parse(number).map_err(|_| unreadable("number"))?;
    if let Try::Locked { retry_after_s } = limits::count(tx, lookups(settings), &caller.user.to_string())? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    let account = find(tx, &number)?.ok_or(Code::AccountUnknown)?;
    if owns(tx, caller.user, account.id)? {
        return Err(Code::AlreadyAttached.into());
    }
    Ok(Found { number: number.as_str().to_owned(), masked_address: address::mask(&account.address) })
}

/// Checks a proof; a right one is answered with the address and a token.
pub fn prove(
    tx: &mut Tx<'_>,
    settings: &LimitSettings,
    caller: &Caller,
    number: &str,
    proof: &Proof,
) -> Result<Proven, Failure> {
    let number = AccountNumber::parse(number).map_err(|_| unreadable("number"))?;
    let Some(account) = find(tx, &number)? else {
        // Or numbers could be tried out here as often as one likes.
        return Err(match limits::count(tx, lookups(settings), &caller.user.to_string())? {
            Try::Locked { retry_after_s } => Code::LockedOut { retry_after_s }.into(),
            Try::Counted { .. } => Code::AccountUnknown.into(),
        });
    };
    if owns(tx, caller.user, account.id)? {
        return Err(Code::AlreadyAttached.into());
    }
    // The try is counted before it is looked at, and taken back when it was right. Only this one: else an account of
    // one's own would make room for more guesses at others.
    let who = caller.user.to_string();
    let tries_left = match limits::count(tx, proofs(settings), &who)? {
        Try::Locked { retry_after_s } => return Err(Code::LockedOut { retry_after_s }.into()),
        Try::Counted { left } => left,
    };
    let whose = account.id.to_string();
    if let Try::Locked { retry_after_s } = limits::count(tx, proofs_of_account(settings), &whose)? {
        return Err(Code::LockedOut { retry_after_s }.into());
    }
    if !account.fits(&number, proof) {
        return Err(Code::ProofWrong { tries_left }.into());
    }
    limits::refund(tx, proofs(settings).thing, &who)?;
    limits::refund(tx, proofs_of_account(settings).thing, &whose)?;
    let token = tx.id_v4();
    let until = tx.now_ms() + TOKEN_MS;
    let by = match proof {
        Proof::Sum { .. } => "sum",
        Proof::Qr { .. } => "qr",
    };
    tx.execute(
        "INSERT INTO attach_tokens (id, user_id, account_id, proof, until_ms) VALUES ($1, $2, $3, $4, $5)",
        params![token, caller.user, account.id, by, until],
    )?;
    access_log::note(tx, &who, Deed::AddressShown, &format!("account:{}", account.id), &caller.origin)?;
    Ok(Proven { token, number: number.as_str().to_owned(), address: account.address })
}

/// The last bill of an account.
struct Billed {
    id: AccountId,
    address: String,
    bill: Option<(Kopecks, Period)>,
}

fn find(tx: &mut Tx<'_>, number: &AccountNumber) -> Result<Option<Billed>, StoreError> {
    let row = tx
        .first("SELECT id, address, bill_sum, bill_period FROM accounts WHERE number = $1", params![number.as_str()])?;
    let read = |row: Row| {
        let (sum, period): (Option<Kopecks>, Option<Period>) = (row.get(2)?, row.get(3)?);
        Ok(Billed { id: row.get(0)?, address: row.get(1)?, bill: sum.zip(period) })
    };
    row.map(read).transpose()
}

impl Billed {
    /// An account without a bill has no proof: its owner turns to the office. So has one with nothing to pay: many have
    /// the same zero, and everybody knows it.
    fn fits(&self, number: &AccountNumber, proof: &Proof) -> bool {
        let Some((bill_sum, bill_period)) = self.bill.filter(|(sum, _)| sum.0 > 0) else { return false };
        match proof {
            Proof::Sum { sum, period } => *sum == bill_sum && *period == bill_period,
            Proof::Qr { text } => match bill_qr::read(text) {
                Ok(BillQr { account, sum: Some(sum), period }) => {
                    account == *number && sum == bill_sum && period.is_none_or(|period| period == bill_period)
                }
                _ => false,
            },
        }
    }
}
