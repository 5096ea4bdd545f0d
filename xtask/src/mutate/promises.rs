//! What GUARANTEES.md promises: its sections, one for each promise.

use std::collections::BTreeSet;

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// `P1`, or the whole sentence of one without a number.
    pub name: String,
    /// The tests that break if it is not so.
    pub tests: BTreeSet<String>,
    /// The sabotages that they were seen to catch.
    pub mutations: BTreeSet<String>,
}

/// Reads the sections that name tests. A test is named in backticks with underscores, a sabotage with hyphens.
pub fn read(text: &str) -> Vec<Promise> {
    let promise = |section: &str| {
        let (title, body) = section.split_once('\n')?;
        let name = title.split_once(". ").map_or(title, |(number, _)| number).to_owned();
        let quoted: Vec<&str> = body.split('`').skip(1).step_by(2).collect();
        let named = |with: char| {
            let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == with);
            let words = quoted.iter().copied().filter(plain).filter(|word| word.contains(with));
            words.map(str::to_owned).collect::<BTreeSet<_>>()
        };
        let (tests, mutations) = (named('_'), named('-'));
        (!tests.is_empty()).then_some(Promise { name, tests, mutations })
    };
    // What stands before the first section, and the heading of the next part at the end of one, name nothing.
    text.split("\n### ").skip(1).filter_map(promise).collect()
}

/// The promise that a sabotage belongs to: by its name, or by the first words of its sentence.
pub fn find<'a>(promises: &'a [Promise], of: &str) -> Option<&'a Promise> {
    let numbered = of.len() == 2;
    promises.iter().find(|promise| if numbered { promise.name == of } else { promise.name.starts_with(of) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_sabotages_of_every_section_are_told_apart() {
        let text = "\
# What `is_not_a_promise`

### P1. It `stays`.

- `what_is_here_stays`
- `it_comes_back`

Sabotages caught: `no-flush`.

## Around

### Nothing lies about.

- `nothing_lies_about`

and: `tests/system/tests/window.rs`

Sabotages caught: `plain-text`.
";
        let promises = read(text);
        let names: Vec<_> = promises.iter().map(|promise| promise.name.as_str()).collect();
        assert_eq!(names, ["P1", "Nothing lies about."]);
        assert_eq!(promises[0].tests.iter().collect::<Vec<_>>(), ["it_comes_back", "what_is_here_stays"]);
        assert_eq!(promises[0].mutations.iter().collect::<Vec<_>>(), ["no-flush"]);
        assert_eq!(promises[1].mutations.iter().collect::<Vec<_>>(), ["plain-text"]);
        assert_eq!(find(&promises, "Nothing lies").expect("found").name, "Nothing lies about.");
        assert_eq!(find(&promises, "P2"), None);
    }
}
