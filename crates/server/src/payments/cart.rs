//! The cart of the receipt that the bank's cash register makes (54-ФЗ; docs/domain.md).

use crate::config::{FiscalSettings, PaymentSettings};
use chrono::NaiveDate;
use domain::Kopecks;
use domain::payment::ServiceSum;
use serde_json::{Value, json};

/// A position is one piece: its price is its sum.
const PIECES: &str = "0";

/// What one account gets, by services where the payer divided it.
pub(super) struct Goods {
    /// The account's number.
    pub(super) number: String,
    /// The sum.
    pub(super) sum: Kopecks,
    /// The same by services; empty: as one.
    pub(super) services: Vec<ServiceSum>,
}

/// The cart of a payment: a position for each account or each of its services, one for the commission. `None` where the
/// settings ask for none.
pub(super) fn cart(
    settings: &PaymentSettings,
    day: NaiveDate,
    accounts: &[Goods],
    commission: Kopecks,
) -> Option<Value> {
    let fiscal = settings.fiscal.as_ref()?;
    let Some(tax) = fiscal.tax_type(day) else {
        tracing::error!("no VAT is in force today: the bank makes no receipt");
        return None;
    };
    let goods = accounts.iter().flat_map(|Goods { number, sum, services }| {
        let whole = services.is_empty().then(|| (format!("{}, ЛС {number}", fiscal.name), number.as_str(), *sum));
        let parts = services.iter().map(move |one| (format!("{}, ЛС {number}", one.service), number.as_str(), one.sum));
        whole.into_iter().chain(parts)
    });
    let fee = (commission > Kopecks(0)).then(|| (fiscal.commission_name.clone(), "commission", commission));
    let items: Vec<Value> = goods
        .chain(fee)
        .enumerate()
        .map(|(place, (name, code, sum))| position(fiscal, tax, place + 1, &name, code, sum))
        .collect();
    let total: i64 = accounts.iter().map(|goods| goods.sum.0).sum::<i64>() + commission.0;
    Some(json!({
        "ffdVersion": "1.2",
        "receiptType": "sell",
        "company": {
            "email": fiscal.email,
            "sno": fiscal.sno,
            "inn": settings.payee.inn().as_str(),
            "paymentAddress": fiscal.payment_address,
        },
        "cartItems": {"items": items},
        "payments": [{"type": 1, "sum": total}],
        "total": total,
    }))
}

fn position(fiscal: &FiscalSettings, tax: u8, place: usize, name: &str, code: &str, sum: Kopecks) -> Value {
    json!({
        "positionId": place.to_string(),
        "itemCode": code,
        "name": name.chars().take(128).collect::<String>(),
        "quantity": {"value": 1, "measure": PIECES},
        "itemPrice": sum.0,
        "itemAmount": sum.0,
        "paymentMethod": fiscal.method,
        "paymentObject": fiscal.object,
        "tax": {"taxType": tax},
    })
}
