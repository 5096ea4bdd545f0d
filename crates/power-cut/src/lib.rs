//! A disk that loses in a power cut what was not synced.
//!
//! # The concept
//!
//! A test watches a folder ([`Disk::watch`]), runs the real program in it, and gets the log of all that was done to its
//! files ([`Disk::history`]). From the log it makes the folder as it might be if the power had failed at *any* point
//! ([`Replay::image_at`]): what was synced is there; of the rest each sector is old, new or torn, in any order, and names
//! are old or new (see `image`). One run of a workload gives thousands of images; a seed chooses among what is
//! possible at one point, so a failure comes again.
//!
//! What was told to the person before a point must be in every image of that point. A test notes
//! [`Disk::point`] at the moment of telling.
//!
//! # Where it stands
//!
//! * Below SQLite, as the default VFS of the process (see `vfs`): no product code knows of it.
//! * Below `std::fs`, in front of the C library (see `system_calls`; Linux only): blobs, small files, renamings.
//!
//! Both write one log, so an image holds databases and files of one moment.
//!
//! # What else it does
//!
//! A disk that is still there may be full ([`Disk::fill_up`]) or fail ([`Disk::refuse`]), and syncs may be made to wait
//! ([`Disk::hold_syncs`]), which shows whether anybody is told before the disk has it.

mod device;
mod disk;
mod event;
mod fault;
mod folder;
mod history;
mod image;
pub mod seeds;
mod system_calls;
mod vfs;

pub use device::Device;
pub use disk::{Disk, Held};
pub use fault::{Deed, Fault, Refusal};
pub use history::{History, Replay};
pub use image::Image;

/// Puts the disk under this process. Connections that were opened before stay on the system's own. [`Disk::watch`] does
/// it by itself.
pub fn install() {
    vfs::install();
    system_calls::link();
}
