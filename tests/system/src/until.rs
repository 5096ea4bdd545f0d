//! Waiting for a condition instead of for time.

use std::future::Future;
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(100);

/// Asks again and again until there is an answer; fails with what was waited for, and with the last refusal.
pub async fn until<T, F, A>(what: &str, at_most: Duration, mut ask: F) -> anyhow::Result<T>
where
    F: FnMut() -> A,
    A: Future<Output = anyhow::Result<T>>,
{
    let began = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return Ok(answer),
            Err(refusal) if began.elapsed() > at_most => {
                return Err(refusal.context(format!("waited {} s for: {what}", at_most.as_secs())));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
