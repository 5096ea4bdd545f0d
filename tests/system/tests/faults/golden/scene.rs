//! The parts of a full queue: an entry for every way an entry can stand, and what must become of it.

/// One entry.
pub struct Part {
    /// Its name in `queue.json`.
    pub name: &'static str,
    /// Where it stands on the disk, as the column `state` says.
    pub on_disk: &'static str,
    /// Where it stands when the file was opened.
    pub opened: &'static str,
    /// Where it stands when everything that can go has gone.
    pub drained: &'static str,
    /// What the server's ledger says of it then.
    pub ledger: Option<&'static str>,
}

const fn part(
    name: &'static str,
    on_disk: &'static str,
    opened: &'static str,
    drained: &'static str,
    ledger: Option<&'static str>,
) -> Part {
    Part { name, on_disk, opened, drained, ledger }
}

const APPLIED: Option<&str> = Some("applied");
const REJECTED: Option<&str> = Some("rejected");

/// Every entry of a golden queue.
pub const PARTS: [Part; 22] = [
    part("settled reading", "settled", "settled", "settled", APPLIED),
    part("settled profile", "settled", "settled", "settled", APPLIED),
    part("acked", "acked", "acked", "settled", APPLIED),
    part("rejected", "rejected", "rejected", "rejected", REJECTED),
    part("held behind it", "held", "held", "held", None),
    part("discarded", "discarded", "discarded", "discarded", REJECTED),
    part("rejected and replaced", "replaced", "replaced", "replaced", REJECTED),
    part("instead of the rejected", "in_flight", "queued", "settled", APPLIED),
    // The server has other content under its id, and that was applied.
    part("id taken", "attention", "attention", "attention", APPLIED),
    part("withdrawn", "withdrawn", "withdrawn", "withdrawn", None),
    part("replaced", "replaced", "replaced", "replaced", None),
    part("instead of the replaced", "in_flight", "queued", "settled", APPLIED),
    // It had arrived before the person took it back.
    part("being withdrawn", "queued", "queued", "settled", APPLIED),
    part("in flight", "in_flight", "queued", "settled", APPLIED),
    part("queued behind it", "queued", "queued", "settled", APPLIED),
    part("queued profile", "queued", "queued", "settled", APPLIED),
    part("needs an operation", "queued", "queued", "settled", APPLIED),
    part("needs a document that is there", "queued", "queued", "settled", APPLIED),
    part("needs a photo", "queued", "queued", "settled", APPLIED),
    // To the programs that wrote it the lane of a ticket was of the future; by now only what is asked is.
    part("of a future lane", "queued", "queued", "rejected", REJECTED),
    part("of a future kind", "queued", "queued", "rejected", REJECTED),
    part("damaged", "queued", "attention", "attention", None),
];
