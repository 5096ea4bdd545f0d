//! The address of a partner's page.

use serde::{Deserialize, Serialize};

/// How many characters at most.
pub const LINK_MAX: usize = 500;

/// An address of the web that a browser may be sent to: `https://` with a host, and nothing that could be taken for something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct WebLink(String);

/// The text is no such address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address begins with https:// and names a site")]
pub struct WebLinkError;

impl WebLink {
    /// Reads an address.
    pub fn parse(raw: &str) -> Result<Self, WebLinkError> {
        let text = raw.trim();
        let rest = text.strip_prefix("https://").ok_or(WebLinkError)?;
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // A name before «@» would let another site look like the partner's.
        let named = host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@');
        let plain =
            text.chars().all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | '<' | '>' | '\\' | '`'));
        if named && plain && text.chars().count() <= LINK_MAX { Ok(Self(text.to_owned())) } else { Err(WebLinkError) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The site, for the eye: «example.ru».
    pub fn host(&self) -> &str {
        let rest = self.0.trim_start_matches("https://");
        rest.split(['/', '?', '#', ':']).next().unwrap_or(rest)
    }
}

impl TryFrom<String> for WebLink {
    type Error = WebLinkError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<WebLink> for String {
    fn from(link: WebLink) -> Self {
        link.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_site_is_opened() {
        let link = WebLink::parse(" https://okna.example.ru/skidki?from=zhkh ").expect("an address");
        assert_eq!(link.host(), "okna.example.ru");
        for wrong in [
            "",
            "okna.example.ru",
            "http://okna.example.ru",
            "file:///etc/passwd",
            "https://",
            "https://localhost",
            "https://bank.example@evil.example",
            "https://a.ru/b c",
            "javascript:alert(1)",
            "https://.ru",
            "https://a.ru/\"",
        ] {
            assert_eq!(WebLink::parse(wrong), Err(WebLinkError), "{wrong}");
        }
    }
}
