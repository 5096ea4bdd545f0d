use super::Nothing;
use crate::core::Core;
use crate::files::{Name, private_folder, refused};
use crate::report::Fault;
use crate::session::Person;
use crate::view::{AttachmentArgs, AttachmentView, Failure, Field, FieldProblem, FileAddArgs, SavedView, Topic};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::attachment::limits::AttachmentRefusal;
use domain::{FileId, FileName};
use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

/// A file is added to what is being written. What the utility would not take is told before anything is sent.
pub(super) async fn add(core: &Arc<Core>, args: FileAddArgs) -> Result<AttachmentView, Fault> {
    let person = core.require_person()?;
    let rules = core.attachment_rules();
    match args {
        FileAddArgs::Path { path } => {
            let path = Path::new(&path);
            let name = FileName::new(&path.file_name().unwrap_or_default().to_string_lossy());
            // A folder, a device, a file that may not be read.
            let file = File::open(path).ok().filter(|file| file.metadata().is_ok_and(|about| about.is_file()));
            let problem = FieldProblem::FileForbidden;
            let file = file.ok_or(Failure::Field { field: Field::File, problem })?;
            person.files.add(&person.engine, file, name, rules).await
        }
        FileAddArgs::Bytes { name, base64 } => {
            // Four letters hold three bytes.
            let limit = rules.limits.file_bytes;
            if base64.len() as u64 / 4 * 3 > limit.saturating_add(3) {
                return Err(refused(AttachmentRefusal::TooLarge { limit }).into());
            }
            let bytes = BASE64.decode(base64).map_err(|_| Fault::Defect("a file that is not Base64".into()))?;
            person.files.add(&person.engine, Cursor::new(bytes), FileName::new(&name), rules).await
        }
    }
}

/// A file is taken out of what is being written.
pub(super) async fn remove(core: &Arc<Core>, args: AttachmentArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let file = id(&args)?;
    let named = person.drafts.files().contains(&file);
    person.files.remove(&person.engine, file, named).await?;
    Ok(Nothing {})
}

/// Fetches a content; answers when it is here.
pub(super) async fn fetch(core: &Arc<Core>, args: AttachmentArgs) -> Result<AttachmentView, Fault> {
    let person = core.require_person()?;
    let file = bring(core, &person, &args).await?;
    let facts = person.files.facts(&person.engine, file).ok_or(Failure::Gone)?;
    Ok(crate::overlay::tickets::attachments::added(file, &FileName::new(&args.name), facts))
}

/// Hands a plain copy to the system's program.
pub(super) async fn open(core: &Arc<Core>, args: AttachmentArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let file = bring(core, &person, &args).await?;
    let folder = private_folder(&core.config.data, core.ports.random.as_ref())?;
    let path = person.files.save(&person.engine, Name::Whole(file), &FileName::new(&args.name), &folder).await?;
    core.config.opener.open(&path)?;
    Ok(Nothing {})
}

/// «Сохранить»: into the person's Documents.
pub(super) async fn save(core: &Arc<Core>, args: AttachmentArgs) -> Result<SavedView, Fault> {
    let person = core.require_person()?;
    let file = bring(core, &person, &args).await?;
    let name = FileName::new(&args.name);
    let path = person.files.save(&person.engine, Name::Whole(file), &name, &core.config.documents).await?;
    Ok(SavedView { path: path.display().to_string() })
}

/// Makes sure that the content is here.
async fn bring(core: &Arc<Core>, person: &Person, args: &AttachmentArgs) -> Result<FileId, Fault> {
    let file = id(args)?;
    if person.files.facts(&person.engine, file).is_none() {
        person.files.fetch(&person.engine, &core.bringer(person), file).await?;
        person.files.evict(&person.engine, &person.drafts.files(), core.files_budget()).await?;
        core.tell(&[Topic::Tickets, Topic::Events]);
    }
    Ok(file)
}

fn id(args: &AttachmentArgs) -> Result<FileId, Failure> {
    args.file.parse().map_err(|_| Failure::Gone)
}
