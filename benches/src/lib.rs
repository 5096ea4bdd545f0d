//! The engine and the server beside the raw limit and beside peers. What each figure means stands in `README.md`.
//!
//! Every figure is a ratio of two things measured in one run, turn by turn, with the durability of each side said
//! beside it: absolute numbers of a machine that is also busy with something else mean nothing.

pub mod engine;
pub mod figure;
pub mod money;
pub mod peers;
pub mod process;
pub mod report;
pub mod resident;
pub mod server;
pub mod stage;
pub mod tickets;
pub mod window;
