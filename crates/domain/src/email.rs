//! Addresses of electronic mail.

use serde::{Deserialize, Serialize};

/// An address that mail can be sent to: one `@`, a domain with a dot, no spaces, at most 254 characters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// The text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct EmailError;

impl Email {
    /// Reads an address. Only what certainly cannot be delivered is refused.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        let (local, host) = text.rsplit_once('@').ok_or(EmailError)?;
        let label = |part: &str| {
            !part.is_empty()
                && !part.starts_with('-')
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let fits = text.len() <= 254
            && !local.is_empty()
            && local.len() <= 64
            && !local
                .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | ',' | ';' | '<' | '>'))
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && host.contains('.')
            && host.split('.').all(label);
        if fits { Ok(Self(text.to_owned())) } else { Err(EmailError) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// Personal data: logs do not show it.
impl std::fmt::Debug for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Email(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mail_can_reach_passes_and_the_rest_does_not() {
        for good in ["a@b.ru", "v.smirnova+zhkh@yandex.ru", "иван@почта.рф"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a@b", "@b.ru", "a b@c.ru", "a@b..ru", "a@@b.ru", "a@-b.ru", "a,b@c.ru", "a..b@c.ru"] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
    }
}
