//! A QR code as squares: for the window, for a page of paper.
//!
//! Always in byte mode, whatever the bytes are: the reader of a payment order decodes them by the order's own header, and
//! a mixture of modes would let bytes of windows-1251 be taken for Japanese. Error correction M, as the standard of
//! payment codes asks.

use qrcode::{Color, EcLevel, Version, bits::Bits};
use std::fmt::Write;

/// How many empty squares a code needs around it to be found.
pub const QUIET: usize = 4;
/// The most bytes that fit: version 40 with correction M.
pub const MOST_BYTES: usize = 2331;

/// A square of squares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrCode {
    width: usize,
    dark: Vec<bool>,
}

/// Dark squares side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first square's column, from the left.
    pub x: usize,
    /// The row, from the top.
    pub y: usize,
    /// How many squares.
    pub length: usize,
}

/// More bytes than a QR code holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {MOST_BYTES} bytes do not fit into a QR code")]
pub struct TooManyBytes;

impl QrCode {
    /// Draws bytes in the smallest code that holds them.
    pub fn draw(bytes: &[u8]) -> Result<Self, TooManyBytes> {
        let bits = (1..=40).find_map(|version| {
            let mut bits = Bits::new(Version::Normal(version));
            bits.push_byte_data(bytes).ok()?;
            bits.push_terminator(EcLevel::M).ok()?;
            Some(bits)
        });
        let code = qrcode::QrCode::with_bits(bits.ok_or(TooManyBytes)?, EcLevel::M).map_err(|_| TooManyBytes)?;
        let width = code.width();
        Ok(Self { width, dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect() })
    }

    /// How many squares a side has, without the quiet zone.
    pub fn width(&self) -> usize {
        self.width
    }

    /// How many squares a side has with the quiet zone: what a drawing must keep free.
    pub fn size(&self) -> usize {
        self.width + 2 * QUIET
    }

    /// Whether the square is dark. Counted without the quiet zone, which is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.width && self.dark[y * self.width + x]
    }

    /// The dark squares, row by row, those side by side as one. Counted without the quiet zone.
    pub fn runs(&self) -> impl Iterator<Item = Run> {
        self.dark.chunks(self.width).enumerate().flat_map(|(y, row)| {
            let mut x = 0;
            row.chunk_by(|one, other| one == other).filter_map(move |run| {
                let start = x;
                x += run.len();
                run[0].then_some(Run { x: start, y, length: run.len() })
            })
        })
    }

    /// The dark squares as the `d` of an SVG path, a square being one unit. Counted without the quiet zone.
    pub fn svg_path(&self) -> String {
        let mut path = String::new();
        for Run { x, y, length } in self.runs() {
            // A String takes whatever is written.
            let _ = write!(path, "M{x} {y}h{length}v1h-{length}z");
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_code_that_holds_the_bytes_is_taken() {
        // Capacities in byte mode with correction M: 14 bytes in version 1, 26 in version 2.
        for (bytes, width) in [(0, 21), (14, 21), (15, 25), (26, 25), (27, 29), (MOST_BYTES, 177)] {
            assert_eq!(QrCode::draw(&vec![b'1'; bytes]).expect("a code").width(), width, "{bytes} bytes");
        }
        assert_eq!(QrCode::draw(&[0; MOST_BYTES + 1]), Err(TooManyBytes));
    }

    #[test]
    fn the_path_covers_the_dark_squares_and_nothing_else() {
        let code = QrCode::draw("ST00012|Name=КС".as_bytes()).expect("a code");
        let mut drawn = vec![false; code.width() * code.width()];
        for part in code.svg_path().split('M').skip(1) {
            let (start, rest) = part.split_once('h').expect("a length");
            let (x, y) = start.split_once(' ').expect("a place");
            let (length, rest) = rest.split_once("v1h-").expect("a height");
            assert_eq!(rest, format!("{length}z"));
            let [x, y, length] = [x, y, length].map(|number| number.parse::<usize>().expect("a number"));
            for square in &mut drawn[y * code.width() + x..][..length] {
                assert!(!*square, "drawn twice");
                *square = true;
            }
        }
        for y in 0..code.width() {
            for x in 0..code.width() {
                assert_eq!(drawn[y * code.width() + x], code.is_dark(x, y), "{x} {y}");
            }
        }
    }

    #[test]
    fn a_code_has_its_three_corners() {
        let code = QrCode::draw(b"ST00012").expect("a code");
        for (x, y) in [(0, 0), (code.width() - 7, 0), (0, code.width() - 7)] {
            assert!((0..7).all(|step| code.is_dark(x + step, y) && code.is_dark(x, y + step)));
            assert!(!code.is_dark(x + 1, y + 1) && code.is_dark(x + 3, y + 3));
        }
        assert!(!code.is_dark(code.width(), 0));
    }
}
