//! Pictures: small ones, upright; those that would fill the memory.

use crate::common::*;
use crate::uploads::*;
use domain::FileId;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage};
use reqwest::StatusCode;
use std::io::Write as _;
use wire::problem::{Code, FileRefusal};

const PHONE: &str = "+79000000001";
const RED: Rgb<u8> = Rgb([200, 20, 20]);
const BLUE: Rgb<u8> = Rgb([20, 20, 200]);

/// Red at the left, blue at the right.
fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

/// A note that says how the camera was held.
fn held(orientation: u8) -> Vec<u8> {
    let mut note = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    note.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    note
}

fn encoded(mut encoder: impl ImageEncoder, picture: &RgbImage, orientation: u8) {
    encoder.set_exif_metadata(held(orientation)).expect("a note");
    let (width, height) = picture.dimensions();
    encoder.write_image(picture, width, height, ExtendedColorType::Rgb8).expect("encoded");
}

fn jpeg(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoded(JpegEncoder::new_with_quality(&mut bytes, 90), picture, orientation);
    bytes
}

fn png(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    encoded(PngEncoder::new(&mut bytes), picture, orientation);
    bytes
}

fn is(found: &RgbImage, x: u32, y: u32, colour: Rgb<u8>) -> bool {
    found.get_pixel(x, y).0.iter().zip(colour.0).all(|(found, wanted)| found.abs_diff(wanted) < 40)
}

async fn small(world: &World, person: &Person, file: FileId) -> RgbImage {
    let got = world.get_as(person, &format!("/v1/files/{file}/thumbnail")).await;
    assert_eq!(got.status(), StatusCode::OK);
    assert_eq!(text(&got, "content-type"), "image/jpeg");
    assert_eq!(text(&got, "x-content-type-options"), "nosniff");
    image::load_from_memory(&got.bytes().await.expect("a body")).expect("a picture").into_rgb8()
}

#[tokio::test]
async fn a_small_picture_is_upright_however_the_camera_was_held() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let wide = picture(800, 400);
    for (name, bytes, upright) in [
        ("a.jpg", jpeg(&wide, 1), true),
        ("b.jpg", jpeg(&wide, 6), false),
        ("c.png", png(&wide, 1), true),
        ("d.png", png(&wide, 6), false),
    ] {
        let file = world.sent(&person, name, &bytes).await;
        let small = small(&world, &person, file).await;
        if upright {
            assert_eq!(small.dimensions(), (320, 160), "{name}");
            assert!(is(&small, 20, 80, RED) && is(&small, 300, 80, BLUE), "{name}");
        } else {
            assert_eq!(small.dimensions(), (160, 320), "{name}");
            assert!(is(&small, 80, 20, RED) && is(&small, 80, 300, BLUE), "{name}: its left side is up");
        }
    }
}

#[tokio::test]
async fn a_small_picture_is_made_once_and_known_by_its_tag() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let file = world.sent(&person, "a.jpg", &jpeg(&picture(40, 30), 1)).await;
    assert_eq!(small(&world, &person, file).await.dimensions(), (40, 30), "nothing is made larger");
    let place = format!("{}.320.jpg", world.place(file).display());
    std::fs::write(&place, "kept").expect("written");
    let path = format!("/v1/files/{file}/thumbnail");
    let kept = world.get_as(&person, &path).await;
    let tag = text(&kept, "etag");
    assert_eq!(kept.text().await.expect("a body"), "kept");
    let request = world.request(reqwest::Method::GET, &path).bearer_auth(&person.token).header("if-none-match", tag);
    assert_eq!(request.send().await.expect("answered").status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn what_is_transparent_is_white_in_the_small_picture() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let mut bytes = Vec::new();
    let clear = image::RgbaImage::from_pixel(64, 64, image::Rgba([255, 0, 0, 0]));
    PngEncoder::new(&mut bytes).write_image(&clear, 64, 64, ExtendedColorType::Rgba8).expect("encoded");
    let file = world.sent(&person, "a.png", &bytes).await;
    assert!(is(&small(&world, &person, file).await, 30, 30, Rgb([255, 255, 255])));
}

#[tokio::test]
async fn no_small_picture_is_made_of_a_paper_or_of_a_picture_that_is_damaged() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    let mut damaged = png(&picture(100, 100), 1);
    let middle = damaged.len() / 2;
    damaged[middle..].fill(0);
    for (name, bytes) in [("a.pdf", paper(1000)), ("b.png", damaged)] {
        let file = world.sent(&person, name, &bytes).await;
        for _ in 0..2 {
            let none = world.get_as(&person, &format!("/v1/files/{file}/thumbnail")).await;
            assert_eq!(problem(none).await, Code::NoThumbnail, "{name}");
        }
    }
}

/// A few bytes that say they are 60 000 × 60 000 pixels: 14 GB.
fn bombs() -> [(&'static str, Vec<u8>); 3] {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut png, b"IHDR", b"\0\0\xea\x60\0\0\xea\x60\x08\x06\0\0\0");
    chunk(&mut png, b"IDAT", b"\x78\x9c\x03\0\0\0\0\x01");
    chunk(&mut png, b"IEND", b"");
    let mut jpg = jpeg(&picture(16, 16), 1);
    let frame = jpg.windows(2).position(|marker| marker == [0xff, 0xc0]).expect("a frame");
    jpg[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);
    let gif = b"GIF89a\x60\xea\x60\xea\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x60\xea\x60\xea\0\x02\x02D\x01\0;".to_vec();
    [("a.png", png), ("b.jpg", jpg), ("c.gif", gif)]
}

fn chunk(png: &mut Vec<u8>, kind: &[u8; 4], bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("small");
    let body = [kind.as_slice(), bytes].concat();
    png.write_all(&length.to_be_bytes()).expect("written");
    png.write_all(&body).expect("written");
    let mut crc = u32::MAX;
    for byte in body {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    png.write_all(&(!crc).to_be_bytes()).expect("written");
}

#[tokio::test]
async fn a_picture_that_would_fill_the_memory_is_refused_by_what_it_says_of_itself() {
    let world = World::new().await;
    let person = world.register(PHONE).await;
    for (name, bytes) in bombs() {
        let refused = problem(world.send(&person, name, &bytes).await).await;
        assert_eq!(refused, Code::FileRefused { why: FileRefusal::TooManyPixels }, "{name}");
    }
    assert!(world.on_disk().is_empty(), "{:?}", world.on_disk());
}

#[tokio::test]
async fn a_picture_that_was_taken_under_a_wider_limit_is_not_decoded_under_a_narrower_one() {
    let mut world = World::new().await;
    let person = world.register(PHONE).await;
    let file = world.sent(&person, "a.png", &png(&picture(200, 100), 1)).await;
    world.stop().await;
    world.change_settings("[limits]", "[files]\nimage_pixels = 19999\n[limits]");
    world.start().await;
    let none = world.get_as(&person, &format!("/v1/files/{file}/thumbnail")).await;
    assert_eq!(problem(none).await, Code::NoThumbnail);
}
