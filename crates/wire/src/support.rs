//! «Напишите нам»: a question of somebody who is not signed in.

use domain::MessageText;
use serde::{Deserialize, Serialize};
use std::fmt;

/// `POST /v1/support/questions`, without signing in. The answer is always 202 and empty, whoever's phone it is.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskSupport {
    /// Where to call back, as typed; the server parses it.
    pub phone: String,
    /// What is asked.
    pub text: MessageText,
}

impl fmt::Debug for AskSupport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AskSupport(…)")
    }
}
