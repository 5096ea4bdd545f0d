//! Pictures: how many pixels they say they have, and smaller ones made from them.
//!
//! A few bytes may unpack to gigabytes, so the size is read before anything is decoded.

use domain::Media;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longer side of a small picture: what a thread shows, on a screen with two dots for a point.
const SMALL_PX: u32 = 640;
/// Pictures with more pixels are not decoded, and not taken.
const MOST_PIXELS: u64 = 64_000_000;
/// What a decoder may take: the widest pixels, and some room.
const MOST_MEMORY: u64 = MOST_PIXELS * 8 + (16 << 20);
const QUALITY: u8 = 82;

/// Width and height, from the first bytes alone; `None` when they cannot be read, or are too many to be shown.
pub(super) fn size(bytes: &[u8], media: Media) -> Option<(u32, u32)> {
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format(media)?).into_dimensions().ok()?;
    (u64::from(width) * u64::from(height) <= MOST_PIXELS).then_some((width, height))
}

/// A smaller picture, upright, as JPEG; `None` when there is none to be made.
pub(super) fn smaller(bytes: &[u8], media: Media) -> Option<Vec<u8>> {
    size(bytes, media)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format(media)?);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    // A picture whose notes cannot be read may still be looked at.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if width.max(height) > SMALL_PX {
        picture = picture.thumbnail(SMALL_PX, SMALL_PX);
    }
    picture.apply_orientation(orientation);
    let mut small = Vec::new();
    JpegEncoder::new_with_quality(&mut small, QUALITY).encode_image(&on_white(&picture)).ok()?;
    Some(small)
}

/// What shines through is white, as on the window.
fn on_white(picture: &DynamicImage) -> image::RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let see_through = picture.to_rgba8();
    image::RgbImage::from_fn(see_through.width(), see_through.height(), |x, y| {
        let [red, green, blue, alpha] = see_through.get_pixel(x, y).0;
        let over = |colour: u8| {
            let sum = u16::from(colour) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        image::Rgb([over(red), over(green), over(blue)])
    })
}

fn format(media: Media) -> Option<ImageFormat> {
    if media.is_picture() { ImageFormat::from_mime_type(media.name()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::GrayImage::new(width, height).write_to(&mut bytes, ImageFormat::Png).expect("written");
        bytes.into_inner()
    }

    fn media(name: &str) -> Media {
        Media::named(name).expect("known")
    }

    #[test]
    fn a_large_picture_becomes_a_small_one_of_the_same_form() {
        let small = smaller(&png(1600, 800), media("image/png")).expect("made");
        assert_eq!(size(&small, media("image/jpeg")), Some((640, 320)));
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_not_unpacked() {
        // The head of a PNG that says 60 000 by 60 000.
        let mut bomb = png(1, 1);
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert_eq!(size(&bomb, media("image/png")), None);
        assert_eq!(smaller(&bomb, media("image/png")), None);
    }

    #[test]
    fn what_is_no_picture_has_no_small_one() {
        assert_eq!(smaller(b"%PDF-1.7", media("application/pdf")), None);
        assert_eq!(smaller(b"\x89PNG\r\n\x1a\nbroken", media("image/png")), None);
    }
}
