//! «События»: what the mirror tells residents, with what they did and what is on its way laid over it.

mod board;
mod hits;
pub(crate) mod preview;
mod views;

pub(crate) use board::Board;
pub(crate) use hits::hits;
pub(crate) use views::{list, one};
