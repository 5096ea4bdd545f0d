//! `[files]`: what people may send, and how long it is kept when nothing refers to it.

use super::ConfigError;
use crate::files::Media;
use chrono::NaiveDate;
use domain::AttachmentLimits;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The settings of files.
#[derive(Debug, Clone)]
pub struct FileSettings {
    /// Where contents lie. Servers that share a database share this folder too.
    pub folder: PathBuf,
    /// After how many hours without a byte an unfinished upload is given up.
    pub unfinished_hours: u32,
    /// After how many days a content goes that was uploaded and never attached to anything.
    pub unattached_days: u32,
    /// How many bytes one person may have here that are not attached to anything yet.
    pub person_bytes: u64,
    /// Seconds without a byte after which an upload counts as interrupted.
    pub idle_s: u64,
    /// The longer side of a thumbnail.
    pub thumbnail_px: u32,
    /// Pictures with more pixels are refused: whoever shows one has to hold all of them in memory.
    pub image_pixels: u64,
    /// How many pictures are made smaller at once.
    pub images_at_once: usize,
    /// What may be sent, by the day from which on that holds; the earliest first.
    pub rules: Vec<FileRules>,
}

/// What may be sent from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRules {
    /// In force from.
    pub from: NaiveDate,
    /// How large, and how many in one message.
    pub limits: AttachmentLimits,
    /// The kinds.
    pub media: Vec<Media>,
}

impl FileSettings {
    /// The rules of a day.
    pub fn on(&self, day: NaiveDate) -> FileRules {
        self.rules.iter().rfind(|rules| rules.from <= day).cloned().unwrap_or_default()
    }
}

impl Default for FileRules {
    fn default() -> Self {
        Self { from: NaiveDate::MIN, limits: AttachmentLimits::default(), media: Media::all().collect() }
    }
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RawFiles {
    folder: Option<PathBuf>,
    unfinished_hours: u32,
    unattached_days: u32,
    person_bytes: u64,
    idle_s: u64,
    thumbnail_px: u32,
    image_pixels: u64,
    images_at_once: usize,
    rules: Vec<RawRules>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRules {
    from: Option<String>,
    file_bytes: Option<u64>,
    files: Option<u8>,
    media: Option<Vec<String>>,
}

/// A week for what a bad line interrupts, two months for what waits on a computer that is switched off.
impl Default for RawFiles {
    fn default() -> Self {
        Self {
            folder: None,
            unfinished_hours: 7 * 24,
            unattached_days: 60,
            person_bytes: 1_000_000_000,
            idle_s: 30,
            thumbnail_px: 320,
            image_pixels: 64_000_000,
            images_at_once: 2,
            rules: Vec::new(),
        }
    }
}

impl RawFiles {
    pub(super) fn checked(self, folder: &Path, data: &Path) -> Result<FileSettings, ConfigError> {
        let counts = [u64::from(self.unfinished_hours), u64::from(self.unattached_days), self.idle_s];
        if counts.contains(&0) || self.images_at_once == 0 {
            return Err(ConfigError::new(
                "В разделе [files] числа unfinished_hours, unattached_days, idle_s и images_at_once больше нуля.",
            ));
        }
        if !(16..=2048).contains(&self.thumbnail_px) {
            return Err(ConfigError::new(
                "Сторона уменьшенного изображения — от 16 до 2048 точек. Напишите, например: thumbnail_px = 320.",
            ));
        }
        let mut rules = self.rules.into_iter().map(RawRules::checked).collect::<Result<Vec<_>, _>>()?;
        rules.sort_by_key(|rules| rules.from);
        if rules.iter().any(|rules| rules.limits.file_bytes > self.person_bytes) {
            return Err(ConfigError::new(
                "В разделе [files] person_bytes не меньше file_bytes: иначе самый большой файл не отправить.",
            ));
        }
        Ok(FileSettings {
            folder: self.folder.map_or_else(|| data.join("files"), |own| folder.join(own)),
            unfinished_hours: self.unfinished_hours,
            unattached_days: self.unattached_days,
            person_bytes: self.person_bytes,
            idle_s: self.idle_s,
            thumbnail_px: self.thumbnail_px,
            image_pixels: self.image_pixels,
            images_at_once: self.images_at_once,
            rules,
        })
    }
}

impl RawRules {
    fn checked(self) -> Result<FileRules, ConfigError> {
        let usual = FileRules::default();
        let limits = AttachmentLimits {
            file_bytes: self.file_bytes.unwrap_or(usual.limits.file_bytes),
            files: self.files.unwrap_or(usual.limits.files),
        };
        let media = self.media.map_or(Ok(usual.media), |names| names.iter().map(|name| media(name)).collect())?;
        let from = self.from.map_or(Ok(usual.from), |from| super::readings::day(&from))?;
        Ok(FileRules { from, limits, media })
    }
}

fn media(name: &str) -> Result<Media, ConfigError> {
    Media::named(name).ok_or_else(|| {
        let known: Vec<_> = Media::all().map(Media::name).collect();
        ConfigError::new(format!("Вид файлов «{name}» неизвестен. Известны: {}.", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<FileSettings, ConfigError> {
        let raw: RawFiles = toml::from_str(text).map_err(|error| ConfigError::syntax(&error))?;
        raw.checked(Path::new("/etc/zhkh"), Path::new("/var/lib/zhkh"))
    }

    #[test]
    fn without_settings_25_mb_10_files_and_every_harmless_kind_are_taken() {
        let files = read("").expect("settings");
        assert_eq!(files.folder, Path::new("/var/lib/zhkh/files"));
        let rules = files.on(NaiveDate::MIN);
        assert_eq!((rules.limits.file_bytes, rules.limits.files), (25_000_000, 10));
        assert!(rules.media.contains(&Media::named("image/heif").expect("known")));
    }

    #[test]
    fn rules_hold_from_their_day_on_in_whatever_order_they_stand() {
        let files = read(
            "[[rules]]\nfrom = \"2026-12-01\"\nmedia = [\"image/jpeg\"]\n[[rules]]\nfrom = \"2026-01-01\"\nfile_bytes = 5\n",
        )
        .expect("settings");
        let on = |day: &str| files.on(day.parse().expect("a day"));
        assert_eq!(on("2025-12-31"), FileRules::default());
        assert_eq!(on("2026-11-30").limits.file_bytes, 5);
        assert_eq!(on("2026-12-01").media, [Media::named("image/jpeg").expect("known")]);
    }

    #[test]
    fn what_cannot_hold_is_said_with_what_to_write() {
        for (text, words) in [
            ("[[rules]]\nmedia = [\"application/x-msdownload\"]", "image/jpeg"),
            ("idle_s = 0", "idle_s"),
            ("thumbnail_px = 5", "thumbnail_px = 320"),
            ("person_bytes = 1\n[[rules]]\nfile_bytes = 2", "person_bytes"),
        ] {
            let refused = read(text).expect_err(text).to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
