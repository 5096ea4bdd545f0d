//! Who has signed in on this computer. A person is a folder named by their id; nothing else tells who it is.

use crate::durable_file;
use crate::login::Login;
use crate::vault::{DataKey, Vault};
use domain::UserId;
use std::io;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// The folder of folders.
#[derive(Debug, Clone)]
pub(crate) struct People {
    folder: PathBuf,
}

impl People {
    /// People under the program's data folder.
    pub(crate) fn under(data: &Path) -> Self {
        Self { folder: data.join("people") }
    }

    /// The folder of one person.
    pub(crate) fn folder_of(&self, user: UserId) -> PathBuf {
        self.folder.join(user.to_string())
    }

    /// Makes the folder of one person, durably.
    pub(crate) fn make_folder_of(&self, user: UserId) -> io::Result<PathBuf> {
        let folder = self.folder_of(user);
        std::fs::create_dir_all(&folder)?;
        durable_file::flush_folder(&self.folder)?;
        Ok(folder)
    }

    /// The vault of one person.
    pub(crate) fn vault_of(&self, user: UserId) -> io::Result<Option<Vault>> {
        Vault::read(user, &self.folder_of(user))
    }

    /// All vaults here. One that cannot be read is left out, and told of in the log.
    pub(crate) fn vaults(&self) -> Vec<Vault> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut users: Vec<UserId> =
            entries.filter_map(|entry| Uuid::parse_str(entry.file_name().to_str()?).ok()).map(UserId::new).collect();
        users.sort_unstable();
        let read = |user| {
            self.vault_of(user).unwrap_or_else(|error| {
                tracing::error!(%error, "a vault cannot be read");
                None
            })
        };
        users.into_iter().filter_map(read).collect()
    }

    /// The person whose login and password these are, as far as this computer knows. Slow on purpose.
    pub(crate) fn with_password(&self, login: &Login, password: &str) -> Option<(Vault, DataKey)> {
        self.vaults().into_iter().find_map(|vault| {
            let key = vault.open_with_password(login, password)?;
            Some((vault, key))
        })
    }

    /// Puts the data of a person aside, under a name that says when: they cannot be opened and are not deleted.
    pub(crate) fn set_aside(&self, user: UserId, now_ms: i64) -> io::Result<()> {
        durable_file::rename(&self.folder_of(user), &self.folder.join(format!("{user}.aside-{now_ms}")))?;
        durable_file::flush_folder(&self.folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Random;
    use crate::vault::PasswordCost;

    struct Fixed(u8);
    impl Random for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn two_people_with_one_password_are_told_apart_by_their_phones() {
        let data = tempfile::tempdir().expect("a folder");
        let people = People::under(data.path());
        let phones = ["+79000000001", "+79000000002"].map(|phone| Login::parse(phone).expect("a phone"));
        for (number, phone) in (1_u8..).zip(&phones) {
            let user = UserId::new(Uuid::from_u128(u128::from(number)));
            let folder = people.make_folder_of(user).expect("made");
            let (mut vault, key) = Vault::create(user, &folder, &Fixed(number));
            vault.wrap_with_password(&key, phone, "odin-parol-7", PasswordCost::DEFAULT, &Fixed(number));
            vault.save().expect("saved");
        }
        let (vault, key) = people.with_password(&phones[1], "odin-parol-7").expect("the second person");
        assert_eq!(vault.user(), UserId::new(Uuid::from_u128(2)));
        assert_eq!(key.bytes(), [2; 32]);
        assert!(people.with_password(&phones[1], "drugoi-parol-7").is_none());
    }

    #[test]
    fn data_set_aside_are_not_deleted_and_not_taken_for_a_person() {
        let data = tempfile::tempdir().expect("a folder");
        let people = People::under(data.path());
        let user = UserId::new(Uuid::from_u128(1));
        std::fs::write(people.make_folder_of(user).expect("made").join("outbox.db"), b"queue").expect("written");
        people.set_aside(user, 5).expect("renamed");
        assert!(people.vaults().is_empty());
        let aside = data.path().join("people").join(format!("{user}.aside-5")).join("outbox.db");
        assert_eq!(std::fs::read(aside).expect("still there"), b"queue");
    }
}
