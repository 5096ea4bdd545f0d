//! The lines of a text of any size, one in memory at a time.

use crate::registry::encoding;
use crate::registry::row::Broken;
use encoding_rs::{Encoding, KOI8_R, WINDOWS_1251};
use std::borrow::Cow;
use std::io::{BufRead as _, BufReader, Read};

/// A longer line is no row of a registry.
const LONGEST: u64 = 4 << 20;

/// How much of a text is looked at to tell its encoding.
pub const SAMPLE: usize = 1 << 20;

/// Lines with their numbers, from 1.
pub struct Lines<R> {
    reader: BufReader<R>,
    page: Option<&'static Encoding>,
    encoding: &'static str,
    line: usize,
    buffer: Vec<u8>,
}

impl<R: Read> Lines<R> {
    /// Begins. `sample` is the beginning of the text: it tells the encoding.
    pub fn new(reader: R, sample: &[u8]) -> Result<Self, Broken> {
        // A sample may end inside a letter.
        let end =
            if sample.len() < SAMPLE { sample.len() } else { sample.iter().rposition(|b| *b == b'\n').unwrap_or(0) };
        let encoding = encoding::decode(&sample[..end])?.encoding;
        let page = match encoding {
            "Windows-1251" => Some(WINDOWS_1251),
            "KOI8-R" => Some(KOI8_R),
            _ => None,
        };
        let reader = BufReader::with_capacity(1 << 16, reader);
        Ok(Self { reader, page, encoding, line: 0, buffer: Vec::new() })
    }

    /// The encoding, as people call it.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// The next line that is not empty: its number, whether it had a line end, and what stands before that.
    pub fn read(&mut self) -> Result<Option<(usize, bool, Cow<'_, str>)>, Broken> {
        loop {
            self.buffer.clear();
            let read = (&mut self.reader).take(LONGEST + 1).read_until(b'\n', &mut self.buffer);
            let read =
                read.map_err(|error| Broken::Damaged { detail: format!("файл не читается: {error}") })?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if read as u64 > LONGEST {
                return Err(Broken::Damaged { detail: format!("строка {} длиннее 4 МБ", self.line) });
            }
            if self.buffer.iter().any(|byte| !byte.is_ascii_whitespace()) {
                break;
            }
        }
        let ended = self.buffer.ends_with(b"\n");
        let text = match self.page {
            Some(page) => page.decode_without_bom_handling(&self.buffer).0,
            None => match std::str::from_utf8(&self.buffer) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => {
                    let detail = format!("строка {} не в UTF-8, как начало файла", self.line);
                    return Err(Broken::Damaged { detail });
                }
            },
        };
        let trim = |text: &str| text.trim_start_matches('\u{feff}').trim_end_matches(['\r', '\n']).len();
        let text = match text {
            Cow::Borrowed(text) => {
                let text = text.trim_start_matches('\u{feff}');
                Cow::Borrowed(&text[..trim(text)])
            }
            Cow::Owned(mut text) => {
                text.truncate(trim(&text));
                Cow::Owned(text)
            }
        };
        Ok(Some((self.line, ended, text)))
    }
}

/// The cells of a line. A cell may stand in quotation marks; a mark inside them is written twice.
pub fn cells(line: &str, separator: char) -> Vec<Cow<'_, str>> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let quoted =
            rest.trim_start_matches([' ', '\t']).strip_prefix('"').and_then(|inside| quoted(inside, separator));
        if let Some((cell, after)) = quoted {
            cells.push(Cow::Owned(cell));
            match after {
                Some(after) => rest = after,
                None => return cells,
            }
            continue;
        }
        match rest.split_once(separator) {
            Some((cell, after)) => {
                cells.push(Cow::Borrowed(cell.trim()));
                rest = after;
            }
            None => {
                cells.push(Cow::Borrowed(rest.trim()));
                return cells;
            }
        }
    }
}

/// A cell behind its first mark, and what follows its separator. `None` where the marks do not close a cell: then they
/// are part of it, as in «ООО "Дом"».
fn quoted(inside: &str, separator: char) -> Option<(String, Option<&str>)> {
    let mut from = 0;
    loop {
        let at = from + inside[from..].find('"')?;
        let after = &inside[at + 1..];
        if after.starts_with('"') {
            from = at + 2;
            continue;
        }
        let cell = inside[..at].replace("\"\"", "\"").trim().to_owned();
        let after = after.trim_start_matches([' ', '\t']);
        return match after.strip_prefix(separator) {
            Some(rest) => Some((cell, Some(rest))),
            None if after.is_empty() => Some((cell, None)),
            None => None,
        };
    }
}
