//! What somebody sends in the bank's name: it is read without an accident, and believed only as the bank signed it.

use server::bank::{CallbackKey, read_callback};

/// The key of the sample in docs/domain.md.
const KEY: &[u8] = b"test";

/// The first line says how it comes: `query`, `form` or `json`; the rest is what comes.
pub fn run(input: &[u8]) {
    let mut halves = input.splitn(2, |byte| *byte == b'\n');
    let (way, rest) = (halves.next().unwrap_or_default(), halves.next().unwrap_or_default());
    let params = match way {
        b"json" => read_callback("", "application/json", rest),
        b"form" => read_callback("", "application/x-www-form-urlencoded", rest),
        _ => read_callback(&String::from_utf8_lossy(rest), "", &[]),
    };
    let key = CallbackKey::Hmac(KEY.to_vec());
    let signed = key.signed(&params);
    assert!(!CallbackKey::Hmac(b"tess".to_vec()).signed(&params), "signed by two keys");
    assert!(!CallbackKey::Rsa(KEY.to_vec()).signed(&params), "signed by what is no key");
    if !signed {
        return;
    }
    let mut turned = params.clone();
    turned.reverse();
    assert!(key.signed(&turned), "the order of the parameters is none of the signature");
    for place in 0..params.len() {
        if params[place].0 == "sign_alias" {
            continue;
        }
        let mut changed = params.clone();
        changed[place].1.push('0');
        assert!(!key.signed(&changed), "{:?} may be changed", params[place].0);
        changed.remove(place);
        assert!(!key.signed(&changed), "{:?} may be left out", params[place].0);
    }
}
