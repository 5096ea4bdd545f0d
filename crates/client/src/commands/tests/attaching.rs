//! Photos and files: added, kept, sent, fetched, looked at, saved.

use super::house::{House, ask, fails, until};
use super::ticketing::{about, home, message, newest, sign_in, written};
use crate::blobs::BlobError;
use crate::core::Core;
use crate::view::{Failure, Field, FieldProblem};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::{AttachmentLimits, FileId};
use image::ImageFormat;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::Cursor;
use std::sync::Arc;
use wire::utility::{AttachmentRules, Office, Utility};

/// A photo that no other is like.
fn photo(seed: u8, side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = image::GrayImage::from_fn(side, side, |x, y| image::Luma([(x * 7 + y * 13) as u8 ^ seed]));
    picture.write_to(&mut bytes, ImageFormat::Png).expect("written");
    bytes.into_inner()
}

fn name_of(content: &[u8]) -> FileId {
    FileId::of(Sha256::digest(content).into())
}

async fn add(core: &Arc<Core>, name: &str, content: &[u8]) -> Value {
    ask(core, "file_add", json!({ "from": "bytes", "name": name, "base64": BASE64.encode(content) })).await
}

fn with_files(mut args: Value, files: &[&Value]) -> Value {
    args["draft"]["files"] = files.iter().map(|file| json!({ "attachment": file })).collect();
    args
}

async fn settled(core: &Arc<Core>) {
    until(core, "queue", json!({}), |queue| queue["waiting"] == json!([]) && queue["attention"] == json!([])).await;
}

/// A ticket that the server has.
async fn ticket(core: &Arc<Core>) -> Value {
    let ticket = ask(core, "ticket_create", written("Капает")).await["ticket"].clone();
    settled(core).await;
    ticket
}

/// The file of the first message.
fn file_of(talk: &Value) -> &Value {
    let mut lines = talk["lines"].as_array().expect("lines").iter();
    &lines.find(|line| line["line"] == json!("message")).expect("a message")["attachments"][0]
}

fn only_files(house: &House) -> usize {
    let people = std::fs::read_dir(house.data().join("data").join("people")).expect("people");
    let blobs = people.filter_map(|person| std::fs::read_dir(person.expect("listed").path().join("blobs")).ok());
    blobs.flatten().count()
}

#[tokio::test]
async fn a_photo_added_offline_survives_in_its_draft_and_goes_with_the_message() {
    let (house, core) = home().await;
    let ticket = ticket(&core).await;
    house.server.state().cut = true;
    let content = photo(1, 900);
    let added = add(&core, "../../Мойка\u{202e}.PNG", &content).await;
    assert_eq!((&added["file"], &added["name"]), (&json!(name_of(&content).to_string()), &json!("Мойка.PNG")));
    assert_eq!((&added["media"], &added["size"]), (&json!("image/png"), &json!([900, 900])));
    let draft = json!({ "about": about(&ticket), "draft": { "text": "Вот", "files": [{ "attachment": added }] } });
    ask(&core, "draft_save", draft).await;
    core.close().await;

    let core = house.core();
    let talk = ask(&core, "conversation", newest(&ticket)).await;
    assert_eq!(talk["draft"]["files"][0]["attachment"], added);
    let small = core.read_blob(added["thumbnail"].as_str().expect("a picture"), 0..u64::MAX).await.expect("made");
    assert_eq!(crate::blobs::shown_as(&small.bytes), "image/jpeg");
    ask(&core, "message_send", with_files(message(&ticket, "Вот"), &[&added])).await;
    let talk = ask(&core, "conversation", newest(&ticket)).await;
    assert_eq!((&talk["draft"]["files"], &file_of(&talk)["sent"]), (&json!([]), &json!(0)), "{talk}");
    core.close().await;

    let core = house.core();
    house.server.state().cut = false;
    ask(&core, "person_back", json!({})).await;
    settled(&core).await;
    assert_eq!(house.server.state().files.values().collect::<Vec<_>>(), [&content]);
    let talk = ask(&core, "conversation", newest(&ticket)).await;
    let sent = file_of(&talk);
    assert_eq!(
        (&sent["sent"], &sent["blob"]),
        (&Value::Null, &added["file"]),
        "it can be looked at without the server"
    );
    core.close().await;
}

#[tokio::test]
async fn what_the_utility_would_not_take_is_told_beside_the_file() {
    let (house, core) = home().await;
    let office = Office { phone: String::new(), hours: String::new(), email: String::new(), address: String::new() };
    house.server.state().utility = Some(Utility {
        name: "КС".into(),
        initials: "КС".into(),
        accent_hue: 200,
        zone: "Europe/Moscow".into(),
        emergency_phone: "112".into(),
        support: office.clone(),
        subscriber_office: office,
        code_digits: 4,
        attachments: AttachmentRules {
            limits: AttachmentLimits { file_bytes: 20_000, files: 2 },
            media: vec!["image/png".into()],
        },
    });
    ask(&core, "person_back", json!({})).await;
    until(&core, "tickets", super::ticketing::list(), |view| view["limits"]["files"] == json!(2)).await;
    let told = async |name: &str, content: &[u8]| {
        let args = json!({ "from": "bytes", "name": name, "base64": BASE64.encode(content) });
        match fails(&core, "file_add", args).await {
            Failure::Field { field: Field::File, problem } => problem,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(told("пусто.png", b"").await, FieldProblem::Empty);
    let large = FieldProblem::FileTooLarge { max_bytes: 20_000 };
    assert_eq!(told("велик.png", &photo(1, 20).repeat(1000)).await, large);
    assert_eq!(told("фото.png", b"MZ\x90\0\x03\0\0\0").await, FieldProblem::FileForbidden, "a program");
    assert_eq!(told("акт.pdf", b"%PDF-1.7\n").await, FieldProblem::FileForbidden, "not among the utility's kinds");
    assert_eq!(told("бита.png", b"\x89PNG\r\n\x1a\nnothing").await, FieldProblem::FileForbidden);
    let mut files = Vec::new();
    for seed in 0..3 {
        files.push(add(&core, "фото.png", &photo(seed, 10)).await);
    }
    let files: Vec<&Value> = files.iter().collect();
    let many = fails(&core, "ticket_create", with_files(written("Капает"), &files)).await;
    assert_eq!(many, Failure::Field { field: Field::File, problem: FieldProblem::TooManyFiles { max: 2 } });
    core.close().await;
}

#[tokio::test]
async fn a_content_is_fetched_goes_on_where_it_was_cut_off_and_is_what_its_name_says() {
    let (house, core) = home().await;
    let content: Vec<u8> = b"%PDF-1.7\n".iter().copied().chain((0..2_500_000_u32).map(|at| (at % 249) as u8)).collect();
    let file = name_of(&content);
    let args = json!({ "file": file.to_string(), "name": "Смета.pdf" });
    house.server.state().files.insert(file, content.clone());
    house.server.state().cut = true;
    assert_eq!(fails(&core, "attachment_fetch", args.clone()).await, Failure::Offline);
    house.server.state().cut = false;
    house.server.state().cut_after = Some(2);
    assert_eq!(fails(&core, "attachment_fetch", args.clone()).await, Failure::Offline);
    core.close().await;

    house.server.state().cut_after = None;
    house.server.state().fetched = 0;
    let core = sign_in(&house).await;
    let here = ask(&core, "attachment_fetch", args.clone()).await;
    assert_eq!((&here["blob"], &here["bytes"]), (&json!(file.to_string()), &json!(content.len())));
    assert_eq!(house.server.state().fetched, 1, "two pieces were here already");
    assert_eq!(core.read_blob(&file.to_string(), 0..u64::MAX).await.expect("here").bytes, content);
    house.server.state().cut = true;
    let saved = ask(&core, "attachment_save", args.clone()).await;
    let path = std::path::Path::new(saved["path"].as_str().expect("a path"));
    assert_eq!((std::fs::read(path).expect("saved"), path.file_name()), (content.clone(), Some("Смета.pdf".as_ref())));
    ask(&core, "attachment_open", json!({ "file": file.to_string(), "name": "смета.exe" })).await;
    let opened = house.opened.0.lock().expect("no panic in it").clone();
    let [copy] = &opened[..] else { panic!("{opened:?}") };
    assert_eq!(copy.file_name(), Some("смета.exe.pdf".as_ref()), "a system opens it by its ending");
    assert_eq!(std::fs::read(copy).expect("a plain copy"), content);
    core.close().await;
    assert!(!copy.exists(), "no plain copy outlives the program");

    let false_one = FileId::of([9; 32]);
    let core = sign_in_again(&house).await;
    house.server.state().files.insert(false_one, content);
    let args = json!({ "file": false_one.to_string(), "name": "x.pdf" });
    assert_eq!(fails(&core, "attachment_fetch", args).await, Failure::ServerBusy);
    assert!(matches!(core.read_blob(&false_one.to_string(), 0..1).await, Err(BlobError::Missing)));
    core.close().await;
}

async fn sign_in_again(house: &House) -> Arc<Core> {
    house.server.state().cut = false;
    sign_in(house).await
}

#[tokio::test]
async fn what_is_fetched_goes_when_it_is_too_much_and_what_is_not_sent_or_written_never_does() {
    let (house, core) = home().await;
    let ticket = ticket(&core).await;
    let mut settings = ask(&core, "boot", json!({})).await["settings"].clone();
    settings["files_megabytes"] = json!(1);
    ask(&core, "settings_save", settings).await;
    let (unsent, written_down) = (photo(1, 700), photo(2, 700));
    house.server.state().cut = true;
    let in_a_message = add(&core, "одно.png", &unsent).await;
    ask(&core, "message_send", with_files(message(&ticket, "Вот"), &[&in_a_message])).await;
    let in_a_draft = add(&core, "другое.png", &written_down).await;
    let draft = json!({ "about": about(&ticket), "draft": { "text": "", "files": [{ "attachment": in_a_draft }] } });
    ask(&core, "draft_save", draft).await;
    core.close().await;

    house.server.state().cut = false;
    let core = house.core();
    let fetched: Vec<Vec<u8>> = (0..3).map(|seed| [b"%PDF-1.7\n".as_slice(), &[seed; 450_000]].concat()).collect();
    for content in &fetched {
        house.server.state().files.insert(name_of(content), content.clone());
        house.clock.forward(std::time::Duration::from_secs(7200));
        let args = json!({ "file": name_of(content).to_string(), "name": "x.pdf" });
        ask(&core, "attachment_fetch", args).await;
    }
    let here = async |content: &[u8]| core.read_blob(&name_of(content).to_string(), 0..1).await.is_ok();
    assert_eq!([here(&fetched[0]).await, here(&fetched[1]).await, here(&fetched[2]).await], [false, true, true]);
    assert!(here(&unsent).await && here(&written_down).await);
    core.close().await;
    let core = house.core();
    let here = async |content: &[u8]| core.read_blob(&name_of(content).to_string(), 0..1).await.is_ok();
    assert!(here(&fetched[2]).await && here(&written_down).await, "over a restart too");
    core.close().await;
}

#[tokio::test]
async fn a_file_that_is_taken_out_again_leaves_nothing_on_the_disk() {
    let (house, core) = home().await;
    let added = add(&core, "фото.png", &photo(1, 50)).await;
    assert_eq!(only_files(&house), 1);
    let args = json!({ "file": added["file"], "name": added["name"] });
    ask(&core, "file_remove", args).await;
    assert_eq!(only_files(&house), 0);
    core.close().await;
}
