//! Which month the bills of the demo town are of. A person is asked for the sum of the last bill, and the month before
//! this one is the last that a billing has closed.

use crate::folder;
use crate::program;
use anyhow::Context;
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use chrono_tz::Europe::Moscow;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The registry files in the order of `demo/README.md`, accounts before their meters and bills: format, beginning, end.
const FILES: [(&str, &str, &str); 6] = [
    ("p1", "2124012348_", ".txt"),
    ("p4", "", ".dbf"),
    ("r3", "", ".xlsx"),
    ("r1", "pokazaniya", ".txt"),
    ("bills", "kvitancii-do-", ".jsonl"),
    ("bills", "kvitancii-", ".csv"),
];

/// The name of a file in `demo/` that says which month it is of.
const NAMED_BY_MONTH: (&str, &str) = ("pokazaniya-", ".txt");

/// A month as the command line takes it, `YYYY-MM`.
pub fn last_month() -> anyhow::Result<String> {
    month_before(Utc::now())
}

/// The registry files of that month with their formats, in the order of import: those of `demo/`, or the same town made
/// into `work` when `demo/` has become too old.
pub fn registries(month: &str, server: &Path, work: &Path) -> anyhow::Result<Vec<(&'static str, PathBuf)>> {
    let demo = folder::root().join("demo");
    let folder = if month_of(&names(&demo)?)? == month { demo } else { made(month, server, work)? };
    let names = names(&folder)?;
    FILES
        .into_iter()
        .map(|(format, begin, end)| {
            let name = names.iter().find(|name| name.starts_with(begin) && name.ends_with(end));
            let name = name.with_context(|| format!("{} has no file {format}", folder.display()))?;
            Ok((format, folder.join(name)))
        })
        .collect()
}

fn made(month: &str, server: &Path, work: &Path) -> anyhow::Result<PathBuf> {
    let folder = work.join(format!("registries-{month}"));
    let mut generate = Command::new(server);
    generate.args(["demo", "generate", "--seed", "1", "--accounts", "3000", "--month", month, "--out"]).arg(&folder);
    program::run(generate)?;
    Ok(folder)
}

fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?;
    Ok(entries
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?)
}

fn month_of(names: &[String]) -> anyhow::Result<String> {
    let (begin, end) = NAMED_BY_MONTH;
    let month = names.iter().find_map(|name| name.strip_prefix(begin)?.strip_suffix(end));
    Ok(month.context("demo/ has no file named by its month")?.to_owned())
}

/// The month before the one that it is in the town.
fn month_before(now: DateTime<Utc>) -> anyhow::Result<String> {
    let today: NaiveDate = now.with_timezone(&Moscow).date_naive();
    let before = today.with_day(1).and_then(|first| first.checked_sub_months(Months::new(1)));
    Ok(before.context("the computer's clock is far off")?.format("%Y-%m").to_string())
}

#[cfg(test)]
mod tests {
    use super::{month_before, month_of, names, registries};
    use crate::folder;
    use chrono::DateTime;
    use std::path::Path;

    fn at(time: &str) -> String {
        month_before(DateTime::parse_from_rfc3339(time).expect("a time").to_utc()).expect("a month")
    }

    #[test]
    fn the_last_bill_is_of_the_month_before_by_the_towns_calendar() {
        assert_eq!(at("2026-11-23T12:00:00Z"), "2026-10");
        assert_eq!(at("2026-12-31T20:59:59Z"), "2026-11");
        // Already the new year in the town.
        assert_eq!(at("2026-12-31T21:00:00Z"), "2026-12");
        assert_eq!(at("2027-01-15T12:00:00Z"), "2026-12");
        assert_eq!(at("2027-03-31T12:00:00Z"), "2027-02");
    }

    #[test]
    fn files_of_that_month_in_demo_are_taken_as_they_are() {
        let demo = folder::root().join("demo");
        let month = month_of(&names(&demo).expect("read")).expect("a month");
        // No server is there that could make others.
        let files = registries(&month, Path::new("no-such-server"), Path::new("no-such-folder")).expect("found");
        assert_eq!(
            files.iter().map(|(format, _)| *format).collect::<Vec<_>>(),
            ["p1", "p4", "r3", "r1", "bills", "bills"]
        );
        assert!(files.iter().all(|(_, file)| file.starts_with(&demo) && file.is_file()), "{files:?}");
    }

    #[test]
    fn when_demo_is_too_old_the_town_is_made_for_the_month_and_in_the_work_folder() {
        let work = tempfile::tempdir().expect("a folder");
        let server = folder::program("zhkh-server").expect("built");
        let files = registries("2027-02", &server, work.path()).expect("made");
        let names: Vec<_> = files.iter().map(|(_, file)| file.file_name().expect("a name").to_string_lossy()).collect();
        assert!(files.iter().all(|(_, file)| file.starts_with(work.path()) && file.is_file()), "{files:?}");
        assert!(names[1].contains("2702") && names[3] == "pokazaniya-2027-02.txt", "{names:?}");
    }
}
