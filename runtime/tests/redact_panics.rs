//! What a process that panics prints with the hook that filters.

use std::env;
use std::panic;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

use wait_or_die::redact;

/// Says which panics to have.
const KIND: &str = "REDACT_PANICS_KIND";
const SECRET: &str = "hunter2secret";

fn refuse() -> Result<(), String> {
    Err(format!("password={SECRET}"))
}

/// Panics if it is told to by the environment: it is run again by the tests below.
#[test]
fn child() {
    let Ok(kind) = env::var(KIND) else { return };
    redact::install_panic_hook();
    match kind.as_str() {
        "str" => panic!("refused: password=hunter2secret for svc"),
        "string" => panic!("refused: password={SECRET} for svc"),
        "unwrap" => refuse().unwrap(),
        "any" => panic::panic_any(vec![SECRET]),
        "thread" => {
            let worker = thread::Builder::new()
                .name(format!("worker password={SECRET}"))
                .spawn(|| panic!("first"))
                .unwrap();
            assert!(worker.join().is_err());
            panic!("second");
        }
        "own" => {
            let seen = Arc::new(Mutex::new(Vec::new()));
            let seen_by_hook = Arc::clone(&seen);
            panic::set_hook(Box::new(move |info| {
                seen_by_hook
                    .lock()
                    .unwrap()
                    .push(redact::panic_text(info).to_string());
            }));
            let _ = panic::catch_unwind(|| panic!("password={SECRET}"));
            let _ = panic::catch_unwind(|| panic::panic_any(SECRET.len()));
            let _ = panic::take_hook();
            assert!(!seen.lock().unwrap()[0].contains(SECRET));
            assert!(seen.lock().unwrap()[0].ends_with("[REDACTED]"));
            assert_eq!(seen.lock().unwrap()[1], "Box<dyn Any>");
        }
        kind => panic!("no such kind: {kind}"),
    }
}

/// What a child that panics so prints to standard error.
fn run(kind: &str, backtrace: &str) -> (Output, String) {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(KIND, kind)
        .env("RUST_BACKTRACE", backtrace)
        .env_remove("RUST_LIB_BACKTRACE")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    (output, text)
}

/// Asserts what is printed after the place.
#[track_caller]
fn assert_printed(kind: &str, expected: &str) {
    let (output, text) = run(kind, "0");
    assert!(!output.status.success());
    assert!(!String::from_utf8_lossy(&output.stdout).contains(SECRET));
    let rest = text
        .strip_prefix("\nthread 'child' panicked at runtime/tests/redact_panics.rs:")
        .or_else(|| {
            text.strip_prefix("\nthread 'main' panicked at runtime/tests/redact_panics.rs:")
        })
        .unwrap_or_else(|| panic!("{text}"));
    let (_, message) = rest.split_once(":\n").unwrap();
    let note = "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n";
    assert_eq!(message, format!("{expected}\n{note}"));
}

#[test]
fn the_message_is_filtered() {
    assert_printed("str", "refused: password=[REDACTED] for svc");
    assert_printed("string", "refused: password=[REDACTED] for svc");
    assert_printed("any", "Box<dyn Any>");
}

#[test]
fn a_message_of_the_standard_library_is_filtered() {
    let (output, text) = run("unwrap", "0");
    assert!(!output.status.success());
    assert!(!text.contains(SECRET), "{text}");
    assert!(text.contains("called `Result::unwrap()` on an `Err` value: \"password=[REDACTED]"));
}

#[test]
fn the_name_of_a_thread_is_filtered_and_the_hint_given_once() {
    let (output, text) = run("thread", "0");
    assert!(!output.status.success());
    assert!(!text.contains(SECRET), "{text}");
    assert!(
        text.starts_with("\nthread 'worker password=[REDACTED]"),
        "{text}"
    );
    assert!(text.contains(":\nfirst\nnote: run with"), "{text}");
    assert!(text.ends_with(":\nsecond\n"), "{text}");
}

#[test]
fn a_backtrace_is_shown_if_it_is_asked_for() {
    let (_, text) = run("string", "1");
    assert!(!text.contains(SECRET), "{text}");
    assert!(text.contains("\nstack backtrace:\n"), "{text}");
    assert!(text.contains("redact_panics::child"), "{text}");
    assert!(
        !text.contains("note: run with `RUST_BACKTRACE=1`"),
        "{text}"
    );
}

#[test]
fn a_hook_of_ones_own_gets_the_filtered_message() {
    let (output, text) = run("own", "0");
    assert!(output.status.success(), "{text}");
    assert_eq!(text, "");
}
