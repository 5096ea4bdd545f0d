//! Every command of the window, each listed once. `src-tauri` and the bridge pass names and JSON through, so a
//! command that is not in this table does not exist, and one without a function does not compile.

mod accounts;
mod announcements;
mod bills;
mod boot;
mod conversation;
mod desk;
mod fields;
mod files;
mod find;
mod new_ticket;
mod outages;
mod payment;
mod profile;
mod queue;
mod readings;
mod registration;
mod session;
mod settings;
mod support;
mod tickets;

use crate::core::Core;
use crate::engine::NewOperation;
use crate::report::Fault;
use crate::view::EnqueuedView;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;
use wire::operation::Body;

/// `{}`: no arguments, or nothing to answer.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Nothing {}

macro_rules! commands {
    ($($name:literal => $function:path),+ $(,)?) => {
        /// The names of all commands.
        pub const NAMES: &[&str] = &[$($name),+];

        pub(crate) async fn dispatch(core: &Arc<Core>, command: &str, args: Value) -> Result<Value, Fault> {
            match command {
                $($name => answer($function(core, read(args)?).await?),)+
                _ => Err(Fault::Defect(UNKNOWN.to_owned())),
            }
        }
    };
}

commands! {
    "boot" => boot::boot,
    "utility" => boot::utility,
    "person_back" => boot::person_back,
    "consent" => registration::consent,
    "registration_start" => registration::start,
    "registration_call" => registration::call,
    "registration_code" => registration::code,
    "registration_finish" => registration::finish,
    "sign_in" => session::sign_in,
    "sign_out" => session::sign_out,
    "forget_password" => session::forget_password,
    "accounts" => accounts::accounts,
    "account_lookup" => accounts::lookup,
    "account_prove" => accounts::prove,
    "account_attach" => accounts::attach,
    "account_detach" => accounts::detach,
    "readings" => readings::readings,
    "reading_preview" => readings::preview,
    "reading_submit" => readings::submit,
    "meter_rename" => readings::rename,
    "profile" => profile::profile,
    "profile_save" => profile::save,
    "queue" => queue::queue,
    "queue_retry" => queue::retry,
    "queue_discard" => queue::discard,
    "queue_withdraw" => queue::withdraw,
    "queue_save" => queue::save,
    "queue_send_now" => queue::send_now,
    "tickets" => tickets::tickets,
    "ticket" => tickets::ticket,
    "ticket_close" => tickets::close,
    "ticket_reopen" => tickets::reopen,
    "ticket_draft" => new_ticket::draft,
    "ticket_draft_save" => new_ticket::draft_save,
    "ticket_create" => new_ticket::create,
    "conversation" => conversation::conversation,
    "conversation_find" => conversation::find,
    "conversation_place" => conversation::place,
    "conversation_read" => conversation::read,
    "conversation_front" => conversation::front,
    "draft_save" => conversation::draft_save,
    "message_send" => conversation::send,
    "file_add" => files::add,
    "file_remove" => files::remove,
    "attachment_fetch" => files::fetch,
    "attachment_open" => files::open,
    "attachment_save" => files::save,
    "support_ask" => support::ask,
    "announcements" => announcements::announcements,
    "announcement" => announcements::announcement,
    "announcement_read" => announcements::read,
    "poll_draft_save" => announcements::draft_save,
    "poll_answer" => announcements::answer,
    "offer_order" => announcements::order,
    "offer_browse" => announcements::browse,
    "desk" => desk::desk,
    "desk_tickets" => desk::list,
    "desk_ticket" => desk::ticket,
    "desk_take" => desk::deeds::take,
    "desk_assign" => desk::deeds::assign,
    "desk_move" => desk::deeds::go,
    "desk_meet" => desk::deeds::meet,
    "desk_note" => desk::deeds::note,
    "desk_register" => desk::phone::register,
    "desk_places" => desk::phone::places,
    "desk_fold" => desk::incidents::fold,
    "desk_incident_save" => desk::incidents::save,
    "desk_chats" => desk::support::chats,
    "desk_questions" => desk::support::questions,
    "desk_answer" => desk::support::answer,
    "desk_journal" => desk::reports::journal,
    "desk_journal_lines" => desk::reports::lines,
    "desk_announcements" => desk::editing::list,
    "desk_announcement" => desk::editing::one,
    "desk_announcement_save" => desk::editing::save,
    "desk_announcement_preview" => desk::editing::preview,
    "desk_announcement_results" => desk::editing::results,
    "desk_announcement_export" => desk::editing::export,
    "desk_audience_find" => desk::editing::find,
    "desk_audience_reach" => desk::editing::reach,
    "desk_monitor" => desk::reports::monitor,
    "outages" => outages::outages,
    "payment" => payment::payment,
    "payments" => payment::payments,
    "payment_total" => payment::total,
    "payment_start" => payment::start,
    "payment_open" => payment::open,
    "payment_receipt" => payment::receipt,
    "payment_state" => payment::state,
    "payment_cancel" => payment::cancel,
    "payment_front" => payment::front,
    "payment_qr" => payment::qr,
    "bills" => bills::bills,
    "bill" => bills::bill,
    "bill_pdf" => bills::pdf,
    "bill_pdf_open" => bills::pdf_open,
    "bill_pdf_save" => bills::pdf_save,
    "settings_save" => settings::save,
    "find" => find::find,
}

const UNKNOWN: &str = "unknown command";

fn read<T: DeserializeOwned>(args: Value) -> Result<T, Fault> {
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    // The error of serde names the offending value, which may be a password.
    serde_json::from_value(args).map_err(|_| Fault::Defect("the arguments are not those of the command".into()))
}

/// An operation for which nothing is urgent and which needs nothing.
fn whenever(body: Body) -> NewOperation {
    NewOperation { body, base_version: None, on_behalf_of: None, priority: outbox::WHENEVER, needs: BTreeSet::new() }
}

/// Puts it into the queue.
async fn send(core: &Core, body: Body) -> Result<EnqueuedView, Fault> {
    let enqueued = core.require_person()?.engine.enqueue(whenever(body), None).await?;
    Ok(EnqueuedView { operation: enqueued.id.to_string(), replaced: enqueued.replaced.is_some() })
}

/// A UUIDv7 from the clock and the randomness that were passed in.
fn mint(core: &Core) -> Uuid {
    let mut random = [0; 10];
    core.ports.random.fill(&mut random);
    let now_ms = u64::try_from(core.ports.clock.read().wall_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid()
}

fn answer(result: impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(result).map_err(|error| Fault::Defect(error.to_string()))
}

#[cfg(test)]
mod tests;
