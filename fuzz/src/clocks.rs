//! Clocks that show anything: the server's time out of any header, and a computer whose clocks are set by anybody.
//!
//! Input: numbers, one a line: the server's time, the wall clock and the time since boot of the comparison, the same
//! two of the entry, when it arrived. A seventh line that is not empty: another boot.

use domain::capture::{Anchor, ClockReading};

pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut lines = text.lines();
    let numbers: Vec<i64> = lines.by_ref().take(6).filter_map(|line| line.parse().ok()).collect();
    let [server_ms, wall_ms, boot_ms, later_wall_ms, later_boot_ms, received_ms] = numbers[..] else { return };
    let another = lines.next().is_some_and(|line| !line.is_empty());
    let here = ClockReading { wall_ms, boot_ms, boot_id: "a".into() };
    let boot_id = if another { "b" } else { "a" }.to_owned();
    let later = ClockReading { wall_ms: later_wall_ms, boot_ms: later_boot_ms, boot_id };
    let mut anchor = Anchor::new(server_ms, here);
    for _ in 0..2 {
        let capture = anchor.capture(&later);
        let believed = capture.believed(received_ms);
        assert!(believed.at_ms <= received_ms, "captured after it arrived");
        assert!(!believed.sure || capture.anchored, "sure of an unsure clock");
        let same_run = !another && later_boot_ms >= boot_ms;
        assert!(capture.anchored || !same_run, "the time since boot is always believed");
        let _ = anchor.wall_error_ms(&later);
        anchor.observe(later_wall_ms);
        let json = serde_json::to_vec(&anchor).expect("written");
        assert_eq!(serde_json::from_slice::<Anchor>(&json).expect("read again"), anchor);
        anchor = anchor.again(received_ms, later.clone());
    }
}
