//! Any bytes through `redact::Writer`: how they are cut into writes makes no difference, and a short line comes out as
//! `Filter::filter` gives it.
#![no_main]

use std::io::Write as _;

use libfuzzer_sys::fuzz_target;
use wait_or_die::redact::{self, Writer};

/// `bytes` in pieces of these lengths, in turn; in one piece if there are none.
fn written(bytes: &[u8], lengths: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    let mut lengths = lengths
        .iter()
        .map(|length| usize::from(*length).max(1))
        .cycle();
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = lengths.next().unwrap_or(rest.len()).min(rest.len());
        let (piece, after) = rest.split_at(length);
        writer.write_all(piece).expect("a vector takes everything");
        rest = after;
    }
    writer.finish().expect("a vector takes everything")
}

fuzz_target!(|input: (&[u8], &[u8])| {
    let (lengths, bytes) = input;
    let whole = written(bytes, &[]);
    assert_eq!(written(bytes, lengths), whole);
    assert_eq!(written(bytes, &[1]), whole);
    let whole = String::from_utf8(whole).expect("UTF-8, whatever was written");
    let Ok(line) = str::from_utf8(bytes) else {
        return;
    };
    // A coloured line is filtered as it is read, without its colours.
    if !line.contains(['\n', '\r', '\u{1b}']) && line.len() <= 8192 {
        assert_eq!(whole, redact::filter(line));
    }
});
