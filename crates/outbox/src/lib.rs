//! The queue of what a person entered, as a pure state machine: events in, effects out.
//!
//! # The concept
//!
//! What a person entered is never lost, never doubled, and its fate is always visible. This crate is where that
//! promise is decided, so it does nothing else: it opens no file and no socket, reads no clock and draws no random
//! number. The caller passes the time and a number for jitter in ([`Now`]), tells what happened, and does what the
//! [`Effects`] say: above all, write the named rows durably *before* anything else is done about them.
//!
//! Memory is a copy of the disk. When the disk refuses a write, the caller throws the [`Outbox`] away and opens it
//! again from the rows that are really there.
//!
//! # The happy path
//!
//! 1. The person enters something. [`Outbox::enqueue`] gives it a place: the row is written, the person is told
//!    «Сохранено на этом компьютере». State [`State::Queued`].
//! 2. [`Outbox::send`] puts up to 100 operations into a [`Flight`] and names their rows: from now on a copy may have
//!    left ([`Record::ever_sent`]). State [`State::InFlight`].
//! 3. The server answers; [`Outbox::answered`] notes the position of the effect. State [`State::Acked`]. The window
//!    still shows the operation over the mirror, because the mirror does not contain the effect yet.
//! 4. The feed's cursor passes that position: [`Outbox::moved`]. State [`State::Settled`]: the mirror shows it now.
//!    The row stays until the server has it in a backup.
//!
//! # The corners
//!
//! * **Lanes.** Operations of one entity form a lane, strictly first in, first out; lanes know nothing of each other.
//!   Each goes out with `after`, the operation before it in its lane. See `lanes`.
//! * **A rejection** stops its lane and no other: what stands behind it is [`State::Held`] until the person has
//!   replaced, repeated or discarded what was rejected. Then `after` of the next names the one before.
//! * **Needs.** Besides its lane an operation may stand on operations of other lanes and on blobs. It goes out when all of
//!   them are there, and a rejected one holds it as well. See `needs`; uploads attach in `blobs`.
//! * **A change** of what was never sent takes its place under a new id, in the same write. A change of what may have
//!   been sent is a second operation behind it: nobody can take back what may have arrived by pretending.
//! * **Taking back** what was never sent is done at once. What may have been sent is asked of the server, which says
//!   «withdrawn» or «already applied», and both are final.
//! * **A lost answer** makes the operation Queued again under the same id; the server knows the id and answers as it
//!   did before. So does a restart: what was in flight has an unknown fate.
//! * **Certainly nothing left** (no route, refused): then `ever_sent` goes back to what it was, and the person can
//!   still change the entry in place.
//! * **Pauses** ([`Pause`]) belong to the account. No operation fails by them and no number of tries is too many.
//! * **One operation that makes the server fail** must not hold the others: a batch that fails again and again is
//!   halved until the culprit is alone, and only its lane waits, tried again slowly. See `sizing`.
//! * **A server restored from a copy** may have forgotten what it acknowledged: [`Outbox::new_epoch`] sends it again
//!   under the old ids.
//! * **A device restored from a copy** counts its sequence twice: [`Outbox::new_incarnation`] gives the device a new
//!   life. Unsettled operations keep their ids.

mod answers;
mod backoff;
mod blobs;
mod effects;
mod failures;
mod feed;
mod lanes;
mod needs;
mod numbers;
mod order;
mod outbox;
mod pause;
mod person;
mod plain;
mod record;
mod sending;
mod sizing;
mod state;
mod unsendable;

pub use backoff::{Backoff, FIRST_MS, LONGEST_MS};
pub use blobs::{Blob, BlobName, BlobState, NotAName};
pub use effects::{Effects, Now};
pub use feed::{KEEP_MS, SHOW_MS};
pub use needs::Need;
pub use outbox::Outbox;
pub use pause::{Failure, Pause};
pub use person::{NotPossible, Withdrawal};
pub use record::{Device, Record, WHENEVER};
pub use sending::{Deed, Flight, Next, Sending};
pub use state::{Attention, State};
pub use unsendable::Unsendable;
