//! What the play leaves behind: a screenshot and a row of `result.json` for each step.

use serde::Serialize;
use std::path::{Path, PathBuf};
use zhkh_system_tests::browser::Browser;
use zhkh_system_tests::desk::Desk;
use zhkh_system_tests::ledger::Held;
use zhkh_system_tests::town::Town;
use zhkh_system_tests::window::Window;

/// The rows so far; written anew after every step, so that a play that breaks off leaves what it saw.
pub struct Album<'a> {
    out: PathBuf,
    desk: &'a Desk,
    town: &'a Town,
    steps: Vec<Step>,
}

/// A picture on its way to its name.
const TAKEN: &str = "taken.png";

#[derive(Serialize)]
struct Step {
    step: usize,
    /// What was done.
    done: String,
    /// What the window showed, word for word.
    shown: String,
    /// What the server's ledger and tables held, as another process read them.
    server: Held,
    /// The picture of the screen.
    screenshot: String,
    /// Why it is not what it should be.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<String>,
}

impl<'a> Album<'a> {
    /// An empty one.
    pub fn new(out: &Path, desk: &'a Desk, town: &'a Town) -> Self {
        Self { out: out.to_owned(), desk, town, steps: Vec::new() }
    }

    /// Keeps a step that went well.
    pub async fn keep(&mut self, name: &str, done: &str, window: &Window) -> anyhow::Result<()> {
        window.painted().await?;
        let shown = window.text().await?;
        self.add(name, done, shown, None).await
    }

    /// Keeps a step with the picture of one window, where several lie one on another.
    pub async fn keep_page(&mut self, name: &str, done: &str, window: &Window) -> anyhow::Result<()> {
        window.painted().await?;
        let shown = window.text().await?;
        let page = window.picture().await?;
        self.note(name, done, shown, None, |file| Ok(std::fs::write(file, page)?))
    }

    /// Keeps a step that was done at a browser.
    pub async fn keep_browser(&mut self, name: &str, done: &str, browser: &mut Browser) -> anyhow::Result<()> {
        let taken = self.out.join(TAKEN);
        browser.picture(&taken).await?;
        let shown = browser.text().await?;
        self.keep_picture(name, done, shown, &taken)
    }

    /// Keeps a step with a picture that lies in a file and goes from there.
    pub fn keep_picture(&mut self, name: &str, done: &str, shown: String, picture: &Path) -> anyhow::Result<()> {
        self.note(name, done, shown, None, |file| Ok(std::fs::rename(picture, file)?))
    }

    /// Keeps a step without a window, or after which there is none.
    pub async fn keep_outside(&mut self, name: &str, done: &str, shown: &str) -> anyhow::Result<()> {
        self.add(name, done, shown.to_owned(), None).await
    }

    /// Keeps the failure that ended the play.
    pub async fn failed(&mut self, why: &str) -> anyhow::Result<()> {
        self.add("failed", "the play broke off", String::new(), Some(why.to_owned())).await
    }

    /// How many steps went well.
    pub fn passed(&self) -> usize {
        self.steps.iter().filter(|step| step.failure.is_none()).count()
    }

    async fn add(&mut self, name: &str, done: &str, shown: String, failure: Option<String>) -> anyhow::Result<()> {
        let taken = self.out.join(TAKEN);
        self.desk.photograph(&taken).await?;
        self.note(name, done, shown, failure, |file| Ok(std::fs::rename(&taken, file)?))
    }

    /// Writes a step down; `picture` puts its picture into the file.
    fn note(
        &mut self,
        name: &str,
        done: &str,
        shown: String,
        failure: Option<String>,
        picture: impl FnOnce(&Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let step = self.steps.len() + 1;
        let screenshot = format!("{step:02}-{name}.png");
        picture(&self.out.join(&screenshot))?;
        let server = self.town.inspect()?;
        println!("{step:>2}. {done}");
        self.steps.push(Step { step, done: done.into(), shown, server, screenshot, failure });
        Ok(std::fs::write(self.out.join("result.json"), serde_json::to_string_pretty(&self.steps)?)?)
    }
}
