//! Why a part of the check was not done: it is missing here, or it broke.

/// Missing is said aloud and lets the rest go on; broken fails the check.
#[derive(Debug)]
pub enum Trouble {
    /// Cannot be had on this computer.
    Missing(String),
    /// Was there and did not work.
    Broken(anyhow::Error),
}

/// The result of a part.
pub type Part<T> = Result<T, Trouble>;

/// What cannot be had, in words.
pub fn missing<T>(what: impl Into<String>) -> Part<T> {
    Err(Trouble::Missing(what.into()))
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error.into())
    }
}
