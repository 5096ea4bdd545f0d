//! What the window is shown: the mirror of the server with the queue laid over it. Pure functions of a
//! [`picture::Picture`]; the rules themselves are in `domain`.

pub(crate) mod accounts_view;
pub(crate) mod announcements;
pub(crate) mod entry;
pub(crate) mod find;
pub(crate) mod gather;
pub(crate) mod meter_card;
pub(crate) mod money;
pub(crate) mod picture;
pub(crate) mod pill;
pub(crate) mod preview;
pub(crate) mod profile;
pub(crate) mod queue_text;
pub(crate) mod queue_view;
pub(crate) mod reading_line;
pub(crate) mod tickets;
pub(crate) mod window_view;

#[cfg(test)]
pub(crate) mod tests;
