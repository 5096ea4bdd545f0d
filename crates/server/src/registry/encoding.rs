//! In which encoding is this text? Registries do not say.

use super::row::Broken;
use encoding_rs::{Encoding, IBM866, KOI8_R, WINDOWS_1251};

/// A text with the name of the encoding it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without a byte order mark.
    pub text: String,
    /// For the protocol.
    pub encoding: &'static str,
}

/// Frequencies of the letters of Russian text, per thousand. The one-byte encodings put other letters on the same
/// bytes, so the right reading is the one whose letters are common.
const FREQUENCY: [(char, u32); 33] = [
    ('о', 110),
    ('е', 85),
    ('а', 80),
    ('и', 74),
    ('н', 67),
    ('т', 63),
    ('с', 55),
    ('р', 47),
    ('в', 45),
    ('л', 44),
    ('к', 35),
    ('м', 32),
    ('д', 30),
    ('п', 28),
    ('у', 26),
    ('я', 20),
    ('ы', 19),
    ('ь', 17),
    ('г', 17),
    ('з', 16),
    ('б', 16),
    ('ч', 14),
    ('й', 12),
    ('х', 10),
    ('ж', 9),
    ('ш', 7),
    ('ю', 6),
    ('ц', 5),
    ('щ', 4),
    ('э', 3),
    ('ф', 3),
    ('ъ', 1),
    ('ё', 1),
];

/// Decodes a registry's text: UTF-8 when it is, else Windows-1251 or KOI8-R by the letters that come out.
pub fn decode(bytes: &[u8]) -> Result<Decoded, Broken> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Broken::Empty);
    }
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Broken::Encoding { found: "похоже на UTF-16" });
    }
    if bytes.contains(&0) {
        return Err(Broken::Encoding { found: "это не текст" });
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        return Ok(Decoded { text, encoding: "UTF-8" });
    }
    let candidates = [(WINDOWS_1251, "Windows-1251"), (KOI8_R, "KOI8-R"), (IBM866, "cp866")];
    let mut best: Option<(i64, Decoded)> = None;
    for (encoding, name) in candidates {
        let text = read(encoding, bytes);
        let score = score(&text);
        if best.as_ref().is_none_or(|(high, _)| score > *high) {
            best = Some((score, Decoded { text, encoding: name }));
        }
    }
    match best {
        Some((_, decoded)) if decoded.encoding == "cp866" => {
            Err(Broken::Encoding { found: "похоже на DOS (cp866)" })
        }
        Some((_, decoded)) if is_plausible(&decoded.text) => Ok(decoded),
        _ => Err(Broken::Encoding { found: "буквы не складываются в русский текст" }),
    }
}

/// Windows-1251, as banks want their files; characters it has not become `?`.
pub fn to_cp1251(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0_u8; 4];
    for c in text.chars() {
        let (encoded, _, unmappable) = WINDOWS_1251.encode(c.encode_utf8(&mut buffer));
        if unmappable { bytes.push(b'?') } else { bytes.extend_from_slice(&encoded) }
    }
    bytes
}

/// Code page 866 of DOS, as DBF files have it.
pub fn to_cp866(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0_u8; 4];
    for c in text.chars() {
        let (encoded, _, unmappable) = IBM866.encode(c.encode_utf8(&mut buffer));
        if unmappable { bytes.push(b'?') } else { bytes.extend_from_slice(&encoded) }
    }
    bytes
}

/// The text of bytes in a known one-byte encoding.
pub fn read(encoding: &'static Encoding, bytes: &[u8]) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn score(text: &str) -> i64 {
    // Rare letters cost: a wrong reading has letters too, but the rare ones.
    const TYPICAL: i64 = 30;
    text.chars()
        .filter(|c| !c.is_ascii())
        .map(|c| {
            let small = c.to_lowercase().next().unwrap_or(c);
            match FREQUENCY.iter().find(|(letter, _)| *letter == small) {
                Some((_, frequency)) => i64::from(*frequency) - TYPICAL,
                None if is_strange(c) => -100,
                None => 0,
            }
        })
        .sum()
}

/// One odd sign among letters («¤», «°») is somebody's pen; many are another encoding or no text at all.
fn is_plausible(text: &str) -> bool {
    let strange = text.chars().filter(|c| is_strange(*c)).count();
    let others = text.chars().filter(|c| !c.is_ascii() && !is_strange(*c)).count();
    strange * 4 <= others
}

/// Neither ASCII, nor a Russian letter, nor a sign that stands in Russian texts.
fn is_strange(c: char) -> bool {
    let signs = matches!(c, '«' | '»' | '№' | '—' | '–' | '\u{a0}' | '„' | '“' | '”' | '’' | '…');
    !(c.is_ascii() || signs || matches!(c, 'А'..='я' | 'Ё' | 'ё'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "2140183572;70АА123456;;ИВАНОВ ИВАН;г. Новочебоксарск, ул. Винокурова, 10, 25;1026;3456,78";

    #[test]
    fn the_three_encodings_of_banks_give_one_text() {
        let (koi8, ..) = KOI8_R.encode(LINE);
        for (bytes, name) in [
            (LINE.as_bytes().to_vec(), "UTF-8"),
            (to_cp1251(LINE), "Windows-1251"),
            (koi8.to_vec(), "KOI8-R"),
            (["\u{feff}", LINE].concat().into_bytes(), "UTF-8"),
        ] {
            assert_eq!(decode(&bytes), Ok(Decoded { text: LINE.to_owned(), encoding: name }), "{name}");
        }
    }

    #[test]
    fn capitals_alone_do_not_confuse_the_two_one_byte_encodings() {
        let capitals = "2140183572;;;СМИРНОВА ВАЛЕНТИНА ПЕТРОВНА;НОВОЧЕБОКСАРСК, ВИНОКУРОВА, 10, 25;1026;1,00";
        let (koi8, ..) = KOI8_R.encode(capitals);
        assert_eq!(decode(&koi8).expect("read").text, capitals);
        assert_eq!(decode(&to_cp1251(capitals)).expect("read").text, capitals);
    }

    #[test]
    fn one_odd_sign_does_not_make_a_text_unreadable() {
        let degrees = LINE.replace("ИВАНОВ", "ИВАНОВ 5°");
        assert_eq!(decode(&to_cp1251(&degrees)).expect("read").text, degrees);
    }

    #[test]
    fn what_is_not_one_of_them_is_refused_by_name() {
        assert_eq!(decode(&to_cp866(LINE)), Err(Broken::Encoding { found: "похоже на DOS (cp866)" }));
        let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(LINE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&utf16), Err(Broken::Encoding { found: "похоже на UTF-16" }));
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\0\0"), Err(Broken::Encoding { found: "это не текст" }));
        assert_eq!(decode(b" \r\n"), Err(Broken::Empty));
    }
}
