//! Everything that travels as JSON: what can be read is written in a form that reads as the same.
//!
//! Input: JSON text, tried as every type.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wire::{account, entity, feed, live, operation, problem, push, registration, session, utility};

/// Reads, writes, reads, writes: the second text must be the first. Not for all types there is an equality.
fn again<T: Serialize + DeserializeOwned>(input: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(input) else { return };
    let text = serde_json::to_string(&read).expect("written");
    match serde_json::from_str::<T>(&text) {
        Ok(read) => assert_eq!(serde_json::to_string(&read).expect("written"), text, "{}", std::any::type_name::<T>()),
        Err(error) => panic!("{} cannot be read again: {error}\n{text}", std::any::type_name::<T>()),
    }
}

pub fn run(input: &[u8]) {
    again::<push::Batch>(input);
    again::<push::Item>(input);
    again::<push::BatchAnswer>(input);
    again::<push::ItemResult>(input);
    again::<push::Outcome>(input);
    again::<operation::Operation>(input);
    again::<operation::Body>(input);
    again::<feed::Page>(input);
    again::<feed::Row>(input);
    again::<feed::Change>(input);
    again::<feed::Snapshot>(input);
    again::<feed::Scopes>(input);
    again::<feed::Cursor>(input);
    again::<entity::Entity>(input);
    again::<entity::Verdict>(input);
    again::<problem::Problem>(input);
    again::<problem::Rejection>(input);
    again::<live::Wake>(input);
    again::<session::SignIn>(input);
    again::<session::Session>(input);
    again::<session::Refresh>(input);
    again::<registration::Start>(input);
    again::<registration::Started>(input);
    again::<registration::Calling>(input);
    again::<registration::Code>(input);
    again::<registration::PhoneProven>(input);
    again::<registration::Password>(input);
    again::<account::Lookup>(input);
    again::<account::Found>(input);
    again::<account::Prove>(input);
    again::<account::Proven>(input);
    again::<account::Attach>(input);
    again::<account::Attached>(input);
    again::<utility::Utility>(input);
    again::<utility::Consent>(input);
}
