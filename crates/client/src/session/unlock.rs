//! Finding the key of a person's data after the server agreed to a sign-in.

use super::enter::{Credentials, Opened, off_the_tasks};
use crate::core::Core;
use crate::report::Fault;
use crate::vault::{DataKey, Vault, keyring};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::sync::Arc;
use wire::session::Session;
use zeroize::Zeroizing;

/// Finds the key of the person's data by one of its copies and renews the copies; makes a new key for a new person.
pub(super) async fn unlock(
    core: &Arc<Core>,
    session: &Session,
    credentials: &Credentials,
    opened: Opened,
) -> Result<DataKey, Fault> {
    let secret = BASE64.decode(&session.device_secret).map(Zeroizing::new);
    let secret = secret.map_err(|_| Fault::Defect("the device secret is not base64".into()))?;
    let from_keyring = match &opened {
        Some(_) => None,
        None => keyring::get(&core.ports, session.user).await,
    };
    let signed_in = core.person().filter(|person| person.user == session.user).map(|person| person.key.clone());
    let (inside, user, device) = (core.clone(), session.user, session.device);
    let Credentials { login, password, forget_password, .. } = credentials.clone();
    off_the_tasks(core, move || {
        let random = inside.ports.random.as_ref();
        let (mut vault, key, by_password) = match opened {
            Some((vault, key)) => (vault, key, true),
            None => {
                let existing = inside.people.vault_of(user)?;
                let key = existing
                    .as_ref()
                    .and_then(|vault| vault.open_with_device(&secret).or_else(|| signed_in.or(from_keyring)));
                match (existing, key) {
                    (Some(vault), Some(key)) => (vault, key, false),
                    (existing, _) => {
                        if existing.is_some() {
                            tracing::error!("no copy of the key opens; the data of this person are put aside");
                            inside.people.set_aside(user, inside.ports.clock.read().wall_ms)?;
                        }
                        let folder = inside.people.make_folder_of(user)?;
                        let (vault, key) = Vault::create(user, &folder, random);
                        (vault, key, false)
                    }
                }
            }
        };
        if !by_password {
            vault.wrap_with_password(&key, &login, &password, inside.config.password_cost, random);
        }
        if vault.device() != Some(device) || vault.open_with_device(&secret).is_none() {
            vault.wrap_with_device(&key, device, &secret, random);
        }
        vault.set_forget_password(forget_password);
        vault.save()?;
        Ok(key)
    })
    .await?
}
