//! The gateway as a program: what it prints, its exit status, and a client that shares no code with it.
#![cfg(unix)] // signals

mod built;
mod demonstration;

use std::env;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// Builds the example once and says where it is.
fn gateway() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| built::example("gateway"))
}

/// The password that the gateway logs in with at its terminal.
const PASSWORD: &str = "Wq7-kolibri-32";

/// The gateway, with a login of this test's.
fn command() -> Command {
    let mut command = Command::new(gateway());
    let login = format!("mt5://desk7:{PASSWORD}@broker.example:443");
    command.env("MT5_LOGIN", login);
    command
}

fn run(arguments: &[&str]) -> Output {
    command().args(arguments).output().unwrap()
}

/// A serving gateway; killed if the test fails before it has ended.
struct Serving {
    child: Child,
    directory: tempfile::TempDir,
    endpoint: String,
    output: BufReader<std::process::ChildStdout>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start() -> Self {
        Self::start_with(&[])
    }

    fn start_with(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), arguments)
    }

    fn start_in(directory: tempfile::TempDir, arguments: &[&str]) -> Self {
        let mut child = command()
            .args(["serve", "--bind", "tcp://127.0.0.1:*", "--data"])
            .arg(directory.path().join("made"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let endpoint = loop {
            let mut line = String::new();
            assert!(output.read_line(&mut line).unwrap() > 0, "it ended");
            if let Some(endpoint) = line.trim().strip_prefix("listening on ") {
                break endpoint.to_owned();
            }
        };
        Self {
            child,
            directory,
            endpoint,
            output,
        }
    }

    /// Sends a signal, and says how it ended and what it printed last.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        let status = self.child.wait().unwrap();
        let last = self.output.by_ref().lines().map_while(Result::ok).last();
        (status.code(), last.unwrap())
    }
}

#[test]
fn the_demonstration_accounts_for_every_order() {
    let Output {
        status,
        stdout,
        stderr,
    } = run(&[]);
    let printed = String::from_utf8(stdout).unwrap();
    assert_eq!(status.code(), Some(0), "{printed}");
    demonstration::the_password_is_not_shown(&printed, &String::from_utf8(stderr).unwrap());
    let orders = |outcome: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(outcome));
        line.unwrap_or_else(|| panic!("no line `{outcome}`:\n{printed}"))
            .trim()
            .to_owned()
    };
    // The schedule counts calls, so these do not depend on how fast anything went. Whether an order
    // was held up by the outage does: it depends on when its client came.
    for (outcome, count) in [
        ("filled, answer lost, reconciled by asking", "1"),
        ("rejected by the terminal", "5"),
        ("not placed, certainly not executed", "0"),
        ("unknown", "0"),
        ("total", "200"),
    ] {
        assert_eq!(orders(outcome), count, "{outcome}");
    }
    let filled = ["filled at the first attempt", "filled after retries"]
        .map(|outcome| orders(outcome).parse::<u32>().unwrap());
    assert_eq!(filled.iter().sum::<u32>(), 194, "{filled:?}");
    demonstration::the_breaker_is_shown(&printed);
    demonstration::the_crash_is_survived(&printed);
    assert!(
        !printed.contains('\r') && !printed.contains('\x1b'),
        "not plain lines"
    );
}

#[test]
fn wrong_arguments_end_with_usage_and_status_2() {
    for (arguments, told) in [
        (&["--frobnicate"][..], "unexpected argument '--frobnicate'"),
        (&["dance"], "unrecognized subcommand 'dance'"),
        (
            &["serve", "--bind", "tcp://0.0.0.0:5555"],
            "loopback interface only",
        ),
    ] {
        let Output { status, stderr, .. } = run(arguments);
        let stderr = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(2), "{stderr}");
        assert!(
            stderr.contains(told) && stderr.contains("--help"),
            "{stderr}"
        );
    }
    assert_eq!(run(&["--help"]).status.code(), Some(0));
}

#[test]
fn settings_that_cannot_be_are_told() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("settings.json");
    for (text, told) in [
        (None, "No such file"),
        (Some("{"), "EOF while parsing"),
        (
            Some(r#"{"calls": {"x": {"wait": 1}}}"#),
            "unknown field `wait`",
        ),
        (
            Some(r#"{"calls": {"terminal.find_order": {"timeout": 0}}}"#),
            "timeout",
        ),
    ] {
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let arguments = ["serve", "--settings", file.to_str().unwrap(), "--data"];
        let output = command()
            .args(arguments)
            .arg(directory.path().join("data"))
            .output()
            .unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        let begins = format!("gateway: `{}`: ", file.display());
        assert!(
            stderr.starts_with(&begins) && stderr.contains(told),
            "{stderr}"
        );
    }
}

#[test]
fn a_taken_port_is_told() {
    let serving = Serving::start();
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let Output { status, stderr, .. } =
        run(&["serve", "--bind", &serving.endpoint, "--data", data]);
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    let told = format!("gateway: cannot listen on `{}`: ", serving.endpoint);
    assert!(stderr.starts_with(&told), "{stderr}");
}

#[test]
fn a_strategy_starts_on_what_the_gateway_holds_and_not_without_it() {
    let serving = Serving::start();
    let started = |endpoint: &str| run(&["strategy", "--connect", endpoint, "--symbol", "EURUSD"]);
    let Output { status, stdout, .. } = started(&serving.endpoint);
    let printed = String::from_utf8(stdout).unwrap();
    assert_eq!(status.code(), Some(0), "{printed}");
    let told = "0 open positions, equity 1000000.00, free margin 1000000.00, state version ";
    assert_eq!(printed.matches(told).count(), 2, "{printed}");
    let endpoint = serving.endpoint.clone();
    serving.end("-INT");
    let Output {
        status,
        stdout,
        stderr,
    } = started(&endpoint);
    let (printed, stderr) = (
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
    );
    assert_eq!(status.code(), Some(69), "{stderr}");
    assert!(!printed.contains("open positions"), "{printed}");
    assert!(
        stderr.contains("system halt: `reconciler.startup_sync` gave up after 3 attempts"),
        "{stderr}"
    );
}

/// The terminal holds a thousand positions that the gateway has never heard of.
#[test]
fn a_thousand_positions_are_adopted_and_synchronised() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("made");
    std::fs::create_dir(&data).unwrap();
    let line = |number: u64| {
        let order = serde_json::json!({"client_order_id": format!("o-{number}"), "type": "OP_BUY",
            "symbol": "EURUSD", "volume": "0.01", "price": "1.09", "magic": 202_401});
        let execution = serde_json::json!({"at": 1_767_605_400_000_u64, "ticket": 5_001_001 + number,
            "taken": "DONE", "volume": "0.01", "price": "1.08437", "order": order});
        format!("{execution}\n")
    };
    let log: String = (0..1_000).map(line).collect();
    std::fs::write(data.join("terminal.log"), log).unwrap();
    let serving = Serving::start_in(directory, &[]);
    let started = || {
        let Output { status, stdout, .. } = run(&["strategy", "--connect", &serving.endpoint]);
        let printed = String::from_utf8(stdout).unwrap();
        assert_eq!(status.code(), Some(0), "{printed}");
        printed
    };
    let printed = started();
    // 0.01 lots each, worth 0.12 less than they cost.
    let told = "1000 open positions, equity 999880.00, ";
    assert!(printed.starts_with(told), "{printed}");
    assert!(
        printed.contains("state version 1000\nsynchronised in "),
        "{printed}"
    );
    let data = data.to_str().unwrap();
    let Output { stdout, .. } = run(&["orders", "--data", data]);
    let listed = String::from_utf8(stdout).unwrap();
    assert_eq!(listed.matches("  DONE  ").count(), 1_000);
    assert!(
        listed.contains("1000 orders, 0 of them unsettled"),
        "{listed}"
    );
}

#[test]
fn two_gateways_do_not_serve_from_one_directory() {
    let serving = Serving::start();
    let data = serving.directory.path().join("made");
    let arguments = ["serve", "--bind", "tcp://127.0.0.1:*", "--data"];
    let output = command().args(arguments).arg(&data).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.starts_with("gateway: another gateway serves from `"),
        "{stderr}"
    );
}

#[test]
fn signals_end_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let (code, last) = Serving::start().end(signal);
        assert_eq!((code, last.as_str()), (Some(0), "stopped after 0 replies"));
    }
}

/// Runs the client of another language: what it counted.
fn foreign_client(arguments: &[&str]) -> serde_json::Value {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/python/gateway_client.py"
    );
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(&python)
        .arg(script)
        .args(arguments)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{python}: {stderr}");
    serde_json::from_slice(&stdout).unwrap()
}

/// Needs `pyzmq`: `python3 -m pip install pyzmq`. `PYTHON` names another interpreter.
#[test]
#[ignore = "needs pyzmq"]
fn a_foreign_client_always_gets_an_answer_or_a_clean_close() {
    let serving = Serving::start();
    let counted = foreign_client(&[&serving.endpoint]);
    let expected = serde_json::json!({
        "valid": 28, "invalid": 15, "empty": 3, "multipart": 3, "largest": 1,
        "closed": 2, "forged": 3, "walked_away": 1, "reconnected": 1000
    });
    assert_eq!(counted, expected);
    // 28 + 15 + 3 + 3 + 1 as above, a ping after each of 5 closes, the ping that was walked away
    // from and the one after it, 1,000 reconnects.
    let (code, last) = serving.end("-INT");
    // Whether the reply to who walked away found him is a matter of luck.
    let told = ["1057 replies", "1056 replies, 1 more undelivered"];
    let last = last.strip_prefix("stopped after ").unwrap();
    assert!(code == Some(0) && told.contains(&last), "{code:?} {last}");
}

/// Needs `pyzmq` as well.
#[test]
#[ignore = "needs pyzmq"]
fn a_foreign_client_that_waits_as_told_lives_through_the_outage() {
    let short_waits = concat!(env!("CARGO_MANIFEST_DIR"), "/gateway/paper.json");
    let serving = Serving::start_with(&["--faults", "7", "--settings", short_waits]);
    let counted = foreign_client(&[&serving.endpoint, "outage"]);
    // Turned away when the breaker opens and after a probe that fails; the second opening stops a question.
    let expected = serde_json::json!({
        "filled": 117, "reconciled": 1, "rejected": 2, "turned_away": 2, "unknown": 1, "not_known": 1
    });
    assert_eq!(counted, expected);
    let (code, _) = serving.end("-INT");
    assert_eq!(code, Some(0));
}
