//! Codes that a scanner or a program delivered as text, read with the wrong alphabet on the way.

use super::Encoding;
use encoding_rs::WINDOWS_1252;
use std::borrow::Cow;

/// The text as it was meant, if the bytes of `encoding` were shown as Latin-1 or windows-1252: `ÌÓÏ` is `МУП`.
///
/// Letters of western Europe are in neither of the Russian encodings, so a text without a Russian letter but with
/// these was read wrongly. In UTF-8 they may be meant; there only what turns out to be Russian is repaired.
pub fn mojibake(text: &str, encoding: Encoding) -> Option<String> {
    let western = |c: char| matches!(c, '\u{C0}'..='\u{F6}' | '\u{F8}'..='\u{FF}');
    if !text.contains(western) || text.contains(is_russian) {
        return None;
    }
    let bytes: Vec<u8> = text.chars().map(byte).collect::<Option<_>>()?;
    let meant = encoding.decode(&bytes)?;
    meant.contains(is_russian).then(|| meant.into_owned())
}

fn is_russian(c: char) -> bool {
    matches!(c, 'А'..='я' | 'Ё' | 'ё')
}

fn byte(c: char) -> Option<u8> {
    if let Ok(byte) = u8::try_from(c) {
        return Some(byte);
    }
    let mut buffer = [0; 4];
    match WINDOWS_1252.encode(c.encode_utf8(&mut buffer)) {
        (Cow::Owned(bytes), _, false) => bytes.first().copied(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEANT: &str = "ST0001?|Name=ООО \u{201c}Тёплый дом\u{201d}|BankName=Сбербанк";

    #[test]
    fn bytes_shown_as_latin_letters_are_repaired() {
        let bytes = Encoding::Windows1251.encode(MEANT).expect("Russian").into_owned();
        let latin: String = bytes.iter().map(|b| char::from(*b)).collect();
        assert_eq!(mojibake(&latin, Encoding::Windows1251).as_deref(), Some(MEANT));
        let western = WINDOWS_1252.decode(&bytes).0;
        assert_eq!(mojibake(&western, Encoding::Windows1251).as_deref(), Some(MEANT));
        let utf8: String = MEANT.bytes().map(char::from).collect();
        assert_eq!(mojibake(&utf8, Encoding::Utf8).as_deref(), Some(MEANT));
        let plain = "Name=Дом";
        let koi8: String = Encoding::Koi8R.encode(plain).expect("Russian").iter().map(|b| char::from(*b)).collect();
        assert_eq!(mojibake(&koi8, Encoding::Koi8R).as_deref(), Some(plain));
    }

    #[test]
    fn a_right_text_stays_as_it_is() {
        for text in [MEANT, "Name=Société d'eau", "Name=«KC» °5 ÷", "plain"] {
            assert_eq!(mojibake(text, Encoding::Utf8), None, "{text}");
        }
        assert_eq!(mojibake(MEANT, Encoding::Windows1251), None);
    }
}
