//! The conversation of ten thousand messages in a browser, over the core in the release build: how soon the first rows
//! are drawn, and how smoothly one goes from its end to its beginning. `benches/scroll/measure.mjs` drives the browser.

use super::chat::{Chat, FIRST_MS};
use crate::figure::{Figure, Side, Unit};
use crate::resident::{PASSWORD, PHONE};
use crate::stage::Stage;
use anyhow::Context;
use serde::Deserialize;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// No frame may take longer, in milliseconds.
const FRAME_MS: f64 = 50.0;
/// The window for a browser, as `cargo xtask bench` builds it.
const UI: &str = "ui/dist-http";
const SCRIPT: &str = "benches/scroll/measure.mjs";
/// Whose packages have Playwright.
const PACKAGES: &str = "tests/browser/node_modules/playwright";

/// What one way through the conversation came to.
#[derive(Deserialize)]
struct Way {
    open_ms: Vec<f64>,
    frames: usize,
    longest_ms: f64,
    p95_ms: f64,
    over_50: usize,
    heap_mib: Vec<f64>,
    nodes: u32,
    seconds: f64,
    browser: String,
}

/// From the click on the ticket until its newest messages are drawn.
pub fn first(stage: &Stage) -> anyhow::Result<Figure> {
    let what = "от щелчка по заявке до нарисованных первых строк, Chromium";
    measured(stage, "chat.open", what, "open", |chat, way| {
        let name = format!("окно в {} над ядром release, переписка в {} сообщений", way.browser, chat.messages);
        let side = Side { name, durability: String::new(), runs: way.open_ms.clone() };
        Figure::new("chat.open", what, Unit::Milliseconds, vec![side]).within(FIRST_MS)
    })
}

/// From the end to the beginning, by the wheel.
pub fn frames(stage: &Stage) -> anyhow::Result<Figure> {
    let what = "самый долгий кадр, пока переписку прокручивают от конца к началу, Chromium";
    measured(stage, "chat.scroll", what, "scroll", |chat, way| {
        let name = format!("окно в {} над ядром release, переписка в {} сообщений", way.browser, chat.messages);
        let side = Side { name, durability: String::new(), runs: vec![way.longest_ms] };
        let share = way.over_50 as f64 / way.frames.max(1) as f64 * 100.0;
        let heap: Vec<_> = way.heap_mib.iter().map(|mib| format!("{mib:.1}")).collect();
        Figure::new("chat.scroll", what, Unit::Milliseconds, vec![side])
            .within(FRAME_MS)
            .note(format!(
                "{} кадров за {:.0} с, p95 {:.1} мс, дольше 50 мс {} ({share:.2} %)",
                way.frames, way.seconds, way.p95_ms, way.over_50
            ))
            .note(format!("куча JS после сборки мусора в начале, по пути и в конце: {} МиБ", heap.join(", ")))
            .note(format!("узлов DOM в строках: не больше {}", way.nodes))
    })
}

fn measured(
    stage: &Stage,
    name: &str,
    what: &str,
    mode: &str,
    figure: impl FnOnce(&Chat, &Way) -> Figure,
) -> anyhow::Result<Figure> {
    let bridge = std::env::current_exe()?.with_file_name(format!("zhkh-bridge{}", std::env::consts::EXE_SUFFIX));
    let needed = [bridge.as_path(), Path::new(UI), Path::new(PACKAGES)];
    if let Some(missing) = needed.into_iter().find(|path| !path.exists()) {
        return Ok(Figure::skipped(name, what, format!("нет {}: это готовит cargo xtask bench", missing.display())));
    }
    let chat = stage.chat()?;
    let running = Bridge::start(stage, &bridge, &chat.town.url())?;
    running.sign_in(stage)?;
    let mut script = Command::new("node");
    script.arg(SCRIPT).args([mode, &running.url, &chat.ticket.to_string(), &stage.pick(2, 10).to_string()]);
    let output = script.stdin(Stdio::null()).stderr(Stdio::inherit()).output().context("node")?;
    anyhow::ensure!(output.status.success(), "{SCRIPT}: {}", output.status);
    Ok(figure(chat, &serde_json::from_slice(&output.stdout)?))
}

/// The core behind HTTP. Dropping it ends it.
struct Bridge {
    url: String,
    child: Child,
    _folder: TempDir,
}

impl Bridge {
    fn start(stage: &Stage, program: &PathBuf, server: &str) -> anyhow::Result<Self> {
        let folder = stage.fresh()?;
        let mut command = Command::new(program);
        command.args(["--server", server, "--ui", UI, "--data"]).arg(folder.path().join("data"));
        command.arg("--keyring-file").arg(folder.path().join("keyring.json"));
        command.env("RUST_LOG", "warn").stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| program.display().to_string())?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("piped")?).read_line(&mut line)?;
        let told: serde_json::Value = serde_json::from_str(&line).context("the bridge says where it listens")?;
        let url = format!("http://{}", told["listening"].as_str().unwrap_or_default());
        Ok(Self { url, child, _folder: folder })
    }

    fn sign_in(&self, stage: &Stage) -> anyhow::Result<()> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let call = async |command: &str, args: serde_json::Value| {
            let sent = http.post(format!("{}/call/{command}", self.url)).json(&args).send().await?;
            anyhow::Ok(sent.error_for_status()?.json::<serde_json::Value>().await?)
        };
        stage.runtime.block_on(async {
            call("sign_in", json!({"phone": PHONE, "password": PASSWORD, "forget_password": false})).await?;
            let wanted = json!({"account": null, "closed": false, "text": ""});
            while call("tickets", wanted.clone()).await?["known"] != true {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
            Ok(())
        })
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
