//! Sending: takes batches from the queue as long as it has any, and waits as long as it says.

use super::answer::Trouble;
use crate::engine::EngineEvent;
use crate::engine::heart::{Heart, Written};
use crate::ports::Body;
use bytes::Bytes;
use domain::Incarnation;
use outbox::{Failure, Flight, Next};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use wire::problem::Code;
use wire::push::BatchAnswer;

/// Bodies shorter than this gain nothing from compression.
const COMPRESS_FROM: usize = 512;

/// When the disk refuses, it is asked again after this long.
const DISK_AGAIN: Duration = Duration::from_secs(5);

/// Sends until the engine closes.
pub(crate) async fn run(heart: Arc<Heart>) {
    let mut answered = None;
    loop {
        if heart.usable().await.is_err() {
            tokio::select! {
                biased;
                () = heart.stop.cancelled() => return,
                () = tokio::time::sleep(DISK_AGAIN) => continue,
            }
        }
        let now = heart.now();
        let next = {
            let mut queue = heart.queue();
            let next = queue.outbox.next_try(now);
            queue.sender_sleeps_until = next.unwrap_or(i64::MAX);
            next
        };
        let goes_on = next.is_some_and(|at| at <= now.ms);
        heart.in_a_run.send_if_modified(|run| std::mem::replace(run, goes_on && answered.is_some()) != *run);
        if goes_on {
            tokio::select! {
                biased;
                () = heart.stop.cancelled() => return,
                last = once(&heart, answered.take()) => {
                    answered = last;
                    continue;
                }
            }
        }
        if let Some(written) = answered.take() {
            written_down(&heart, written).await;
            continue;
        }
        // Files go when no operation does, and what a batch came to may have set some free.
        heart.upload_wake.notify_one();
        let wait = next.map_or(Duration::MAX, |at| Duration::from_millis((at - now.ms).unsigned_abs()));
        tokio::select! {
            biased;
            () = heart.stop.cancelled() => return,
            () = heart.push_wake.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Waits for what an answer said to be on the disk. If it cannot be written, memory is read from the disk again and the
/// batch goes out once more.
async fn written_down(heart: &Heart, answered: Written) -> bool {
    let written = heart.settle(answered).await.is_ok();
    heart.pull_wake.notify_one();
    written
}

/// One batch there and back. `answered` is what the batch before came to: on its way to the disk, so that it shares a
/// commit with what is written of this batch. Returns the same of this one.
async fn once(heart: &Heart, answered: Option<Written>) -> Option<Written> {
    let mut answered = answered;
    let mut token = pin!(heart.link.token());
    let token = match futures_util::poll!(&mut token) {
        Poll::Ready(token) => token,
        // It may take a while, and what was answered shall not wait for it.
        Poll::Pending => {
            if let Some(answered) = answered.take() {
                written_down(heart, answered).await;
            }
            token.await
        }
    };
    let prepared = token.as_ref().ok().and_then(|_| prepare(heart));
    let on_the_disk = match answered {
        Some(answered) => written_down(heart, answered).await,
        None => true,
    };
    let token = match token {
        Ok(token) => token,
        Err(failure) => {
            let _ = heart.change(|outbox, now| outbox.hindered(failure, now)).await;
            return None;
        }
    };
    let (flight, body, written) = prepared?;
    // Only what is on the disk as "may have left" leaves.
    if heart.settle(written).await.is_err() || !on_the_disk {
        let busy = Failure::Busy { retry_after_ms: None };
        let _ = heart.change(|outbox, now| outbox.hindered(busy, now)).await;
        return None;
    }
    let answer = heart.link.call::<BatchAnswer>("POST", "/v1/operations".into(), Some(body), token).await;
    let _ = match answer {
        Ok(answer) => {
            heart.note_unseen(&answer.results);
            return heart.apply(|outbox, now| outbox.answered(flight.number, &answer.results, now)).await.ok();
        }
        Err(Trouble::Problem(Code::IncarnationConflict)) => {
            tracing::warn!("the queue was restored from a copy and takes a new life");
            let life = Incarnation::new(heart.random_id());
            heart.change(|outbox, _| outbox.new_incarnation(flight.number, life)).await
        }
        Err(trouble) => {
            let failure = trouble.as_failure();
            tracing::info!(?failure, "a batch brought no answer");
            let written = heart.change(|outbox, now| outbox.failed(flight.number, failure, now)).await;
            // What was on its way waits here again. That need not be written, but whoever shows it has to hear.
            heart.tell(EngineEvent::QueueChanged);
            written
        }
    };
    None
}

fn prepare(heart: &Heart) -> Option<(Flight, Body, Written)> {
    let now = heart.now();
    let mut queue = heart.queue();
    if queue.broken {
        return None;
    }
    let Next::Send { flight, effects } = queue.outbox.send(now) else { return None };
    let batch = queue.outbox.batch()?;
    let written = heart.write(&queue, effects);
    drop(queue);
    let json = serde_json::to_vec(&batch).unwrap_or_default();
    let packed = if json.len() < COMPRESS_FROM { None } else { zstd::encode_all(json.as_slice(), 3).ok() };
    let zstd = packed.is_some();
    Some((flight, Body { bytes: Bytes::from(packed.unwrap_or(json)), zstd }, written))
}
