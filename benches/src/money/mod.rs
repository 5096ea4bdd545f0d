//! Money: bills of a whole town on their way into the server, bills on paper, codes.

mod bare_rows;
pub mod code;
pub mod import;
pub mod paper;
mod town;
