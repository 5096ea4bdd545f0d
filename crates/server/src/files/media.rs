//! How to read the pixels of a picture. What a file is, the server and the program tell in one way: [`Media`].

pub use domain::attachment::media::{HEAD, Media};

/// What can be read of a kind of file.
pub trait Pictured {
    /// How to read its pixels, where this program can.
    fn picture(self) -> Option<image::ImageFormat>;
}

impl Pictured for Media {
    fn picture(self) -> Option<image::ImageFormat> {
        if self.is_picture() { image::ImageFormat::from_mime_type(self.name()) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_that_is_called_a_picture_can_be_read() {
        assert!(
            Media::all()
                .filter(|media| media.is_picture())
                .all(|media| media.picture().is_some_and(|it| it.reading_enabled()))
        );
    }
}
