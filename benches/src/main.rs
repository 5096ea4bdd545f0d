//! `bench`: measures and prints. `cargo xtask bench` builds and calls it.

use benches::engine::pages::Way;
use benches::figure::Figure;
use benches::money::{code, import, paper};
use benches::server::ops::{self, Base};
use benches::stage::{Size, Stage};
use benches::tickets::{chat, desk, scroll, toast};
use benches::window::{self, Holds};
use benches::{engine, peers, report, resident, server};
use std::path::{Path, PathBuf};

type Measure = fn(&Stage) -> anyhow::Result<Figure>;

/// All figures, in the order in which they are measured. `--only drain` takes all whose name begins so.
const FIGURES: [(&str, Measure); 45] = [
    ("enqueue.one", engine::enqueue::one),
    ("enqueue.bulk", engine::enqueue::bulk),
    ("enqueue.long_lane", engine::enqueue::long_lane),
    ("drain.1", |stage| engine::drain::drained(stage, 1, 300)),
    ("drain.16", |stage| engine::drain::drained(stage, 16, 3_000)),
    ("drain.100", |stage| engine::drain::drained(stage, 100, 10_000)),
    ("drain.linear", engine::drain::linear),
    ("pull.feed", |stage| engine::pull::pulled(stage, Way::Feed)),
    ("pull.snapshot", |stage| engine::pull::pulled(stage, Way::Snapshot)),
    ("pull.memory", engine::pull::memory),
    ("server.sqlite.1", |stage| ops::from(stage, Base::Sqlite, 1)),
    ("server.sqlite.16", |stage| ops::from(stage, Base::Sqlite, 16)),
    ("server.sqlite.64", |stage| ops::from(stage, Base::Sqlite, 64)),
    ("server.postgres.1", |stage| ops::from(stage, Base::Postgres, 1)),
    ("server.postgres.16", |stage| ops::from(stage, Base::Postgres, 16)),
    ("server.postgres.64", |stage| ops::from(stage, Base::Postgres, 64)),
    ("server.idle", server::idle::memory),
    ("server.evening", server::evening::spread),
    ("server.backlog", server::evening::backlog),
    ("upload.server", server::upload::one),
    ("peers.pouchdb.push", peers::pouchdb_push),
    ("peers.pouchdb.pull", peers::pouchdb_pull),
    ("peers.powersync.batch", peers::powersync_batch),
    ("peers.powersync.one", peers::powersync_transaction),
    ("window.paint.empty", |stage| window::paint(stage, Holds::Nothing)),
    ("window.paint.rows", |stage| window::paint(stage, Holds::Rows)),
    ("window.pss.empty", |stage| window::memory(stage, Holds::Nothing)),
    ("window.pss.rows", |stage| window::memory(stage, Holds::Rows)),
    ("chat.first.cold", chat::cold),
    ("chat.first.warm", chat::warm),
    ("chat.page", chat::middle),
    ("chat.search", chat::search),
    ("chat.open", scroll::first),
    ("chat.scroll", scroll::frames),
    ("toast.live", toast::live),
    ("desk.snapshot", desk::snapshot),
    ("desk.open", desk::open),
    ("desk.filter", desk::filter),
    ("desk.search", desk::search),
    ("desk.changed", desk::changed),
    ("import.bills.sqlite", |stage| import::bills(stage, Base::Sqlite)),
    ("import.bills.postgres", |stage| import::bills(stage, Base::Postgres)),
    ("import.memory", import::memory),
    ("bill.pdf", paper::pages),
    ("qr.parse", code::parsed),
];

struct Wish {
    only: Vec<String>,
    json: Option<PathBuf>,
    size: Size,
}

impl Wish {
    fn wants(&self, name: &str) -> bool {
        let begins =
            |only: &String| name == only || name.strip_prefix(only.as_str()).is_some_and(|rest| rest.starts_with('.'));
        self.only.is_empty() || self.only.iter().any(begins)
    }
}

fn wish() -> anyhow::Result<Wish> {
    let mut wish = Wish { only: Vec::new(), json: None, size: Size::Usual };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--quick" => wish.size = Size::Quick,
            "--full" => wish.size = Size::Full,
            "--only" => wish.only.extend(words.next().unwrap_or_default().split(',').map(str::to_owned)),
            "--json" => wish.json = words.next().map(PathBuf::from),
            other => anyhow::bail!("«{other}»: есть --only ИМЯ,…, --json ФАЙЛ, --quick, --full"),
        }
    }
    Ok(wish)
}

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let folder = PathBuf::from("target/bench");
    // The parts of our own children.
    match &words[..] {
        [word, town, more] if word == "serve" => {
            return server::child::serve(&Stage::new(Size::Usual, folder)?, Path::new(town), more);
        }
        [word, data, server] if word == "sign-in" => {
            return resident::sign_in(&Stage::new(Size::Usual, folder)?, Path::new(data), server);
        }
        [word, place, file, bills] if word == "import" => {
            return import::alone(place, Path::new(file), bills.parse()?);
        }
        _ => {}
    }
    let wish = wish()?;
    let stage = Stage::new(wish.size, folder)?;
    let mut figures = Vec::new();
    for (name, measure) in FIGURES.iter().filter(|(name, _)| wish.wants(name)) {
        let figure =
            measure(&stage).unwrap_or_else(|error| Figure::skipped(*name, "не измерено", format!("{error:#}")));
        report::print(&figure);
        figures.push(figure);
    }
    report::table(&figures);
    if let Some(path) = &wish.json {
        report::save(&figures, path)?;
    }
    Ok(())
}
