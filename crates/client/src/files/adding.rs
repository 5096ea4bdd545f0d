//! A file that a person chose, dropped, pasted or photographed comes in.

use super::{Added, Files, Here, Name, What, apart, picture};
use crate::engine::Engine;
use crate::overlay::tickets::attachments::added;
use crate::report::Fault;
use crate::view::{AttachmentView, Failure, Field, FieldProblem};
use domain::attachment::limits::AttachmentRefusal;
use domain::attachment::media::HEAD;
use domain::{FileId, FileName, Media};
use std::io::{self, Read, Seek};
use wire::utility::AttachmentRules;

/// How much of the beginning of a picture is read to learn its size: cameras put a small one of their own before it.
const PICTURE_HEAD: u64 = 1 << 20;

impl Files {
    /// Takes a file in, if the utility takes it. When this returns the content survives a power cut and restarts.
    pub(crate) async fn add(
        &self,
        engine: &Engine,
        mut content: impl Read + Seek + Send + 'static,
        name: FileName,
        rules: AttachmentRules,
    ) -> Result<AttachmentView, Fault> {
        let (content, what) = apart(move || check(&mut content, &rules).map(|what| (content, what))).await??;
        let _turn = self.turn.lock().await;
        let blob = engine.add_blob(content).await?;
        let file = engine.content_of(blob).await?;
        let note = Added { file, what: what.clone() };
        let note = serde_json::to_vec(&note).map_err(|error| Fault::Defect(error.to_string()))?;
        engine.keep_blob(blob, note).await?;
        let here = Here { blob, what, used_ms: engine.now().ms, kept: true };
        self.here().insert(Name::Whole(file), here);
        // As it will be called everywhere: with the ending that tells what it is.
        let facts = self.facts(engine, file).ok_or(Failure::Gone)?;
        let name = Media::named(&facts.media).map_or(name.clone(), |media| media.truly_named(&name));
        Ok(added(file, &name, facts))
    }

    /// A file was taken out of a draft again. What something else needs or names stays.
    pub(crate) async fn remove(&self, engine: &Engine, file: FileId, named: bool) -> Result<(), Fault> {
        let _turn = self.turn.lock().await;
        let Some(here) = self.get(Name::Whole(file)).filter(|here| here.kept && !named) else { return Ok(()) };
        if engine.is_needed(here.blob) {
            return Ok(());
        }
        engine.release_blob(here.blob).await?;
        self.here().remove(&Name::Whole(file));
        Ok(engine.remove_blob(here.blob).await?)
    }
}

/// What a content is, if the utility takes it.
fn check(content: &mut (impl Read + Seek), rules: &AttachmentRules) -> Result<What, Fault> {
    let bytes = content.seek(io::SeekFrom::End(0))?;
    content.rewind()?;
    rules.limits.check(bytes, 0).map_err(refused)?;
    let mut head = Vec::new();
    content.take(PICTURE_HEAD).read_to_end(&mut head)?;
    let media = Media::of(&head[..head.len().min(HEAD)]);
    let taken = |media: &Media| rules.media.is_empty() || rules.media.iter().any(|name| name == media.name());
    let media = media.filter(taken).ok_or_else(|| beside(FieldProblem::FileForbidden))?;
    let size = picture::size(&head, media);
    if media.is_picture() && size.is_none() {
        // It is no picture after all, or one that nobody could look at.
        return Err(beside(FieldProblem::FileForbidden).into());
    }
    Ok(What { media: media.name().to_owned(), bytes, size })
}

/// The failure for a file that is not taken.
pub(crate) fn refused(refusal: AttachmentRefusal) -> Failure {
    beside(match refusal {
        AttachmentRefusal::Empty => FieldProblem::Empty,
        AttachmentRefusal::TooLarge { limit } => FieldProblem::FileTooLarge { max_bytes: limit },
        AttachmentRefusal::TooMany { limit } => FieldProblem::TooManyFiles { max: u32::from(limit) },
    })
}

const fn beside(problem: FieldProblem) -> Failure {
    Failure::Field { field: Field::File, problem }
}
