//! The main job: a reading entered offline reaches the utility exactly once.

use crate::album::Album;
use crate::reading::Face;
use anyhow::Context;
use std::path::Path;
use zhkh_system_tests::cut_proxy::{CutProxy, Faults};
use zhkh_system_tests::desk::Desk;
use zhkh_system_tests::meter_card::{MeterCard, enter};
use zhkh_system_tests::robot;
use zhkh_system_tests::town::Town;
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::{PATIENCE, Window};

/// Everything the play stands on.
pub struct Stage<'a> {
    /// The desk.
    pub desk: &'a Desk,
    /// Sandbox and server.
    pub town: &'a Town,
    /// The network between window and server.
    pub proxy: &'a CutProxy,
    /// The folder of the window's data.
    pub work: &'a Path,
    /// Where the export goes.
    pub out: &'a Path,
}

const PHONE: &str = "79001234567";
const NAME: &str = "Смирнова Валентина Петровна";
const PASSWORD: &str = "Pechka7okno";
/// Cold water, kitchen, of the first account of the story.
const SERIAL: &str = "0453817-21";
const CARD: MeterCard<'_> = MeterCard(SERIAL);

/// Plays it.
pub async fn play(stage: &Stage<'_>, album: &mut Album<'_>) -> anyhow::Result<()> {
    let window = open(stage).await?;
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
    let window = open(stage).await?;
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

async fn open(stage: &Stage<'_>) -> anyhow::Result<Window> {
    let data = stage.work.join("window");
    Window::open(stage.desk, &data, &stage.proxy.url(), &stage.out.join("logs")).await
}

async fn register(stage: &Stage<'_>, album: &mut Album<'_>, window: &Window) -> anyhow::Result<()> {
    window.shows("Первый раз здесь?").await?;
    album.keep("start", "Программа запущена впервые", window).await?;
    window.press("Зарегистрироваться").await?;
    window.fill("Телефон", &format!("+{PHONE}")).await?;
    window.fill("ФИО", NAME).await?;
    window.tick("обработку персональных данных").await?;
    album.keep("registration-1", "Шаг 1: телефон, имя, согласие", window).await?;
    window.press("Далее").await?;
    window.press("Запросить звонок с кодом").await?;
    window.press("ОК").await?;
    let code = robot::hear(&stage.town.sandbox, PHONE, 0).await?;
    window.fill("Код доступа", &code).await?;
    album.keep("registration-2", "Шаг 2: робот продиктовал код", window).await?;
    window.press("Далее").await?;
    window.fill("Создайте пароль", PASSWORD).await?;
    window.fill("Подтвердите пароль", PASSWORD).await?;
    album.keep("registration-3", "Шаг 3: пароль", window).await?;
    window.press("Зарегистрироваться").await?;
    window.shows("Профиль").await?;
    album.keep("signed-in", "Вход выполнен", window).await
}

async fn attach(stage: &Stage<'_>, album: &mut Album<'_>, window: &Window) -> anyhow::Result<()> {
    let accounts = stage.town.sign_ins()?;
    let account = accounts.first().context("the story has accounts")?;
    window.press("Подключить лицевой счёт").await?;
    window.fill("Номер лицевого счёта", &account.number).await?;
    window.press("Подключить").await?;
    window.shows("Подтвердите, что счёт ваш").await?;
    window.choose("За какой месяц квитанция", &account.period).await?;
    window.fill("Итого к оплате", &account.sum_typed()).await?;
    album.keep("attach-proof", "Адрес скрыт; доказательство из квитанции", window).await?;
    window.press("Проверить").await?;
    window.shows("Сверьте адрес").await?;
    album.keep("attach-address", "Адрес открыт для сверки", window).await?;
    window.press("Подтвердить адрес").await?;
    window.shows("Счёт подключён").await?;
    window.press("К показаниям").await?;
    window.shows(SERIAL).await?;
    album.keep("readings", "Счёт подключён, раздел «Показания»", window).await
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
