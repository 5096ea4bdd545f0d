//! The letters that came, and why some are not taken.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use tokio::sync::Notify;

/// So many letters are remembered; a sandbox may run for weeks.
const REMEMBERED: usize = 1000;

/// One letter, as its receiver reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// The sender of the envelope.
    pub from: String,
    /// The receivers of the envelope.
    pub to: Vec<String>,
    /// The letter's own name.
    pub message_id: String,
    /// The heading.
    pub subject: String,
    /// The words.
    pub body: String,
    /// When it came, milliseconds since 1970 UTC.
    pub at_ms: i64,
}

/// What is wrong with the mail server at the moment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailKnobs {
    /// It closes every connection with 421.
    pub down: bool,
    /// It takes no letter now (451).
    pub busy: bool,
    /// It lets nobody sign in (535).
    pub locked: bool,
    /// It drops the connection after it took a letter and before it says so.
    pub silent: bool,
    /// Receivers that it knows nothing of (550).
    pub unknown: Vec<String>,
}

/// The mail behind the socket.
#[derive(Debug, Default)]
pub struct Postbox {
    state: Mutex<State>,
    came: Notify,
}

#[derive(Debug, Default)]
struct State {
    knobs: MailKnobs,
    letters: VecDeque<Letter>,
    connections: u64,
}

impl Postbox {
    /// Reads or turns the knobs.
    pub fn with_knobs<T>(&self, act: impl FnOnce(&mut MailKnobs) -> T) -> T {
        act(&mut self.lock().knobs)
    }

    /// The letters, newest first; to one receiver when `to` is given.
    pub fn letters(&self, to: Option<&str>) -> Vec<Letter> {
        let wanted = |letter: &&Letter| to.is_none_or(|to| letter.to.iter().any(|it| it == to));
        self.lock().letters.iter().filter(wanted).cloned().collect()
    }

    /// Waits until so many letters came.
    pub async fn wait_for(&self, count: usize) {
        loop {
            let mut came = std::pin::pin!(self.came.notified());
            came.as_mut().enable();
            if self.lock().letters.len() >= count {
                return;
            }
            came.await;
        }
    }

    /// How often somebody connected.
    pub fn connections(&self) -> u64 {
        self.lock().connections
    }

    pub(crate) fn connected(&self) {
        self.lock().connections += 1;
    }

    pub(crate) fn keep(&self, from: String, to: Vec<String>, data: &str, at_ms: i64) {
        let (head, body) = data.split_once("\r\n\r\n").unwrap_or((data, ""));
        let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let field = |name: &str| {
            let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:")));
            line.map_or(String::new(), |line| line[name.len() + 1..].trim().to_owned())
        };
        let encoded = field("content-transfer-encoding").eq_ignore_ascii_case("base64");
        let body = if encoded { decoded(body) } else { body.to_owned() };
        let (message_id, subject) = (field("message-id"), plain(&field("subject")));
        let body = body.replace("\r\n", "\n");
        let mut state = self.lock();
        state.letters.push_front(Letter { from, to, message_id, subject, body, at_ms });
        state.letters.truncate(REMEMBERED);
        drop(state);
        self.came.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is a single assignment or push: a panic elsewhere leaves the list whole.
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn decoded(text: &str) -> String {
    let joined: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    BASE64.decode(joined).map_or_else(|_| text.to_owned(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// A header with words in `=?utf-8?b?…?=`; white space between two of them is none.
fn plain(header: &str) -> String {
    let mut text = String::new();
    let mut last_encoded = false;
    for word in header.split_whitespace() {
        let lower = word.to_ascii_lowercase();
        let inner = (lower.starts_with("=?utf-8?b?") && lower.ends_with("?=")).then(|| &word[10..word.len() - 2]);
        let joined = last_encoded && inner.is_some();
        if !joined && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&inner.map_or_else(|| word.to_owned(), decoded));
        last_encoded = inner.is_some();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_read_as_its_receiver_reads_it() {
        let postbox = Postbox::default();
        let subject = format!("=?utf-8?b?{}?=", BASE64.encode("Заявка № 1"));
        let body = BASE64.encode("Здравствуйте!\r\n");
        let data =
            format!("Subject: {subject}\r\nMessage-ID: <1@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}");
        postbox.keep("a@x".into(), vec!["b@x".into()], &data, 0);
        let letter = &postbox.letters(Some("b@x"))[0];
        assert_eq!((letter.subject.as_str(), letter.body.as_str()), ("Заявка № 1", "Здравствуйте!\n"));
        assert_eq!(letter.message_id, "<1@x>");
        assert!(postbox.letters(Some("c@x")).is_empty());
    }

    #[test]
    fn words_of_a_heading_that_were_cut_between_are_joined_again() {
        let (first, second) = (BASE64.encode("Зая"), BASE64.encode("вка"));
        assert_eq!(plain(&format!("=?utf-8?b?{first}?= =?utf-8?b?{second}?= ok")), "Заявка ok");
    }
}
