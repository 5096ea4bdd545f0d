//! Small pictures, made when somebody first asks for one, kept beside the content.

use super::{Seen, picture, trouble};
use crate::failure::Failure;
use crate::server::App;
use std::fs;
use std::io;

/// The smaller picture of a content, as JPEG; `None` when there is none.
pub async fn thumbnail(app: &App, seen: &Seen) -> Result<Option<Vec<u8>>, Failure> {
    let (file, media) = (seen.file, seen.media);
    if !media.is_picture() {
        return Ok(None);
    }
    let (px, most_pixels) = (app.config.files.thumbnail_px, app.config.files.image_pixels);
    let kept = app.files.run(move |folder| fs::read(folder.thumbnail(file, px))).await?;
    let bytes = match kept {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let _turn = app.files.pictures.acquire().await.map_err(|error| Failure::Internal(error.to_string()))?;
            let made = app.files.run(move |folder| {
                let bytes = picture::smaller(&folder.content(file), media, px, most_pixels)?.unwrap_or_default();
                // That none can be made is kept too, as an empty file: nobody tries again for nothing.
                folder.add(&folder.thumbnail(file, px), &bytes)?;
                Ok(bytes)
            });
            made.await?.map_err(|error: io::Error| trouble(&error))?
        }
        Err(error) => return Err(trouble(&error)),
    };
    Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
}
