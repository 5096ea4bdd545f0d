//! Reading payment codes.

use crate::figure::{Figure, Side, Unit, turns};
use crate::stage::{Stage, seconds};
use domain::Kopecks;
use domain::payment_qr::{self, Encoding, Key, Payee, PayeeText, PaymentQr};
use std::hint::black_box;
use std::time::Instant;

/// Whom this town pays.
pub fn payee() -> anyhow::Result<Payee> {
    Ok(Payee::new(&PayeeText {
        name: "МУП «КС г. Новочебоксарска»".into(),
        account: "40702810775020000123".into(),
        bank: "Чувашское отделение №8613 ПАО Сбербанк".into(),
        bic: "049706609".into(),
        corr_account: Some("30101810300000000609".into()),
        inn: "2124012348".into(),
        kpp: Some("212401001".into()),
    })?)
}

/// The bytes of the code of an account's bill.
pub fn bytes(account: usize, encoding: Encoding) -> anyhow::Result<Vec<u8>> {
    let order = PaymentQr::new(payee()?)
        .with(Key::Purpose, "Оплата ЖКУ за сентябрь 2026")?
        .with(Key::PersAcc, &format!("{:010}", 2_140_000_000 + account))?
        .with(Key::PaymPeriod, "092026")?
        .with_sum(Kopecks(380_452))?;
    Ok(order.write(encoding)?.bytes)
}

/// A million codes, in all encodings in turn.
pub fn parsed(stage: &Stage) -> anyhow::Result<Figure> {
    let count = stage.pick(10_000, 1_000_000);
    let encodings = [Encoding::Utf8, Encoding::Windows1251, Encoding::Koi8R];
    let some = (0..3_000).map(|at| bytes(at, encodings[at % 3])).collect::<anyhow::Result<Vec<_>>>()?;
    let codes = || some.iter().cycle().take(count);
    let mut ours = || {
        let began = Instant::now();
        for code in codes() {
            let bill = payment_qr::bill(black_box(code))?;
            anyhow::ensure!(bill.sum == Some(Kopecks(380_452)), "another sum was read");
        }
        Ok(count as f64 / seconds(began))
    };
    let mut other = || {
        let began = Instant::now();
        for code in codes() {
            black_box(black_box(code).split(|byte| *byte == b'|').count());
        }
        Ok(count as f64 / seconds(began))
    };
    let measured = turns(stage.runs(), &mut [&mut ours, &mut other])?;
    let names = ["payment_qr::bill: счёт, сумма, месяц", "только поиск разделителей, без букв и без смысла"];
    let sides = measured.into_iter().zip(names);
    let sides = sides.map(|(runs, name)| Side { name: name.into(), durability: String::new(), runs }).collect();
    let what = format!("QR-строк в секунду, разобрано {count}, в UTF-8, Windows-1251 и КОИ8-Р поровну");
    Ok(Figure::new("qr.parse", what, Unit::PerSecond, sides))
}
