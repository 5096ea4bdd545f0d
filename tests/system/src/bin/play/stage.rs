//! What a play stands on.

use std::path::Path;
use zhkh_system_tests::cut_proxy::CutProxy;
use zhkh_system_tests::desk::Desk;
use zhkh_system_tests::town::Town;
use zhkh_system_tests::window::Window;

/// Everything of it.
pub struct Stage<'a> {
    /// The desk.
    pub desk: &'a Desk,
    /// Sandbox and server.
    pub town: &'a Town,
    /// The network between window and server.
    pub proxy: &'a CutProxy,
    /// The folder of the windows' data.
    pub work: &'a Path,
    /// Where the export goes.
    pub out: &'a Path,
}

impl Stage<'_> {
    /// Opens a window with the data of this name.
    pub async fn open(&self, name: &str) -> anyhow::Result<Window> {
        Window::open(self.desk, &self.work.join(name), &self.proxy.url(), &self.out.join("logs")).await
    }
}
