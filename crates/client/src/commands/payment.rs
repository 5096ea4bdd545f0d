use super::{Nothing, fields, mint};
use crate::calls::CallError;
use crate::core::Core;
use crate::overlay::money::accounts::{payment_view, payments_view};
use crate::overlay::money::code::{drawn, payment_code};
use crate::overlay::money::gather;
use crate::overlay::money::penalty::penalty_view;
use crate::overlay::money::purse::Purse;
use crate::overlay::money::total::{self, Typed};
use crate::payments::Wish;
use crate::report::Fault;
use crate::session::Person;
use crate::store::Mirror;
use crate::view::{
    Failure, Field, FieldProblem, PaymentArgs, PaymentFrontArgs, PaymentQrArgs, PaymentQrView, PaymentStartArgs,
    PaymentStateView, PaymentTotalArgs, PaymentTotalView, PaymentTrouble, PaymentView, PaymentsArgs, PaymentsView,
};
use domain::payment::{PaymentStatus, PaymentWay};
use domain::{AccountId, Kopecks, PaymentId};
use reqwest::Url;
use std::sync::Arc;
use wire::money::{PartSum, Payment, StartPayment};
use wire::problem::Code;

/// «Оплата».
pub(super) async fn payment(core: &Arc<Core>, _: Nothing) -> Result<PaymentView, Fault> {
    let (purse, mirror) = purse(core, &*core.require_person()?)?;
    let mut view = payment_view(&purse);
    for account in &purse.picture.accounts {
        view.penalties.extend(penalty_view(&purse, account, &gather::bills(&mirror, account.id)?));
    }
    Ok(view)
}

/// «История платежей».
pub(super) async fn payments(core: &Arc<Core>, args: PaymentsArgs) -> Result<PaymentsView, Fault> {
    let account = args.account.as_deref().map(account).transpose()?;
    Ok(payments_view(&purse(core, &*core.require_person()?)?.0, account))
}

/// What typed sums come to.
pub(super) async fn total(core: &Arc<Core>, args: PaymentTotalArgs) -> Result<PaymentTotalView, Fault> {
    let (purse, _) = purse(core, &*core.require_person()?)?;
    Ok(total::total(&purse, &total::read(&purse, &args.sums), args.way))
}

/// Begins a payment, or goes on with the one that was begun for the same sums.
pub(super) async fn start(core: &Arc<Core>, args: PaymentStartArgs) -> Result<PaymentStateView, Fault> {
    let person = core.require_person()?;
    let email = receipt_email(&args.email)?;
    let turn = person.payments.turn().await;
    let wish = {
        let (purse, _) = purse(core, &person)?;
        let ended = |id| purse.parts.iter().any(|part| part.payment == id && !part.status.is_live());
        let (wish, ended) = (wish(&purse, &args, email)?, purse_ids(&purse, ended));
        person.payments.forget(&person.engine, |id| ended.contains(&id)).await?;
        wish
    };
    if let Some(answer) = turn.answered_meanwhile(&wish) {
        return Ok(answer);
    }
    let id = async || turn.id_of(&person.engine, &wish, || PaymentId::new(mint(core))).await;
    let (first, meant_before) = id().await?;
    let mut payment = begin(core, &person, first, &wish).await?;
    if meant_before && is_over_unpaid(payment.status) {
        // It ended while this computer did not hear of it. Nothing was taken; this is another one.
        payment = begin(core, &person, id().await?.0, &wish).await?;
    }
    // The feed brings its parts to the mirror.
    person.engine.send_now();
    if args.way == PaymentWay::Card
        && payment.status.is_live()
        && let Some(page) = payment.form_url.as_deref().and_then(page)
        && let Err(error) = core.config.opener.browse(page.as_str())
    {
        // The window offers to open it once more, and tells then what is in the way.
        tracing::warn!(kind = %error.kind(), "the bank's page was not opened");
    }
    let answer = state_view(&payment);
    turn.answered(wish, answer.clone());
    Ok(answer)
}

/// Opens the bank's page once more.
pub(super) async fn open(core: &Arc<Core>, args: PaymentArgs) -> Result<Nothing, Fault> {
    let payment = known(core, &args).await?;
    browse(core, payment.form_url.as_deref())
}

/// Opens the receipt.
pub(super) async fn receipt(core: &Arc<Core>, args: PaymentArgs) -> Result<Nothing, Fault> {
    let payment = known(core, &args).await?;
    browse(core, payment.receipt_url.as_deref())
}

/// Where a payment stands at the server now.
pub(super) async fn state(core: &Arc<Core>, args: PaymentArgs) -> Result<PaymentStateView, Fault> {
    let payment = known(core, &args).await?;
    let person = core.require_person()?;
    if person.payments.front() == Some(payment.id) && !payment.status.is_live() {
        // It is read in the window, however much later the feed brings it.
        crate::toasts::payments::known(&person, &payment).await?;
    }
    Ok(state_view(&payment))
}

/// Gives a payment up, unless it was paid meanwhile.
pub(super) async fn cancel(core: &Arc<Core>, args: PaymentArgs) -> Result<PaymentStateView, Fault> {
    let person = core.require_person()?;
    let path = format!("/v1/payments/{}/cancel", id(&args)?);
    let payment: Payment =
        person.call(core.ports.transport.as_ref(), "POST", &path, Some(&Nothing {})).await.map_err(Fault::from)?;
    heard(&person, &payment).await?;
    // Whoever gave it up need not be told of it.
    crate::toasts::payments::known(&person, &payment).await?;
    person.engine.send_now();
    Ok(state_view(&payment))
}

/// The window shows the state of this payment in front of the person, or of none.
pub(super) async fn front(core: &Arc<Core>, args: PaymentFrontArgs) -> Result<Nothing, Fault> {
    let person = core.require_person()?;
    let front = args.payment.map(|payment| id(&PaymentArgs { payment })).transpose()?;
    person.payments.set_front(front);
    Ok(Nothing {})
}

/// The payment order as a code.
pub(super) async fn qr(core: &Arc<Core>, args: PaymentQrArgs) -> Result<PaymentQrView, Fault> {
    let (purse, _) = purse(core, &*core.require_person()?)?;
    let sum = fields::sum(&args.sum)?;
    let account = purse.account(account(&args.account)?).ok_or(Failure::Gone)?;
    Ok(payment_code(&purse, account, sum)?)
}

/// Everything that is known of a person's money, and the mirror with their bills.
pub(super) fn purse(core: &Core, person: &Person) -> Result<(Purse, Mirror), Fault> {
    Ok(gather::purse(&person.engine, core.zone(), person.user, person.payments.receipts_to())?)
}

fn purse_ids(purse: &Purse, of: impl Fn(PaymentId) -> bool) -> Vec<PaymentId> {
    purse.parts.iter().map(|part| part.payment).filter(|id| of(*id)).collect()
}

/// What is to be paid, as far as it can be.
fn wish(purse: &Purse, args: &PaymentStartArgs, email: String) -> Result<Wish, Failure> {
    let typed = total::read(purse, &args.sums);
    if !typed.unknown.is_empty() {
        return Err(Failure::Gone);
    }
    if typed.gone {
        // Billing has told other services since the window showed them.
        return Err(Failure::PaymentTermsChanged);
    }
    let reckoned = total::total(purse, &typed, args.way);
    let beside = |problem| Failure::Field { field: Field::Sum, problem };
    match reckoned.problem {
        None => {}
        Some(PaymentTrouble::Empty) => return Err(beside(FieldProblem::Empty)),
        Some(PaymentTrouble::Unreadable) => return Err(beside(FieldProblem::Malformed)),
        // The window asks what sums come to before it offers to pay them: the rules are others by now.
        Some(PaymentTrouble::TooSmall { .. } | PaymentTrouble::TooLarge { .. } | PaymentTrouble::NoWay) => {
            return Err(Failure::PaymentTermsChanged);
        }
    }
    let Typed { sums, services, .. } = typed;
    Ok(Wish { sums, services, way: args.way, total: reckoned.total, email })
}

/// Asks the server for the payment. What it certainly did not begin is forgotten; what nobody knows is asked for again
/// under the same id.
async fn begin(core: &Core, person: &Person, id: PaymentId, wish: &Wish) -> Result<Payment, Fault> {
    let part = |(account, sum): &(AccountId, Kopecks)| {
        let services = wish.services.get(account).cloned().unwrap_or_default();
        PartSum { account: *account, sum: *sum, services }
    };
    let parts = wish.sums.iter().map(part).collect();
    let body = StartPayment { id, parts, way: wish.way, total: wish.total, email: wish.email.clone() };
    let answer = person.call::<Payment>(core.ports.transport.as_ref(), "POST", "/v1/payments", Some(&body)).await;
    match answer {
        Ok(payment) => {
            heard(person, &payment).await?;
            Ok(payment)
        }
        Err(error) => {
            if is_refusal(&error) {
                person.payments.forget(&person.engine, |known| known == id).await?;
                // What stands in the way is on its way to the mirror.
                person.engine.send_now();
            }
            Err(error.into())
        }
    }
}

/// Whether the server said that this payment was not begun, or is over.
const fn is_refusal(error: &CallError) -> bool {
    matches!(error, CallError::Problem(code) if !matches!(code, Code::SignInNeeded | Code::UpgradeNeeded))
}

const fn is_over_unpaid(status: PaymentStatus) -> bool {
    matches!(status, PaymentStatus::Declined | PaymentStatus::Expired)
}

/// The payment as the server has it now.
async fn known(core: &Core, args: &PaymentArgs) -> Result<Payment, Fault> {
    let person = core.require_person()?;
    let path = format!("/v1/payments/{}", id(args)?);
    let payment: Payment =
        person.call(core.ports.transport.as_ref(), "GET", &path, None::<&Nothing>).await.map_err(Fault::from)?;
    heard(&person, &payment).await?;
    Ok(payment)
}

/// The server told where a payment stands.
async fn heard(person: &Person, payment: &Payment) -> Result<(), Fault> {
    if payment.status.is_live() {
        return Ok(());
    }
    person.payments.forget(&person.engine, |id| id == payment.id).await
}

fn browse(core: &Core, url: Option<&str>) -> Result<Nothing, Fault> {
    let page = url.and_then(page).ok_or(Failure::Gone)?;
    core.config.opener.browse(page.as_str())?;
    Ok(Nothing {})
}

/// A page that may be opened: the bank's, by TLS, or one of this computer, where a bank of a test is.
pub(super) fn page(url: &str) -> Option<Url> {
    let url = Url::parse(url).ok()?;
    let here = || matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let open = url.scheme() == "https" || (url.scheme() == "http" && here());
    let plain = url.username().is_empty() && url.password().is_none();
    (open && plain && url.has_host()).then_some(url)
}

fn state_view(payment: &Payment) -> PaymentStateView {
    let live = payment.status.is_live();
    PaymentStateView {
        payment: payment.id.to_string(),
        status: payment.status,
        total: payment.total,
        commission: payment.commission,
        sbp: payment.sbp_payload.as_deref().filter(|_| live).and_then(|payload| drawn(payload.as_bytes())),
        page: live && payment.form_url.as_deref().and_then(page).is_some(),
        receipt: payment.receipt_url.as_deref().and_then(page).is_some(),
        why: payment.why.clone(),
        until_ms: payment.until_ms,
    }
}

/// Empty means: no receipt by mail.
fn receipt_email(text: &str) -> Result<String, Failure> {
    fields::email(text).map_err(|_| Failure::Field { field: Field::Receipt, problem: FieldProblem::Malformed })
}

fn id(args: &PaymentArgs) -> Result<PaymentId, Failure> {
    args.payment.parse().map_err(|_| Failure::Gone)
}

fn account(text: &str) -> Result<AccountId, Failure> {
    text.parse().map_err(|_| Failure::Gone)
}
