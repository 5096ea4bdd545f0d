//! Uploads: the power fails at every point of taking files.

use crate::house::{House, open, runtime};
use axum::body::Body;
use domain::{FileId, FileName, UserId};
use power_cut::{Disk, Image, seeds};
use rand::{Rng, SeedableRng, rngs::StdRng};
use server::failure::Failure;
use server::files::receiving::{self, Stop, Writing};
use server::files::storing::{self, Wanted};
use server::files::upload::Upload;
use server::files::{self, Attached, Attachment};
use server::server::App;
use server::storage::StoreError;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use tempfile::TempDir;
use uuid::Uuid;
use wire::feed::Scope;

/// The seeds of CI.
const SEEDS: [u64; 2] = [1, 2];
/// How many images all of them share in CI.
const IMAGES: usize = 240;

/// What a sender heard, and when.
struct Told {
    point: usize,
    upload: Uuid,
    bytes: Arc<Vec<u8>>,
    what: What,
}

enum What {
    /// So much was acknowledged.
    Received(u64),
    /// It has its place.
    Stored,
    /// Others may see it.
    Attached,
}

fn sender() -> UserId {
    UserId::new(Uuid::from_u128(1))
}

fn reader() -> UserId {
    UserId::new(Uuid::from_u128(77))
}

fn name_of(bytes: &[u8]) -> FileId {
    FileId::of(Sha256::digest(bytes).into())
}

async fn begin(app: &Arc<App>, bytes: &[u8], promised: bool) -> Upload {
    let wanted = Wanted {
        name: FileName::new("акт.pdf"),
        metadata: String::new(),
        length: bytes.len() as u64,
        promised: promised.then(|| name_of(bytes)),
        may_be_known: false,
    };
    let shared = Arc::clone(app);
    let begun = app.store.write(move |tx| storing::begin(tx, &shared.config, shared.files.folder(), sender(), wanted));
    begun.await.expect("begun").value
}

async fn write(app: &Arc<App>, upload: Uuid, offset: u64, body: Body) -> Result<Upload, Stop> {
    let writing = Writing { user: sender(), upload, offset, declared: None, checksum: None, body };
    receiving::receive(app, writing).await
}

async fn attach(app: &Arc<App>, bytes: &[u8]) -> Attached {
    let (folder, file) = (Arc::clone(app.files.folder()), name_of(bytes));
    let attached = app.store.write(move |tx| {
        let one = Attachment { file, name: FileName::new("акт.pdf") };
        files::attach(tx, &folder, sender(), &[Scope::User(reader())], &[one])
    });
    attached.await.expect("answered").value
}

/// Texts in requests of many sizes, some of which break off; some contents come twice.
async fn workload(house: &House, seed: u64) -> Vec<Told> {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut told = Vec::new();
    let mut last = Arc::default();
    for number in 0..7 {
        let length = dice.random_range(3_000..40_000);
        let bytes: Arc<Vec<u8>> = match number {
            3 => Arc::clone(&last),
            _ => Arc::new((0..length).map(|_| dice.random_range(b'a'..=b'z')).collect()),
        };
        let upload = begin(&house.app, &bytes, dice.random_bool(0.7)).await.id;
        let mut say = |what| told.push(Told { point: house.disk().point(), upload, bytes: Arc::clone(&bytes), what });
        say(What::Received(0));
        let mut at = 0;
        while at < bytes.len() {
            let end = (at + dice.random_range(1..20_000)).min(bytes.len());
            let part = bytes[at..end].to_vec();
            let done = if dice.random_bool(0.25) && end < bytes.len() {
                let broken = [Ok(part), Err(std::io::Error::other("the line broke"))];
                let done = write(&house.app, upload, at as u64, Body::from_stream(stream(broken))).await;
                assert!(matches!(done, Err(Stop::Interrupted)), "{done:?}");
                receiving::standing(&house.app, sender(), upload).await
            } else {
                write(&house.app, upload, at as u64, Body::from(part)).await
            };
            let done = done.unwrap_or_else(|stop| panic!("not taken: {stop:?}"));
            assert_eq!(done.received, end as u64);
            at = end;
            say(if done.stored { What::Stored } else { What::Received(done.received) });
        }
        if number % 2 == 0 {
            assert!(matches!(attach(&house.app, &bytes).await, Attached::All(_)));
            say(What::Attached);
        }
        last = bytes;
    }
    told
}

fn stream(parts: [std::io::Result<Vec<u8>>; 2]) -> impl futures_util::Stream<Item = std::io::Result<Vec<u8>>> {
    futures_util::stream::iter(parts)
}

async fn seen_by(app: &App, user: UserId, file: FileId) -> bool {
    let seen = app.store.read(move |sql| files::seen(sql, user, file));
    seen.await.map_err(|error: StoreError| Failure::from(error)).expect("read").is_some()
}

async fn check(app: &Arc<App>, point: usize, told: &[Told]) {
    for heard in told.iter().filter(|heard| heard.point <= point) {
        let (file, bytes) = (name_of(&heard.bytes), &heard.bytes);
        let place = app.files.folder().content(file);
        match heard.what {
            What::Received(received) => {
                let stands = receiving::standing(app, sender(), heard.upload).await;
                let stands = stands.unwrap_or_else(|stop| panic!("at {point}: the upload is gone: {stop:?}"));
                assert!(stands.received >= received, "at {point}: {} of {received} bytes", stands.received);
                let place = if stands.stored { place } else { app.files.folder().part(heard.upload) };
                let kept = if stands.received == 0 { Vec::new() } else { std::fs::read(place).expect("kept") };
                let count = usize::try_from(stands.received).expect("small");
                assert!(kept.len() >= count && kept[..count] == bytes[..count], "at {point}: other bytes");
            }
            What::Stored => {
                assert!(std::fs::read(&place).is_ok_and(|kept| kept == **bytes), "at {point}: not in its place");
                assert!(seen_by(app, sender(), file).await, "at {point}: its sender does not see it");
            }
            What::Attached => assert!(seen_by(app, reader(), file).await, "at {point}: its reader does not see it"),
        }
    }
}

/// Everything that was begun goes on where it stands and comes to its end.
async fn go_on(app: &Arc<App>, point: usize, told: &[Told]) {
    for begun in told.iter().filter(|heard| heard.point <= point && matches!(heard.what, What::Received(0))) {
        let stands = receiving::standing(app, sender(), begun.upload).await.expect("checked before");
        let rest = begun.bytes[usize::try_from(stands.received).expect("small")..].to_vec();
        let done = write(app, begun.upload, stands.received, Body::from(rest)).await;
        let done = done.unwrap_or_else(|stop| panic!("at {point}: it does not go on: {stop:?}"));
        assert!(done.stored, "at {point}: it does not end");
        let kept = std::fs::read(app.files.folder().content(name_of(&begun.bytes)));
        assert!(kept.is_ok_and(|kept| kept == *begun.bytes), "at {point}: another content came of it");
    }
}

/// A content under a name that is not its own would be given out as what it is not.
fn no_half_content(image: &Image, point: usize) {
    for (path, bytes) in &image.files {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Ok(file) = name.parse::<FileId>() {
            assert_eq!(name_of(bytes), file, "at {point}: half a content has the name of the whole");
        }
    }
}

#[test]
fn what_a_sender_was_told_of_a_file_is_true_after_a_power_cut_and_the_rest_goes_on() {
    let each = seeds::power_cuts(IMAGES) / SEEDS.len();
    let checked = seeds::each(SEEDS, |seed| {
        let runtime = runtime();
        let house = House::new(&runtime);
        let told = runtime.block_on(workload(&house, seed));
        let disk = house.close();
        let history = disk.history();
        let (number, torn) = seeds::images(&history, each, seed, |point, image| {
            no_half_content(image, point);
            let folder = TempDir::new().expect("a folder");
            let _disk = Disk::hurried(folder.path()).expect("watched");
            std::fs::create_dir(folder.path().join("data")).expect("made");
            image.write_to(&folder.path().join("data")).expect("written");
            let app = Arc::new(open(folder.path()));
            runtime.block_on(async {
                check(&app, point, &told).await;
                go_on(&app, point, &told).await;
            });
            app.store.close();
        });
        println!("seed {seed}: {number} images of {} points, {} answers, {torn} torn", history.len(), told.len());
        assert!(torn > 0 && told.len() > 20);
        number
    });
    println!("» power cuts, files: {checked} images of the disk");
}
