//! Bills and payments as the window shows them: what the mirror has, compared and summed. Nothing of it is entered
//! offline, so nothing lies over the mirror.

pub(crate) mod accounts;
pub(crate) mod bill;
pub(crate) mod bill_lines;
pub(crate) mod bills;
pub(crate) mod code;
pub(crate) mod gather;
pub(crate) mod hits;
pub(crate) mod penalty;
pub(crate) mod purse;
pub(crate) mod total;

#[cfg(test)]
pub(crate) mod tests;
