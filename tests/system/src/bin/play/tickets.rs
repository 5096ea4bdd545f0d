//! The loop between resident and utility: a ticket with a photo, entered offline and killed in the middle of its upload,
//! is registered once, answered by the dispatcher, and closed with a rating.

use crate::album::Album;
use crate::coming_in::{attach, register};
use crate::stage::Stage;
use anyhow::Context;
use std::io::Write;
use std::process::Stdio;
use zhkh_system_tests::cut_proxy::Faults;
use zhkh_system_tests::ledger::{Held, HeldTicket};
use zhkh_system_tests::until::until;
use zhkh_system_tests::window::{PATIENCE, Window};

const LOGIN: &str = "ilina";
const PASSWORD: &str = "Dispetcher5kofe";
const DESCRIPTION: &str = "Течёт труба в ванной, под потолком. Подставила таз.";
const MESSAGES: [&str; 3] = ["Капает сильно.", "Я дома весь день.", "Код домофона 25К."];
const ANSWER: &str = "Стояк перекрыли, слесарь придёт до 16:00.";

/// How much of the photo gets through before the program is killed.
const THROUGH: usize = 3 << 20;

/// Drops a picture of 12 MB on the place where files are taken: noise, so that it does not get smaller.
const DROP_A_PHOTO: &str = "const done = arguments[arguments.length - 1]; \
    const canvas = Object.assign(document.createElement('canvas'), { width: 2000, height: 2000 }); \
    const paper = canvas.getContext('2d'); const sheet = paper.createImageData(2000, 2000); \
    for (let at = 0; at < sheet.data.length; at += 65536) \
      crypto.getRandomValues(sheet.data.subarray(at, Math.min(at + 65536, sheet.data.length))); \
    for (let at = 3; at < sheet.data.length; at += 4) sheet.data[at] = 255; \
    paper.putImageData(sheet, 0, 0); \
    canvas.toBlob((blob) => { \
      const carried = new DataTransfer(); \
      carried.items.add(new File([blob], 'труба.png', { type: 'image/png' })); \
      const place = document.querySelector('textarea'); \
      for (const kind of ['dragenter', 'dragover', 'drop']) \
        place.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried })); \
      done(blob.size); \
    }, 'image/png')";

/// Plays it.
pub async fn play(stage: &Stage<'_>, album: &mut Album<'_>) -> anyhow::Result<()> {
    employ(stage)?;
    let resident = stage.open("resident").await?;
    register(stage, album, &resident).await?;
    attach(stage, album, &resident).await?;

    stage.proxy.cut().await;
    ask(album, &resident).await?;
    for text in MESSAGES {
        write(&resident, text).await?;
    }
    album.keep("written-offline", "Три сообщения к заявке без номера", &resident).await?;

    stage.proxy.set(Faults { upload_limit: Some(THROUGH), ..Faults::default() });
    stage.proxy.restore().await?;
    until("the upload stands in the middle", PATIENCE, || async {
        let left = stage.proxy.faults().upload_limit;
        anyhow::ensure!(left == Some(0), "{left:?} bytes may still go");
        Ok(())
    })
    .await?;
    album.keep("uploading", "Связь вернулась, фото ушло не до конца", &resident).await?;
    resident.kill_9().await?;
    album.keep_outside("killed", "Программа убита (kill -9) посреди отправки фото", "").await?;

    stage.proxy.set(Faults::default());
    let resident = stage.open("resident").await?;
    resident.press("Заявки").await?;
    resident.shows("Всё отправлено").await?;
    let held = stage.town.inspect()?;
    let ticket = the_ticket(&held)?;
    anyhow::ensure!(ticket.files == 1, "the photo is there {} times", ticket.files);
    let said: Vec<_> = ticket.messages.iter().map(|message| message.text.as_str()).collect();
    anyhow::ensure!(said == MESSAGES, "the messages stand as {said:?}");
    let number = format!("№ {}", ticket.number);
    resident.shows(&number).await?;
    album.keep("registered", "Заявка зарегистрирована один раз, с фото и сообщениями по порядку", &resident).await?;
    // What is open in front of a person is told by no toast.
    resident.press("Показания").await?;
    // What was told so far is not to be clicked.
    stage.desk.notifications()?;

    let dispatcher = stage.open("dispatcher").await?;
    answer(album, &dispatcher, &number).await?;

    until("a toast about the answer", PATIENCE, || async {
        let told = stage.desk.shown()?;
        anyhow::ensure!(told > 0, "no toast is shown");
        Ok(())
    })
    .await?;
    album.keep_outside("toast", "Уведомление жителю об ответе", "").await?;
    stage.desk.click_notification().await?;
    resident.shows(ANSWER).await?;
    album.keep_page("answer-opened", "Нажатие на уведомление открыло переписку", &resident).await?;

    close(album, &resident).await?;
    until("the rating on the server", PATIENCE, || async {
        let held = stage.town.inspect()?;
        let ticket = the_ticket(&held)?;
        anyhow::ensure!(ticket.status == "closed" && ticket.rating == Some(5), "{ticket:?}");
        Ok(())
    })
    .await?;
    dispatcher.shows("Закрыта").await?;
    album.keep_page("closed-at-the-desk", "Диспетчер видит закрытие и оценку", &dispatcher).await?;
    dispatcher.close().await?;
    resident.close().await
}

/// `zhkh-server staff add`.
fn employ(stage: &Stage<'_>) -> anyhow::Result<()> {
    let mut command = stage.town.server.command(&["staff", "add", LOGIN, "--role", "dispatcher"]);
    command.args(["--name", "Ильина Светлана Викторовна", "--post", "диспетчер"]);
    let mut adding = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
    let mut typed = adding.stdin.take().context("piped")?;
    writeln!(typed, "{PASSWORD}")?;
    drop(typed);
    anyhow::ensure!(adding.wait()?.success(), "the dispatcher was not added");
    Ok(())
}

/// A ticket with a photo.
async fn ask(album: &mut Album<'_>, window: &Window) -> anyhow::Result<()> {
    window.press("Заявки").await?;
    window.press("Создать").await?;
    window.choose_by_words("Что случилось", "Аварийная служба").await?;
    window.choose_by_words("Уточните", "Течь").await?;
    window.fill("Опишите подробнее", DESCRIPTION).await?;
    let bytes = window.script_async(DROP_A_PHOTO).await?;
    anyhow::ensure!(bytes.as_u64().is_some_and(|bytes| bytes > 11_000_000), "the photo has {bytes} bytes");
    window.shows("труба.png").await?;
    album.keep("ticket-form", "Заявка с фото, связи нет", window).await?;
    window.press("Отправить заявку").await?;
    window.shows("Без номера").await?;
    album.keep("ticket-offline", "Заявка видна сразу, номера ещё нет", window).await
}

async fn write(window: &Window, text: &str) -> anyhow::Result<()> {
    window.fill("Сообщение", text).await?;
    window.press("Отправить").await?;
    window.shows(text).await
}

/// The dispatcher comes in, takes the ticket and answers.
async fn answer(album: &mut Album<'_>, window: &Window, number: &str) -> anyhow::Result<()> {
    window.fill("Телефон", LOGIN).await?;
    window.fill("Пароль", PASSWORD).await?;
    window.press("Войти").await?;
    window.press("Новые").await?;
    window.click_on("Течь, прорвало трубу").await?;
    window.shows(number).await?;
    window.shows(DESCRIPTION).await?;
    window.press("Взять").await?;
    window.shows("Принята").await?;
    window.fill("Сообщение", ANSWER).await?;
    window.press("Отправить").await?;
    window.shows("Всё отправлено").await?;
    album.keep_page("answered", "Диспетчер взял заявку и ответил", window).await
}

/// The resident is content.
async fn close(album: &mut Album<'_>, window: &Window) -> anyhow::Result<()> {
    window.press("Закрыть").await?;
    window.tick_radio("5 звёзд").await?;
    window.press("Закрыть заявку").await?;
    window.shows("Вы закрыли заявку").await?;
    album.keep_page("closed", "Житель закрыл заявку с оценкой", window).await
}

fn the_ticket(held: &Held) -> anyhow::Result<&HeldTicket> {
    let [ticket] = &held.tickets[..] else { anyhow::bail!("not exactly once: {:?}", held.tickets) };
    anyhow::ensure!(ticket.description == DESCRIPTION, "another ticket: {ticket:?}");
    Ok(ticket)
}
