//! A figure: two sides, measured turn by turn.

use serde::Serialize;

/// What a measured number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Less is better.
    MicrosecondsPerOperation,
    /// More is better.
    PerSecond,
    /// Less is better.
    Milliseconds,
    /// Less is better.
    Seconds,
    /// Less is better.
    MiB,
    /// Less is better.
    KiB,
}

impl Unit {
    /// As it is printed.
    pub const fn words(self) -> &'static str {
        match self {
            Self::MicrosecondsPerOperation => "мкс на операцию",
            Self::PerSecond => "в секунду",
            Self::Milliseconds => "мс",
            Self::Seconds => "с",
            Self::MiB => "МиБ",
            Self::KiB => "КиБ",
        }
    }

    /// Whether more is better.
    pub const fn more_is_better(self) -> bool {
        matches!(self, Self::PerSecond)
    }
}

/// One side of a figure: a number per run.
#[derive(Debug, Clone, Serialize)]
pub struct Side {
    /// What was measured.
    pub name: String,
    /// What survives what, on this side.
    pub durability: String,
    /// One number per run.
    pub runs: Vec<f64>,
}

/// What the ratio has to be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "is", content = "than", rename_all = "snake_case")]
pub enum Target {
    /// Ours over the other, at most.
    AtMost(f64),
    /// Ours over the other, at least.
    AtLeast(f64),
}

impl Target {
    /// Whether a ratio meets it.
    pub fn met(self, ratio: f64) -> bool {
        match self {
            Self::AtMost(most) => ratio <= most,
            Self::AtLeast(least) => ratio >= least,
        }
    }
}

/// A figure.
#[derive(Debug, Clone, Serialize)]
pub struct Figure {
    /// Its short name, for `--only`.
    pub name: String,
    /// What it is, in one line.
    pub what: String,
    /// What is counted.
    pub unit: Unit,
    /// Ours first, then what it is held against.
    pub sides: Vec<Side>,
    /// What the ratio has to be.
    pub target: Option<Target>,
    /// What no run of ours may exceed, in the figure's unit: what a person waits for is no ratio.
    pub within: Option<f64>,
    /// What belongs to it besides.
    pub notes: Vec<String>,
    /// Why it was not measured.
    pub skipped: Option<String>,
}

/// The middle, the least and the greatest of some runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub min: f64,
    /// The one in the middle.
    pub median: f64,
    /// The greatest.
    pub max: f64,
}

impl Spread {
    /// Of some numbers; `None` of none.
    pub fn of(numbers: &[f64]) -> Option<Self> {
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (min, max) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median =
            if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) };
        Some(Self { min, median, max })
    }
}

impl Figure {
    /// A figure of two sides.
    pub fn new(name: impl Into<String>, what: impl Into<String>, unit: Unit, sides: Vec<Side>) -> Self {
        let (name, what) = (name.into(), what.into());
        Self { name, what, unit, sides, target: None, within: None, notes: Vec::new(), skipped: None }
    }

    /// A figure that cannot be had here.
    pub fn skipped(name: impl Into<String>, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { skipped: Some(why.into()), ..Self::new(name, what, Unit::PerSecond, Vec::new()) }
    }

    /// With what the ratio has to be.
    #[must_use]
    pub fn target(self, target: Target) -> Self {
        Self { target: Some(target), ..self }
    }

    /// With what no run of ours may exceed.
    #[must_use]
    pub fn within(self, most: f64) -> Self {
        Self { within: Some(most), ..self }
    }

    /// With something said besides.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Ours over the other, run by run: neighbours in time are compared, so that a slow minute of the machine slows both.
    pub fn ratio(&self) -> Option<Spread> {
        let [ours, other, ..] = &self.sides[..] else { return None };
        let ratios: Vec<f64> = ours.runs.iter().zip(&other.runs).map(|(ours, other)| ours / other).collect();
        Spread::of(&ratios)
    }

    /// Whether the ratio in the middle meets the target.
    pub fn met(&self) -> Option<bool> {
        Some(self.target?.met(self.ratio()?.median))
    }

    /// Whether every run of ours stays within the bound.
    pub fn stayed(&self) -> Option<bool> {
        let worst = Spread::of(&self.sides.first()?.runs)?.max;
        Some(worst <= self.within?)
    }
}

/// Measures sides turn by turn, after one turn that is not counted.
pub fn turns(runs: usize, sides: &mut [&mut dyn FnMut() -> anyhow::Result<f64>]) -> anyhow::Result<Vec<Vec<f64>>> {
    let mut measured = vec![Vec::with_capacity(runs); sides.len()];
    for run in 0..=runs {
        for (side, numbers) in sides.iter_mut().zip(&mut measured) {
            let number = side()?;
            if run > 0 {
                numbers.push(number);
            }
        }
    }
    Ok(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_compares_neighbours_and_takes_the_middle() {
        let side = |runs: &[f64]| Side { name: String::new(), durability: String::new(), runs: runs.to_vec() };
        let sides = vec![side(&[2.0, 30.0, 3.0]), side(&[1.0, 10.0, 3.0])];
        let figure = Figure::new("f", "", Unit::Seconds, sides).target(Target::AtMost(2.0));
        assert_eq!(figure.ratio(), Some(Spread { min: 1.0, median: 2.0, max: 3.0 }));
        assert_eq!(figure.met(), Some(true));
    }

    #[test]
    fn a_bound_is_broken_by_the_worst_run_and_by_ours_only() {
        let side = |runs: &[f64]| Side { name: String::new(), durability: String::new(), runs: runs.to_vec() };
        let figure =
            |ours: &[f64]| Figure::new("f", "", Unit::Milliseconds, vec![side(ours), side(&[900.0])]).within(100.0);
        assert_eq!(figure(&[3.0, 100.0]).stayed(), Some(true));
        assert_eq!(figure(&[3.0, 101.0, 3.0]).stayed(), Some(false));
        assert_eq!(Figure::new("f", "", Unit::Milliseconds, vec![side(&[1.0])]).stayed(), None);
    }

    #[test]
    fn the_first_turn_only_warms_up_and_sides_take_turns() {
        let order = std::cell::RefCell::new(Vec::new());
        let mut first = || {
            order.borrow_mut().push('a');
            Ok(order.borrow().len() as f64)
        };
        let mut second = || {
            order.borrow_mut().push('b');
            Ok(0.0)
        };
        let measured = turns(2, &mut [&mut first, &mut second]).expect("measured");
        assert_eq!(measured, [vec![3.0, 5.0], vec![0.0, 0.0]]);
        assert_eq!(*order.borrow(), ['a', 'b', 'a', 'b', 'a', 'b']);
    }
}
