//! What lies on the disk of a resident's computer.

use crate::{ENTER, NAME, PASSWORD, PHONE, SERIAL, Scene};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;
use zhkh_system_tests::desk::Kind;
use zhkh_system_tests::meter_card::{MeterCard, enter};
use zhkh_system_tests::plain_text;

/// The resident's own name of a meter.
const METER: &str = "Жмурнихельцы";
/// As it is typed; the other spellings of it are those of the face, of the wire and of the ledger's steps.
const VALUE: &str = "460,173";
const VALUE_ELSEWHERE: [&str; 4] = ["460.173", "00460,173", "00460173", "4601730"];

#[tokio::test]
async fn nothing_personal_lies_on_the_disk_in_plain_text_beside_a_keyring() -> anyhow::Result<()> {
    leaves_nothing_on_the_disk(Kind::Full).await
}

#[tokio::test]
async fn nothing_personal_lies_on_the_disk_in_plain_text_without_a_keyring() -> anyhow::Result<()> {
    leaves_nothing_on_the_disk(Kind::Bare).await
}

/// Everything that is personal is entered, the last of it offline; then the power goes.
async fn leaves_nothing_on_the_disk(kind: Kind) -> anyhow::Result<()> {
    let scene = Scene::set(kind).await?;
    let window = scene.open().await?;
    scene.register(&window).await?;
    scene.attach(&window).await?;
    scene.proxy.cut().await;
    window.press("Изменить название: Холодная вода, кухня").await?;
    window.fill("Название прибора", METER).await?;
    window.type_over(&format!("{METER}{ENTER}")).await?;
    window.shows(METER).await?;
    let card = MeterCard(SERIAL);
    card.press(&window).await?;
    enter(&window, VALUE).await?;
    window.shows("Сохранено на этом компьютере").await?;
    card.shows(&window, VALUE).await?;
    window.shows("Нет связи").await?;
    window.kill_9().await?;

    let phone = PHONE.strip_prefix('7').unwrap_or(PHONE);
    let mut markers = vec![NAME, PASSWORD, METER, phone, SERIAL, "2140183572", "Винокурова", VALUE];
    markers.extend(VALUE_ELSEWHERE);
    for folder in [scene.data(), scene.folder.path().join("home")] {
        let leaks = plain_text::search(&folder, &markers)?;
        anyhow::ensure!(leaks.is_empty(), "in plain text: {leaks:#?}");
    }
    let webview = scene.data().join("webview");
    anyhow::ensure!(webview.is_dir(), "the webview keeps its files elsewhere; nothing was searched");
    finds_what_is_there(&webview, &markers)
}

/// A search that finds nothing proves nothing until it finds what is there.
fn finds_what_is_there(folder: &Path, markers: &[&str]) -> anyhow::Result<()> {
    for marker in markers {
        let text = format!("x{marker}y");
        let controls = [
            ("UTF-8", text.clone().into_bytes()),
            ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            ("base64", STANDARD.encode(&text).into_bytes()),
            ("hex", hex::encode(&text).into_bytes()),
        ];
        for (form, bytes) in controls {
            let control = folder.join("control");
            std::fs::write(&control, bytes)?;
            let found = plain_text::search(folder, &[marker])?;
            let seen = found.iter().any(|leak| leak.file == control && leak.form == form);
            anyhow::ensure!(seen, "«{marker}» was planted as {form} and not found: {found:?}");
            std::fs::remove_file(control)?;
        }
    }
    Ok(())
}
