//! What a callback says: parameters of a query, of a form, or of a flat JSON object.

use serde_json::Value;
use std::collections::BTreeMap;

/// All parameters, those of the body first. Whatever comes is read as far as it can be; who sent it is another question.
pub fn read_callback(query: &str, content_type: &str, body: &[u8]) -> Vec<(String, String)> {
    let mut params = if content_type.starts_with("application/json") { fields(body) } else { pairs(body) };
    params.extend(pairs(query.as_bytes()));
    params
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(text);
    reqwest::Url::parse(&format!("http://query/?{text}"))
        .map(|url| url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
        .unwrap_or_default()
}

/// The fields of a flat object, as they are signed.
fn fields(body: &[u8]) -> Vec<(String, String)> {
    let fields: BTreeMap<String, Value> = serde_json::from_slice(body).unwrap_or_default();
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    fields.into_iter().map(|(name, value)| (name, text(value))).collect()
}
