//! The main job: a reading entered offline reaches the utility exactly once.

use crate::album::Album;
use crate::coming_in::{SERIAL, attach, register};
use crate::reading::Face;
use crate::stage::Stage;
use anyhow::Context;
use zhkh_system_tests::cut_proxy::Faults;
use zhkh_system_tests::meter_card::{MeterCard, enter};
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::{PATIENCE, Window};

const CARD: MeterCard<'_> = MeterCard(SERIAL);

/// Plays it.
pub async fn play(stage: &Stage<'_>, album: &mut Album<'_>) -> anyhow::Result<()> {
    let window = stage.open("window").await?;
    register(stage, album, &window).await?;
    attach(stage, album, &window).await?;

    stage.proxy.cut().await;
    let last = go_to_meter(&window).await?;
    let first = last.plus(6);
    enter(&window, &first.typed()).await?;
    window.shows("Сохранено на этом компьютере").await?;
    album.keep("submitted-offline", "Связь отключена; показание передано и сохранено здесь", &window).await?;
    let changed = last.plus(7);
    CARD.press(&window).await?;
    enter(&window, &changed.typed()).await?;
    CARD.shows(&window, &changed.typed()).await?;
    album.keep("changed-offline", "Показание изменено до отправки", &window).await?;

    window.kill_9().await?;
    album.keep_outside("killed", "Программа убита (kill -9)", "").await?;
    let window = stage.open("window").await?;
    window.shows("Показания").await?;
    go_to_readings(&window).await?;
    CARD.shows(&window, &changed.typed()).await?;
    window.shows("Сохранено на этом компьютере").await?;
    album.keep("started-again", "Программа запущена снова: вход сохранён, показание на месте", &window).await?;

    // The network comes back badly: the first answer is lost, so the operation goes twice.
    let before = stage.proxy.delivered();
    stage.proxy.set(Faults { lose_answers: 1, feed_after: before + 2, ..Faults::default() });
    stage.proxy.restore().await?;
    window.shows("Принято").await?;
    let all_sent = window.shows("Всё отправлено").await;
    album.keep("accepted", "Связь вернулась, первый ответ потерян: показание принято", &window).await?;

    anyhow::ensure!(stage.proxy.delivered() >= before + 2, "the operation was to be sent twice");
    let held = stage.town.inspect()?;
    let reading = held.exactly_once(SERIAL, &[changed.steps()])?;
    anyhow::ensure!(held.readings.len() == 1, "the replaced reading must not be there: {:?}", held.readings);
    all_sent?;
    anyhow::ensure!(reading.captured_ms < reading.received_ms, "the capture time is that of the entry");
    let period = reading.period.clone();

    until("a toast", PATIENCE, || async {
        let told = stage.desk.notifications()?;
        anyhow::ensure!(told.contains("Показание принято"), "toasts so far: {told}");
        Ok(())
    })
    .await?;
    album.keep_outside("toast", "Уведомление показано: «Показание принято»", &stage.desk.notifications()?).await?;

    let registry = stage.town.export(&period, &stage.out.join("r1.txt"))?;
    let line = registry.lines().find(|line| line.contains(SERIAL)).context("the meter is not in the registry")?;
    let value = changed.typed().trim_start_matches('0').to_owned();
    let plain = |text: &str| text.replace(',', ".");
    anyhow::ensure!(plain(line).contains(&plain(&value)), "the registry has another value: {line}");
    album.keep_outside("exported", "Реестр R1 выгружен: показание в нём", line).await?;
    window.close().await
}

async fn go_to_readings(window: &Window) -> anyhow::Result<()> {
    window.press("Показания").await?;
    window.shows(SERIAL).await
}

/// Opens the entry of the meter; gives its last value.
async fn go_to_meter(window: &Window) -> anyhow::Result<Face> {
    go_to_readings(window).await?;
    CARD.press(window).await?;
    let described = until("the drums", PATIENCE, || async {
        let text = window
            .script(
                "const field = document.querySelector('.drums input'); \
                 return field && field.getAttribute('aria-describedby').split(' ') \
                   .map((id) => document.getElementById(id)?.textContent ?? '').join(' ')",
            )
            .await?;
        text.as_str().map(str::to_owned).context("no drums")
    })
    .await?;
    let value = described.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    Face::read(value.with_context(|| format!("no last value in «{described}»"))?)
}
