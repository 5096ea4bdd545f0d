//! A stream of events in pieces that end anywhere: however it is cut, the same events wake.
//!
//! Input: the first byte says where to cut, the rest is the stream.

use client::outside::Events;

pub fn run(input: &[u8]) {
    let Some((at, stream)) = input.split_first() else { return };
    let whole = Events::default().wakes(stream);
    let mut byte_by_byte = Events::default();
    let bytes = stream.iter().filter(|byte| byte_by_byte.wakes(std::slice::from_ref(byte))).count();
    assert_eq!(whole, bytes > 0, "in one piece and byte by byte are not the same");
    let mut pieces = Events::default();
    let in_pieces = stream.chunks(usize::from(*at).max(1)).filter(|piece| pieces.wakes(piece)).count();
    assert_eq!(whole, in_pieces > 0, "in pieces of {at} it is not the same");
    let lines = stream.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    assert!(bytes <= lines, "more events than lines");
    if whole {
        assert!(stream.windows(5).any(|window| window == b"data:"), "an event without data woke");
    }
}
