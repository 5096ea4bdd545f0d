//! QR codes: the payment order that is drawn without a network, and whatever else is to be scanned.

use super::purse::Purse;
use crate::view::{Failure, Field, FieldProblem, PaymentQrView, QrView};
use domain::payment_qr::{Encoding, PaymentQr};
use domain::qr_code::QrCode;
use domain::{Kopecks, Period};
use wire::entity::Account;

/// The order to pay a sum for an account, drawn.
pub(crate) fn payment_code(purse: &Purse, account: &Account, sum: Kopecks) -> Result<PaymentQrView, Failure> {
    let (order, period) = order(purse, account, sum)?;
    // What telephones read best.
    let written = order.write(Encoding::Utf8).map_err(|_| Failure::Gone)?;
    Ok(PaymentQrView {
        code: drawn(&written.bytes).ok_or(Failure::Gone)?,
        sum,
        number: account.number.to_string(),
        short_address: account.short_address.clone(),
        period,
        payee: order.payee().name().to_owned(),
    })
}

/// The order, and the month it is for.
pub(super) fn order(purse: &Purse, account: &Account, sum: Kopecks) -> Result<(PaymentQr, Period), Failure> {
    let terms = purse.terms.as_ref().ok_or(Failure::Gone)?;
    // Before the first bill it is the month in which one pays.
    let newest = purse.bills_of(account.id).last().map(|(_, period)| *period);
    let period = newest.unwrap_or_else(|| Period::of(purse.picture.today()));
    let order = terms.order(account, period, sum).ok_or(Failure::Gone)?.map_err(|_| {
        let problem = if sum <= Kopecks(0) { FieldProblem::Empty } else { FieldProblem::Malformed };
        Failure::Field { field: Field::Sum, problem }
    })?;
    Ok((order, period))
}

/// Draws a code; `None` when it is too much for one.
pub(crate) fn drawn(bytes: &[u8]) -> Option<QrView> {
    let code = QrCode::draw(bytes).ok()?;
    Some(QrView { size: u32::try_from(code.width()).ok()?, path: code.svg_path() })
}
