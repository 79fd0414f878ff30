//! The redacting pipe as a program: what it prints, when, and its exit status.
#![cfg(unix)] // pipes

mod built;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;

/// Builds the example once and says where it is.
fn redact() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| built::example("redact"))
}

fn start(arguments: &[&str]) -> Child {
    Command::new(redact())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Gives the program all of `input` and waits for its end.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // Beside, as the program writes while it reads; it may end before it has read all.
    let writing = thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    output
}

#[track_caller]
fn assert_shown(arguments: &[&str], input: &[u8], expected: &str) {
    let output = run(arguments, input);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), expected);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_stream_is_filtered_to_its_last_byte() {
    assert_shown(&[], b"", "");
    assert_shown(
        &[],
        b"start\r\nGET /?user=svc&password=hunter2secret 200\n\xFF\nthe end, password=hunter2secret",
        "start\r\nGET /?user=svc&password=[REDACTED] 200\n\u{FFFD}\nthe end, password=[REDACTED]",
    );
    let line = "a line of an ordinary log, 12345 bytes, user=svc\n".repeat(20_000);
    assert_shown(&[], line.as_bytes(), &line);
}

#[test]
fn a_log_can_be_followed() {
    let mut child = start(&[]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for round in 0..3 {
        write!(stdin, "round {round} password=hunter2secret\nhalf").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let half = if round == 0 { "" } else { "half" };
        assert_eq!(line, format!("{half}round {round} password=[REDACTED]\n"));
    }
    drop(stdin);
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "half");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_quietly() {
    for arguments in [&[][..], &["--json-lines"]] {
        let mut child = start(arguments);
        drop(child.stdout.take());
        let mut stdin = child.stdin.take().unwrap();
        // Until the program is gone, which closes the pipe.
        while stdin
            .write_all("\"a line\"\n".repeat(1000).as_bytes())
            .is_ok()
        {}
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn json_strings_are_texts_of_their_own() {
    assert_shown(&["--json-lines"], b"", "");
    assert_shown(
        &["--json-lines"],
        b"\"a\\nb \\u00e9\"\r\n\"x password=hunter2secret\\n y\"\n\"\"",
        "\"a\\nb \u{e9}\"\n\"x password=[REDACTED]\\n y\"\n\"\"\n",
    );
}

#[test]
fn json_texts_are_answered_one_by_one() {
    let mut child = start(&["--json-lines"]);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..2 {
        stdin.write_all(b"\"password=hunter2secret\"\n").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(line, "\"password=[REDACTED]\"\n");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn input_that_is_no_json_string_is_refused_with_its_line_and_without_its_text() {
    for wrong in [
        "{\"password\":\"hunter2secret\"}",
        "password=hunter2secret",
        "\"hunter2secret",
        "\"\\ud800\"",
        "\"one\" \"two\"",
        "",
    ] {
        let output = run(
            &["--json-lines"],
            format!("\"one\"\n\"two\"\n{wrong}\n\"four\"\n").as_bytes(),
        );
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(output.stdout, b"\"one\"\n\"two\"\n");
        assert_eq!(
            String::from_utf8(output.stderr).unwrap(),
            "redact: line 3 of the input is not a JSON string: write one string in double quotes per line\n"
        );
    }
}

#[test]
fn help_says_how_to_use_it_and_what_is_unknown_is_refused() {
    let help = run(&["--help"], b"");
    assert_eq!(help.status.code(), Some(0));
    let text = String::from_utf8(help.stdout).unwrap();
    assert!(text.contains("some-program 2>&1 | redact"), "{text}");
    assert!(text.contains("--json-lines"), "{text}");
    assert_eq!(run(&["--jsonlines"], b"").status.code(), Some(2));
}
