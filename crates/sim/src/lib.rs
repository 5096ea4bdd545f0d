//! The simulator.

pub mod book;
mod clocks;
mod computer;
mod dice;
mod entering;
mod folders;
mod ledger;
mod life;
mod line;
mod mishaps;
mod room;
mod run;
mod story;
pub mod tally;
mod town;
mod trace;
pub mod verdict;
mod watching;
mod weather;
mod world;

pub use run::{Run, run};
