//! A conversation of ten thousand messages: its newest part, one in the middle, and where words stand in it.

use super::computer::Computer;
use super::{READ_ONLY, bare, sides, town, written};
use crate::engine::bare_file;
use crate::figure::{Figure, Unit, turns};
use crate::resident::{PASSWORD, PHONE};
use crate::server::town::Town;
use crate::stage::Stage;
use domain::TicketId;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::PathBuf;
use tempfile::TempDir;

/// What the window asks for at once (`ui/src/conversation/thread.svelte.ts`).
const PART: usize = 50;
/// First rows have to be there in so many milliseconds.
pub const FIRST_MS: f64 = 100.0;
/// Words that stand in one message only, and words that stand in many.
const RARE: &str = "(4321)";
const OFTEN: &str = "кран";

/// A resident's computer with the conversation, and the same messages in a bare file.
pub struct Chat {
    /// The town; its server runs.
    pub town: Town,
    /// The ticket with the conversation.
    pub ticket: TicketId,
    /// How many messages it has.
    pub messages: usize,
    computer: RefCell<Option<Computer>>,
    bare: PathBuf,
    _folder: TempDir,
}

impl Chat {
    /// Writes everything and signs in.
    pub fn make(stage: &Stage) -> anyhow::Result<Self> {
        let messages = stage.pick(5_000, 10_000);
        let built = town::staffed(stage)?;
        let ticket = town::with_conversation(stage, &built, messages)?;
        let computer = Computer::signed_in(stage, &built.url(), PHONE, PASSWORD)?;
        let folder = stage.fresh()?;
        let bare = folder.path().join("bare.db");
        bare::messages(&bare, (0..messages).map(|place| written::message(ticket, place, messages)))?;
        let computer = RefCell::new(Some(computer));
        Ok(Self { town: built, ticket, messages, computer, bare, _folder: folder })
    }

    /// The resident's computer, as it is.
    pub fn with<T>(&self, ask: impl FnOnce(&Computer) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let computer = self.computer.borrow();
        ask(computer.as_ref().ok_or_else(|| anyhow::anyhow!("it did not open"))?)
    }

    fn reopen(&self, stage: &Stage) -> anyhow::Result<()> {
        let computer = self.computer.take().ok_or_else(|| anyhow::anyhow!("it did not open"))?;
        self.computer.replace(Some(computer.reopened(stage)?));
        Ok(())
    }

    fn part(&self, stage: &Stage, from: Option<usize>) -> anyhow::Result<f64> {
        let about = self.about();
        let (answer, took) =
            self.with(|it| it.ask(stage, "conversation", json!({"about": about, "from": from, "count": PART})))?;
        let lines = answer["lines"].as_array().map_or(0, Vec::len);
        anyhow::ensure!(lines >= PART && answer["total"] == self.messages, "{lines} lines of {}", answer["total"]);
        Ok(took)
    }

    fn about(&self) -> Value {
        json!({"about": "ticket", "ticket": self.ticket.to_string()})
    }

    fn newest(&self) -> i64 {
        (self.messages - PART) as i64
    }

    fn what(&self, words: &str) -> String {
        format!("{words}; в переписке {} сообщений, у жителя ещё 30 заявок", self.messages)
    }
}

/// The newest part, right after the program has opened the person's data.
pub fn cold(stage: &Stage) -> anyhow::Result<Figure> {
    let chat = stage.chat()?;
    let mut ours = || {
        chat.reopen(stage)?;
        chat.part(stage, None)
    };
    let mut other = || bare::select(&bare_file::again(&chat.bare)?, chat.ticket, chat.newest(), PART as i64);
    let measured = turns(stage.runs(), &mut [&mut ours, &mut other])?;
    let names = [
        ("conversation, первый вопрос после запуска программы", READ_ONLY),
        ("голый SELECT тех же строк, файл только что открыт", READ_ONLY),
    ];
    let what = chat.what("первые строки, программа только что запущена");
    Ok(Figure::new("chat.first.cold", what, Unit::Milliseconds, sides(measured, names)).within(FIRST_MS))
}

/// The newest part, later on.
pub fn warm(stage: &Stage) -> anyhow::Result<Figure> {
    repeated(stage, "chat.first.warm", "первые строки, программа работает", None)
}

/// A part in the middle.
pub fn middle(stage: &Stage) -> anyhow::Result<Figure> {
    let from = stage.pick(2_500, 5_000);
    repeated(stage, "chat.page", "часть из середины", Some(from))
}

fn repeated(stage: &Stage, name: &str, words: &str, from: Option<usize>) -> anyhow::Result<Figure> {
    let chat = stage.chat()?;
    let file = bare_file::again(&chat.bare)?;
    let at = from.map_or(chat.newest(), |from| from as i64);
    let mut ours = || chat.part(stage, from);
    let mut other = || bare::select(&file, chat.ticket, at, PART as i64);
    let measured = turns(stage.pick(1, 30), &mut [&mut ours, &mut other])?;
    let names = [("conversation", READ_ONLY), ("голый SELECT тех же строк", READ_ONLY)];
    Ok(Figure::new(name, chat.what(words), Unit::Milliseconds, sides(measured, names)).within(FIRST_MS))
}

/// Where words stand: one message, and many.
pub fn search(stage: &Stage) -> anyhow::Result<Figure> {
    let chat = stage.chat()?;
    let file = bare_file::again(&chat.bare)?;
    let about = chat.about();
    let mut ours = || {
        let mut worst = 0.0_f64;
        for words in [RARE, OFTEN] {
            let args = json!({"about": about, "text": words});
            let (answer, took) = chat.with(|it| it.ask(stage, "conversation_find", args))?;
            anyhow::ensure!(answer["places"].as_array().is_some_and(|all| !all.is_empty()), "«{words}» stands nowhere");
            worst = worst.max(took);
        }
        Ok(worst)
    };
    let mut other = || Ok(bare::find(&file, chat.ticket, RARE)?.max(bare::find(&file, chat.ticket, OFTEN)?));
    let measured = turns(stage.pick(1, 30), &mut [&mut ours, &mut other])?;
    let names = [
        ("conversation_find, худшее из редкого и частого слова", READ_ONLY),
        ("голый SELECT с instr по тем же строкам", READ_ONLY),
    ];
    let what = chat.what("поиск в переписке");
    Ok(Figure::new("chat.search", what, Unit::Milliseconds, sides(measured, names)).within(FIRST_MS))
}
