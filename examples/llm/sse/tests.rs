use proptest::prelude::*;

use super::{Parser, TooLong};

const LIMIT: usize = 256;

/// The events of a text that comes in pieces, and what was left over.
fn parsed<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<String>, String) {
    let mut parser = Parser::new(LIMIT);
    let mut events = Vec::new();
    for piece in pieces {
        parser.feed(piece);
        while let Some(event) = parser.next_event().unwrap() {
            events.push(event);
        }
    }
    let leftover = String::from_utf8(parser.leftover()).unwrap();
    (events, leftover)
}

#[test]
fn every_form_of_the_standard_is_read() {
    for (text, expected) in [
        ("data: one\n\n", &["one"][..]),
        ("data:one\n\n", &["one"]),
        ("data:  one\n\n", &[" one"]),
        ("data: one\r\n\r\n", &["one"]),
        ("data: one\r\rdata: two\r\r", &["one", "two"]),
        ("data: one\ndata: two\n\n", &["one\ntwo"]),
        ("data\n\n", &[""]),
        ("data:\ndata:\n\n", &["\n"]),
        (": a comment\n\n", &[]),
        (": a comment\ndata: one\n: another\n\n", &["one"]),
        ("event: ping\nid: 7\nretry: 10\n\n", &[]),
        (
            "event: delta\ndata: one\n\nevent: delta\ndata: two\n\n",
            &["one", "two"],
        ),
        ("\u{feff}data: one\n\n", &["one"]),
        ("\n\n\ndata: one\n\n\n\n", &["one"]),
        ("data: not whole\n", &[]),
        ("data: \u{20ac}\n\n", &["\u{20ac}"]),
    ] {
        assert_eq!(parsed([text.as_bytes()]).0, expected, "{text:?}");
    }
}

#[test]
fn it_does_not_matter_where_the_pieces_end() {
    let text = "\u{feff}: hi\r\nevent: a\r\ndata: \u{20ac}1\r\ndata: 2\r\n\r\ndata: 3\n\ndata: 4\r\r{\"error\": 5}\n";
    let bytes = text.as_bytes();
    let whole = parsed([bytes]);
    assert_eq!(whole.0, ["\u{20ac}1\n2", "3", "4"]);
    assert_eq!(whole.1, "{\"error\": 5}\n");
    for cut in 0..=bytes.len() {
        let (left, right) = bytes.split_at(cut);
        assert_eq!(parsed([left, right]), whole, "cut at {cut}");
    }
    assert_eq!(parsed(bytes.chunks(1)), whole);
}

#[test]
fn what_is_no_field_is_left_over() {
    let text = "data: 1\n\n{\n  \"error\": {\n    \"code\": 503\n  }\n}";
    let (events, leftover) = parsed([text.as_bytes()]);
    assert_eq!(events, ["1"]);
    assert_eq!(leftover, "{\n  \"error\": {\n    \"code\": 503\n  }\n}");
}

#[test]
fn bytes_that_are_no_text_are_replaced() {
    let (events, _) = parsed([&b"data: \xff\n\n"[..]]);
    assert_eq!(events, ["\u{fffd}"]);
}

#[test]
fn nothing_grows_without_bound() {
    let endless = |line: &[u8]| {
        let mut parser = Parser::new(LIMIT);
        for fed in 1..=2 * LIMIT {
            parser.feed(line);
            if parser.next_event() == Err(TooLong) {
                return fed * line.len();
            }
        }
        panic!("no bound on {line:?}")
    };
    for line in [&b"x"[..], b"data: x\n", b"stray\n"] {
        let fed = endless(line);
        // Of `data: x` only the `x` and its LF are kept.
        assert!((LIMIT..=LIMIT * 4 + 8).contains(&fed), "{fed}");
    }
    // Comments are not kept at all.
    let comments = b": x\n".repeat(LIMIT);
    assert_eq!(parsed([&comments[..]]).0, [""; 0]);
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_give_the_same(
        bytes in prop::collection::vec(
            prop::sample::select(&b"data: xy:\r\n\r\n{}\xef\xbb\xbf\xe2\x82\xac\xff"[..]), 0..200),
        cuts in prop::collection::vec(0_usize..200, 0..8),
    ) {
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        let events = |pieces: &[&[u8]]| {
            let mut parser = Parser::new(1024);
            let mut events = Vec::new();
            for piece in pieces {
                parser.feed(piece);
                while let Some(event) = parser.next_event().unwrap() {
                    events.push(event);
                }
            }
            (events, parser.leftover())
        };
        prop_assert_eq!(events(&pieces), events(&[&bytes]));
    }
}
