//! Tickets and conversations as a person meets them: commands of the core, from the window's question to its answer, and
//! what a live event comes to.

mod bare;
pub mod chat;
mod computer;
pub mod desk;
pub mod scroll;
pub mod toast;
mod town;
mod written;

pub use chat::Chat;
pub use desk::Office;

use crate::figure::Side;

/// What survives what while nothing but the mirror is read.
const READ_ONLY: &str = "только чтение шифрованного зеркала";

/// Two sides that were measured together.
fn sides<const N: usize>(measured: Vec<Vec<f64>>, names: [(&str, &str); N]) -> Vec<Side> {
    let sides = measured.into_iter().zip(names);
    sides.map(|(runs, (name, durability))| Side { name: name.into(), durability: durability.into(), runs }).collect()
}
