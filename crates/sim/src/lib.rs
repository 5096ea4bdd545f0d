//! The simulator: the real client and the real server in one process, on a simulated network, clock and disk, driven by a
//! seed.
//!
//! # What is real
//!
//! `client::Core` with its commands, engine, vault and encrypted databases; `server::App` with its router, ledger, feed and
//! SQLite; the import of registry files that makes the town, and billing's export. They are called as `src-tauri` and
//! `axum::serve` call them; there is no second implementation of anything.
//!
//! # What is simulated
//!
//! * **The network** (`line`, `weather`): each computer has a line with weather on it. Requests are lost, refused, doubled,
//!   slow, or come again hours later; answers are lost or cut short, or come from a captive portal or a proxy, with both
//!   forms of `Retry-After`; live streams are cut or fall silent. What left a program goes on without it.
//! * **Time** (`clocks`): tokio's paused clock is the true time and the server's; every computer has a wall clock that people
//!   set, a time since boot, and boots. A story may take days, a run takes less than a second.
//! * **Life** (`life`): every task of a program is polled through its life, which may end or sleep at any await point. A
//!   killed program leaves its files as they are at that moment; its next run has a copy of them, so nothing of the old
//!   one can reach it.
//! * **Disks** (`power-cut`, below SQLite and `std::fs`): they get full, and lose in a power cut what was not synced; older
//!   copies are put back, of a computer and, as another life of its database, of the server.
//! * **People** (`world`, `entering`, `mishaps`, `story`): they register through a robot's call, attach and detach flats, enter,
//!   change, take back, repeat and give up, sign out and in, forget passwords, use two computers.
//! * **Old programs** (`old`): entries of every earlier version, from the golden files of the wire, lie in the queues.
//!
//! # Where randomness comes from
//!
//! From [`Run::seed`] only, in streams (`dice`): the story, the network, the server and every computer draw from their own.
//! There is one thread and one runtime; databases run inline, hashing is cheap and on the spot, and no `select!` of the
//! product draws lots. So a seed gives the same trace (every event with its time, every request and answer with a hash) in
//! every process; `--check` compares.
//!
//! # What is checked
//!
//! At every step (`watching`): what was kept is there after every kill and power cut; what was entered is shown, waiting,
//! accepted or refused, and what is shown as accepted is in the mirror; no command meets a defect or never ends; while
//! pushing hangs, pulling goes on. In the end everything heals, late copies arrive, and (`story`) all comes to its end by
//! itself within bounded time and in a bounded number of batches. Then (`verdict`) the history is judged against the model
//! (`book`): every entry took effect exactly once, or was refused for a reason that the model knows, or was given up and took
//! none; queue, ledger, feed and readings agree about each; lanes are in the order of entry; of each meter and month one
//! reading counts, the latest; every mirror is what the server would show to a new computer.
//!
//! The judge is itself tested with histories that have one thing wrong, and over the fixed seeds every kind of fault and of
//! outcome (`tally`) has to occur.
//!
//! # How to replay
//!
//! A seed that fails prints its command, `cargo xtask sim --seed S --trace`. `cargo xtask sim --seeds N` runs new ones,
//! `--minutes M` for a while; `cargo xtask test` runs the fixed set and fresh ones.

mod book;
mod clocks;
mod computer;
mod dice;
mod entering;
mod folders;
mod ledger;
mod life;
mod line;
mod mishaps;
mod old;
mod room;
mod run;
mod story;
pub mod tally;
mod tickets;
mod town;
mod trace;
mod verdict;
mod watching;
mod weather;
mod world;

pub use run::{Run, run};
