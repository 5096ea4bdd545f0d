//! Which part of a content is asked for (RFC 9110, section 14).

use axum::http::HeaderValue;

/// A part of a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: u64,
    pub(super) count: u64,
}

/// What a `Range` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// All: also when several parts are asked for, or something that cannot be read.
    Whole,
    /// This part.
    Part(Span),
    /// A part that is not there.
    Nothing,
}

impl Asked {
    /// Reads the header for a content of so many bytes.
    pub(super) fn read(header: &HeaderValue, bytes: u64) -> Self {
        let text = header.to_str().ok().and_then(|text| text.trim().strip_prefix("bytes="));
        let Some((from, to)) = text.and_then(|range| range.split_once('-')) else { return Self::Whole };
        match (number(from), number(to)) {
            (Some(Some(first)), Some(last)) => Self::between(first, last, bytes),
            (Some(None), Some(Some(count))) => Self::between(bytes.saturating_sub(count), None, bytes),
            _ => Self::Whole,
        }
    }

    fn between(first: u64, last: Option<u64>, bytes: u64) -> Self {
        match last {
            Some(last) if last < first => Self::Whole,
            _ if first >= bytes => Self::Nothing,
            last => {
                let end = last.map_or(bytes, |last| last.saturating_add(1).min(bytes));
                Self::Part(Span { first, count: end - first })
            }
        }
    }
}

/// A number, or nothing, or something else.
fn number(text: &str) -> Option<Option<u64>> {
    match text.trim() {
        "" => Some(None),
        digits if digits.bytes().all(|digit| digit.is_ascii_digit()) => digits.parse().ok().map(Some),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &str) -> Asked {
        Asked::read(&HeaderValue::from_str(range).expect("a header"), 100)
    }

    #[test]
    fn a_part_is_given_as_far_as_there_is_one() {
        let part = |first, count| Asked::Part(Span { first, count });
        assert_eq!(asked("bytes=0-0"), part(0, 1));
        assert_eq!(asked("bytes=10-19"), part(10, 10));
        assert_eq!(asked("bytes=90-"), part(90, 10));
        assert_eq!(asked("bytes=90-5000"), part(90, 10));
        assert_eq!(asked("bytes=-7"), part(93, 7));
        assert_eq!(asked("bytes=-700"), part(0, 100));
        for nothing in ["bytes=100-", "bytes=100-200", "bytes=-0"] {
            assert_eq!(asked(nothing), Asked::Nothing, "{nothing}");
        }
    }

    #[test]
    fn what_cannot_be_read_gives_all_of_it() {
        for whole in ["bytes=5-2", "bytes=0-1,5-6", "bytes=-", "bytes=a-b", "bytes=+1-2", "lines=1-2", "bytes"] {
            assert_eq!(asked(whole), Asked::Whole, "{whole}");
        }
    }
}
