//! Lines longer than what is held.

use std::io::Write as _;

use super::super::{LIMIT, Writer};
use super::{filtered, in_pieces};

const SECRET: &str = "password=hunter2secret";

#[test]
fn a_clean_line_of_any_length_is_shown_whole() {
    for unit in ["word ", "a,b;", "x", "世界", "é", "\t"] {
        for length in [LIMIT, LIMIT + 1, 3 * LIMIT, 100_000] {
            let line = format!("{}\nnext\n", unit.repeat(length / unit.len() + 1));
            assert_eq!(filtered(&line), line);
        }
    }
}

#[test]
fn a_secret_is_hidden_wherever_in_a_long_line_it_stands() {
    for filler in ["word ", "x", "{\"a\":1},", "é "] {
        let mut at = LIMIT - 1200;
        while at < LIMIT + 200 {
            let before = filler.repeat(at / filler.len());
            let after = " word".repeat(2000);
            let line = format!("{before} {SECRET}{after}\nnext\n");
            let shown = format!("{before} password=[REDACTED]{after}\nnext\n");
            assert_eq!(in_pieces(line.as_bytes(), line.len()), shown);
            at += 13;
        }
    }
}

#[test]
fn pieces_make_no_difference_to_long_lines() {
    let line = format!("{SECRET}, {{\"a\": \"é\"}}; ").repeat(900);
    let shown = "password=[REDACTED], {\"a\": \"é\"}; ".repeat(900);
    assert_eq!(
        filtered(format!("{line}\r\n{line}")),
        format!("{shown}\r\n{shown}")
    );
}

#[test]
fn a_secret_as_long_as_what_is_held_hides_the_rest_of_its_line() {
    let giant = "s".repeat(3 * LIMIT);
    assert_eq!(
        filtered(format!("a password={giant} b {SECRET}\r\nnext\n")),
        "a password=[REDACTED]\r\nnext\n"
    );
    assert_eq!(
        filtered(format!("a password={giant}")),
        "a password=[REDACTED]"
    );
}

#[test]
fn what_is_not_utf8_is_not_cut_apart() {
    let broken: Vec<u8> = b"\x80".repeat(3 * LIMIT);
    assert_eq!(filtered(&broken), "\u{FFFD}".repeat(3 * LIMIT));
    let broken: Vec<u8> = b"\xF0\x9F\x98".repeat(LIMIT);
    assert_eq!(filtered(&broken), "\u{FFFD}".repeat(LIMIT));
}

#[test]
fn a_stream_without_newlines_is_held_in_bounded_memory() {
    for unit in [
        b"x".as_slice(),
        b"word ",
        b"password=hunter2secret ",
        b"\xFF",
    ] {
        let mut writer = Writer::new(std::io::sink());
        for byte in unit.iter().cycle().take(1 << 20) {
            writer.write_all(&[*byte]).unwrap();
        }
        assert!(
            writer.engine.capacity() <= 5 * LIMIT,
            "{}",
            writer.engine.capacity()
        );
    }
}
