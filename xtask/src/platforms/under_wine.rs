//! The tests for Windows, run under wine, two programs at a time.

use super::cross::Made;
use super::wine::Wine;
use super::{Report, place};
use crate::count::{Count, Runner};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Longer than the slowest by far: what takes this long hangs.
const LIMIT: Duration = Duration::from_secs(300);

/// Tests that wine cannot pass though Windows may: program of tests, the test's name, the reason.
const NOT_UNDER_WINE: [(&str, &str, &str); 0] = [];

/// Packages whose tests are not run there, and why. They are built.
const NOT_RUN: [(&str, &str); 3] = [
    ("postgres", "запускает свой PostgreSQL программами Debian, для Windows их здесь нет"),
    ("power-cut", "диск для проверок; что пишут мимо SQLite, он видит только в Linux"),
    ("sim", "стоит на этом диске и после обрыва питания не найдёт на нём ключа"),
];

/// What one program of tests gave.
struct Ran {
    program: String,
    count: Count,
    seconds: u64,
    left_out: Vec<String>,
    trouble: Option<String>,
}

/// Runs all of `programs`.
pub fn run(wine: &Wine, programs: &[Made], report: &mut Report) -> anyhow::Result<()> {
    let logs = place::folder()?.join("logs");
    place::emptied(&logs)?;
    for (package, why) in NOT_RUN {
        report.skip(&format!("тесты {package} не под wine: {why}"));
    }
    let run = |made: &&Made| !NOT_RUN.iter().any(|(package, _)| made.label().split('/').next() == Some(package));
    let waiting = Mutex::new(programs.iter().filter(run));
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().ok().and_then(|mut waiting| waiting.next());
                    let Some(program) = next else { return };
                    let ran = one(wine, program, &logs);
                    if let Ok(mut done) = done.lock() {
                        done.push(ran);
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by(|one, other| one.program.cmp(&other.program));
    for ran in done {
        report.tests(&ran.program, ran.count, ran.seconds, ran.trouble);
        ran.left_out.iter().for_each(|why| report.skip(why));
    }
    Ok(())
}

fn one(wine: &Wine, made: &Made, logs: &Path) -> Ran {
    let program = made.label();
    let log = logs.join(format!("{}.log", program.replace('/', "-")));
    let left_out: Vec<_> = NOT_UNDER_WINE.iter().filter(|(of, ..)| *of == program).collect();
    let mut args = vec!["--exact", "--test-threads", "2"];
    args.extend(left_out.iter().flat_map(|(_, test, _)| ["--skip", test]));
    let began = Instant::now();
    let ended = wine.run(&made.file, &args, &made.folder, &log, LIMIT);
    let output = String::from_utf8_lossy(&std::fs::read(&log).unwrap_or_default()).into_owned();
    let mut count = Count::read(Runner::CargoTest, &output);
    let mut trouble = match ended {
        Ok(Some(status)) if status.success() => None,
        Ok(Some(status)) => Some(format!("{status}\n{}", end_of(&output))),
        Ok(None) => Some(format!("не кончилось за {} с\n{}", LIMIT.as_secs(), end_of(&output))),
        Err(error) => Some(format!("{error:#}")),
    };
    let (filtered, ignored) = (counted(&output, "filtered"), counted(&output, "ignored"));
    if trouble.is_none() && filtered != left_out.len() {
        trouble = Some(format!("исключено {filtered}, а названо {}: имя исключённого теста устарело", left_out.len()));
    }
    if trouble.is_some() && count.failed == 0 {
        count.failed = 1;
    }
    let mut said: Vec<String> =
        left_out.iter().map(|(_, test, why)| format!("{program}: {test} не под wine: {why}")).collect();
    if ignored > 0 {
        said.push(format!("{program}: помечены #[ignore]: {ignored}"));
    }
    Ran { program, count, seconds: began.elapsed().as_secs(), left_out: said, trouble }
}

/// The number before a word on the line of the result.
fn counted(output: &str, word: &str) -> usize {
    let line = output.lines().rev().find(|line| line.starts_with("test result:")).unwrap_or_default();
    let mut before = None;
    for part in line.split_whitespace() {
        if part.trim_end_matches(';') == word {
            return before.and_then(|number: &str| number.parse().ok()).unwrap_or(0);
        }
        before = Some(part);
    }
    0
}

fn end_of(output: &str) -> String {
    let lines: Vec<&str> = output.lines().filter(|line| !line.ends_with("... ok")).collect();
    lines[lines.len().saturating_sub(60)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn what_was_left_out_is_read_from_the_result() {
        let output =
            "test a ... ok\ntest result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 3 filtered out; finished";
        assert_eq!((counted(output, "ignored"), counted(output, "filtered")), (2, 3));
        assert_eq!(counted("", "filtered"), 0);
    }
}
