//! Why nothing goes out. A pause is the account's, never an operation's: no operation fails because of it.

/// Why the queue waits.
///
/// A wrong clock is not in this list: sending goes on, and the window tells the person from the distance between
/// the clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// No connection.
    Offline {
        /// Since when, by the clock that the caller passes in.
        since_ms: i64,
    },
    /// Somebody else answered: the network wants a sign-in of its own.
    Portal,
    /// The server is there and cannot answer now.
    Busy,
    /// The session is over; the person must sign in.
    SignIn,
    /// The server no longer speaks this program's protocol.
    Upgrade,
}

impl Pause {
    /// Whether trying again by itself makes sense. Otherwise the person has to do something first.
    pub const fn passes_by_itself(self) -> bool {
        matches!(self, Self::Offline { .. } | Self::Portal | Self::Busy)
    }
}

/// Why a batch brought no answer about its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Certainly nothing left this computer.
    NoConnection,
    /// Something may have arrived; no answer came back.
    AnswerLost,
    /// Somebody else answered.
    Portal,
    /// The server asks to come later (408, 425, 429, any 5xx that names a time).
    Busy {
        /// How long, milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// A bare 5xx: the server is ill, or something in this batch makes it fail.
    Server,
    /// The server cannot take this batch: too large, or unreadable as a whole.
    BatchRefused,
    /// The session is over.
    SignIn,
    /// The server no longer speaks this protocol.
    Upgrade,
}

impl Failure {
    /// The pause that follows from it. A batch that is refused as such pauses nobody.
    pub const fn pause(self, now_ms: i64) -> Option<Pause> {
        match self {
            Self::NoConnection | Self::AnswerLost => Some(Pause::Offline { since_ms: now_ms }),
            Self::Portal => Some(Pause::Portal),
            Self::Busy { .. } | Self::Server => Some(Pause::Busy),
            Self::SignIn => Some(Pause::SignIn),
            Self::Upgrade => Some(Pause::Upgrade),
            Self::BatchRefused => None,
        }
    }

    /// Whether something in the batch may be to blame.
    pub(crate) const fn is_suspicious(self) -> bool {
        matches!(self, Self::Server | Self::BatchRefused)
    }
}
