//! The real browser of a person, driven by what is written on its pages: Chromium through the browser specs' Playwright.

use crate::folder;
use anyhow::Context;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// A browser with one page. It ends with this.
#[derive(Debug)]
pub struct Browser {
    /// Killed when dropped; Chromium ends when its driver is gone.
    _driver: Child,
    deeds: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// What the driver says of one deed.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(Value),
    Failed(String),
}

impl Browser {
    /// Starts one with an empty page. Which program it is says `CHROMIUM`, as for the browser specs.
    pub fn start() -> anyhow::Result<Self> {
        let mut node = Command::new("node");
        node.arg("person.mjs").current_dir(folder::root().join("tests/browser"));
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut driver = node.spawn().context("node cannot be started")?;
        let deeds = driver.stdin.take().context("piped")?;
        let answers = BufReader::new(driver.stdout.take().context("piped")?).lines();
        Ok(Self { _driver: driver, deeds, answers })
    }

    /// Goes to an address.
    pub async fn open(&mut self, url: &str) -> anyhow::Result<()> {
        self.does(json!(["open", url])).await.map(drop)
    }

    /// Types into the field with this label.
    pub async fn fill(&mut self, label: &str, text: &str) -> anyhow::Result<()> {
        self.does(json!(["fill", [label, text]])).await.map(drop)
    }

    /// Presses a button.
    pub async fn press(&mut self, name: &str) -> anyhow::Result<()> {
        self.does(json!(["press", name])).await.map(drop)
    }

    /// Waits until the page shows some words.
    pub async fn shows(&mut self, words: &str) -> anyhow::Result<()> {
        self.does(json!(["shows", words])).await.map(drop)
    }

    /// Everything that can be read on the page.
    pub async fn text(&mut self) -> anyhow::Result<String> {
        Ok(self.does(json!(["text"])).await?.as_str().unwrap_or_default().replace('\u{a0}', " "))
    }

    /// Puts a picture of the page into a file, PNG.
    pub async fn picture(&mut self, file: &Path) -> anyhow::Result<()> {
        self.does(json!(["picture", file])).await.map(drop)
    }

    async fn does(&mut self, deed: Value) -> anyhow::Result<Value> {
        self.deeds.write_all(format!("{deed}\n").as_bytes()).await?;
        let line = self.answers.next_line().await?.context("the browser's driver has ended; its words are above")?;
        match serde_json::from_str(&line)? {
            Answer::Done(value) => Ok(value),
            Answer::Failed(words) => anyhow::bail!("{deed} in the browser: {words}"),
        }
    }
}
