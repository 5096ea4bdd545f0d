//! One wrapped copy of the data key: Argon2id for a password, HKDF for a secret that is random already,
//! XChaCha20-Poly1305 for the wrapping itself.

use super::DataKey;
use crate::login::Login;
use crate::ports::Random;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::UserId;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

/// What Argon2id spends on one password: 64 MiB, three passes, about a third of a second on an office PC.
/// The costs stand in the file, so that they can be raised later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    memory_kib: u32,
    passes: u32,
}

impl Cost {
    /// What a person's computer spends.
    #[cfg(not(test))]
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3 };
    /// Tests derive hundreds of keys.
    #[cfg(test)]
    pub const DEFAULT: Self = Self::NEXT_TO_NOTHING;
    /// For simulations, which derive thousands of keys and keep nobody's data.
    pub const NEXT_TO_NOTHING: Self = Self { memory_kib: 64, passes: 1 };
}

/// A copy of the data key that only the holder of a password or secret can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Wrapped {
    salt: String,
    nonce: String,
    sealed: String,
    /// Present where the secret is a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<Cost>,
}

/// What opens a copy.
pub(crate) enum Secret<'a> {
    /// Login and password: the login belongs to it, so that two people with one password are told apart
    /// without the login being written anywhere.
    Password {
        /// The login.
        login: &'a Login,
        /// The password.
        password: &'a str,
    },
    /// 32 random bytes that the server keeps for this device.
    Device(&'a [u8]),
}

impl Wrapped {
    /// Wraps `key` for `user`.
    pub(crate) fn wrap(
        key: &DataKey,
        user: UserId,
        secret: &Secret<'_>,
        cost: Cost,
        random: &dyn Random,
    ) -> Option<Self> {
        let (mut salt, mut nonce) = ([0; 16], [0; 24]);
        random.fill(&mut salt);
        random.fill(&mut nonce);
        let cost = matches!(secret, Secret::Password { .. }).then_some(cost);
        let derived = derive(secret, &salt, cost)?;
        let sealed = XChaCha20Poly1305::new(derived.as_slice().into())
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: key.bytes(), aad: &bound_to(user, secret) })
            .ok()?;
        Some(Self { salt: BASE64.encode(salt), nonce: BASE64.encode(nonce), sealed: BASE64.encode(sealed), cost })
    }

    /// The key, if the secret is the right one.
    pub(crate) fn open(&self, user: UserId, secret: &Secret<'_>) -> Option<DataKey> {
        let (salt, nonce) = (BASE64.decode(&self.salt).ok()?, BASE64.decode(&self.nonce).ok()?);
        let nonce: [u8; 24] = nonce.try_into().ok()?;
        let derived = derive(secret, &salt, self.cost)?;
        let sealed = BASE64.decode(&self.sealed).ok()?;
        let opened = XChaCha20Poly1305::new(derived.as_slice().into())
            .decrypt(XNonce::from_slice(&nonce), Payload { msg: &sealed, aad: &bound_to(user, secret) })
            .map(Zeroizing::new)
            .ok()?;
        DataKey::from_slice(&opened)
    }
}

/// A copy moved to another person's folder, or from one slot to another, does not open.
fn bound_to(user: UserId, secret: &Secret<'_>) -> Vec<u8> {
    let slot: &[u8] = match secret {
        Secret::Password { .. } => b"zhkh vault password",
        Secret::Device(_) => b"zhkh vault device",
    };
    [slot, user.uuid().as_bytes()].concat()
}

fn derive(secret: &Secret<'_>, salt: &[u8], cost: Option<Cost>) -> Option<Zeroizing<[u8; 32]>> {
    let mut derived = Zeroizing::new([0; 32]);
    match secret {
        Secret::Password { login, password } => {
            let cost = cost?;
            let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
            let text = Zeroizing::new(format!("{}\0{password}", login.as_str()));
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(text.as_bytes(), salt, derived.as_mut_slice())
                .ok()?;
        }
        Secret::Device(secret) => {
            Hkdf::<Sha256>::new(Some(salt), secret).expand(b"zhkh device copy", derived.as_mut_slice()).ok()?;
        }
    }
    Some(derived)
}
