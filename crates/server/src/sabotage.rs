//! Defects on purpose. Only with the cargo feature `sabotage`, which proves that the tests can fail and is in no
//! program that is given to anybody.

/// `ZHKH_SABOTAGE=no-ledger`: the look-up in the ledger is left out, so a second delivery is not recognised.
pub(crate) fn ledger_is_off() -> bool {
    std::env::var("ZHKH_SABOTAGE").is_ok_and(|deeds| deeds.split(',').any(|deed| deed.trim() == "no-ledger"))
}
