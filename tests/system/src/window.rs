//! The real window, driven the way a person would: by what is written on it.

use crate::desk::Desk;
use crate::program::Program;
use crate::until::until;
use crate::{folder, program};
use anyhow::Context;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::time::Duration;

/// How long the window may take for anything that is seen.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Notes what the window's program could not deal with, for whoever reads a failure.
const COLLECT_DEFECTS: &str = "window.defects = []; \
    addEventListener('error', (event) => window.defects.push(`${event.message} ${event.error?.stack ?? ''}`)); \
    addEventListener('unhandledrejection', (event) => \
      window.defects.push(`${event.reason} ${event.reason?.stack ?? ''}`)); \
    addEventListener('securitypolicyviolation', (event) => \
      window.defects.push(`policy: ${event.violatedDirective} ${event.blockedURI}`))";

/// A window of the real program under a fresh driver: one hung driver would poison the next window.
pub struct Window {
    client: Client,
    driver: Program,
}

impl Window {
    /// Starts the program at a desk, on a data folder, against a server.
    pub async fn open(desk: &Desk, data: &Path, server: &str, logs: &Path) -> anyhow::Result<Self> {
        let application = folder::program("zhkh-desktop")?;
        let (port, native) = (free_port()?, free_port()?);
        let mut command = program::command(
            folder::tauri_driver()?,
            ["--port", &port.to_string(), "--native-port", &native.to_string()],
        );
        command.env("ZHKH_SERVER_URL", server).env("ZHKH_DATA_DIR", data);
        desk.seat(&mut command);
        let driver = Program::start("window", command, logs)?;
        for port in [port, native] {
            let address = SocketAddr::from(([127, 0, 0, 1], port));
            until("the driver's port", PATIENCE, || async move {
                Ok(tokio::net::TcpStream::connect(address).await.map(drop)?)
            })
            .await?;
        }
        let wanted = json!({"tauri:options": {"application": application}});
        let Value::Object(wanted) = wanted else { anyhow::bail!("an object was written above") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(wanted)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("the window did not start")?;
        let window = Self { client, driver };
        window.client.execute(COLLECT_DEFECTS, vec![]).await?;
        Ok(window)
    }

    /// What went wrong inside the window's own program so far.
    pub async fn defects(&self) -> anyhow::Result<String> {
        Ok(self.client.execute("return window.defects.join('\\n')", vec![]).await?.as_str().unwrap_or_default().into())
    }

    /// Kills the program as a power cut would: no warning, no farewell.
    pub async fn kill_9(mut self) -> anyhow::Result<()> {
        for id in running("zhkh-desktop", self.driver.id())? {
            let id = Pid::from_raw(id).context("a process has a number")?;
            kill_process(id, Signal::KILL)?;
        }
        self.driver.kill_9().map(drop)
    }

    /// Presses what ends the program, and waits until it has ended.
    pub async fn ends_by(self, name: &str) -> anyhow::Result<()> {
        let press = self.press(name).await;
        self.has_ended(press).await
    }

    /// Does what ends the program, and waits until it has ended.
    pub async fn ends_when(self, deed: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
        let done = deed.await;
        self.has_ended(done).await
    }

    /// The program may go before it can answer that the deed is done, so only its end counts.
    async fn has_ended(mut self, deed: anyhow::Result<()>) -> anyhow::Result<()> {
        until("the program has ended", PATIENCE, || async {
            let left = running("zhkh-desktop", self.driver.id()).unwrap_or_default();
            anyhow::ensure!(left.is_empty(), "it runs on; what was to end it: {deed:?}");
            Ok(())
        })
        .await?;
        self.driver.end()
    }

    /// Closes the program in peace.
    pub async fn close(mut self) -> anyhow::Result<()> {
        self.client.close().await?;
        self.driver.end()
    }

    /// Everything that can be read in the window.
    pub async fn text(&self) -> anyhow::Result<String> {
        let text = self.client.execute("return document.body.innerText", vec![]).await?;
        Ok(text.as_str().unwrap_or_default().replace('\u{a0}', " "))
    }

    /// Waits until the window shows some words.
    pub async fn shows(&self, words: &str) -> anyhow::Result<()> {
        until(&format!("«{words}» in the window"), PATIENCE, || async {
            let text = self.text().await?;
            anyhow::ensure!(text.contains(words), "the window shows:\n{text}\n{}", self.defects().await?);
            Ok(())
        })
        .await
    }

    /// Presses a button, a link or a tab by what is written on it or by its name for screen readers.
    pub async fn press(&self, name: &str) -> anyhow::Result<()> {
        self.press_under("", name).await
    }

    /// The same, passing over the sections' names beside the page.
    pub async fn press_on_page(&self, name: &str) -> anyhow::Result<()> {
        self.press_under("//main", name).await
    }

    async fn press_under(&self, place: &str, name: &str) -> anyhow::Result<()> {
        let name = quoted(name);
        let kinds = "//*[self::button or self::a or @role='button' or @role='tab' or @role='menuitem'][not(@disabled or @aria-disabled='true')]";
        let words = "normalize-space(translate(., '\u{a0}', ' '))";
        let exactly = format!("{place}{kinds}[{words} = {name} or @aria-label = {name}]");
        let partly = format!("{place}{kinds}[contains({words}, {name}) or contains(@aria-label, {name})]");
        until(&format!("{name} can be pressed"), PATIENCE, || async {
            let element = match self.seen(&exactly).await {
                Ok(element) => element,
                Err(_) => self.seen(&partly).await?,
            };
            Ok(element.click().await?)
        })
        .await
    }

    /// Clicks on some words, whatever they stand on.
    pub async fn click_on(&self, words: &str) -> anyhow::Result<()> {
        let path = format!("//*[text()[contains(translate(normalize-space(.), '\u{a0}', ' '), {})]]", quoted(words));
        until(&format!("«{words}» can be clicked"), PATIENCE, || async {
            // The driver takes rows of a list that draws only what is in sight for hidden, and clicks them all the same.
            let mut last = anyhow::anyhow!("nothing like it is there; the window shows:\n{}", self.text().await?);
            for element in self.client.find_all(Locator::XPath(&path)).await? {
                match element.click().await {
                    Ok(()) => return Ok(()),
                    Err(error) => last = error.into(),
                }
            }
            Err(last)
        })
        .await
    }

    /// Types into the field with this label, in place of what it holds.
    pub async fn fill(&self, label: &str, text: &str) -> anyhow::Result<()> {
        let path = field(label);
        until(&format!("the field «{label}» takes text"), PATIENCE, || async {
            let element = self.seen(&path).await?;
            element.click().await?;
            // Not `clear`: a field with a mask keeps its own idea of what it holds.
            element.send_keys("\u{e009}a\u{e000}").await?;
            element.send_keys("\u{e017}").await?;
            Ok(element.send_keys(text).await?)
        })
        .await
    }

    /// Ticks the box with this label.
    pub async fn tick(&self, label: &str) -> anyhow::Result<()> {
        let path = format!(
            "//input[@type='checkbox'][@id=//label[contains(normalize-space(.), {name})]/@for] \
             | //label[contains(normalize-space(.), {name})]//input[@type='checkbox'] \
             | //*[@role='checkbox'][contains(@aria-label, {name}) or @id=//label[contains(normalize-space(.), {name})]/@for]",
            name = quoted(label)
        );
        until(&format!("«{label}» can be ticked"), PATIENCE, || self.on(&path, "arguments[0].click()", None)).await?;
        Ok(())
    }

    /// Chooses among several the one whose name for screen readers begins so.
    pub async fn tick_radio(&self, name: &str) -> anyhow::Result<()> {
        let path = format!("//input[@type='radio'][starts-with(@aria-label, {})]", quoted(name));
        until(&format!("«{name}» can be chosen"), PATIENCE, || self.on(&path, "arguments[0].click()", None)).await?;
        Ok(())
    }

    /// Chooses a value in the list with this label.
    pub async fn choose(&self, label: &str, value: &str) -> anyhow::Result<()> {
        let script = "arguments[0].value = arguments[1]; \
                      arguments[0].dispatchEvent(new Event('change', { bubbles: true })); \
                      return arguments[0].value";
        until(&format!("the list «{label}»"), PATIENCE, || async {
            let chosen = self.on(&list(label), script, Some(value)).await?;
            anyhow::ensure!(chosen == value, "the list has no {value}");
            Ok(())
        })
        .await
    }

    /// Chooses in the list with this label what is called so.
    pub async fn choose_by_words(&self, label: &str, words: &str) -> anyhow::Result<()> {
        let script = "const option = [...arguments[0].options].find((option) => option.text.includes(arguments[1])); \
                      return option ? option.value : null";
        until(&format!("«{words}» in the list «{label}»"), PATIENCE, || async {
            let value = self.on(&list(label), script, Some(words)).await?;
            self.choose(label, value.as_str().context("the list has nothing like it")?).await
        })
        .await
    }

    /// Types on the keyboard, wherever the focus is, in place of what is there.
    pub async fn type_over(&self, text: &str) -> anyhow::Result<()> {
        const CONTROL: char = '\u{e009}';
        let select_all = [
            KeyAction::Down { value: CONTROL },
            KeyAction::Down { value: 'a' },
            KeyAction::Up { value: 'a' },
            KeyAction::Up { value: CONTROL },
        ];
        let typed = text.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let keys = select_all.into_iter().chain(typed).fold(KeyActions::new("keyboard".into()), KeyActions::then);
        Ok(self.client.perform_actions(keys).await?)
    }

    /// Runs a script in the window and gives its result.
    pub async fn script(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute(script, vec![]).await?)
    }

    /// The same, of a script that calls its last argument when it is done.
    pub async fn script_async(&self, script: &str) -> anyhow::Result<Value> {
        Ok(self.client.execute_async(script, vec![]).await?)
    }

    /// Waits until what the window holds is painted: a screenshot before that may be stale.
    pub async fn painted(&self) -> anyhow::Result<()> {
        let script = "const done = arguments[arguments.length - 1]; \
                      document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))";
        self.client.execute_async(script, vec![]).await?;
        Ok(())
    }

    /// A picture of what the window holds, PNG.
    pub async fn picture(&self) -> anyhow::Result<Vec<u8>> {
        Ok(self.client.screenshot().await?)
    }

    /// Runs a script on an element that need not be in sight: drawn boxes and lists hide the native one, which a driver
    /// refuses to click.
    async fn on(&self, path: &str, script: &str, word: Option<&str>) -> anyhow::Result<Value> {
        let element = self.client.find(Locator::XPath(path)).await?;
        Ok(self.client.execute(script, vec![serde_json::to_value(element)?, word.into()]).await?)
    }

    async fn seen(&self, path: &str) -> anyhow::Result<Element> {
        for element in self.client.find_all(Locator::XPath(path)).await? {
            if element.is_displayed().await? {
                return Ok(element);
            }
        }
        anyhow::bail!("nothing like it is seen; the window shows:\n{}", self.text().await?)
    }
}

fn list(label: &str) -> String {
    format!("//select[@id=//label[contains(normalize-space(.), {})]/@for]", quoted(label))
}

fn field(label: &str) -> String {
    let name = quoted(label);
    let kinds = "self::input or self::textarea";
    format!(
        "//*[{kinds}][@id=//label[contains(normalize-space(.), {name})]/@for] \
         | //label[contains(normalize-space(.), {name})]//*[{kinds}] \
         | //*[{kinds}][contains(@aria-label, {name}) or contains(@placeholder, {name})]"
    )
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', ""))
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The running processes of a program that belong to one process group.
fn running(name: &str, group: u32) -> anyhow::Result<Vec<i32>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")?.flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        let exe = std::fs::read_link(entry.path().join("exe")).unwrap_or_default();
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // pid (name) state parent group …
        let in_group =
            stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(2)) == Some(&group.to_string());
        if in_group && exe.file_name().is_some_and(|exe| exe == name) {
            found.push(id);
        }
    }
    anyhow::ensure!(!found.is_empty(), "{name} does not run");
    Ok(found)
}
