//! Contents that leave the encrypted folder: saved under a name, or handed to the system's program as a plain copy.

use super::{Files, Name, apart};
use crate::engine::Engine;
use crate::ports::Random;
use crate::report::Fault;
use crate::view::Failure;
use domain::{FileName, Media};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// How much is written at once.
const PIECE: u64 = 1 << 20;
/// How many names are tried before the folder counts as full of them.
const NAMES: u32 = 1000;
/// Where plain copies lie while the program runs.
const OPENED: &str = "opened";

impl Files {
    /// Writes a content into `folder`, under its name or the next free one.
    pub(crate) async fn save(
        &self,
        engine: &Engine,
        what: Name,
        name: &FileName,
        folder: &Path,
    ) -> Result<PathBuf, Fault> {
        let here = self.get(what).ok_or(Failure::Gone)?;
        // The ending decides what the system does with it, so it tells the truth, whatever the window says.
        let name = Media::named(&here.what.media).map_or_else(|| name.clone(), |media| media.truly_named(name));
        let folder = folder.to_owned();
        let (mut sink, path) = apart(move || {
            std::fs::create_dir_all(&folder)?;
            free(&folder, &name)
        })
        .await??;
        let mut at = 0;
        loop {
            let written = match engine.read_blob(here.blob, at..at + PIECE).await {
                Ok(part) => sink.write_all(&part.bytes).map(|()| part).map_err(Fault::from),
                Err(error) => Err(error.into()),
            };
            match written {
                Ok(part) => at += part.bytes.len() as u64,
                Err(fault) => {
                    let _ = std::fs::remove_file(&path);
                    return Err(fault);
                }
            }
            if at >= here.what.bytes {
                break;
            }
        }
        apart(move || sink.sync_all()).await??;
        Ok(path)
    }
}

/// A new file under this name, or «имя (2).pdf».
fn free(folder: &Path, name: &FileName) -> io::Result<(File, PathBuf)> {
    let whole = name.as_str();
    let (stem, ending) = whole.rsplit_once('.').map_or((whole, String::new()), |(stem, end)| (stem, format!(".{end}")));
    for number in 1..=NAMES {
        let path = folder.join(if number == 1 { whole.to_owned() } else { format!("{stem} ({number}){ending}") });
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (file, path)),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// A folder of its own for one plain copy, for this OS user only.
pub(crate) fn private_folder(data: &Path, random: &dyn Random) -> io::Result<PathBuf> {
    let mut number = [0; 8];
    random.fill(&mut number);
    let folder = data.join(OPENED).join(hex::encode(number));
    std::fs::create_dir_all(&folder)?;
    #[cfg(unix)]
    for folder in [&data.join(OPENED), &folder] {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(folder)
}

/// Removes all plain copies. What another program holds open goes at the next start.
pub(crate) fn remove_copies(data: &Path) {
    if let Err(error) = std::fs::remove_dir_all(data.join(OPENED))
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(kind = %error.kind(), "a plain copy of a file stays until the next start");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_number_and_nothing_is_written_over() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("акт.pdf"), b"old").expect("written");
        let (_, second) = free(folder.path(), &FileName::new("акт.pdf")).expect("free");
        let (_, third) = free(folder.path(), &FileName::new("акт.pdf")).expect("free");
        assert_eq!(second.file_name().expect("a name"), "акт (2).pdf");
        assert_eq!(third.file_name().expect("a name"), "акт (3).pdf");
        assert_eq!(std::fs::read(folder.path().join("акт.pdf")).expect("read"), b"old");
    }
}
