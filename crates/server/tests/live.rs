//! The live stream wakes whom it concerns, and nobody else.

mod common;

use common::*;
use futures_util::StreamExt;
use std::pin::Pin;
use std::time::Duration;
use wire::feed::Scope;
use wire::live::Wake;

struct Listener {
    text: String,
    bytes: Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Send>>,
}

impl Listener {
    async fn open(world: &World, person: &Person) -> Self {
        let answer = world.get_as(person, "/v1/live").await;
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        Self { text: String::new(), bytes: Box::pin(answer.bytes_stream()) }
    }

    /// The next position; comments in between keep the line open and mean nothing.
    async fn next(&mut self) -> Option<i64> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data:")).map(str::trim);
                let wake = data.map(|data| serde_json::from_str::<Wake>(data).expect("a wake").seq);
                assert!(
                    data.is_none() || event.contains("event: position") || event.contains("event:position"),
                    "{event}"
                );
                self.text = rest.to_owned();
                if wake.is_some() {
                    return wake;
                }
            }
            let chunk = self.bytes.next().await?.ok()?;
            self.text.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    }

    async fn soon(&mut self) -> i64 {
        let next = tokio::time::timeout(Duration::from_secs(10), self.next());
        next.await.expect("woken in time").expect("the stream goes on")
    }
}

#[tokio::test]
async fn a_reading_wakes_the_residents_of_its_flat_and_no_stranger() {
    let world = World::new().await;
    let (first, flat) = world.resident().await;
    let second = world.register("+79000000002").await;
    world.attach(&second, town::NUMBER).await;
    let stranger = world.register("+79000000003").await;
    let mut neighbour = Listener::open(&world, &second).await;
    let mut elsewhere = Listener::open(&world, &stranger).await;
    let known = neighbour.soon().await;
    elsewhere.soon().await;
    let operation = operation(&first, 1, november(20), reading(flat.meter, "460"));
    let wire::push::Outcome::Applied { position } = world.push_one(&first, item(&operation)).await else { panic!() };
    assert!(position > known);
    assert_eq!(neighbour.soon().await, position);
    // The stranger's next event is one of their own, not the reading before it.
    world.flat(town::OTHER_NUMBER).await;
    let granted = world.attach(&stranger, town::OTHER_NUMBER).await;
    assert_eq!(elsewhere.soon().await, granted.position);
}

#[tokio::test]
async fn a_grant_counts_for_the_open_stream_at_once() {
    let world = World::new().await;
    let flat = world.flat(town::NUMBER).await;
    let person = world.register("+79000000001").await;
    let mut listener = Listener::open(&world, &person).await;
    listener.soon().await;
    let granted = world.attach(&person, town::NUMBER).await;
    assert_eq!(listener.soon().await, granted.position);
    let done =
        world.store().write(move |tx| zhkh_server::meters::publish(tx, flat.meter, None)).await.expect("published");
    assert_eq!(listener.soon().await, done.position(done.value.expect("a meter")));
}

#[tokio::test]
async fn what_is_public_wakes_everybody_and_a_stopping_server_ends_the_streams() {
    let mut world = World::new().await;
    let person = world.register("+79000000001").await;
    let mut listener = Listener::open(&world, &person).await;
    let known = listener.soon().await;
    let row = wire::feed::Change::Decided;
    let done =
        world.store().write(move |tx| Ok::<_, zhkh_server::storage::StoreError>(tx.emit(Scope::Public, None, row)));
    let done = done.await.expect("stored");
    assert!(done.position(done.value) > known);
    assert_eq!(listener.soon().await, done.position(done.value));
    world.stop().await;
    assert_eq!(listener.next().await, None);
}
