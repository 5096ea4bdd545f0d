//! `Content-Disposition`: a file to be saved, under a name of any alphabet (RFC 6266, RFC 8187).

use axum::http::HeaderValue;
use domain::FileName;
use std::fmt::Write as _;

/// Saved, never shown in a browser's window.
pub(super) fn attachment(name: &FileName) -> HeaderValue {
    let plain: String = name.as_str().chars().map(|sign| if is_plain(sign) { sign } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            value.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(value, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

/// What every browser takes between quotes; a percent sign is an escape to some.
fn is_plain(sign: char) -> bool {
    (sign.is_ascii_graphic() || sign == ' ') && !matches!(sign, '"' | '\\' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_any_alphabet_stays_and_cannot_break_out() {
        let value = attachment(&FileName::new("Акт \"№1\" 100%;.pdf"));
        assert_eq!(
            value.to_str().expect("plain"),
            "attachment; filename=\"___ __1_ 100_;.pdf\"; filename*=UTF-8''%D0%90%D0%BA%D1%82%20_%E2%84%961_%20100%25%3B.pdf"
        );
    }
}
