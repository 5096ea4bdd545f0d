//! The journal of some days, and how the departments do.

use super::super::Nothing;
use super::at_desk;
use crate::core::Core;
use crate::desk::look::Look;
use crate::desk::{journal, monitor, sheet};
use crate::durable_file;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{DeskJournalArgs, DeskJournalLine, DeskMonitorView, Failure, Field, FieldProblem, SavedView};
use std::sync::Arc;

/// «Диспетчерский журнал», to be printed.
pub(in super::super) async fn lines(core: &Arc<Core>, args: DeskJournalArgs) -> Result<Vec<DeskJournalLine>, Fault> {
    let (person, look) = at_desk(core)?;
    of_days(&person, &look, &args)
}

/// «Диспетчерский журнал», as a file of a spreadsheet in the person's Documents.
pub(in super::super) async fn journal(core: &Arc<Core>, args: DeskJournalArgs) -> Result<SavedView, Fault> {
    let (person, look) = at_desk(core)?;
    let lines = of_days(&person, &look, &args)?;
    let title = format!("Диспетчерский журнал {} — {}", args.from, args.to);
    let bytes = sheet::sheet(&title, &lines, look.zone).map_err(|error| Fault::Defect(error.to_string()))?;
    std::fs::create_dir_all(&core.config.documents)?;
    let path = core.config.documents.join(format!("{title}.xlsx"));
    durable_file::replace(&path, &bytes)?;
    Ok(SavedView { path: path.display().to_string() })
}

/// Overdue tickets and what residents think.
pub(in super::super) async fn monitor(core: &Arc<Core>, _: Nothing) -> Result<DeskMonitorView, Fault> {
    let (person, look) = at_desk(core)?;
    monitor::monitor(&look, &person.desk)
}

fn of_days(person: &Person, look: &Look, args: &DeskJournalArgs) -> Result<Vec<DeskJournalLine>, Fault> {
    if args.to < args.from {
        return Err(Failure::Field { field: Field::Period, problem: FieldProblem::Malformed }.into());
    }
    Ok(journal::lines(look, &person.desk, args.from, args.to)?)
}
