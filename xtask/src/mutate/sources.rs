//! Where the tests of the tree are: by name, and in which program.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every function of the Rust sources that could be a test, with the files that have one of that name.
pub struct Sources {
    functions: BTreeMap<String, Vec<PathBuf>>,
}

impl Sources {
    /// Reads the tree.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        for folder in ["crates", "src-tauri", "tests", "benches", "fuzz", "xtask"] {
            rust_files(&root.join(folder), &mut files)?;
        }
        let mut functions: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for file in files {
            let text = fs::read_to_string(&file)?;
            let name = file.strip_prefix(root)?.to_owned();
            for function in text.lines().filter_map(function) {
                functions.entry(function.to_owned()).or_default().push(name.clone());
            }
        }
        Ok(Self { functions })
    }

    /// The files that have a function of this name; as it is once for every time.
    pub fn of(&self, function: &str) -> &[PathBuf] {
        self.functions.get(function).map_or(&[], Vec::as_slice)
    }

    /// The program of tests that runs it, as nextest names it.
    pub fn program(&self, root: &Path, function: &str) -> Option<String> {
        let file = self.of(function).first()?;
        let folder = file.ancestors().skip(1).find(|folder| root.join(folder).join("Cargo.toml").is_file())?;
        let manifest = fs::read_to_string(root.join(folder).join("Cargo.toml")).ok()?;
        let package = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))?;
        let mut inside = file.strip_prefix(folder).ok()?.components().map(|part| part.as_os_str().to_string_lossy());
        match inside.next()?.as_ref() {
            "tests" => Some(format!("{package}::{}", inside.next()?.trim_end_matches(".rs"))),
            _ => Some(package.to_owned()),
        }
    }
}

/// The name of the function whose head this line is.
fn function(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let (name, _) = line.strip_prefix("fn ")?.split_once('(')?;
    Some(name.trim())
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            let skipped = path.file_name().is_some_and(|name| name == "node_modules" || name == "target");
            if !skipped {
                rust_files(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
