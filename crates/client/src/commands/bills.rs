use super::Nothing;
use super::payment::purse;
use crate::core::Core;
use crate::files::{BillPdf, Name, private_folder};
use crate::overlay::money::bill::bill_view;
use crate::overlay::money::bills::bills_view;
use crate::overlay::money::gather;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{AttachmentView, BillArgs, BillView, BillsArgs, BillsView, Failure, SavedView};
use domain::{AccountId, BillId, FileName};
use std::sync::Arc;
use wire::money::Bill;

/// «Квитанции».
pub(super) async fn bills(core: &Arc<Core>, args: BillsArgs) -> Result<BillsView, Fault> {
    let (purse, mirror) = purse(core, &*core.require_person()?)?;
    let account: AccountId = args.account.parse().map_err(|_| Failure::Gone)?;
    let account = purse.account(account).ok_or(Failure::Gone)?;
    Ok(bills_view(&purse, account, &gather::bills(&mirror, account.id)?))
}

/// A bill.
pub(super) async fn bill(core: &Arc<Core>, args: BillArgs) -> Result<BillView, Fault> {
    let (purse, mirror) = purse(core, &*core.require_person()?)?;
    let bill = gather::bill(&mirror, id(&args)?)?.ok_or(Failure::Gone)?;
    let account = purse.account(bill.account).ok_or(Failure::Gone)?;
    let around = gather::bills_around(&mirror, account.id, bill.period)?;
    Ok(bill_view(&purse, account, &bill, &around))
}

/// Fetches the printed form; answers when it is here.
pub(super) async fn pdf(core: &Arc<Core>, args: BillArgs) -> Result<AttachmentView, Fault> {
    let person = core.require_person()?;
    let (pdf, name) = bring(core, &person, &args).await?;
    Ok(person.files.bill_view(pdf, &name).ok_or(Failure::Gone)?)
}

/// Hands a plain copy to the system's program.
pub(super) async fn pdf_open(core: &Arc<Core>, args: BillArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let (pdf, name) = bring(core, &person, &args).await?;
    let folder = private_folder(&core.config.data, core.ports.random.as_ref())?;
    let path = person.files.save(&person.engine, Name::Bill(pdf), &name, &folder).await?;
    core.config.opener.open(&path)?;
    Ok(Nothing {})
}

/// «Сохранить»: into the person's Documents.
pub(super) async fn pdf_save(core: &Arc<Core>, args: BillArgs) -> Result<SavedView, Fault> {
    let person = core.require_person()?;
    let (pdf, name) = bring(core, &person, &args).await?;
    let path = person.files.save(&person.engine, Name::Bill(pdf), &name, &core.config.documents).await?;
    Ok(SavedView { path: path.display().to_string() })
}

/// Makes sure that the form of the bill as it is now is here.
async fn bring(core: &Arc<Core>, person: &Person, args: &BillArgs) -> Result<(BillPdf, FileName), Fault> {
    let bill = {
        let mirror = person.engine.read()?.mirror;
        gather::bill(&mirror, id(args)?)?.ok_or(Failure::Gone)?
    };
    let pdf = BillPdf::of(&bill);
    if person.files.fetch_bill(&person.engine, &core.bringer(person), pdf).await? {
        person.files.evict(&person.engine, &person.drafts.files(), core.files_budget()).await?;
    }
    Ok((pdf, called(&bill)))
}

/// What the file is called where the person keeps it.
fn called(bill: &Bill) -> FileName {
    FileName::new(&format!("Квитанция {}.pdf", bill.period))
}

fn id(args: &BillArgs) -> Result<BillId, Failure> {
    args.id.parse().map_err(|_| Failure::Gone)
}
