//! The typeface of the document: Golos Text (SIL Open Font License), Latin and Cyrillic, in two weights.

use krilla::text::Font;
use std::sync::OnceLock;
use ttf_parser::Face;

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The text.
    Regular,
    /// What is looked for first.
    Bold,
}

/// One weight, for drawing and for measuring.
pub struct Typeface {
    /// For drawing.
    pub font: Font,
    face: Face<'static>,
}

/// Both weights.
pub struct Fonts {
    regular: Typeface,
    bold: Typeface,
}

const REGULAR: &[u8] = include_bytes!("../../assets/GolosText-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/GolosText-SemiBold.ttf");

/// The fonts, read once. `None` only if the files in the program are no fonts.
pub fn fonts() -> Option<&'static Fonts> {
    static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
    FONTS.get_or_init(|| Some(Fonts { regular: Typeface::read(REGULAR)?, bold: Typeface::read(BOLD)? })).as_ref()
}

impl Fonts {
    /// The typeface of a weight.
    pub const fn of(&self, weight: Weight) -> &Typeface {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Typeface {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        Some(Self { font: Font::new(bytes.to_vec().into(), 0)?, face: Face::parse(bytes, 0).ok()? })
    }

    /// How wide a text is at a size of one point. The fonts have no kerning, so widths add up.
    pub fn width(&self, text: &str) -> f32 {
        let advance = |letter: char| {
            let glyph = self.face.glyph_index(letter).unwrap_or_default();
            f32::from(self.face.glyph_hor_advance(glyph).unwrap_or_default())
        };
        text.chars().map(advance).sum::<f32>() / f32::from(self.face.units_per_em())
    }
}
