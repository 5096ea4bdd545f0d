//! Two payments: on the bank's page, and by a code of СБП.

use super::words::roubles;
use super::{bank, document};
use crate::album::Album;
use crate::stage::Stage;
use anyhow::Context;
use serde_json::json;
use zhkh_system_tests::browser::Browser;
use zhkh_system_tests::cut_proxy::Faults;
use zhkh_system_tests::ledger::HeldPayment;
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::{PATIENCE, Window};

/// A card of the sandbox that pays.
const CARD: &str = "2200 0000 0000 0004";

/// Where codes of СБП lead: a telephone opens the program of the person's bank instead.
const NSPK: &str = "https://qr.nspk.ru/";

/// As a person types a sum.
pub fn typed(kopecks: i64) -> String {
    format!("{},{:02}", kopecks / 100, kopecks % 100)
}

/// The answers of the bank and of the server are lost, the bank calls twice, the cable is pulled while the person pays: one
/// order, one credit, one toast.
pub async fn by_card(
    stage: &Stage<'_>,
    album: &mut Album<'_>,
    window: &Window,
    browser: &mut Browser,
    sum: i64,
) -> anyhow::Result<()> {
    bank::turn(stage, json!({"lose_answers": 1, "lose_verb": "register.do", "callback_times": 2})).await?;
    stage.proxy.set(Faults { lose_payments: 1, ..Faults::default() });
    let before = stage.desk.opened()?.len();
    window.fill("К оплате", &typed(sum)).await?;
    window.shows(&roubles(sum)).await?;
    album.keep("sum-typed", "Сумма изменена, итог пересчитан", window).await?;
    window.press_on_page("Оплата").await?;
    until("the server's answer is lost", PATIENCE, || async {
        anyhow::ensure!(stage.proxy.faults().lose_payments == 0, "it is not yet");
        Ok(())
    })
    .await?;
    album.keep("answer-lost", "Ответы банка и сервера потеряны", window).await?;
    window.press_on_page("Продолжить оплату").await?;
    let page = document::opened(stage, before).await?;
    window.shows("Страница банка открыта в браузере").await?;
    album.keep("page-opened", "Страница банка открыта, программа ждёт", window).await?;

    browser.open(&page).await?;
    browser.shows("Номер карты").await?;
    album.keep_browser("bank-page", "Страница банка в браузере", browser).await?;
    window.press("Показания").await?;
    stage.proxy.cut().await;
    bank::turn(stage, json!({"lose_answers": 1, "lose_verb": "getOrderStatusExtended.do"})).await?;
    for (label, text) in [("Номер карты", CARD), ("Срок действия", "12/30"), ("Код CVC", "123")]
    {
        browser.fill(label, text).await?;
    }
    browser.press("Оплатить").await?;
    browser.shows("Вернитесь в программу").await?;
    album.keep_browser("bank-paid", "Оплачено в банке, пока программа без связи", browser).await?;
    the_last(stage, sum, 1).await?;
    until("the second call of the bank", PATIENCE, || async {
        let calls: Vec<_> = stage.town.inspect()?.payments.iter().map(|payment| payment.calls).collect();
        anyhow::ensure!(calls == [2], "the bank called twice, the server heard it {calls:?} times");
        Ok(())
    })
    .await?;
    the_last(stage, sum, 1).await?;

    // What was told so far is not to be clicked.
    stage.desk.notifications()?;
    stage.proxy.restore().await?;
    until("a toast about the payment", PATIENCE, || async {
        anyhow::ensure!(stage.desk.shown()? > 0, "no toast is shown");
        Ok(())
    })
    .await?;
    album.keep("toast", "Связь вернулась: уведомление о зачислении", window).await?;
    stage.desk.click_notification().await?;
    window.shows(&format!("Оплачено и зачислено {}", roubles(sum))).await?;
    album.keep("credited", "Нажатие на уведомление открыло «Оплату»: зачислено", window).await?;
    let told = stage.desk.notifications()?.replace('\u{a0}', " ");
    let times = told.matches(&format!("\"Платёж зачислен: {}\"", roubles(sum))).count();
    anyhow::ensure!(times == 1, "the toast was shown {times} times: {told}");

    let before = stage.desk.opened()?.len();
    window.press_on_page("Чек").await?;
    browser.open(&document::opened(stage, before).await?).await?;
    browser.shows("Кассовый чек").await?;
    album.keep_browser("receipt", "Электронный чек", browser).await?;
    window.press_on_page("Понятно").await
}

/// The code on the screen, read by another program, leads to the page of the person's bank.
pub async fn by_code(
    stage: &Stage<'_>,
    album: &mut Album<'_>,
    window: &Window,
    browser: &mut Browser,
    sum: i64,
) -> anyhow::Result<()> {
    window.fill("К оплате", &typed(sum)).await?;
    window.click_on("По СБП").await?;
    window.press_on_page("Оплата").await?;
    window.shows("Заплатите по коду СБП").await?;
    window.painted().await?;
    let address = document::code_on(&window.picture().await?, stage.out)?;
    let code = address.strip_prefix(NSPK).and_then(|rest| rest.split('?').next());
    let code = code.with_context(|| format!("no code of СБП: {address}"))?;
    album.keep("sbp-code", "Код СБП на экране", window).await?;
    browser.open(&format!("{}/bank/sbp/{code}", stage.town.sandbox)).await?;
    album.keep_browser("sbp-page", "По коду открылся банк плательщика", browser).await?;
    stage.proxy.cut().await;
    window.shows("Платёж не потеряется").await?;
    browser.press("Подтвердить").await?;
    browser.shows("оплачен").await?;
    the_last(stage, sum, 2).await?;
    album.keep("sbp-offline", "Оплачено по коду, пока программа без связи", window).await?;
    stage.proxy.restore().await?;
    window.shows(&format!("Оплачено и зачислено {}", roubles(sum))).await?;
    album.keep("sbp-credited", "Связь вернулась: зачислено", window).await?;
    window.press_on_page("Понятно").await
}

/// Waits until the last of so many payments is credited; there is one order for each, and one credit.
async fn the_last(stage: &Stage<'_>, sum: i64, payments: usize) -> anyhow::Result<HeldPayment> {
    let last = until("the payment is credited", PATIENCE, || async {
        let held = stage.town.inspect()?.payments;
        anyhow::ensure!(held.len() == payments, "not {payments} payments: {held:?}");
        let last = held.into_iter().next_back().context("there are payments")?;
        anyhow::ensure!(last.status == "credited", "{last:?}");
        Ok(last)
    })
    .await?;
    anyhow::ensure!(last.credits == [sum], "not credited exactly once: {last:?}");
    let orders = bank::orders(stage).await?;
    // An order whose answer was lost is given up at the bank before there is another one.
    let (paid, rest): (Vec<_>, Vec<_>) = orders.iter().partition(|order| order.stage == "deposited");
    let given_up = rest.iter().all(|order| order.stage == "declined");
    anyhow::ensure!(paid.len() == payments && given_up, "not one order for each payment: {orders:?}");
    let order = orders.iter().find(|order| order.number == last.number).context("the bank knows the payment")?;
    anyhow::ensure!(order.amount == last.sum + last.commission, "{order:?} is not {last:?}");
    Ok(last)
}
