use super::*;
use crate::platform::{SystemBlobDisk, SystemClock, TokioSpawn};
use crate::ports::{Ports, Random, Request, Response, TransportError};
use std::sync::Arc;
use uuid::Uuid;

type Events = futures_util::stream::BoxStream<'static, Result<bytes::Bytes, TransportError>>;

/// Counts, so that every drawing differs.
#[derive(Default)]
struct Counting(std::sync::atomic::AtomicU8);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
    }
}

fn user() -> UserId {
    UserId::new(Uuid::from_u128(7))
}

fn phone() -> Login {
    Login::parse("+79000001234").expect("a sample phone")
}

fn filled(folder: &Path) -> (Vault, DataKey) {
    let random = Counting::default();
    let (mut vault, key) = Vault::create(user(), folder, &random);
    vault.wrap_with_password(&key, &phone(), "kotik-2026-parol", PasswordCost::DEFAULT, &random);
    vault.wrap_with_device(&key, DeviceId::new(Uuid::from_u128(9)), &[5; 32], &random);
    vault.save().expect("saved");
    (vault, key)
}

#[test]
fn the_password_copy_opens_with_the_right_phone_and_password_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, key) = filled(folder.path());
    let vault = Vault::read(user(), folder.path()).expect("read").expect("there");
    let opened = vault.open_with_password(&phone(), "kotik-2026-parol").expect("opens");
    assert_eq!(opened.bytes(), key.bytes());
    assert!(vault.open_with_password(&phone(), "kotik-2026-parok").is_none());
    let other = Login::parse("+79000001235").expect("another phone");
    assert!(vault.open_with_password(&other, "kotik-2026-parol").is_none());
}

#[test]
fn the_device_copy_opens_after_a_password_was_changed_elsewhere_and_the_password_copy_is_renewed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, key) = filled(folder.path());
    let mut vault = Vault::read(user(), folder.path()).expect("read").expect("there");
    assert!(vault.open_with_password(&phone(), "novyi-parol-1").is_none());
    let recovered = vault.open_with_device(&[5; 32]).expect("opens");
    assert_eq!(recovered.bytes(), key.bytes());
    assert!(vault.open_with_device(&[6; 32]).is_none());
    vault.wrap_with_password(&recovered, &phone(), "novyi-parol-1", PasswordCost::DEFAULT, &Counting::default());
    vault.save().expect("saved");
    let vault = Vault::read(user(), folder.path()).expect("read").expect("there");
    assert!(vault.open_with_password(&phone(), "novyi-parol-1").is_some());
    assert!(vault.open_with_password(&phone(), "kotik-2026-parol").is_none(), "the old password opens nothing");
}

#[test]
fn a_copy_moved_to_another_person_or_slot_does_not_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let (vault, _) = filled(folder.path());
    let foreign = Vault { user: UserId::new(Uuid::from_u128(8)), ..vault.clone() };
    assert!(foreign.open_with_password(&phone(), "kotik-2026-parol").is_none());
    assert!(foreign.open_with_device(&[5; 32]).is_none());
    let mut swapped = vault;
    swapped.content.device_copy = swapped.content.password.clone();
    assert!(swapped.open_with_device(&[5; 32]).is_none());
}

#[test]
fn the_folder_holds_no_password_no_phone_and_no_key_in_any_encoding() {
    let folder = tempfile::tempdir().expect("a folder");
    let (vault, key) = filled(folder.path());
    drop(vault);
    let planted = ["kotik-2026-parol".as_bytes(), b"79000001234", b"9000001234", key.bytes()];
    let text = fs::read(folder.path().join(FILE)).expect("read");
    let control = [text.as_slice(), b"kotik-2026-parol"].concat();
    assert!(holds(&control, planted[0]), "the search finds what is there");
    for secret in planted {
        assert!(!holds(&text, secret));
        assert!(!holds(&text, hex::encode(secret).as_bytes()));
        let base64 = base64::Engine::encode(&base64::engine::general_purpose::STANDARD_NO_PAD, secret);
        assert!(!holds(&text, &base64.as_bytes()[..base64.len() - 1]));
    }
}

fn holds(text: &[u8], secret: &[u8]) -> bool {
    text.windows(secret.len()).any(|window| window == secret)
}

#[test]
fn a_damaged_vault_is_an_error_and_not_a_new_vault() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(FILE), b"{\"password\":").expect("written");
    assert!(Vault::read(user(), folder.path()).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_keyring_that_blocks_does_not_hold_the_program() {
    struct Locked;
    impl crate::ports::Keychain for Locked {
        fn available(&self) -> bool {
            loop {
                std::thread::park();
            }
        }
        fn get(&self, _: UserId) -> Result<Option<Vec<u8>>, crate::ports::KeychainError> {
            Ok(None)
        }
        fn set(&self, _: UserId, _: &[u8]) -> Result<(), crate::ports::KeychainError> {
            Ok(())
        }
        fn delete(&self, _: UserId) -> Result<(), crate::ports::KeychainError> {
            Ok(())
        }
    }
    struct NoLine;
    #[async_trait::async_trait]
    impl crate::ports::Transport for NoLine {
        async fn call(&self, _: Request) -> Result<Response, TransportError> {
            Err(TransportError::NoConnection("none".into()))
        }
        async fn events(&self, _: Request) -> Result<Events, TransportError> {
            Err(TransportError::NoConnection("none".into()))
        }
    }
    let ports = Ports {
        transport: Arc::new(NoLine),
        clock: Arc::new(SystemClock::new()),
        random: Arc::new(Counting::default()),
        keychain: Arc::new(Locked),
        spawn: Arc::new(TokioSpawn::new(tokio::runtime::Handle::current())),
        blobs: Arc::new(SystemBlobDisk),
    };
    assert!(keyring::get(&ports, user()).await.is_none());
    assert!(!keyring::available(&ports).await);
}
