//! What a file is, by its content alone: what its sender or its name says is not asked.

use super::FileName;
use std::fmt;
use std::panic::catch_unwind;

/// How much of the beginning of a file tells what it is. Office documents name their kind in the fourth entry of a ZIP.
pub const HEAD: usize = 64 << 10;

/// A kind of file that the program knows: its media type, and the endings that systems open it by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Media(&'static Known);

#[derive(PartialEq, Eq)]
struct Known {
    name: &'static str,
    /// The first one is given to a name that has none of them.
    endings: &'static [&'static str],
    /// Whether it is a picture whose pixels the program can read.
    picture: bool,
}

const fn known(name: &'static str, endings: &'static [&'static str]) -> Known {
    Known { name, endings, picture: false }
}

const fn picture(name: &'static str, endings: &'static [&'static str]) -> Known {
    Known { name, endings, picture: true }
}

/// Nothing here runs when it is opened: no programs, scripts, pages, archives, and no documents with macros.
static KNOWN: [Known; 15] = [
    picture("image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    picture("image/png", &["png"]),
    picture("image/gif", &["gif"]),
    picture("image/webp", &["webp"]),
    known("image/heif", &["heic", "heif"]),
    known("application/pdf", &["pdf"]),
    known("video/mp4", &["mp4"]),
    known("video/x-m4v", &["m4v"]),
    known("video/quicktime", &["mov", "qt"]),
    known("video/webm", &["webm"]),
    known("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    known("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    known("application/vnd.oasis.opendocument.text", &["odt"]),
    known("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
    known("text/plain", &["txt", "csv"]),
];

impl Media {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(Self)
    }

    /// The kind with this media type.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|media| media.name() == name)
    }

    /// The kind of a file that begins like this; `None` when it is unknown here.
    pub fn of(head: &[u8]) -> Option<Self> {
        // Programs first: some of the marks of videos stand behind the first bytes, where a program may have anything.
        if [b"MZ".as_slice(), b"\x7fELF", b"#!"].iter().any(|mark| head.starts_with(mark)) {
            return None;
        }
        // A reader that stumbles over strange bytes knows no kind for them.
        match catch_unwind(|| infer::get(head).map(|found| found.mime_type())) {
            Ok(Some(name)) => Self::named(name),
            Ok(None) if is_text(head) => Self::named("text/plain"),
            _ => None,
        }
    }

    /// The media type.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether it is a picture whose pixels the program can read.
    pub const fn is_picture(self) -> bool {
        self.0.picture
    }

    /// The name under which it may be saved: a system opens a file by its ending, so that has to tell the truth.
    /// A photo called «фото.exe» becomes «фото.exe.jpg».
    pub fn truly_named(self, name: &FileName) -> FileName {
        let endings = self.0.endings;
        if endings.contains(&name.extension().as_str()) {
            return name.clone();
        }
        FileName::new(&format!("{name}.{}", endings.first().copied().unwrap_or_default()))
    }
}

impl fmt::Debug for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Text of any eight-bit alphabet: without the signs that no text has.
fn is_text(head: &[u8]) -> bool {
    head.iter().all(|byte| !byte.is_ascii_control() || matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(head: &[u8]) -> Option<&'static str> {
        Media::of(head).map(Media::name)
    }

    #[test]
    fn what_runs_or_hides_something_is_no_known_kind() {
        let shell = "#!/bin/sh\nrm -rf ~\n".as_bytes();
        let page = "  <html ><script>alert(1)</script>".as_bytes();
        let drawing = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>".as_bytes();
        let zip = b"PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaaaaaaaaaarun.exe".as_slice();
        let shortcut = b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46".as_slice();
        let old_office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0".as_slice();
        let like_a_video = b"MZ\x90\0mdat\0\0\0\0\xff\xff\0\0".as_slice();
        for head in
            [b"MZ\x90\0\x03\0\0\0", shell, page, drawing, zip, shortcut, old_office, like_a_video, b"\x7fELF\x02"]
        {
            assert_eq!(of(head), None, "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn pictures_papers_and_texts_are_known_by_their_content() {
        assert_eq!(of(b"\xff\xd8\xff\xe0\0\x10JFIF\0"), Some("image/jpeg"));
        assert_eq!(of(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("image/png"));
        assert_eq!(of(b"%PDF-1.7\n"), Some("application/pdf"));
        assert_eq!(of("Показания: 123\r\n".as_bytes()), Some("text/plain"));
        assert_eq!(of(b"\xcf\xee\xea\xe0\xe7\xe0\xed\xe8\xff 12"), Some("text/plain"), "the older alphabet too");
        assert_eq!(of(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"), Some("video/mp4"));
        assert_eq!(of(b"\0\0\0\x18ftypheic\0\0\0\0heicmif1"), Some("image/heif"));
    }

    #[test]
    fn the_ending_of_a_name_tells_what_the_file_is() {
        let named = |media: &str, name: &str| {
            let media = Media::named(media).expect("known");
            media.truly_named(&FileName::new(name)).as_str().to_owned()
        };
        assert_eq!(named("image/jpeg", "Фото 1.JPEG"), "Фото 1.JPEG");
        assert_eq!(named("image/jpeg", "фото.exe"), "фото.exe.jpg");
        assert_eq!(named("text/plain", "запуск.bat"), "запуск.bat.txt");
        assert_eq!(named("application/pdf", "акт\u{202e}fdp.exe"), "актfdp.exe.pdf");
        assert_eq!(named("image/png", ""), "файл.png");
        let long = named("text/plain", &format!("{}.exe", "я".repeat(200)));
        assert!(long.ends_with(".txt") && long.len() <= 200, "{long}");
    }
}
