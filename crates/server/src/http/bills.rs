//! `/v1/bills`: the bill as a document.

use crate::bill_form::{self, Form};
use crate::failure::Failure;
use crate::server::App;
use crate::sessions::Caller;
use crate::storage::{Sql, StoreError};
use crate::{accounts, bills};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse as _, Response};
use domain::payment_qr::Encoding;
use domain::{BillId, Kopecks, UserId};
use std::sync::Arc;
use wire::entity::Account;
use wire::money::Bill;
use wire::problem::{Code, Problem};

/// A bill with its account, if the person has attached it.
fn seen(sql: &mut dyn Sql, user: UserId, bill: BillId) -> Result<Option<(Bill, Account)>, StoreError> {
    let Some(bill) = bills::find(sql, bill)? else { return Ok(None) };
    if !accounts::owns(sql, user, bill.account)? {
        return Ok(None);
    }
    Ok(accounts::entity(sql, bill.account)?.map(|account| (bill, account)))
}

/// A bill as PDF: one A4 page with the payment code.
#[utoipa::path(get, path = "/v1/bills/{bill}/pdf", tag = "payments", security(("bearer" = [])),
    params(("bill" = uuid::Uuid, Path)), responses(
    (status = 200, description = "the document", content_type = "application/pdf"),
    (status = 403, description = "not_yours", body = Problem, content_type = "application/problem+json"),
))]
pub(super) async fn pdf(
    State(app): State<Arc<App>>,
    caller: Caller,
    Path(bill): Path<uuid::Uuid>,
) -> Result<Response, Failure> {
    let (user, id) = (caller.user, BillId::new(bill));
    let found: Result<_, StoreError> = app.store.read(move |sql| seen(sql, user, id)).await;
    let found = found?;
    let (bill, account) = found.ok_or(Code::NotYours)?;
    let drawn = tokio::task::spawn_blocking(move || {
        let config = &app.config;
        let terms = config.payments.as_ref().map(|payments| payments.terms(true));
        let order = terms.as_ref().filter(|_| bill.to_pay > Kopecks(0));
        // A bill whose code cannot be written is still a bill.
        let code =
            order.and_then(|terms| terms.order(&account, bill.period, bill.to_pay)?.ok()?.write(Encoding::Utf8).ok());
        bill_form::make(&Form {
            bill: &bill,
            account: &account,
            utility: &config.utility,
            payee: terms.as_ref().and_then(|terms| terms.payee.as_ref()),
            code: code.as_ref().map(|written| written.bytes.as_slice()),
        })
    });
    let drawn = drawn.await.map_err(|error| Failure::Internal(error.to_string()))?;
    let drawn = drawn.map_err(|error| Failure::Internal(error.to_string()))?;
    let headers =
        [(CONTENT_TYPE, "application/pdf"), (CACHE_CONTROL, "private, no-cache"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    Ok((headers, drawn).into_response())
}
