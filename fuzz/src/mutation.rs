//! Changed inputs, the same for the same seed: flipped bits, cuts, pieces of other inputs, numbers that stand on edges.

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

/// Numbers and words that programs stumble over.
const EDGES: [&[u8]; 28] = [
    b"0",
    b"-1",
    b"255",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967295",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551615",
    b"1e400",
    b"0.00001",
    b"999999999999,9999",
    b"null",
    b"true",
    b"\"\"",
    b"{}",
    b"[]",
    b"\0",
    b"\xFF\xFE",
    b"\xEF\xBB\xBF",
    "\u{FFFD}".as_bytes(),
    "Ёё".as_bytes(),
    "\u{A0}".as_bytes(),
    b";",
    b"\r\n",
    b"31.02.2026",
    b"+262142-12-31",
];
/// The longest input that is made.
const LONGEST: usize = 64 << 10;

/// One of the seeds of a corpus, changed.
pub fn mutate(seeds: &[Vec<u8>], number: u64) -> Vec<u8> {
    let mut dice = StdRng::seed_from_u64(number);
    let Some(seed) = pick(&mut dice, seeds) else { return Vec::new() };
    let mut input = seed.clone();
    for _ in 0..dice.random_range(1..=4) {
        change(&mut dice, &mut input, seeds);
        input.truncate(LONGEST);
    }
    input
}

fn pick<'a, T>(dice: &mut StdRng, all: &'a [T]) -> Option<&'a T> {
    if all.is_empty() { None } else { all.get(dice.random_range(0..all.len())) }
}

fn change(dice: &mut StdRng, input: &mut Vec<u8>, seeds: &[Vec<u8>]) {
    let at = if input.is_empty() { 0 } else { dice.random_range(0..input.len()) };
    let to = at + dice.random_range(0..=(input.len() - at).min(32));
    match dice.random_range(0..8) {
        0 if !input.is_empty() => input[at] ^= 1 << dice.random_range(0..8),
        1 if !input.is_empty() => input[at] = dice.random(),
        2 => input.truncate(at),
        3 => drop(input.drain(at..to)),
        4 => {
            let piece = input[at..to].to_vec();
            drop(input.splice(at..at, piece));
        }
        5 => edge(dice, input, at),
        6 => {
            if let Some(other) = pick(dice, seeds).filter(|other| !other.is_empty()) {
                let from = dice.random_range(0..other.len());
                let end = from + dice.random_range(0..=other.len() - from);
                drop(input.splice(at..to, other[from..end].iter().copied()));
            }
        }
        _ => number(dice, input, at),
    }
}

/// Puts an edge over as many bytes, or between them.
fn edge(dice: &mut StdRng, input: &mut Vec<u8>, at: usize) {
    let Some(edge) = pick(dice, &EDGES) else { return };
    let over = if dice.random() { edge.len().min(input.len() - at) } else { 0 };
    drop(input.splice(at..at + over, edge.iter().copied()));
}

/// Puts an edge in the place of the number that stands at or behind a place.
fn number(dice: &mut StdRng, input: &mut Vec<u8>, at: usize) {
    let Some(from) = input[at..].iter().position(u8::is_ascii_digit).map(|found| at + found) else { return };
    let length = input[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if let Some(edge) = pick(dice, &EDGES[..13]) {
        drop(input.splice(from..from + length, edge.iter().copied()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_input_and_another_another() {
        let seeds = [b"first seed 17".to_vec(), b"second".to_vec()];
        let made: Vec<_> = (0..200).map(|number| mutate(&seeds, number)).collect();
        assert_eq!(made, (0..200).map(|number| mutate(&seeds, number)).collect::<Vec<_>>());
        let different: std::collections::BTreeSet<_> = made.iter().collect();
        assert!(different.len() > 150, "{}", different.len());
    }
}
