//! What the command line asks for.

use anyhow::Context;

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// One seed.
    Seed {
        /// Which.
        seed: u64,
        /// Print every line of its trace.
        trace: bool,
        /// Print only the hash of its trace.
        hash: bool,
    },
    /// Many seeds.
    Seeds {
        /// The first one; by the clock when absent.
        from: Option<u64>,
        /// How many; without a number until the time is over.
        count: Option<u64>,
        /// For how long at most.
        minutes: Option<u64>,
    },
    /// What the tests run: the fixed seeds with all that has to be true of them together, then fresh ones.
    Check {
        /// For how many seconds fresh seeds are run.
        fresh_s: u64,
    },
}

impl Wish {
    /// Reads the words behind the program's name.
    pub fn read(words: &[String]) -> anyhow::Result<Self> {
        let flag = |name: &str| words.iter().any(|word| word == name);
        let number = |name: &str| -> anyhow::Result<Option<u64>> {
            let Some(at) = words.iter().position(|word| word == name) else { return Ok(None) };
            let text = words.get(at + 1).with_context(|| format!("после {name} нужно число"))?;
            Ok(Some(text.parse().with_context(|| format!("{name}: «{text}» — не число"))?))
        };
        if let Some(seed) = number("--seed")? {
            return Ok(Self::Seed { seed, trace: flag("--trace"), hash: flag("--hash") });
        }
        if flag("--check") {
            return Ok(Self::Check { fresh_s: number("--fresh")?.unwrap_or(100) });
        }
        let (count, minutes) = (number("--seeds")?, number("--minutes")?);
        let count = count.or(if minutes.is_none() { Some(100) } else { None });
        Ok(Self::Seeds { from: number("--from")?, count, minutes })
    }
}

#[cfg(test)]
mod tests {
    use super::Wish;

    fn read(line: &str) -> Wish {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Wish::read(&words).expect("read")
    }

    #[test]
    fn a_line_that_replays_a_seed_is_understood() {
        assert_eq!(read("--seed 12"), Wish::Seed { seed: 12, trace: false, hash: false });
        assert_eq!(read("--seed 12 --trace"), Wish::Seed { seed: 12, trace: true, hash: false });
        assert_eq!(read("--seeds 5 --from 7"), Wish::Seeds { from: Some(7), count: Some(5), minutes: None });
        assert_eq!(read("--minutes 3"), Wish::Seeds { from: None, count: None, minutes: Some(3) });
        assert!(Wish::read(&["--seed".to_owned()]).is_err());
    }
}
