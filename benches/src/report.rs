//! What is printed, and what is written for machines.

use crate::figure::{Figure, Spread, Target, Unit};
use serde_json::json;
use std::path::Path;

/// Prints one figure as soon as it is there.
pub fn print(figure: &Figure) {
    println!("\n{}: {}", figure.name, figure.what);
    if let Some(why) = &figure.skipped {
        println!("  SKIP: {why}");
        return;
    }
    for side in &figure.sides {
        if let Some(spread) = Spread::of(&side.runs) {
            let durable = if side.durability.is_empty() { String::new() } else { format!(" [{}]", side.durability) };
            let spread = written(spread, figure.unit);
            println!("  {spread} {} × {}: {}{durable}", figure.unit.words(), side.runs.len(), side.name);
        }
    }
    if let Some(ratio) = figure.ratio() {
        let target = match figure.target {
            None => String::new(),
            Some(target) => format!(", {} {}", goal(target), if target.met(ratio.median) { "— да" } else { "— НЕТ" }),
        };
        println!("  отношение {:.2} (от {:.2} до {:.2}){target}", ratio.median, ratio.min, ratio.max);
    }
    if let Some(bound) = bound(figure) {
        println!("  худший прогон: {bound}");
    }
    for note in &figure.notes {
        println!("  {note}");
    }
}

fn goal(target: Target) -> String {
    match target {
        Target::AtMost(most) => format!("надо не больше {most}"),
        Target::AtLeast(least) => format!("надо не меньше {least}"),
    }
}

fn bound(figure: &Figure) -> Option<String> {
    let (most, stayed) = (figure.within?, figure.stayed()?);
    Some(format!("надо не больше {most} {} {}", figure.unit.words(), if stayed { "— да" } else { "— НЕТ" }))
}

fn written(spread: Spread, unit: Unit) -> String {
    let digits = |number: f64| {
        if number >= 100.0 || unit == Unit::PerSecond { format!("{number:.0}") } else { format!("{number:.2}") }
    };
    format!("{} ({}–{})", digits(spread.median), digits(spread.min), digits(spread.max))
}

/// The table of all ratios.
pub fn table(figures: &[Figure]) {
    println!("\n{:<28} {:>9} {:>17}  цель", "показатель", "отношение", "от–до");
    for figure in figures {
        if figure.skipped.is_some() {
            println!("{:<28} {:>9}", figure.name, "SKIP");
            continue;
        }
        let bound = bound(figure);
        let Some(ratio) = figure.ratio() else {
            println!("{:<28} {:>9} {:>17}  {}", figure.name, "—", "", bound.unwrap_or_default());
            continue;
        };
        let target = figure
            .target
            .map(|target| format!("{} {}", goal(target), if target.met(ratio.median) { "— да" } else { "— НЕТ" }));
        let range = format!("{:.2}–{:.2}", ratio.min, ratio.max);
        println!("{:<28} {:>9.2} {range:>17}  {}", figure.name, ratio.median, target.or(bound).unwrap_or_default());
    }
}

/// Writes all of it as JSON.
pub fn save(figures: &[Figure], path: &Path) -> anyhow::Result<()> {
    let figures: Vec<_> = figures
        .iter()
        .map(|figure| {
            let sides: Vec<_> = figure.sides.iter().map(|side| Spread::of(&side.runs)).collect();
            json!({"figure": figure, "ratio": figure.ratio(), "met": figure.met(), "stayed": figure.stayed(), "spreads": sides})
        })
        .collect();
    Ok(std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?)
}
