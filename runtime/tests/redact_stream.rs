//! What holds for every stream: its pieces do not matter, a line is what the filter makes of it, and nothing panics.

use std::io::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use wait_or_die::redact::{Filter, Writer};

/// The same cases in every run.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        rng_seed: RngSeed::Fixed(4),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn written(pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> String {
    let mut writer = Writer::new(Vec::new());
    for piece in pieces {
        writer.write_all(piece.as_ref()).unwrap();
    }
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// `text` cut after each of `lengths`, which are gone through again and again.
fn cut<'t>(text: &'t [u8], lengths: &'t [usize]) -> impl Iterator<Item = &'t [u8]> {
    let mut rest = text;
    lengths.iter().cycle().map_while(move |length| {
        let (piece, behind) = rest.split_at((*length).min(rest.len()));
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

/// Lines of a log, and keys in it.
fn item() -> impl Strategy<Value = String> {
    const BODY: &str = "MIIEpAIBAAKCAQEAnotAKeynotAKeynotAKeynotAKey";
    prop_oneof![
        "[a-z]{1,8} [a-z ]{1,40} end".prop_map(|line| line + "\n"),
        (1_usize..40).prop_map(|lines| {
            format!(
                "-----BEGIN PRIVATE KEY-----\n{}short=\n-----END PRIVATE KEY-----\n",
                format!("{BODY}\n").repeat(lines)
            )
        }),
        Just(format!(
            "at -----BEGIN RSA PRIVATE KEY-----\r\nat {BODY}\r\nno end of it\r\n"
        )),
        Just(String::from("\u{1b}[32mINFO\u{1b}[0m a line\n")),
    ]
}

/// Pieces of text in which the writer looks for something.
fn short() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"password=hunter2secret ".to_vec()),
        Just(b"password=".to_vec()),
        Just(b"-----BEGIN RSA PRIVATE KEY-----".to_vec()),
        Just(b"-----END RSA PRIVATE KEY-----".to_vec()),
        Just(b"MIIEpAIBAAKCAQEAnotAKeynotAKeynotAKeynotAKey\n".to_vec()),
        Just(b"\x1b[3m".to_vec()),
        Just("é世🦀".as_bytes().to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b" ".to_vec()),
        "[a-z]{1,8}".prop_map(String::into_bytes),
        vec(any::<u8>(), 1..6),
    ]
}

/// As above, or longer than what is held.
fn unit() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        12 => short(),
        1 => ("[ ,a-z]", 2000_usize..9000).prop_map(|(unit, times)| unit.repeat(times).into_bytes()),
    ]
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    vec(unit(), 0..40).prop_map(|units| units.concat())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn pieces_make_no_difference(text in stream(), lengths in vec(1_usize..3000, 1..8)) {
        prop_assert_eq!(written(cut(&text, &lengths)), written([&text]));
    }

    #[test]
    fn single_bytes_make_no_difference(text in stream()) {
        prop_assert_eq!(written(text.chunks(1)), written([&text]));
    }

    #[test]
    fn a_line_is_what_the_filter_makes_of_it(
        words in vec(prop_oneof![
            Just(String::from("password=hunter2secret")),
            Just(String::from("https://svc:hunter2secret@host/?token=abc")),
            "\\PC{0,12}",
        ], 0..40),
    ) {
        let line = words.join(" ");
        let line = line.replace("PRIVATE KEY", "");
        let shown = Filter::new().filter(&line);
        prop_assert_eq!(written([&line]), &*shown);
        prop_assert_eq!(written([format!("{line}\r\n{line}\n")]), format!("{shown}\r\n{shown}\n"));
    }

    #[test]
    fn what_is_shown_is_shown_so_again(items in vec(item(), 0..40)) {
        let shown = written(&items);
        prop_assert!(!shown.contains("AIBAAK") && !shown.contains("short="));
        prop_assert_eq!(written([&shown]), shown);
    }

    #[test]
    fn no_secret_is_shown_in_lines_of_any_length(
        before in 0_usize..20_000,
        after in 0_usize..20_000,
        filler in "[ ,;&|x世]",
    ) {
        let text = format!("{} password=hunter2secret {}\n", filler.repeat(before), filler.repeat(after));
        let shown = written([text]);
        prop_assert!(!shown.contains("hunter2secret"));
        prop_assert!(shown.contains("password=[REDACTED]"));
    }
}
