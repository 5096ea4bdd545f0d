//! Whether a callback is the bank's.

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

/// How the bank signs.
#[derive(Clone)]
pub enum CallbackKey {
    /// HMAC-SHA256 with a shared key.
    Hmac(Vec<u8>),
    /// RSA with SHA-512 or SHA-256: the bank's public key, X.509 (DER).
    Rsa(Vec<u8>),
}

/// A shared key stays out of logs.
impl std::fmt::Debug for CallbackKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Hmac(_) => "Hmac(…)",
            Self::Rsa(_) => "Rsa(…)",
        })
    }
}

impl CallbackKey {
    /// Whether the bank signed these parameters. Takes the same time wherever a checksum differs.
    pub fn signed(&self, params: &[(String, String)]) -> bool {
        let checksum = params.iter().find(|(name, _)| name == "checksum");
        let Some(checksum) = checksum.and_then(|(_, hex)| hex::decode(hex).ok()) else { return false };
        let Some(text) = signed_text(params) else { return false };
        match self {
            Self::Hmac(key) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
                mac.update(text.as_bytes());
                mac.verify_slice(&checksum).is_ok()
            }
            Self::Rsa(key) => [&RSA_PKCS1_2048_8192_SHA512, &RSA_PKCS1_2048_8192_SHA256].into_iter().any(|algorithm| {
                ParsedPublicKey::new(algorithm, key).is_ok_and(|key| key.verify_sig(text.as_bytes(), &checksum).is_ok())
            }),
        }
    }
}

/// What is signed: all parameters but the signature's own, by their names, each as `name;value;`. A name that stands
/// twice could mean one thing here and another thing there: nothing is signed then.
fn signed_text(params: &[(String, String)]) -> Option<String> {
    let mut signed: Vec<_> = params.iter().filter(|(name, _)| name != "checksum" && name != "sign_alias").collect();
    signed.sort_by(|one, other| one.0.cmp(&other.0));
    let twice = signed.windows(2).any(|pair| pair[0].0 == pair[1].0);
    (!twice).then(|| signed.iter().map(|(name, value)| format!("{name};{value};")).collect())
}

/// The public key of a PEM file, X.509 (DER); `None` when it is no RSA key of at least 2048 bits.
pub fn read_public_key(pem: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once("-----BEGIN PUBLIC KEY-----")?;
    let (body, _) = rest.split_once("-----END PUBLIC KEY-----")?;
    let body: String = body.split_whitespace().collect();
    let der = STANDARD.decode(body).ok()?;
    ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, &der).is_ok().then_some(der)
}
