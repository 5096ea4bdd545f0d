//! What stops a command: something a person can do something about, or a defect, which goes to the log under a
//! random number. The number is all that the window shows of it; the log carries no personal data either.

use crate::blobs::BlobError;
use crate::calls::CallError;
use crate::engine::OpenError;
use crate::ports::Random;
use crate::store::StoreError;
use crate::view::Failure;
use std::io;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The person can do something.
    Failure(Failure),
    /// A defect, or a computer that does not work. The text has no personal data in it.
    Defect(String),
}

impl Fault {
    /// What the window is told. A defect is written to the log first.
    pub(crate) fn told(self, command: &str, random: &dyn Random) -> Failure {
        match self {
            Self::Failure(failure) => failure,
            Self::Defect(details) => {
                let report = number(random);
                tracing::error!(report, command, details, "a command did not work");
                Failure::Defect { report }
            }
        }
    }
}

/// Eight characters that can be read out over the telephone.
fn number(random: &dyn Random) -> String {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    let digits = hex::encode(bytes).to_uppercase();
    format!("{}-{}", &digits[..4], &digits[4..])
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<CallError> for Fault {
    fn from(error: CallError) -> Self {
        error.failure().into()
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Failure::DiskFull.into(),
            // It was decided, withdrawn or given up while the person was looking at it.
            StoreError::Unknown(_) | StoreError::NotPossible(_) => Failure::Gone.into(),
            StoreError::Closed => Failure::SignedOut.into(),
            error => Self::Defect(error.to_string()),
        }
    }
}

impl From<BlobError> for Fault {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Full => Failure::DiskFull.into(),
            BlobError::Missing | BlobError::Needed => Failure::Gone.into(),
            BlobError::Closed => Failure::SignedOut.into(),
            BlobError::Store(error) => error.into(),
            error @ (BlobError::Damaged | BlobError::Changed | BlobError::Disk(_)) => Self::Defect(error.to_string()),
        }
    }
}

impl From<OpenError> for Fault {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::InUse => Failure::InUse.into(),
            OpenError::NewerProgram => Failure::NewerProgram.into(),
            OpenError::Store(error) => error.into(),
            OpenError::Folder(error) => error.into(),
            OpenError::OutboxUnreadable => Self::Defect(error.to_string()),
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Failure::DiskFull.into(),
            // The kind says enough, and unlike the whole error it never names a file of the person.
            kind => Self::Defect(format!("file: {kind}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0xa1);
        }
    }

    #[test]
    fn a_defect_shows_a_number_and_none_of_its_details() {
        let told = Fault::Defect("disk I/O error".into()).told("queue", &Fixed);
        assert_eq!(told, Failure::Defect { report: "A1A1-A1A1".into() });
    }

    #[test]
    fn a_full_disk_is_told_as_such_and_not_as_a_defect() {
        let full = Fault::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.told("sign_in", &Fixed), Failure::DiskFull);
        assert_eq!(Fault::from(StoreError::Full).told("sign_in", &Fixed), Failure::DiskFull);
        let full = BlobError::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(Fault::from(full).told("sign_in", &Fixed), Failure::DiskFull);
    }
}
