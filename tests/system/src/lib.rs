//! The real programs together, over real sockets: what the play, the window tests and the process tests share.

pub mod billing;
pub mod books;
pub mod bridge;
pub mod browser;
pub mod cut_proxy;
pub mod desk;
pub mod entries;
pub mod folder;
pub mod ledger;
pub mod meter_card;
pub mod plain_text;
pub mod prepared;
pub mod program;
pub mod resident;
pub mod robot;
pub mod server_program;
pub mod town;
pub mod until;
pub mod window;
