//! A dispatcher's message, until the resident's program hands its toast to whoever shows it.

use super::chat::Chat;
use super::{desk, sides};
use crate::figure::{Figure, Unit};
use crate::server::line::Line;
use crate::stage::Stage;
use anyhow::Context;
use client::view::Toast;
use domain::{Capture, Incarnation, MessageId, MessageText, OperationId, Source, UserId};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;
use tokio::time::timeout;
use uuid::Uuid;
use wire::operation::{Body, Operation, Sealed};
use wire::push::{Batch, BatchAnswer, Item, Outcome};
use wire::session::Session;
use wire::ticket::{Conversation, SendMessage};

/// The toast has to be there in so many milliseconds.
const TOLD_MS: f64 = 1000.0;
/// Nothing takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// One message after another, each told of.
pub fn live(stage: &Stage) -> anyhow::Result<Figure> {
    let chat = stage.chat()?;
    let dispatcher = desk::session(stage, &chat.town)?;
    let addr = chat.town.running.as_ref().context("it runs")?.addr;
    let mut toasts = chat.with(|computer| Ok(computer.core().toasts()))?;
    let token = chat.town.people[0].token.clone();
    let mut measured = vec![Vec::new(), Vec::new()];
    stage.runtime.block_on(async {
        let mut sender = Line::open(addr).await?;
        let mut listener = Line::open(addr).await?;
        listener.listen(&token).await?;
        // Whatever was under way when the program opened is over.
        tokio::time::sleep(Duration::from_secs(2)).await;
        for number in 0..=stage.pick(2, 30) {
            while toasts.try_recv().is_ok() {}
            let told = once(chat, &dispatcher, number, &mut sender, &mut listener, &mut toasts).await?;
            if number > 0 {
                measured.iter_mut().zip(told).for_each(|(runs, told)| runs.push(told));
            }
        }
        anyhow::Ok(())
    })?;
    let names = [
        (
            "до всплывающего сообщения: запись на сервере, событие, лента, зеркало, 0,4 с на «уже прочитано»",
            "FULL на сервере, зеркало NORMAL",
        ),
        ("до события /v1/live у голого слушателя", "FULL на сервере"),
    ];
    let what = format!("от отправки диспетчером до всплывающего сообщения у жителя (сервер на {})", place(addr));
    Ok(Figure::new("toast.live", what, Unit::Milliseconds, sides(measured, names)).within(TOLD_MS))
}

fn place(addr: SocketAddr) -> &'static str {
    if addr.ip().is_loopback() { "loopback" } else { "другом адресе" }
}

/// Milliseconds from the first byte sent to the toast, and to the event at a bare listener.
async fn once(
    chat: &Chat,
    dispatcher: &Session,
    number: u64,
    sender: &mut Line,
    listener: &mut Line,
    toasts: &mut Receiver<Toast>,
) -> anyhow::Result<[f64; 2]> {
    let batch = message(chat, dispatcher.user, number)?;
    let began = Instant::now();
    let took = || began.elapsed().as_secs_f64() * 1e3;
    let sent = async {
        let answer = sender.post("/v1/operations", &dispatcher.access_token, &batch).await?;
        let answer: BatchAnswer = serde_json::from_slice(&answer)?;
        let applied = answer.results.iter().all(|result| matches!(result.outcome, Outcome::Applied { .. }));
        anyhow::ensure!(applied, "not applied: {:?}", answer.results);
        Ok(())
    };
    let heard = async {
        listener.hear().await?;
        Ok(took())
    };
    let told = async {
        while !matches!(toasts.recv().await?, Toast::Messages { .. }) {}
        anyhow::Ok(took())
    };
    let all = async { tokio::try_join!(sent, heard, told) };
    let ((), heard, told) = timeout(PATIENCE, all).await.context("no toast came")??;
    Ok([told, heard])
}

fn message(chat: &Chat, dispatcher: UserId, number: u64) -> anyhow::Result<Vec<u8>> {
    let incarnation = Incarnation::new(dispatcher.uuid());
    let body = Body::SendMessage(SendMessage {
        message: MessageId::new(Uuid::now_v7()),
        conversation: Conversation::Ticket(chat.ticket),
        text: MessageText::parse(&format!("Мастер выехал, будет через полчаса ({number}).")).unwrap_or_default(),
        attachments: Vec::new(),
    });
    let wall_ms = chrono::Utc::now().timestamp_millis();
    let operation = Operation {
        id: OperationId::new(Uuid::now_v7()),
        actor: dispatcher,
        on_behalf_of: None,
        source: Source::Desk,
        incarnation,
        device_seq: number + 1,
        lane: body.lane(dispatcher),
        captured: Capture { wall_ms, server_offset_ms: Some(0), boot_ms: 1, boot_id: "b".into(), anchored: true },
        base_version: None,
        replaces: None,
        body,
    };
    let items = vec![Item::Apply { operation: Sealed::seal(&operation)?, after: None }];
    Ok(serde_json::to_vec(&Batch { incarnation, items })?)
}
