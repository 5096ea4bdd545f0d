//! `cargo xtask mutate`: breaks the program on purpose, one line at a time, and looks who notices.
//!
//! A test that cannot fail proves nothing. For each sabotage of `tests/mutations` the copy of the checkout under
//! `target/mutants` is changed in one place, built, and tested: exactly the declared tests must fail. One that fails
//! undeclared shows a sabotage that breaks more than it says, one that passes shows a promise that nobody guards.

mod check;
mod list;
mod promises;
mod seed;
mod sources;
mod tree;
mod trial;

use crate::{programs, root};
use list::Mutation;
use std::path::Path;
use tree::Tree;
use trial::{Tests, Trial, Trials};

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Wish {
    list: bool,
    reduced: bool,
    only: Vec<String>,
}

impl Wish {
    /// Reads the command line.
    pub fn read(words: &[String]) -> anyhow::Result<Self> {
        let mut wish = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--list" => wish.list = true,
                "--reduced" => wish.reduced = true,
                "--only" => {
                    let name = words.next().ok_or_else(|| anyhow::anyhow!("--only ИМЯ: нет имени"))?;
                    wish.only.push(name.clone());
                }
                other => anyhow::bail!("непонятно: {other}"),
            }
        }
        Ok(wish)
    }

    fn wants(&self, mutation: &Mutation) -> bool {
        (self.only.is_empty() || self.only.contains(&mutation.name)) && (!self.reduced || mutation.reduced)
    }
}

/// Runs them; fails when one was not caught as declared.
pub fn mutate(wish: &Wish) -> anyhow::Result<()> {
    let root = root::root();
    let mut list = list::read(&root)?;
    if let Some(unknown) = wish.only.iter().find(|name| list.iter().all(|mutation| mutation.name != **name)) {
        anyhow::bail!("мутации {unknown} нет: cargo xtask mutate --list");
    }
    list.retain(|mutation| wish.wants(mutation));
    if wish.list {
        for mutation in &list {
            println!("{:<44} {:<4} {}", mutation.name, mutation.promise, mutation.says);
        }
        return Ok(());
    }
    // With --only somebody is at work on one of them; the rest may be behind.
    let faults = if wish.only.is_empty() { check::faults(&root)? } else { Vec::new() };
    for fault in &faults {
        println!("{fault}");
    }
    let (passed, failed) = run(&root, &list)?;
    let failed = failed + faults.len();
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// How many were caught, and how many not.
fn run(root: &Path, list: &[Mutation]) -> anyhow::Result<(usize, usize)> {
    let folder = root.join("target/mutants");
    let target = folder.join("target");
    std::fs::create_dir_all(&folder)?;
    let lock = std::fs::File::create(folder.join("lock"))?;
    lock.try_lock().map_err(|_| anyhow::anyhow!("мутации уже прогоняются: target/mutants занята"))?;
    let tree = Tree::copy(root, &folder.join("tree"))?;
    seed::take_over(&root.join(programs::target()), &target)?;
    let trials = Trials { tree: &tree.root, target: &target, nextest: crate::test::has_nextest() };
    let (mut passed, mut failed) = (0, 0);
    println!("{:<44} {:<4} {:>8} {:>6}  поймали", "мутация", "", "сборка", "тесты");
    let programs = list.iter().flat_map(|mutation| &mutation.runs).cloned().collect();
    let clean = trials.run("clean", &programs)?;
    let Some(before) = clean.tests else {
        println!("--- дерево не собирается:\n{}\n---", clean.tail);
        return Ok((0, list.len()));
    };
    let (build_s, test_s) = (clean.build_s, clean.test_s);
    println!("{:<44} {:<4} {build_s:>6} с {test_s:>4} с  {}", "ничего не испорчено", "", state(&before));
    for test in &before.red {
        println!("    FAIL падает и без мутаций: {test}");
        failed += 1;
    }
    for mutation in list {
        let caught = one(mutation, &tree, &trials, &before)?;
        if caught { passed += 1 } else { failed += 1 }
    }
    Ok((passed, failed))
}

/// Whether one was caught, by whom it was to be and by nobody else. `before` is what the tests did without it.
fn one(mutation: &Mutation, tree: &Tree, trials: &Trials<'_>, before: &Tests) -> anyhow::Result<bool> {
    let whole = tree.read(&mutation.file)?;
    match mutation.applied(&whole) {
        Ok(sabotaged) => tree.write(&mutation.file, &sabotaged)?,
        Err(fault) => {
            println!("    FAIL {fault:#}");
            return Ok(false);
        }
    }
    let trial = trials.run(&mutation.name, &mutation.runs);
    tree.write(&mutation.file, &whole)?;
    let Trial { build_s, test_s, tests, tail } = trial?;
    let Some(mut tests) = tests else {
        println!("    FAIL {}: не собралась\n---\n{tail}\n---", mutation.name);
        return Ok(false);
    };
    // Who fails already would seem to catch everything.
    tests.red.retain(|test| !before.red.contains(test));
    let caught = tests.red.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    println!("{:<44} {:<4} {build_s:>6} с {test_s:>4} с  {caught}", mutation.name, number(mutation));
    let faults = judge(mutation, &tests);
    for fault in &faults {
        println!("    FAIL {fault}");
    }
    Ok(faults.is_empty())
}

/// What is not as declared.
fn judge(mutation: &Mutation, tests: &Tests) -> Vec<String> {
    let mut faults: Vec<String> =
        mutation.fails.difference(&tests.red).map(|test| format!("не заметил: {test}")).collect();
    let undeclared = tests.red.difference(&mutation.fails).filter(|test| !mutation.may_fail.contains(*test));
    faults.extend(undeclared.map(|test| format!("упал, а не объявлен: {test}")));
    faults
}

fn number(mutation: &Mutation) -> &str {
    if mutation.promise.len() == 2 { &mutation.promise } else { "" }
}

fn state(tests: &Tests) -> String {
    format!("проходят {}, падают {}", tests.green.len(), tests.red.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_command_line_is_understood_and_a_misspelt_wish_is_not_passed_over() {
        let wish = Wish::read(&words("--reduced --only a-b --only c-d")).expect("understood");
        assert_eq!(wish, Wish { list: false, reduced: true, only: words("a-b c-d") });
        assert!(Wish::read(&words("--onyl a-b")).is_err());
        assert!(Wish::read(&words("--only")).is_err());
    }

    #[test]
    fn only_exactly_the_declared_tests_count_as_caught() {
        let mutation: Mutation = toml::from_str(
            "name = 'a-b'\npromise = 'P1'\nsays = 's'\nfile = 'f'\nfind = 'x'\nreplace = 'y'\nruns = ['p']\n\
             fails = ['a', 'b']\nmay_fail = ['c']",
        )
        .expect("read");
        let red = |names: &str| Tests { red: words(names).into_iter().collect(), ..Tests::default() };
        assert!(judge(&mutation, &red("a b")).is_empty());
        assert!(judge(&mutation, &red("a b c")).is_empty());
        assert_eq!(judge(&mutation, &red("a")).len(), 1, "b was to notice");
        assert_eq!(judge(&mutation, &red("a b d")).len(), 1, "d was not declared");
    }
}
