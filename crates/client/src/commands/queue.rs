use super::Nothing;
use crate::core::Core;
use crate::durable_file;
use crate::engine::Withdrawal;
use crate::overlay::entry::Entry;
use crate::overlay::queue_text::queue_text;
use crate::overlay::{gather, queue_view};
use crate::report::Fault;
use crate::view::{Failure, OperationArgs, QueueSaveArgs, QueueView, SavedView, WithdrawView};
use domain::OperationId;
use std::sync::Arc;

/// The queue panel.
pub(super) async fn queue(core: &Arc<Core>, _: Nothing) -> Result<QueueView, Fault> {
    let picture = gather::queue(&core.require_person()?.engine, core.zone())?;
    Ok(queue_view::queue_view(&picture, &core.status()?))
}

/// «Повторить».
pub(super) async fn retry(core: &Arc<Core>, args: OperationArgs) -> Result<Nothing, Fault> {
    core.require_person()?.engine.retry(id(&args.operation)?).await?;
    Ok(Nothing {})
}

/// «Убрать».
pub(super) async fn discard(core: &Arc<Core>, args: OperationArgs) -> Result<Nothing, Fault> {
    core.require_person()?.engine.discard(id(&args.operation)?).await?;
    Ok(Nothing {})
}

/// «Отозвать».
pub(super) async fn withdraw(core: &Arc<Core>, args: OperationArgs) -> Result<WithdrawView, Fault> {
    Ok(match core.require_person()?.engine.withdraw(id(&args.operation)?).await? {
        Withdrawal::Done => WithdrawView::Withdrawn,
        Withdrawal::Asked => WithdrawView::Asked,
    })
}

/// «Отправить сейчас».
pub(super) async fn send_now(core: &Arc<Core>, _: Nothing) -> Result<Nothing, Fault> {
    core.require_person()?.engine.send_now();
    Ok(Nothing {})
}

/// «Сохранить в файл»: a text in the person's Documents. What was saved stays in the queue.
pub(super) async fn save(core: &Arc<Core>, args: QueueSaveArgs) -> Result<SavedView, Fault> {
    let person = core.require_person()?;
    let only = args.operation.as_deref().map(id).transpose()?;
    let picture = gather::queue(&person.engine, core.zone())?;
    let belongs = |entry: &&Entry| match only {
        Some(only) => entry.id == only,
        None => queue_view::in_panel(&picture, entry),
    };
    let entries: Vec<&Entry> = picture.entries.iter().filter(belongs).collect();
    if only.is_some() && entries.is_empty() {
        return Err(Failure::Gone.into());
    }
    let reading = person.engine.read()?;
    let sealed = |id: OperationId| {
        let mut all = reading.queue.iter().chain(&reading.accepted);
        all.find(|queued| queued.id == id)?.sealed.as_ref().map(|sealed| sealed.text().to_owned())
    };
    let text = queue_text(&picture, &entries, &sealed);
    let now = chrono::DateTime::from_timestamp_millis(picture.now_ms).unwrap_or_default();
    let name = now.with_timezone(&picture.zone).format("ЖКХ Desktop %Y-%m-%d %H-%M-%S.txt").to_string();
    std::fs::create_dir_all(&core.config.documents)?;
    let path = core.config.documents.join(name);
    durable_file::replace(&path, text.as_bytes())?;
    Ok(SavedView { path: path.display().to_string() })
}

fn id(text: &str) -> Result<OperationId, Failure> {
    text.parse().map_err(|_| Failure::Gone)
}
