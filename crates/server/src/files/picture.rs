//! Pictures: how many pixels they say they have, and smaller ones made from them.
//!
//! A few bytes may unpack to gigabytes, so the size is read before anything is decoded.

use super::media::{Media, Pictured};
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek};
use std::path::Path;

/// What a decoder may take beside the pixels themselves.
const ROOM: u64 = 16 << 20;
/// The widest pixel: four channels of sixteen bits.
const PIXEL_BYTES: u64 = 8;
const QUALITY: u8 = 82;

/// Width and height, from the first bytes alone; `None` when they cannot be read.
pub fn size(bytes: impl BufRead + Seek, media: Media) -> Option<(u32, u32)> {
    ImageReader::with_format(bytes, media.picture()?).into_dimensions().ok()
}

/// A picture whose longer side has at most `px`, upright, as JPEG; `None` when there is none to be made.
pub fn smaller(path: &Path, media: Media, px: u32, most_pixels: u64) -> io::Result<Option<Vec<u8>>> {
    let Some(format) = media.picture() else { return Ok(None) };
    let mut reader = ImageReader::with_format(BufReader::new(File::open(path)?), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(most_pixels.saturating_mul(PIXEL_BYTES).saturating_add(ROOM));
    reader.limits(limits);
    let Some(picture) = decode(reader, px, most_pixels) else { return Ok(None) };
    let mut bytes = Vec::new();
    let made = JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&on_white(&picture));
    Ok(made.is_ok().then_some(bytes))
}

fn decode(reader: ImageReader<BufReader<File>>, px: u32, most_pixels: u64) -> Option<DynamicImage> {
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > most_pixels {
        return None;
    }
    // A picture whose notes cannot be read may still be looked at.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if width.max(height) > px {
        picture = picture.thumbnail(px, px);
    }
    picture.apply_orientation(orientation);
    Some(picture)
}

/// What shines through is white, as on the window.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let see_through = picture.to_rgba8();
    RgbImage::from_fn(see_through.width(), see_through.height(), |x, y| {
        let [red, green, blue, alpha] = see_through.get_pixel(x, y).0;
        let over = |colour: u8| {
            let sum = u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}
