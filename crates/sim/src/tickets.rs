//! What residents do with tickets: register them, write, close, open again, read; with files and without.

use crate::computer::Told;
use crate::entering::WHAT_WAS_READ;
use crate::world::World;
use client::engine::NewOperation;
use domain::{FileId, FileName, MessageId, MessageText, TicketId};
use outbox::Need;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use wire::operation::Body;
use wire::ticket::{Conversation, CreateTicket, Enclosure, MarkRead, SendMessage};

/// A content of this many bytes goes in more than one request.
const LARGE: usize = 700_000;

impl World {
    /// Something about tickets or the support.
    pub async fn about_tickets(&mut self, computer: usize) -> anyhow::Result<()> {
        let Told::Done(view) = self.list(computer).await? else { return Ok(()) };
        let rows = view["tickets"].as_array().cloned().unwrap_or_default();
        let doing = self.dice.index(12);
        if rows.is_empty() || doing < 3 {
            return self.create_ticket(computer, &view).await;
        }
        let ticket = self.dice.pick(&rows)["ticket"].clone();
        match doing {
            3..6 => self.write_to(computer, json!({ "about": "ticket", "ticket": ticket })).await,
            6 => self.write_to(computer, json!({ "about": "support" })).await,
            7 | 8 => self.send_a_file(computer, &ticket).await,
            9 => self.read_along(computer, &ticket).await,
            10 => {
                let rating = if self.dice.percent(50) { json!(self.dice.between(1, 5)) } else { Value::Null };
                self.keep(computer, "ticket_close", json!({ "ticket": ticket, "rating": rating, "word": "" })).await
            }
            _ => self.keep(computer, "ticket_reopen", json!({ "ticket": ticket, "why": "Снова капает" })).await,
        }
    }

    async fn list(&self, computer: usize) -> anyhow::Result<Told> {
        self.computers[computer].call("tickets", json!({ "closed": true, "account": null, "text": "" })).await
    }

    /// A new ticket of an account that the person sees.
    async fn create_ticket(&mut self, computer: usize, view: &Value) -> anyhow::Result<()> {
        let accounts = view["accounts"].as_array().cloned().unwrap_or_default();
        let types = view["types"].as_array().cloned().unwrap_or_default();
        if accounts.is_empty() || types.is_empty() {
            return Ok(());
        }
        let subtypes = self.dice.pick(&types)["subtypes"].as_array().cloned().unwrap_or_default();
        let (account, subtype) = (self.dice.pick(&accounts)["id"].clone(), self.dice.pick(&subtypes)["id"].clone());
        self.entered += 1;
        let text = format!("Капает, раз {}", self.entered);
        if self.dice.percent(35) {
            let (content, enclosure) = self.a_file();
            let body = Body::CreateTicket(CreateTicket {
                ticket: TicketId::new(self.random_id()),
                account: account.as_str().unwrap_or_default().parse()?,
                subtype: subtype.as_str().unwrap_or_default().parse()?,
                description: MessageText::parse(&text)?,
                attachments: vec![enclosure],
            });
            return self.keep_entered(computer, "a ticket with a file", body, Some(content)).await;
        }
        let draft = json!({ "text": text, "files": [] });
        let args = json!({ "account": account, "subtype": subtype, "draft": draft, "mends": null });
        self.keep(computer, "ticket_create", args).await
    }

    async fn write_to(&mut self, computer: usize, about: Value) -> anyhow::Result<()> {
        self.entered += 1;
        let draft = json!({ "text": format!("Слово {}", self.entered), "files": [] });
        self.keep(computer, "message_send", json!({ "about": about, "draft": draft, "reopen": false })).await
    }

    async fn send_a_file(&mut self, computer: usize, ticket: &Value) -> anyhow::Result<()> {
        let ticket: TicketId = ticket.as_str().unwrap_or_default().parse()?;
        let (content, enclosure) = self.a_file();
        let body = Body::SendMessage(SendMessage {
            message: MessageId::new(self.random_id()),
            conversation: Conversation::Ticket(ticket),
            text: MessageText::default(),
            attachments: vec![enclosure],
        });
        self.keep_entered(computer, "a message with a file", body, Some(content)).await
    }

    async fn read_along(&mut self, computer: usize, ticket: &Value) -> anyhow::Result<()> {
        let conversation = Conversation::Ticket(ticket.as_str().unwrap_or_default().parse()?);
        let through = i64::try_from(self.dice.between(0, 5)).unwrap_or(0);
        let body = Body::MarkRead(MarkRead { conversation, through });
        self.keep_entered(computer, WHAT_WAS_READ, body, None).await
    }

    /// A file of a kind that the utility takes, unlike every other; now and then one of several pieces.
    fn a_file(&mut self) -> (Vec<u8>, Enclosure) {
        self.entered += 1;
        let mut content = format!("%PDF-1.7\n% {}\n", self.entered).into_bytes();
        if self.dice.percent(12) {
            content.resize(LARGE, b' ');
        }
        let file = FileId::of(Sha256::digest(&content).into());
        (content, Enclosure { file, name: FileName::new(&format!("акт {}.pdf", self.entered)) })
    }

    fn random_id(&self) -> uuid::Uuid {
        let mut random = [0; 10];
        client::ports::Random::fill(&self.dice, &mut random);
        let now_ms = u64::try_from(self.time.ms()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid()
    }

    async fn keep_entered(
        &mut self,
        computer: usize,
        what: &str,
        body: Body,
        file: Option<Vec<u8>>,
    ) -> anyhow::Result<()> {
        self.meet_before(computer).await?;
        let (base_version, on_behalf_of, priority) = (None, None, outbox::WHENEVER);
        let told = match file {
            Some(content) => match self.computers[computer].add_blob(content).await? {
                Some(name) => {
                    self.tally.count("file_entered");
                    let needs = BTreeSet::from([Need::Blob(name)]);
                    let new = NewOperation { body, base_version, on_behalf_of, priority, needs };
                    self.computers[computer].enter(new).await?
                }
                None => return Ok(()),
            },
            None => {
                let needs = BTreeSet::new();
                let new = NewOperation { body, base_version, on_behalf_of, priority, needs };
                self.computers[computer].enter(new).await?
            }
        };
        self.kept(computer, what, told)
    }
}
