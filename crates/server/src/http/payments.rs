//! `/v1/payments`: begun, looked at, cancelled; and the page to which the bank's page leads back.

use super::body::Body;
use crate::bank::BankError;
use crate::failure::Failure;
use crate::payments::asking::{self, busy_until};
use crate::payments::start::{self, Begun};
use crate::payments::{callback, shown};
use crate::server::App;
use crate::sessions::Caller;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Html;
use domain::PaymentId;
use std::sync::Arc;
use wire::money::{Payment, StartPayment};
use wire::problem::{Code, Problem};

/// Begins a payment. The same id again is answered with the same payment.
#[utoipa::path(post, path = "/v1/payments", tag = "payments", security(("bearer" = [])), request_body = StartPayment,
    responses(
    (status = 200, body = Payment),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
    (status = 409, description = "payment_locked, payment_terms_changed", body = Problem, content_type = "application/problem+json"),
    (status = 422, description = "payment_refused, unreadable", body = Problem, content_type = "application/problem+json"),
    (status = 429, description = "locked_out", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "bank_unavailable", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn start(
    State(app): State<Arc<App>>,
    caller: Caller,
    Body(wanted): Body<StartPayment>,
) -> Result<Json<Payment>, Failure> {
    let (id, user) = (wanted.id, caller.user);
    let now = app.clock.now_ms();
    let busy_ms = app.config.bank.as_ref().map_or(now, |settings| busy_until(settings, now));
    let shared = Arc::clone(&app);
    let begun = app.store.write(move |tx| start::begin(tx, &shared.config, &caller, &wanted, busy_ms)).await?.value;
    let heard = match begun {
        Begun::Now => Some(asking::finish(&app, id, busy_ms, true).await?),
        Begun::Before => asking::ask(&app, id).await?,
    };
    let payment = own(&app, user, id).await?;
    match heard {
        // It was never asked, and the payment is over.
        Some(Err(BankError::NotAsked)) if !payment.status.is_live() => Err(Code::BankUnavailable.into()),
        _ => Ok(Json(payment)),
    }
}

/// How a payment stands.
#[utoipa::path(get, path = "/v1/payments/{payment}", tag = "payments", security(("bearer" = [])),
    params(("payment" = uuid::Uuid, Path)), responses(
    (status = 200, body = Payment),
    (status = 404, description = "payment_unknown", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn state(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(payment): Path<uuid::Uuid>,
) -> Result<Json<Payment>, Failure> {
    own(&app, caller.user, PaymentId::new(payment)).await.map(Json)
}

/// Cancels a payment. It may have been paid meanwhile: what became of it is in the answer. With `bank_unavailable` it is
/// cancelled as soon as the bank can be asked.
#[utoipa::path(post, path = "/v1/payments/{payment}/cancel", tag = "payments", security(("bearer" = [])),
    params(("payment" = uuid::Uuid, Path)), responses(
    (status = 200, body = Payment),
    (status = 404, description = "payment_unknown", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "bank_unavailable", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn cancel(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(payment): Path<uuid::Uuid>,
) -> Result<Json<Payment>, Failure> {
    let (id, user) = (PaymentId::new(payment), caller.user);
    let live = app.store.write(move |tx| start::cancel(tx, &caller, id)).await?.value;
    let heard = if live { asking::ask(&app, id).await? } else { None };
    let payment = own(&app, user, id).await?;
    match heard {
        Some(Err(_)) if payment.status.is_live() => Err(Code::BankUnavailable.into()),
        _ => Ok(Json(payment)),
    }
}

/// Where the bank's page leads back to. It holds nothing of the payment: what the address says is a hint only, and whoever
/// opens it may be anybody.
#[utoipa::path(get, path = "/pay/return/{number}", tag = "payments", params(("number" = String, Path)), responses(
    (status = 200, body = String, content_type = "text/html"),
))]
pub(super) async fn returned(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
) -> Result<Html<&'static str>, Failure> {
    callback::came_back(&app, &number).await?;
    Ok(Html(PAGE))
}

async fn own(app: &Arc<App>, user: domain::UserId, id: PaymentId) -> Result<Payment, Failure> {
    let found = app.store.read(move |sql| shown::own(sql, user, id)).await?;
    found.ok_or_else(|| Code::PaymentUnknown.into())
}

const PAGE: &str = r#"<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>ЖКХ: возврат из банка</title>
<style>
body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#f2f5f7;color:#16242d}
main{max-width:520px;margin:15vh auto;padding:32px;background:#fff;border-radius:16px;box-shadow:0 1px 3px #0000001f}
h1{font-size:24px;margin:0 0 8px}
@media(prefers-color-scheme:dark){body{background:#10181d;color:#e6edf1}main{background:#1a252c}}
</style></head><body><main>
<h1>Вернитесь в программу ЖКХ</h1>
<p>Что стало с платежом, она узнаёт от банка сама и покажет вам. Эту страницу можно закрыть.</p>
</main></body></html>
"#;
