//! The copy of the checkout that is sabotaged. The checkout itself is never touched.
//!
//! Cargo builds again what is newer than its last build. So a file of the copy is written only when its content is
//! another, and then it is new: a sabotage that comes, and one that goes, are both built, and nothing else is.

use anyhow::Context;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The copy.
pub struct Tree {
    from: PathBuf,
    /// Where it is.
    pub root: PathBuf,
}

impl Tree {
    /// Makes the copy what the checkout is now, changes that are not committed included. What an earlier run left
    /// sabotaged is put right.
    pub fn copy(from: &Path, to: &Path) -> anyhow::Result<Self> {
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
            .current_dir(from)
            .output()
            .context("git ls-files")?;
        anyhow::ensure!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
        let names = String::from_utf8(listed.stdout)?;
        let names: BTreeSet<PathBuf> = names.split_terminator('\0').map(PathBuf::from).collect();
        let tree = Self { from: from.to_owned(), root: to.to_owned() };
        // What git lists and somebody has just deleted is not copied.
        for name in names.iter().filter(|name| from.join(name).is_file()) {
            tree.put_right(name)?;
        }
        remove_others(to, to, &|name| names.contains(name) && from.join(name).is_file())?;
        Ok(tree)
    }

    /// The text of a file of the copy. The checkout may have gone on since.
    pub fn read(&self, name: &Path) -> anyhow::Result<String> {
        fs::read_to_string(self.root.join(name)).with_context(|| name.display().to_string())
    }

    /// Writes a text into the copy.
    pub fn write(&self, name: &Path, text: &str) -> anyhow::Result<()> {
        Ok(fs::write(self.root.join(name), text)?)
    }

    /// Makes a file of the copy what it is in the checkout.
    fn put_right(&self, name: &Path) -> anyhow::Result<()> {
        let (from, to) = (self.from.join(name), self.root.join(name));
        let bytes = fs::read(&from).with_context(|| from.display().to_string())?;
        if fs::read(&to).is_ok_and(|there| there == bytes) {
            return Ok(());
        }
        to.parent().map_or(Ok(()), fs::create_dir_all)?;
        Ok(fs::write(to, bytes)?)
    }
}

/// Removes what the checkout does not have (any more).
fn remove_others(root: &Path, folder: &Path, belongs: &dyn Fn(&Path) -> bool) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(root, &path, belongs)?;
        } else if !belongs(path.strip_prefix(root)?) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_follows_the_checkout_and_writes_only_what_changed() {
        let folder = std::env::temp_dir().join(format!("zhkh-mutate-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(from.join("src")).expect("a folder");
        let git = Command::new("git").args(["init", "--quiet"]).current_dir(&from).status().expect("git runs");
        assert!(git.success());
        fs::write(from.join("src/a.rs"), "one").expect("written");
        fs::write(from.join("src/b.rs"), "two").expect("written");
        let tree = Tree::copy(&from, &to).expect("copied");
        let written = |name: &str| fs::metadata(to.join(name)).expect("there").modified().expect("a time");
        let before = (written("src/a.rs"), written("src/b.rs"));
        tree.write(Path::new("src/b.rs"), "sabotaged").expect("written");
        fs::write(from.join("src/c.rs"), "three").expect("written");
        Tree::copy(&from, &to).expect("copied again");
        assert_eq!(fs::read_to_string(to.join("src/b.rs")).expect("read"), "two", "put right");
        assert!(to.join("src/c.rs").is_file());
        assert_eq!(written("src/a.rs"), before.0, "not written again");
        assert!(written("src/b.rs") > before.1, "newer than before");
        fs::remove_file(from.join("src/c.rs")).expect("removed");
        Tree::copy(&from, &to).expect("copied again");
        assert!(!to.join("src/c.rs").exists());
        fs::remove_dir_all(folder).expect("cleared");
    }
}
