//! What GUARANTEES.md promises: its tables, row by row.

use std::collections::BTreeSet;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// `P1`, or in the second table the whole sentence.
    pub name: String,
    /// The tests that break if it is not so.
    pub tests: BTreeSet<String>,
    /// The sabotages that they were seen to catch.
    pub mutations: BTreeSet<String>,
}

/// Reads the rows of all tables. A test is named in backticks with underscores, a sabotage with hyphens.
pub fn read(text: &str) -> Vec<Promise> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix('|'));
    let rows = rows.map(|row| row.split(" | ").map(str::trim).collect::<Vec<_>>());
    let promise = |cells: Vec<&str>| {
        let name = cells.first()?.trim_matches('*').to_owned();
        let quoted: Vec<&str> = cells.iter().flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        let named = |with: char| {
            let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == with);
            let words = quoted.iter().copied().filter(plain).filter(|word| word.contains(with));
            words.map(str::to_owned).collect::<BTreeSet<_>>()
        };
        let (tests, mutations) = (named('_'), named('-'));
        (!tests.is_empty()).then_some(Promise { name, tests, mutations })
    };
    rows.filter_map(promise).collect()
}

/// The row that a sabotage belongs to: by its name, or by the first words of its sentence.
pub fn find<'a>(promises: &'a [Promise], of: &str) -> Option<&'a Promise> {
    let numbered = of.len() == 2;
    promises.iter().find(|promise| if numbered { promise.name == of } else { promise.name.starts_with(of) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_sabotages_are_told_apart_in_both_tables() {
        let text = "\
| | promise | tests |
|---|---|---|
| **P1** | It `stays`. | `what_is_here_stays`, `it_comes_back` | `no-flush` |

| promise | tests |
|---|---|
| Nothing lies about. | `nothing_lies_about` in `tests/system/tests/window.rs` | `plain-text` |
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
