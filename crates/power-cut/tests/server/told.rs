//! Nobody is answered before the disk has it.

use crate::house::{House, deliver, runtime};
use futures_util::future::FutureExt;
use rand::{SeedableRng, rngs::StdRng};

#[test]
fn a_batch_is_answered_only_when_its_commit_is_synced() {
    let runtime = runtime();
    let house = House::new(&runtime);
    let batch = house.batch(&mut StdRng::seed_from_u64(1));
    runtime.block_on(async {
        let held = house.disk().hold_syncs();
        let mut pushing = Box::pin(deliver(&house.app, &batch));
        let mut answered = || (&mut pushing).now_or_never().is_some();
        while !held.one_waits() {
            assert!(!answered(), "answered without a sync");
            std::thread::yield_now();
        }
        assert!(!answered(), "answered while the disk has not got it yet");
        drop(held);
        assert_eq!(pushing.await.len(), batch.items.len());
    });
    house.close();
}
