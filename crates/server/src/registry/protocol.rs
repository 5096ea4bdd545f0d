//! What became of a file, for the operator: Russian, plain text, one finding a line.

use super::Format;
use super::row::{Broken, Rejected};
use std::collections::BTreeSet;
use std::fmt;

/// The protocol of one import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protocol {
    /// The file's name without its folder.
    pub file: String,
    /// The format it was read as.
    pub format: Format,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// The encoding of a text.
    pub encoding: Option<&'static str>,
    /// Rows of data in the file.
    pub lines: usize,
    /// What came out of them and can be applied: «Годных лицевых счетов», 1500.
    pub accepted: Vec<(&'static str, String)>,
    /// What did not, with the reason.
    pub rejected: Vec<Rejected>,
    /// What was taken although it looks wrong: bills that do not sum.
    pub doubts: Vec<Rejected>,
    /// Accounts the server does not have.
    pub unknown_accounts: BTreeSet<String>,
    /// Totals that the file states and that agree.
    pub totals: Vec<String>,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was applied.
    Applied {
        /// «счетов новых», 3.
        changes: Vec<(&'static str, usize)>,
    },
    /// The good rows were applied because the operator said so.
    AppliedInPart {
        /// «счетов новых», 3.
        changes: Vec<(&'static str, usize)>,
    },
    /// It was only tried: this would have been applied.
    Tried {
        /// «счетов новых», 3.
        changes: Vec<(&'static str, usize)>,
    },
    /// Rows were rejected, so nothing was applied.
    Stopped,
    /// The file as a whole cannot be taken.
    Broken(Broken),
    /// The same bytes were applied before.
    AlreadyLoaded {
        /// When, for people.
        at: String,
    },
}

impl Protocol {
    /// Of a file of which nothing is known yet.
    pub fn blank(file: &str, format: Format) -> Self {
        Self {
            file: file.to_owned(),
            format,
            sha256: String::new(),
            encoding: None,
            lines: 0,
            accepted: Vec::new(),
            rejected: Vec::new(),
            doubts: Vec::new(),
            unknown_accounts: BTreeSet::new(),
            totals: Vec::new(),
            outcome: Outcome::Stopped,
        }
    }

    /// The same where everything was undone on purpose.
    pub fn tried(mut self) -> Self {
        self.outcome = match self.outcome {
            Outcome::Applied { changes } | Outcome::AppliedInPart { changes } => Outcome::Tried { changes },
            other => other,
        };
        self
    }

    /// Whether the file did what it was asked to: changed something, or was tried and would.
    pub fn went_well(&self) -> bool {
        self.applied() || matches!(self.outcome, Outcome::Tried { .. })
    }

    /// Whether the file changed something.
    pub fn applied(&self) -> bool {
        matches!(self.outcome, Outcome::Applied { .. } | Outcome::AppliedInPart { .. })
    }

    /// How many rows of the file were rejected; a row may have several reasons.
    pub fn rejected_lines(&self) -> usize {
        self.rejected.iter().map(|rejected| rejected.line).collect::<BTreeSet<_>>().len()
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Протокол загрузки")?;
        writeln!(f, "Файл: {}", self.file)?;
        writeln!(f, "Формат: {}", self.format.title())?;
        writeln!(f, "SHA-256: {}", self.sha256)?;
        if let Some(encoding) = self.encoding {
            writeln!(f, "Кодировка: {encoding}")?;
        }
        if !matches!(self.outcome, Outcome::Broken(_) | Outcome::AlreadyLoaded { .. }) {
            writeln!(f, "Строк в файле: {}", self.lines)?;
            for (what, count) in &self.accepted {
                writeln!(f, "{what}: {count}")?;
            }
            writeln!(f, "Строк с замечаниями: {}", self.rejected_lines())?;
            match self.totals.as_slice() {
                [] => writeln!(f, "Контрольных сумм в файле нет")?,
                totals => writeln!(f, "Контрольные суммы сошлись: {}", totals.join(", "))?,
            }
        }
        for rejected in &self.rejected {
            writeln!(f, "  строка {}, {}: {}", rejected.line, rejected.field, rejected.reason)?;
        }
        for doubt in &self.doubts {
            writeln!(f, "  не сходится, строка {}, {}: {}", doubt.line, doubt.field, doubt.reason)?;
        }
        if !self.unknown_accounts.is_empty() {
            writeln!(f, "Таких лицевых счетов нет в базе: {}", self.unknown_accounts.len())?;
            for number in &self.unknown_accounts {
                writeln!(f, "  {number}")?;
            }
        }
        match &self.outcome {
            Outcome::Applied { changes } => {
                writeln!(f, "Загружено полностью.")?;
                list(f, changes)
            }
            Outcome::AppliedInPart { changes } => {
                writeln!(f, "Загружено частично: строки с замечаниями пропущены.")?;
                list(f, changes)
            }
            Outcome::Tried { changes } => {
                writeln!(f, "Проверка: ничего не изменено. Загрузка без --dry-run сделает это:")?;
                list(f, changes)
            }
            Outcome::Stopped => writeln!(
                f,
                "Ничего не изменено. Исправьте строки с замечаниями и загрузите файл снова; \
                 чтобы загрузить остальные строки без них, добавьте --accept-partial."
            ),
            Outcome::Broken(why) => writeln!(f, "Ничего не изменено: {why}."),
            Outcome::AlreadyLoaded { at } => writeln!(f, "Ничего не изменено: этот файл уже загружен {at}."),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, changes: &[(&'static str, usize)]) -> fmt::Result {
    changes.iter().try_for_each(|(what, count)| writeln!(f, "  {what}: {count}"))
}
