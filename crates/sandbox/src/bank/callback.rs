//! What the bank tells the merchant: signed, and again when nobody took it.

use super::Bank;
use super::knobs::{BankKnobs, Signature};
use super::order::Order;
use aws_lc_rs::encoding::{AsDer as _, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA512};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::sync::Arc;
use std::time::Duration;

/// How many times a callback that was not taken is sent.
const TIMES: u32 = 3;

/// What happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The money was taken.
    Deposited,
    /// The payment was declined.
    Declined,
    /// Nobody paid in time.
    DeclinedByTimeout,
    /// Money was given back.
    Refunded,
    /// The payment was taken back.
    Reversed,
}

impl Operation {
    /// The bank's word, and its `status`.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Deposited => ("deposited", "1"),
            Self::Declined => ("deposited", "0"),
            Self::DeclinedByTimeout => ("declinedByTimeout", "1"),
            Self::Refunded => ("refunded", "1"),
            Self::Reversed => ("reversed", "1"),
        }
    }
}

/// The bank's pair of keys.
#[derive(Debug)]
pub(super) struct Signing(KeyPair);

impl Signing {
    pub(super) fn new() -> Self {
        Self(KeyPair::generate(KeySize::Rsa2048).expect("the generator of the system works"))
    }

    pub(super) fn public_key_pem(&self) -> String {
        let der: PublicKeyX509Der<'_> = self.0.public_key().as_der().expect("an RSA key has this form");
        let lines: Vec<String> = STANDARD
            .encode(der.as_ref())
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    fn sign(&self, text: &str) -> Vec<u8> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        let signed = self.0.sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), text.as_bytes(), &mut signature);
        signed.expect("2048 bits are enough for the digest");
        signature
    }
}

/// The parameters of a callback with its checksum.
pub(super) fn signed(
    order: &Order,
    operation: Operation,
    knobs: &BankKnobs,
    signing: &Signing,
) -> Vec<(String, String)> {
    let (operation, status) = operation.words();
    // In the order of their names, as they are signed.
    let mut params = vec![
        ("amount".to_owned(), order.amount.to_string()),
        ("mdOrder".to_owned(), order.id.clone()),
        ("operation".to_owned(), operation.to_owned()),
        ("orderNumber".to_owned(), order.number.clone()),
        ("status".to_owned(), status.to_owned()),
    ];
    let text: String = params.iter().map(|(name, value)| format!("{name};{value};")).collect();
    let signature = match knobs.signature {
        Signature::Hmac => {
            let mut mac = Hmac::<Sha256>::new_from_slice(knobs.hmac_key.as_bytes()).expect("a key of any length");
            mac.update(text.as_bytes());
            mac.finalize().into_bytes().to_vec()
        }
        Signature::Rsa => signing.sign(&text),
    };
    let mut checksum = hex::encode_upper(signature);
    if knobs.wrong_checksum {
        let last = if checksum.ends_with('0') { '1' } else { '0' };
        checksum.pop();
        checksum.push(last);
    }
    params.push(("checksum".to_owned(), checksum));
    if knobs.signature == Signature::Rsa {
        params.push(("sign_alias".to_owned(), "SANDBOX".to_owned()));
    }
    params
}

/// Tells the merchant in its own time.
pub(super) fn send(bank: &Arc<Bank>, order: &Order, operation: Operation) {
    let knobs = bank.with_knobs(|knobs| knobs.clone());
    let Some(url) = order.callback_url.clone().filter(|_| knobs.callbacks) else { return };
    for _ in 0..knobs.callback_times {
        let (bank, order, url, knobs) = (Arc::clone(bank), order.clone(), url.clone(), knobs.clone());
        tokio::spawn(async move {
            let params = signed(&order, operation, &knobs, bank.signing());
            for _ in 0..TIMES {
                let request = if knobs.callback_post {
                    bank.http.post(&url).form(&params)
                } else {
                    bank.http.get(&url).query(&params)
                };
                let taken = request.send().await.is_ok_and(|answer| answer.status().as_u16() == 200);
                if taken {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(knobs.callback_retry_ms)).await;
            }
            tracing::warn!(order = order.number, "the merchant takes no callback");
        });
    }
}
