//! Bills on paper.

use super::code;
use super::town::{self, LINES};
use crate::figure::{Figure, Side, Unit, turns};
use crate::stage::{Stage, seconds};
use chrono::NaiveDate;
use domain::payment_qr::Encoding;
use domain::qr_code::QrCode;
use domain::{AccountId, AccountNumber, HouseId, Kopecks, Period};
use server::bill_form::{Form, make};
use std::hint::black_box;
use std::time::Instant;
use uuid::Uuid;
use wire::entity::Account;
use wire::utility::{AttachmentRules, Office, Utility};

/// A thousand documents, each of one page.
pub fn pages(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(10, 1_000);
    let (utility, payee) = (utility(), code::payee()?);
    let month = Period::new(2026, 9)?;
    let mut bills = Vec::with_capacity(count);
    for at in 0..count {
        let account = account(at)?;
        let bill = town::bill(&account.number, month, at)?.into_bill(account.id);
        bills.push((bill, account, code::bytes(at, Encoding::Utf8)?));
    }
    let drawn = |with_code: bool| {
        let began = Instant::now();
        for (bill, account, bytes) in &bills {
            let code = with_code.then_some(bytes.as_slice());
            let page = make(&Form { bill, account, utility: &utility, payee: Some(&payee), code })?;
            anyhow::ensure!(page.starts_with(b"%PDF"), "no document");
        }
        Ok(count as f64 / seconds(began))
    };
    let mut codes = || {
        let began = Instant::now();
        for (_, _, bytes) in &bills {
            black_box(QrCode::draw(bytes)?);
        }
        Ok(count as f64 / seconds(began))
    };
    let (mut ours, mut without) = (|| drawn(true), || drawn(false));
    let measured = turns(stage.pick(1, 3), &mut [&mut ours, &mut without, &mut codes])?;
    let names = ["квитанция с QR-кодом", "та же страница без кода", "один QR-код, без страницы"];
    let sides = measured.into_iter().zip(names);
    let sides = sides.map(|(runs, name)| Side { name: name.into(), durability: String::new(), runs }).collect();
    let what = format!("страниц PDF в секунду одним потоком, {count} квитанций по {LINES} строк");
    Ok(Figure::new("bill.pdf", what, Unit::PerSecond, sides))
}

fn account(at: usize) -> anyhow::Result<Account> {
    Ok(Account {
        id: AccountId::new(Uuid::from_u128(at as u128 + 1)),
        number: AccountNumber::parse(&format!("{:010}", 2_140_000_000 + at))?,
        els: None,
        house: HouseId::new(Uuid::from_u128(1)),
        address: format!("г. Новочебоксарск, ул. Винокурова, д. 10, кв. {}", at + 1),
        short_address: format!("Винокурова, 10-{}", at + 1),
        payer: "Иванов Иван Иванович".into(),
        debt: Kopecks(380_452),
        debt_on: NaiveDate::default(),
        services: Vec::new(),
    })
}

fn utility() -> Utility {
    let office = Office {
        phone: "8 (8352) 00-01-30".into(),
        hours: "пн–пт, 8:00–17:00".into(),
        email: "abonent@ks.example".into(),
        address: "г. Новочебоксарск, ул. Коммунальная, д. 8".into(),
    };
    Utility {
        name: "МУП «КС г. Новочебоксарска»".into(),
        initials: "КС".into(),
        accent_hue: 205,
        zone: "Europe/Moscow".into(),
        emergency_phone: "8 (8352) 00-01-12".into(),
        support: office.clone(),
        subscriber_office: office,
        code_digits: 4,
        attachments: AttachmentRules::default(),
    }
}
