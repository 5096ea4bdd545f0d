//! Where a desktop says it stands, and the pages it gets.
//!
//! Input: a query, a scope, or the JSON of a page.

use std::str::FromStr;
use wire::feed::{Page, Scope, Snapshot};

pub fn run(input: &[u8]) {
    // The mirror takes more than the strict form says, and never less.
    let page = serde_json::from_slice::<Page>(input).is_ok();
    assert!(!page || client::outside::is_page(input), "the mirror does not take a page that a server may send");
    let snapshot = serde_json::from_slice::<Snapshot>(input).is_ok();
    assert!(!snapshot || client::outside::is_snapshot(input), "the mirror does not take a snapshot");
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Some(cursor) = server::outside::feed_query(text) {
        let again = format!("epoch={}&seq={}&name={}&limit=1", cursor.epoch, cursor.seq, cursor.name);
        assert_eq!(server::outside::feed_query(&again), Some(cursor));
    }
    if let Ok(scope) = Scope::from_str(text) {
        assert_eq!(Scope::from_str(&scope.to_string()), Ok(scope));
        let json = serde_json::to_string(&scope).expect("written");
        assert_eq!(serde_json::from_str::<Scope>(&json).expect("read again"), scope);
    }
}
