//! Money: a bill and its document, a payment on the bank's page while the network flaps and the bank misbehaves, one by a
//! code of СБП, the debt that goes down, a code without a network, and registries that have no gap.

mod bank;
mod document;
mod paying;
mod words;

use crate::album::Album;
use crate::coming_in::{attach, register};
use crate::stage::Stage;
use anyhow::Context;
use paying::{by_card, by_code};
use std::path::Path;
use words::{month, roubles};
use zhkh_system_tests::browser::Browser;
use zhkh_system_tests::program;
use zhkh_system_tests::town::SignIn;
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::{PATIENCE, Window};

/// What is paid by card, kopecks.
const BY_CARD: i64 = 200_000;
/// What is paid by СБП, kopecks.
const BY_SBP: i64 = 100_000;
/// What the code without a network is for, kopecks.
const BY_QR: i64 = 40_000;

/// Plays it.
pub async fn play(stage: &Stage<'_>, album: &mut Album<'_>) -> anyhow::Result<()> {
    let account = stage.town.sign_ins()?.into_iter().next().context("the story has accounts")?;
    let window = stage.open("window").await?;
    register(stage, album, &window).await?;
    attach(stage, album, &window).await?;
    let mut browser = Browser::start()?;

    window.press("Оплата").await?;
    window.shows("История платежей").await?;
    window.shows(&roubles(account.sum)).await?;
    album.keep("payment", "Раздел «Оплата»: долг и код для оплаты", &window).await?;
    bill(stage, album, &window, &account).await?;

    by_card(stage, album, &window, &mut browser, BY_CARD).await?;
    window.shows(&roubles(account.sum - BY_CARD)).await?;
    album.keep("debt-less", "Долг стал меньше", &window).await?;
    by_code(stage, album, &window, &mut browser, BY_SBP).await?;
    window.shows(&roubles(account.sum - BY_CARD - BY_SBP)).await?;
    album.keep("debt-least", "Долг стал ещё меньше", &window).await?;

    without_network(stage, album, &window, &account).await?;
    let told = stage.desk.notifications()?.matches("\"Платёж зачислен").count();
    anyhow::ensure!(told == 1, "one payment ended unseen, and {told} toasts told of one");
    registries(stage, album).await?;
    window.close().await
}

/// From the account to its last bill, and the document of that.
async fn bill(stage: &Stage<'_>, album: &mut Album<'_>, window: &Window, account: &SignIn) -> anyhow::Result<()> {
    window.press_on_page("Квитанции").await?;
    window.shows("Двенадцать месяцев").await?;
    album.keep("bills", "Квитанции по месяцам", window).await?;
    window.press_on_page(&month(&account.period)?).await?;
    window.shows("Итого к оплате").await?;
    album.keep("bill", "Квитанция со строками", window).await?;
    window.press_on_page("PDF").await?;
    window.shows("на этом компьютере").await?;
    album.keep("bill-fetched", "PDF загружен на компьютер", window).await?;
    let before = stage.desk.opened()?.len();
    window.press_on_page("Открыть").await?;
    let file = document::opened(stage, before).await?;
    let (text, page) = document::look(Path::new(&file), stage.out)?;
    let sum = roubles(account.sum);
    let sum = sum.trim_end_matches(" ₽");
    for printed in [account.number.as_str(), sum, "Холодное водоснабжение"] {
        anyhow::ensure!(text.contains(printed), "«{printed}» is not on the bill:\n{text}");
    }
    album.keep_picture("bill-document", "PDF открыт: qpdf без замечаний, текст выделяется", text, &page)?;
    window.press_on_page(&format!("Оплатить {}", roubles(account.sum))).await
}

/// Offline there is the code of the order, with any sum.
async fn without_network(
    stage: &Stage<'_>,
    album: &mut Album<'_>,
    window: &Window,
    account: &SignIn,
) -> anyhow::Result<()> {
    stage.proxy.cut().await;
    window.shows("Пока платите по QR-коду").await?;
    window.fill("К оплате", &paying::typed(BY_QR)).await?;
    let read = until("the code of the sum", PATIENCE, || async {
        let read = document::code_on(&window.picture().await?, stage.out)?;
        anyhow::ensure!(read.contains(&format!("Sum={BY_QR}|")), "the code says {read}");
        Ok(read)
    })
    .await?;
    anyhow::ensure!(read.starts_with("ST0001") && read.contains(&account.number), "the code says {read}");
    album.keep("code-offline", "Связь отключена: код ГОСТ на введённую сумму прочитан чужой программой", window).await
}

/// The utility's end: the payments go to the billing, and the bank's registry has nothing else.
async fn registries(stage: &Stage<'_>, album: &mut Album<'_>) -> anyhow::Result<()> {
    let out = stage.out.join("e1.txt");
    let mut export = stage.town.server.command(&["export", "e1", "--out"]);
    export.arg(&out);
    let told = program::run(export)?;
    let text = encoding_rs::WINDOWS_1251.decode(&std::fs::read(&out)?).0.into_owned();
    album.keep_outside("exported", "Реестр E1 выгружен", &format!("{told}\n{text}")).await?;
    let registry = stage.out.join("bank-registry.csv");
    std::fs::write(&registry, bank::registry(stage).await?)?;
    for file in [&registry, &out] {
        let mut reconcile = stage.town.server.command(&["reconcile"]);
        reconcile.arg(file);
        let told = program::run(reconcile)?;
        anyhow::ensure!(told.contains("Платежей сошлось: 2\n") && told.contains("Расхождений: 0\n"), "{told}");
        let whose = if file == &out { "Выгруженный реестр" } else { "Реестр банка" };
        album.keep_outside("reconciled", &format!("{whose} сверен с платежами: расхождений нет"), &told).await?;
    }
    Ok(())
}
