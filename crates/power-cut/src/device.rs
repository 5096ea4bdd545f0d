//! What kind of disk it is.

/// How a disk tears what it was writing when the power failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// The piece that is written at once, in bytes: 512 or 4096.
    pub sector: u64,
    /// Whether bytes beside those that were being written stay what they were. If not, the whole sector may be spoilt.
    pub powersafe_overwrite: bool,
    /// Whether it says so to SQLite (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`). A disk may lie.
    pub claims_powersafe_overwrite: bool,
}

impl Device {
    /// What SQLite assumes of every disk unless it is told otherwise, and what the product relies on.
    pub const COMMON: Self = Self { sector: 512, powersafe_overwrite: true, claims_powersafe_overwrite: true };
    /// Spoils the whole sector, and says so: SQLite then leaves room to the end of it.
    pub const COARSE: Self = Self { sector: 4096, powersafe_overwrite: false, claims_powersafe_overwrite: false };
    /// Spoils the whole sector and does not say so. No program is safe on it.
    pub const LYING: Self = Self { sector: 4096, powersafe_overwrite: false, claims_powersafe_overwrite: true };
}
