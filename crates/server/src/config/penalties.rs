//! `[[penalties]]`: what being late costs (ч. 14 ст. 155 ЖК РФ), by dates.

use super::ConfigError;
use super::readings::day;
use domain::Kopecks;
use domain::penalty::{PenaltyRules, PenaltyStep, PenaltyTable, PenaltyTableError};
use serde::Deserialize;

/// A version, from its day on until the next one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPenalties {
    from: String,
    /// Percent a year: «16».
    key_rate: String,
    /// Percent a year, the most that counts of the key rate: «9,5».
    cap: Option<String>,
    /// Those of the law where none are written. An empty list is a moratorium: no day costs anything.
    #[serde(default = "of_the_law")]
    steps: Vec<PenaltyStep>,
}

/// Thirty days are free, then 1/300 a day, from day 91 on 1/130.
fn of_the_law() -> Vec<PenaltyStep> {
    vec![PenaltyStep { from_day: 31, one_in: 300 }, PenaltyStep { from_day: 91, one_in: 130 }]
}

/// The table; versions may stand in any order.
pub(super) fn checked(raw: Vec<RawPenalties>) -> Result<PenaltyTable, ConfigError> {
    let mut versions = raw.into_iter().map(RawPenalties::checked).collect::<Result<Vec<_>, _>>()?;
    versions.sort_by_key(|version| version.from);
    PenaltyTable::new(versions).map_err(|error| {
        ConfigError::new(match error {
            PenaltyTableError::Order(from) => {
                format!("В [[penalties]] две записи начинаются {from}. Оставьте одну из них.")
            }
            PenaltyTableError::Steps(from) => format!(
                "Ступени пеней с {from} не читаются: from_day растёт и не меньше 1, one_in больше нуля. Напишите, например: steps = [{{ from_day = 31, one_in = 300 }}, {{ from_day = 91, one_in = 130 }}]."
            ),
            PenaltyTableError::Rate(from) => {
                format!("Ставка пеней с {from} больше 1000 %. Напишите проценты годовых, например: key_rate = \"16\", cap = \"9,5\".")
            }
        })
    })
}

impl RawPenalties {
    fn checked(self) -> Result<PenaltyRules, ConfigError> {
        Ok(PenaltyRules {
            from: day(&self.from)?,
            key_rate: percent(&self.key_rate)?,
            cap: self.cap.as_deref().map(percent).transpose()?,
            steps: self.steps,
        })
    }
}

/// «9,5» is 9.50 %, which is 950 hundredths.
fn percent(text: &str) -> Result<u32, ConfigError> {
    Kopecks::parse_roubles(text).ok().and_then(|it| u32::try_from(it.0).ok()).ok_or_else(|| {
        ConfigError::new(format!(
            "Ставка «{text}» не читается. Напишите в [[penalties]] проценты годовых текстом, например: key_rate = \"16\", cap = \"9,5\"."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<PenaltyTable, String> {
        #[derive(Deserialize)]
        struct File {
            penalties: Vec<RawPenalties>,
        }
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        checked(file.penalties).map_err(|error| error.to_string())
    }

    #[test]
    fn versions_are_read_with_the_steps_of_the_law_and_moratoria() {
        let table = read(
            "[[penalties]]\nfrom = \"2027-01-01\"\nkey_rate = \"15,25\"\nsteps = []\n\
             [[penalties]]\nfrom = \"2026-01-01\"\nkey_rate = \"16\"\ncap = \"9,5\"\n",
        );
        let table = table.expect("a table");
        let [first, second] = table.versions() else { panic!("{table:?}") };
        assert_eq!((first.rate(), &first.steps), (950, &of_the_law()));
        assert_eq!((second.rate(), second.steps.len()), (1_525, 0));
    }

    #[test]
    fn every_complaint_says_what_to_write() {
        let one = "[[penalties]]\nfrom = \"2026-01-01\"\nkey_rate = \"16\"\n";
        assert!(read(&format!("{one}{one}")).expect_err("twice").contains("Оставьте одну"));
        for (was, now, said) in [
            ("\"16\"", "\"шестнадцать\"", "key_rate = \"16\""),
            ("\"16\"", "\"1600,00\"", "1000 %"),
            ("\"2026-01-01\"", "\"01.01.2026\"", "from = 2026-07-01"),
            ("\"16\"\n", "\"16\"\nsteps = [{ from_day = 0, one_in = 300 }]\n", "from_day = 31"),
        ] {
            let error = read(&one.replace(was, now)).expect_err(now);
            assert!(error.contains(said), "{error}");
        }
    }
}
