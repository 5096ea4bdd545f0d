//! A value of a meter as its face shows it.

use anyhow::Context;

/// Digits before and after the comma, as one number of the smallest digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Face {
    count: i64,
    digits: usize,
    decimals: usize,
}

impl Face {
    /// Reads «00541,008».
    pub fn read(text: &str) -> anyhow::Result<Self> {
        let (whole, rest) = text.split_once([',', '.']).unwrap_or((text, ""));
        let count = format!("{whole}{rest}").parse().with_context(|| format!("«{text}» is no value"))?;
        Ok(Self { count, digits: whole.len(), decimals: rest.len() })
    }

    /// The value later by so many whole units.
    pub fn plus(self, units: i64) -> Self {
        Self { count: self.count + units * self.unit(), ..self }
    }

    /// As a person types it, with every drum filled.
    pub fn typed(self) -> String {
        let (whole, rest) = (self.count / self.unit(), self.count % self.unit());
        let whole = format!("{whole:0width$}", width = self.digits);
        if self.decimals == 0 { whole } else { format!("{whole},{rest:0width$}", width = self.decimals) }
    }

    /// As the server keeps it: steps of 1/10000.
    pub fn steps(self) -> i64 {
        self.count * 10_000 / self.unit()
    }

    fn unit(self) -> i64 {
        (0..self.decimals).fold(1, |unit, _| unit * 10)
    }
}

#[cfg(test)]
mod tests {
    use super::Face;

    #[test]
    fn a_value_is_counted_on_without_losing_its_zeros() {
        let later = Face::read("00541,008").expect("a value").plus(7);
        assert_eq!(later.typed(), "00548,008");
        assert_eq!(later.steps(), 5_480_080);
    }
}
