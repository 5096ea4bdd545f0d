//! How far the numbers of a life are used up.
//!
//! An entry uses up a number, and its row says which: inside the sealed bytes. So the device row is not written with it,
//! which would be a second page of the file for every entry. It is written when rows go, because then nothing else says
//! that their numbers were used, and when the life begins; at opening the greater of the two counts. A number is thus
//! used twice no more than before, and a queue that is a copy is still recognised by it.
//!
//! A program that knows only the device row gives a number again that a row here has. For the server that is a queue
//! restored from a copy: it decides nothing of the batch, the device takes a new life, and both go under their ids.

use crate::record::{Device, Record};
use domain::Incarnation;
use serde::Deserialize;

/// Of the sealed bytes only this, whatever form the rest has.
#[derive(Deserialize)]
struct Numbered {
    incarnation: Incarnation,
    device_seq: u64,
}

/// The device as its row and the rows of its operations say together.
///
/// Rows that cannot be read may have the numbers behind all others, so as many are passed over. That leaves a gap, and
/// a gap harms nothing.
pub(crate) fn used_up(device: Device, records: &[Record]) -> Device {
    let mut next_seq = device.next_seq;
    let mut unknown = 0;
    for record in records {
        let sealed = record.sealed.as_ref();
        match sealed.and_then(|sealed| serde_json::from_str::<Numbered>(sealed.text()).ok()) {
            Some(of) if of.incarnation == device.incarnation => {
                next_seq = next_seq.max(of.device_seq.saturating_add(1));
            }
            Some(_) => {}
            None => unknown += 1,
        }
    }
    Device { next_seq: next_seq.saturating_add(unknown), ..device }
}
