//! What has to hold before anything is built: the list fits the code, and GUARANTEES.md fits both.

use super::list::{self, Mutation};
use super::promises::{self, Promise};
use super::sources::Sources;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Everything that does not fit, in words.
pub fn faults(root: &Path) -> anyhow::Result<Vec<String>> {
    let list = list::read(root)?;
    let promises = promises::read(&fs::read_to_string(root.join("GUARANTEES.md"))?);
    let sources = Sources::read(root)?;
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    for mutation in &list {
        if !names.insert(&mutation.name) {
            faults.push(format!("{}: так названы две мутации", mutation.name));
        }
        of_mutation(root, mutation, &promises, &sources, &mut faults);
    }
    for promise in &promises {
        of_promise(promise, &list, &sources, &mut faults);
    }
    Ok(faults)
}

fn of_mutation(root: &Path, mutation: &Mutation, promises: &[Promise], sources: &Sources, faults: &mut Vec<String>) {
    let name = &mutation.name;
    let applied = fs::read_to_string(root.join(&mutation.file))
        .map_err(|error| anyhow::anyhow!("{name}: {}: {error}", mutation.file.display()))
        .and_then(|text| mutation.applied(&text));
    faults.extend(applied.err().map(|error| format!("{error:#}")));
    if mutation.find == mutation.replace || mutation.says.is_empty() || mutation.fails.is_empty() {
        faults.push(format!("{name}: ничего не портит, или не сказано, что и кто это заметит"));
    }
    for test in mutation.fails.iter().chain(&mutation.may_fail) {
        let runs = sources.program(root, test).is_some_and(|program| mutation.runs.contains(&program));
        if !runs {
            faults.push(format!("{name}: теста {test} нет в программах {:?}", mutation.runs));
        }
    }
    match promises::find(promises, &mutation.promise) {
        None => faults.push(format!("{name}: в GUARANTEES.md нет обещания «{}»", mutation.promise)),
        Some(promise) => {
            if !promise.mutations.contains(name) {
                faults.push(format!("{name}: не названа в разделе «{}»", mutation.promise));
            }
            if promise.tests.is_disjoint(&mutation.fails) {
                faults.push(format!("{name}: её не ловит ни один тест из раздела «{}»", mutation.promise));
            }
        }
    }
}

fn of_promise(promise: &Promise, list: &[Mutation], sources: &Sources, faults: &mut Vec<String>) {
    let row = &promise.name;
    for test in &promise.tests {
        let times = sources.of(test).len();
        if times != 1 {
            faults.push(format!("GUARANTEES.md, «{row}»: функция {test} есть в дереве {times} раз, а должна один"));
        }
    }
    if promise.mutations.is_empty() {
        faults.push(format!("GUARANTEES.md, «{row}»: нет ни одной мутации"));
    }
    for name in promise.mutations.iter().filter(|name| list.iter().all(|mutation| mutation.name != **name)) {
        faults.push(format!("GUARANTEES.md, «{row}»: мутации {name} нет в списке"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_promise_names_tests_that_are_there_and_a_sabotage_that_one_of_them_catches() {
        let faults = faults(&crate::root::root()).expect("read");
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }

    #[test]
    fn the_short_run_has_a_sabotage_of_every_numbered_promise() {
        let list = list::read(&crate::root::root()).expect("read");
        for number in 1..=9 {
            let promise = format!("P{number}");
            assert!(list.iter().any(|mutation| mutation.reduced && mutation.promise == promise), "{promise}");
        }
    }
}
