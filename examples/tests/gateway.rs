//! The gateway as a program: what it prints, its exit status, and a client that shares no code with it.
#![cfg(unix)] // signals

use std::env;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

/// Builds the example once and says where it is.
fn gateway() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        // Beside this test: `<target>/<profile>/deps/..` and `<target>/<profile>/examples/..`.
        let test = env::current_exe().unwrap();
        let profile = test.parent().unwrap().parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build
            .args(["build", "--quiet", "--example", "gateway"])
            .args(["--package", "wait-or-die-examples"])
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(
            build.status().unwrap().success(),
            "the example does not build"
        );
        profile.join("examples").join("gateway")
    })
}

fn run(arguments: &[&str]) -> Output {
    Command::new(gateway()).args(arguments).output().unwrap()
}

/// A serving gateway; killed if the test fails before it has ended.
struct Serving {
    child: Child,
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
        let mut child = Command::new(gateway())
            .args(["serve", "--bind", "tcp://127.0.0.1:*"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let endpoint = line.trim().strip_prefix("listening on ").unwrap();
        Self {
            child,
            endpoint: endpoint.to_owned(),
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
    let Output { status, stdout, .. } = run(&[]);
    let printed = String::from_utf8(stdout).unwrap();
    assert_eq!(status.code(), Some(0), "{printed}");
    let orders = |outcome: &str| {
        let line = printed.lines().find_map(|line| line.strip_prefix(outcome));
        line.unwrap_or_else(|| panic!("no line `{outcome}`:\n{printed}"))
            .trim()
            .to_owned()
    };
    // The schedule counts calls, so these do not depend on how fast anything went.
    for (outcome, count) in [
        ("filled at the first attempt", "181"),
        ("filled after retries", "10"),
        ("filled, answer lost, reconciled by asking", "1"),
        ("rejected by the terminal", "8"),
        ("not placed, certainly not executed", "0"),
        ("unknown", "0"),
        ("total", "200"),
    ] {
        assert_eq!(orders(outcome), count, "{outcome}");
    }
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
fn a_taken_port_is_told() {
    let serving = Serving::start();
    let Output { status, stderr, .. } = run(&["serve", "--bind", &serving.endpoint]);
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    let told = format!("gateway: cannot listen on `{}`: ", serving.endpoint);
    assert!(stderr.starts_with(&told), "{stderr}");
}

#[test]
fn signals_end_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let (code, last) = Serving::start().end(signal);
        assert_eq!((code, last.as_str()), (Some(0), "stopped after 0 replies"));
    }
}

/// Needs `pyzmq`: `python3 -m pip install pyzmq`. `PYTHON` names another interpreter.
#[test]
#[ignore = "needs pyzmq"]
fn a_foreign_client_always_gets_an_answer_or_a_clean_close() {
    let serving = Serving::start();
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
        .args([script, &serving.endpoint])
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{python}: {stderr}");
    let counted: serde_json::Value = serde_json::from_slice(&stdout).unwrap();
    let expected = serde_json::json!({
        "valid": 23, "invalid": 15, "empty": 3, "multipart": 3, "largest": 1,
        "closed": 2, "forged": 3, "walked_away": 1, "reconnected": 1000
    });
    assert_eq!(counted, expected);
    // 23 + 15 + 3 + 3 + 1 as above, a ping after each of 5 closes, the ping that was walked away
    // from and the one after it, 1,000 reconnects.
    let (code, last) = serving.end("-INT");
    assert_eq!(
        (code, last.as_str()),
        (Some(0), "stopped after 1052 replies")
    );
}
