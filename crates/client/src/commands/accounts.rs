use super::{Nothing, fields};
use crate::core::Core;
use crate::engine::EngineEvent;
use crate::overlay::accounts_view::{account_view, accounts_view};
use crate::overlay::gather;
use crate::report::Fault;
use crate::session::Person;
use crate::view::{
    AccountAttachArgs, AccountDetachArgs, AccountLookupArgs, AccountProveArgs, AccountView, AccountsView, Failure,
    Field, ProofArgs, Topic,
};
use domain::AccountId;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use wire::account::{Attach, Attached, Found, Lookup, Proof, Prove, Proven};
use wire::entity::Entity;
use wire::feed::{Scope, Snapshot};

/// How long the mirror is waited for after the server attached or detached an account.
const FOR_THE_MIRROR: Duration = Duration::from_secs(6);

/// All accounts.
pub(super) async fn accounts(core: &Arc<Core>, _: Nothing) -> Result<AccountsView, Fault> {
    Ok(accounts_view(&gather::queue(&core.require_person()?.engine, core.zone())?))
}

/// The masked address of an account.
pub(super) async fn lookup(core: &Arc<Core>, args: AccountLookupArgs) -> Result<Found, Fault> {
    let body = Lookup { number: fields::account_number(&args.number)?.as_str().to_owned() };
    post(core, "/v1/accounts/lookup", &body, Field::AccountNumber).await
}

/// The proof from the bill; answered with the full address.
pub(super) async fn prove(core: &Arc<Core>, args: AccountProveArgs) -> Result<Proven, Fault> {
    let number = fields::account_number(&args.number)?.as_str().to_owned();
    let (proof, field) = match args.proof {
        ProofArgs::Sum { sum, period } => {
            (Proof::Sum { sum: fields::sum(&sum)?, period: fields::period(&period)? }, Field::Sum)
        }
        ProofArgs::Qr { text } => (Proof::Qr { text: fields::qr(&text)? }, Field::Qr),
    };
    post(core, "/v1/accounts/prove", &Prove { number, proof }, field).await
}

/// Attaches the account whose address the person confirmed, and waits a moment until it is in the mirror.
pub(super) async fn attach(core: &Arc<Core>, args: AccountAttachArgs) -> Result<AccountView, Fault> {
    let person = core.require_person()?;
    let body = Attach { token: args.token.parse().map_err(|_| Failure::AttachmentExpired)? };
    let attached: Attached = post(core, "/v1/accounts/attach", &body, Field::AccountNumber).await?;
    core.tell(&[Topic::Accounts, Topic::Readings, Topic::Money]);
    if let Some(account) = mirrored(core, &person, |account| account.id == attached.account.to_string()).await? {
        return Ok(account);
    }
    // The mirror is behind; the answer is not.
    let path = format!("/v1/snapshot?scope={}&limit=1000", Scope::Account(attached.account));
    let snapshot: Snapshot =
        person.call(core.ports.transport.as_ref(), "GET", &path, None::<&Nothing>).await.map_err(Fault::from)?;
    let found = snapshot.entities.iter().find_map(|versioned| match &versioned.entity {
        Entity::Account(account) if account.id == attached.account => Some(account_view(account)),
        _ => None,
    });
    found.ok_or_else(|| Failure::Gone.into())
}

/// «x Удалить».
pub(super) async fn detach(core: &Arc<Core>, args: AccountDetachArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let id: AccountId = args.id.parse().map_err(|_| Failure::Gone)?;
    let path = format!("/v1/accounts/{id}");
    let _: serde_json::Value =
        person.call(core.ports.transport.as_ref(), "DELETE", &path, None::<&Nothing>).await.map_err(Fault::from)?;
    gone(core, &person, &id.to_string()).await?;
    core.tell(&[Topic::Accounts, Topic::Readings, Topic::Money]);
    Ok(Nothing {})
}

async fn post<T: serde::de::DeserializeOwned>(
    core: &Core,
    path: &str,
    body: &(impl serde::Serialize + Sync),
    field: Field,
) -> Result<T, Fault> {
    let person = core.require_person()?;
    let answer = person.call(core.ports.transport.as_ref(), "POST", path, Some(body)).await;
    answer.map_err(|error| error.failure_beside(field).into())
}

/// Waits until the mirror has such an account; `None` when it takes too long.
async fn mirrored(
    core: &Core,
    person: &Person,
    is_it: impl Fn(&AccountView) -> bool,
) -> Result<Option<AccountView>, Fault> {
    wait_for(core, person, |view| view.accounts.into_iter().find(|account| is_it(account))).await
}

async fn gone(core: &Core, person: &Person, id: &str) -> Result<(), Fault> {
    let there = |view: AccountsView| view.accounts.iter().all(|account| account.id != id).then_some(());
    wait_for(core, person, there).await.map(|_| ())
}

async fn wait_for<T>(
    core: &Core,
    person: &Person,
    look: impl Fn(AccountsView) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let mut events = person.engine.subscribe();
    person.engine.send_now();
    let until = tokio::time::Instant::now() + FOR_THE_MIRROR;
    loop {
        if let Some(found) = look(accounts_view(&gather::queue(&person.engine, core.zone())?)) {
            return Ok(Some(found));
        }
        match tokio::time::timeout_at(until, events.recv()).await {
            Ok(Ok(EngineEvent::MirrorChanged { .. }) | Err(RecvError::Lagged(_))) => {}
            Ok(Ok(_)) => {}
            Ok(Err(RecvError::Closed)) | Err(_) => return Ok(None),
        }
    }
}
