//! Registration in three steps, as far as this computer has to remember it: nothing of it touches the disk.

use domain::Phone;
use uuid::Uuid;

/// A registration that was begun.
#[derive(Clone)]
pub(crate) struct Registration {
    /// Its name at the server; a secret of this computer.
    pub(crate) id: Uuid,
    /// The phone that is called.
    pub(crate) phone: Phone,
    /// ФИО.
    pub(crate) name: String,
}
