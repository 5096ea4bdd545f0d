//! Who gives the engine its right to speak.

use async_trait::async_trait;

/// Gives access tokens. The engine asks before every request and says when one was refused.
#[async_trait]
pub trait Auth: Send + Sync {
    /// A token that is good now, refreshed if need be.
    async fn access_token(&self) -> Result<String, AuthPause>;
    /// The server answered 401 to this token: the next [`Auth::access_token`] must not return it again.
    async fn refused(&self, token: &str);
}

/// Why there is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthPause {
    /// The refresh token is over or was never there: the person must sign in.
    SignIn,
    /// A refresh is needed and there is no connection.
    Offline,
    /// A refresh is needed and somebody else answered.
    Portal,
    /// A refresh is needed and the server is busy.
    Busy {
        /// What it asked for in `retry-after`, milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// The program is too old.
    Upgrade,
}
