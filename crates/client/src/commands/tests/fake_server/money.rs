//! Payments: as much of the server's rules as the commands look at. One live payment holds an account.

use super::State;
use crate::ports::{Request, Response};
use bytes::Bytes;
use domain::payment::{PaymentStatus, PaymentWay, in_force};
use domain::{BillId, Kopecks, PaymentId, PaymentPartId, UserId};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;
use wire::entity::Entity;
use wire::feed::{Change, Row, Scope};
use wire::money::{Payment, PaymentPart, StartPayment};
use wire::problem::Code;

/// What is paid.
#[derive(Default)]
pub(in super::super) struct Bank {
    /// The bank does not answer: payments are begun and have no page.
    pub(in super::super) silent: bool,
    /// The next payment is begun and the answer lost.
    pub(in super::super) lose_answer: bool,
    /// The next payment is begun and the answer is still on its way when everything here is over.
    pub(in super::super) answer_never: bool,
    /// What was begun, in the order of its beginning.
    pub(in super::super) begun: Vec<(UserId, Payment)>,
    /// How often somebody asked to begin.
    pub(in super::super) asked: u32,
    /// Printed forms.
    pub(in super::super) forms: BTreeMap<BillId, Vec<u8>>,
    /// How often a form was fetched.
    pub(in super::super) printed: u32,
    /// Where the bank's page is.
    pub(in super::super) page: Option<String>,
}

impl State {
    /// The answer to a request about money; `None` for any other.
    pub(super) fn money(
        &mut self,
        method: &str,
        path: &str,
        body: &[u8],
        user: UserId,
        now_ms: i64,
    ) -> Option<Result<Value, Code>> {
        if (method, path) == ("POST", "/v1/payments") {
            let wanted = serde_json::from_slice(body).expect("a payment");
            return Some(self.begin(&wanted, user, now_ms).map(|payment| super::to_json(&payment)));
        }
        if let Some(account) = path.strip_prefix("/v1/accounts/").filter(|_| method == "DELETE") {
            let scope = Scope::Account(account.parse().expect("an account"));
            self.revoke(scope, user);
            return Some(Ok(Value::Null));
        }
        let (id, cancel) = path.strip_prefix("/v1/payments/").map(|rest| match rest.strip_suffix("/cancel") {
            Some(id) => (id, true),
            None => (rest, false),
        })?;
        let id: PaymentId = id.parse().expect("a payment");
        if cancel && self.own(id, user).is_some_and(|payment| payment.status.is_live()) {
            self.settle(id, PaymentStatus::Expired);
        }
        Some(self.own(id, user).map(|payment| super::to_json(&payment)).ok_or(Code::PaymentUnknown))
    }

    /// The bank decides, and everybody hears of it.
    pub(in super::super) fn settle(&mut self, id: PaymentId, status: PaymentStatus) {
        let (_, payment) = self.bank.begun.iter_mut().find(|(_, payment)| payment.id == id).expect("a payment");
        payment.status = status;
        if !status.is_live() {
            (payment.form_url, payment.sbp_payload) = (None, None);
        }
        for part in &mut payment.parts {
            part.status = status;
            if status == PaymentStatus::Refunded {
                part.refunded = part.sum;
            }
        }
        for part in payment.parts.clone() {
            self.tell_in(Scope::Account(part.account), Entity::PaymentPart(part));
        }
    }

    /// The bank answers again: a payment that has no page gets one, and everybody hears of it.
    pub(in super::super) fn give_page(&mut self, id: PaymentId, page: &str) {
        self.bank.silent = false;
        let (_, payment) = self.bank.begun.iter_mut().find(|(_, payment)| payment.id == id).expect("a payment");
        payment.form_url = Some(page.into());
        self.settle(id, PaymentStatus::Awaiting);
    }

    /// The answer to a request for a printed form.
    pub(super) fn form(&mut self, request: &Request) -> Option<Response> {
        let bill = request.path.strip_prefix("/v1/bills/")?.strip_suffix("/pdf")?.parse().expect("a bill");
        self.bank.printed += 1;
        let content = self.bank.forms.get(&bill).expect("a form");
        Some(Response {
            status: 200,
            content_type: "application/pdf".into(),
            retry_after: None,
            server_ms: None,
            upload: None,
            bytes: Bytes::copy_from_slice(content),
        })
    }

    fn own(&self, id: PaymentId, user: UserId) -> Option<Payment> {
        let found = self.bank.begun.iter().find(|(of, payment)| payment.id == id && *of == user);
        found.map(|(_, payment)| payment.clone())
    }

    fn begin(&mut self, wanted: &StartPayment, user: UserId, now_ms: i64) -> Result<Payment, Code> {
        self.bank.asked += 1;
        if let Some(known) = self.own(wanted.id, user) {
            return Ok(known);
        }
        let rules = self.entities.iter().rev().find_map(|(_, entity)| match entity {
            Entity::PaymentTerms(terms) => Some(&terms.rules),
            _ => None,
        });
        let today = chrono::DateTime::from_timestamp_millis(now_ms).expect("a time").date_naive();
        let rules = in_force(rules.expect("terms"), today).expect("rules");
        let totals = rules.total(wanted.way, wanted.parts.iter().map(|part| part.sum));
        let totals = totals.map_err(|problem| Code::PaymentRefused { problem })?;
        if totals.total != wanted.total {
            return Err(Code::PaymentTermsChanged);
        }
        let holds = |payment: &Payment| {
            let held = |account| wanted.parts.iter().any(|part| part.account == account);
            payment.status.is_live() && payment.parts.iter().any(|part| held(part.account))
        };
        if let Some((payer, other)) = self.bank.begun.iter().find(|(_, payment)| holds(payment)) {
            return Err(Code::PaymentLocked {
                who: other.parts[0].payer_name.clone(),
                own: *payer == user,
                payment: other.id,
                since_ms: other.parts[0].created_ms,
                until_ms: other.until_ms,
            });
        }
        let payer_name = if user == super::VERA { "Смирнова В. П." } else { "Смирнов О. П." };
        let number = self.bank.begun.len() + 1;
        let part = |(place, part): (usize, &wire::money::PartSum)| PaymentPart {
            id: PaymentPartId::new(Uuid::from_u128((0x9000 + number * 16 + place) as u128)),
            payment: wanted.id,
            account: part.account,
            payer: Some(user),
            payer_name: payer_name.into(),
            sum: part.sum,
            refunded: Kopecks(0),
            way: wanted.way,
            by: String::new(),
            status: PaymentStatus::Awaiting,
            why: String::new(),
            created_ms: now_ms,
            until_ms: now_ms + 1_200_000,
            paid_ms: None,
            credited_ms: None,
            receipt: false,
            services: part.services.clone(),
        };
        let page = self.bank.page.clone().unwrap_or_else(|| format!("https://bank.example/pay?order={number}"));
        let payment = Payment {
            id: wanted.id,
            number: format!("KS-{number:06}"),
            parts: wanted.parts.iter().enumerate().map(part).collect(),
            commission: totals.commission,
            total: totals.total,
            status: PaymentStatus::Awaiting,
            form_url: (!self.bank.silent).then_some(page),
            sbp_payload: (wanted.way == PaymentWay::Sbp).then(|| "https://qr.nspk.ru/AD10006".into()),
            receipt_url: None,
            why: String::new(),
            until_ms: now_ms + 1_200_000,
        };
        self.bank.begun.push((user, payment));
        self.settle(wanted.id, if self.bank.silent { PaymentStatus::Created } else { PaymentStatus::Awaiting });
        self.own(wanted.id, user).ok_or(Code::PaymentUnknown)
    }

    fn revoke(&mut self, scope: Scope, user: UserId) {
        let seq = self.head() + 1;
        self.entities.retain(|(of, _)| *of != scope);
        let change = Change::Revoked { scope };
        self.rows.push(Row { seq, scope: Scope::User(user), operation: None, change });
    }
}
