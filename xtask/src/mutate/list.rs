//! The list of sabotages: `tests/mutations/*.toml`.

use anyhow::Context;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One sabotage, and the tests that must not live with it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mutation {
    /// Its name, as GUARANTEES.md tells it.
    pub name: String,
    /// The promise that it breaks: `P1`, or the first words of a row of the second table.
    pub promise: String,
    /// What is wrong with the program then.
    pub says: String,
    /// The file that is changed.
    pub file: PathBuf,
    /// What stands there, exactly once.
    pub find: String,
    /// What stands there instead.
    pub replace: String,
    /// Which programs of tests are run, as nextest names them: `zhkh-outbox::rules`; `zhkh-client` are its unit tests.
    /// Those of the file when it names none.
    #[serde(default)]
    pub runs: BTreeSet<String>,
    /// The tests that must fail. All others must pass.
    pub fails: BTreeSet<String>,
    /// Tests that look at random histories, and fail if these come across it.
    #[serde(default)]
    pub may_fail: BTreeSet<String>,
    /// Whether it is part of the short run.
    #[serde(default)]
    pub reduced: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    runs: BTreeSet<String>,
    mutation: Vec<Mutation>,
}

/// The whole list, file by file: neighbours change the same crate, so little is built between them.
pub fn read(root: &Path) -> anyhow::Result<Vec<Mutation>> {
    let folder = root.join("tests/mutations");
    let mut files: Vec<_> = std::fs::read_dir(&folder)?.map(|file| Ok(file?.path())).collect::<anyhow::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut list = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let File { runs, mutation } = toml::from_str(&text).with_context(|| file.display().to_string())?;
        list.extend(mutation.into_iter().map(|mutation| match mutation.runs.is_empty() {
            true => Mutation { runs: runs.clone(), ..mutation },
            false => mutation,
        }));
    }
    Ok(list)
}

impl Mutation {
    /// The file's text with the sabotage in it.
    pub fn applied(&self, text: &str) -> anyhow::Result<String> {
        let times = text.matches(&self.find).count();
        anyhow::ensure!(
            times == 1,
            "{}: в {} искомое место встречается {times} раз, а должно один",
            self.name,
            self.file.display()
        );
        Ok(text.replacen(&self.find, &self.replace, 1))
    }
}
