//! kill -9 between any two steps of the main job.

use crate::job::{Job, Step};
use futures_util::{StreamExt, TryStreamExt, stream};

/// How many jobs run beside each other: they mostly wait for the network to come back.
const AT_ONCE: usize = 3;

#[derive(Debug, Clone, Copy)]
enum Victim {
    Core,
    Server,
}

/// The whole job with one kill.
async fn play(victim: Victim, after: Step) -> anyhow::Result<()> {
    let mut job = Job::begin().await?;
    for step in Step::ALL {
        job.take(step).await?;
        if step == after {
            match victim {
                Victim::Core => job.kill_core_after(step).await?,
                Victim::Server => job.kill_server_after(step).await?,
            }
        }
    }
    job.is_done_exactly_once()
}

async fn play_all(victim: Victim) -> anyhow::Result<()> {
    let plays = Step::ALL.map(|after| async move {
        play(victim, after).await.map_err(|error| error.context(format!("{victim:?} killed after {after:?}")))
    });
    stream::iter(plays).buffer_unordered(AT_ONCE).try_collect().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_core_killed_between_any_two_steps_goes_on_where_it_was() -> anyhow::Result<()> {
    play_all(Victim::Core).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_killed_between_any_two_steps_loses_and_doubles_nothing() -> anyhow::Result<()> {
    play_all(Victim::Server).await
}
