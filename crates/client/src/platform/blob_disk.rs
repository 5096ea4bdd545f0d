//! The real disk under the blobs.

use crate::durable_file;
use crate::ports::{BlobDisk, BlobSink, BlobSource};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Folders and files of the operating system.
pub struct SystemBlobDisk;

impl BlobDisk for SystemBlobDisk {
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if folder.is_dir() {
            return Ok(());
        }
        fs::create_dir_all(folder)?;
        folder.parent().map_or(Ok(()), durable_file::flush_folder)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        entries.collect()
    }

    fn create(&self, file: &Path) -> io::Result<Box<dyn BlobSink>> {
        Ok(Box::new(File::create(file)?))
    }

    fn open(&self, file: &Path) -> io::Result<Box<dyn BlobSource>> {
        Ok(Box::new(File::open(file)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        durable_file::rename(from, to)
    }

    fn remove(&self, file: &Path) -> io::Result<()> {
        fs::remove_file(file)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        durable_file::flush_folder(folder)
    }
}

impl BlobSink for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}
