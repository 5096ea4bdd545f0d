//! Sealed operations: whatever can be read of them, their bytes are kept, and what is read means one thing only.
//!
//! Input: the text of a sealed operation.

use wire::operation::Sealed;
use wire::push::{Batch, Item};

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(sealed) = Sealed::from_text(text.to_owned()) else { return };
    assert_eq!(sealed.text(), text.trim_matches([' ', '\t', '\n', '\r']), "sealed bytes are kept as they are");
    assert_eq!(format!("{sealed:?}"), format!("Sealed({:?})", sealed.hash()), "a log shows more than the hash");
    let opened = sealed.open();
    if let Ok(operation) = &opened {
        let again = Sealed::seal(operation).expect("sealed again");
        assert_eq!(&again.open().expect("opened again"), operation);
        assert_eq!(Sealed::seal(&again.open().expect("opened again")).expect("sealed").hash(), again.hash());
    }
    through_a_batch(sealed, opened.is_ok());
}

/// The server reads the envelope of an operation, known or unknown, and the bytes that it hashes are those that were sent.
fn through_a_batch(sealed: Sealed, known: bool) {
    let hash = sealed.hash();
    let id = sealed.open().ok().map(|operation| operation.id);
    let items = vec![Item::Apply { operation: sealed, after: None }];
    let batch = Batch { incarnation: domain::Incarnation::new(uuid::Uuid::nil()), items };
    let sent = serde_json::to_vec(&batch).expect("sent");
    let arrived: Batch = serde_json::from_slice(&sent).expect("a batch of JSON is JSON");
    let [Item::Apply { operation, .. }] = arrived.items.as_slice() else { panic!("another item arrived") };
    assert_eq!(operation.hash(), hash, "other bytes arrived than were sent");
    match server::outside::batch(&arrived) {
        Ok(read) => {
            assert_eq!(read[0].1, known, "the server and the desktop do not read the same");
            assert!(id.is_none_or(|id| id == read[0].0), "the envelope names another operation than the body's");
        }
        Err(failure) => {
            assert!(!known, "the server cannot read the envelope of an operation that it can read: {failure}");
            assert!(matches!(failure, server::failure::Failure::Problem(_)), "{failure}");
        }
    }
}
