//! A few seeds, so that `cargo test` alone meets what breaks all of them. The many are run by `cargo xtask test`.

use sim::run;

#[test]
fn the_real_client_and_server_agree_with_the_model_whatever_happens_to_them() {
    for seed in 1..=8 {
        let run = run(seed);
        assert_eq!(run.failure, None, "cargo xtask sim --seed {seed} --trace");
        assert!(run.operations > 0 && !run.trace.is_empty());
    }
}

#[test]
fn a_seed_gives_the_same_trace_twice_and_another_gives_another() {
    let traces: Vec<String> = [3, 3, 4].into_iter().map(|seed| run(seed).trace_hash()).collect();
    assert_eq!(traces[0], traces[1]);
    assert_ne!(traces[1], traces[2]);
}
