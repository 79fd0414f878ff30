//! The gate as a program: what it prints, its exit status, and where its keys come from.

mod proxy;

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use axum::routing::post;
use axum::{Json, Router};
use serde_json::json;
use wait_or_die_example_faults::{Plan, Server, Step};

/// A key that no service has given out.
const KEY: &str = "sk-ant-9Tq4kolibri77Zx";

/// Builds the example once and says where it is.
fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        // Beside this test: `<target>/<profile>/deps/..` and `<target>/<profile>/examples/..`.
        let test = env::current_exe().unwrap();
        let profile = test.parent().unwrap().parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build
            .args([
                "build",
                "--quiet",
                "--example",
                "llm",
                "--package",
                env!("CARGO_PKG_NAME"),
            ])
            .arg("--target-dir")
            .arg(profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        if !cfg!(feature = "resilience") {
            build.arg("--no-default-features");
        }
        assert!(
            build.status().unwrap().success(),
            "the example does not build"
        );
        profile.join("examples").join("llm")
    })
}

/// What is in the environment of whoever runs the tests is not in that of the program.
fn command(arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program());
    for name in ["ANTHROPIC_API_KEY", "GEMINI_API_KEY", "OPENAI_API_KEY"] {
        command.env_remove(name).env_remove(format!("{name}_FILE"));
    }
    command.args(arguments).envs(environment.iter().copied());
    command
}

/// Status, standard output, standard error.
fn run(arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command(arguments, environment).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

/// A document in a directory of its own.
fn document(text: &str) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.md");
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (directory, path)
}

#[test]
fn the_demonstration_ends_as_it_should() {
    // Nobody is there, and nobody is to be asked: it stays on this machine.
    let proxies =
        ["HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, "http://127.0.0.1:9"));
    let (status, printed, stderr) = run(&[], &proxies);
    assert_eq!((status, stderr.as_str()), (Some(0), ""), "{printed}");
    let last = printed.lines().last();
    assert_eq!(
        last,
        Some("every review ended as it should have"),
        "{printed}"
    );
    if cfg!(feature = "resilience") {
        the_story_is_told(&printed);
    }
    assert!(
        !printed.contains('\x1b') && !printed.contains("sk-demo"),
        "{printed}"
    );
}

/// Line by line, in this order.
fn the_story_is_told(printed: &str) {
    let mut lines = printed.lines();
    for told in [
        "-- both are busy at first --",
        "approved by 2 of 2",
        "requests that arrived: 3 and 3",
        "-- one is down --",
        "breaker gemini: closed -> open (failure_threshold)",
        "== gemini: no review after ",
        "approved by 1 of 2 only: without gemini",
        "requests that arrived: 1 and 0",
        "-- one has no quota left --",
        "anthropic.ask: attempt 1 failed (permanent), not retried; 429 Too Many Requests, enforced_spend_limit_reached",
        "rejected; without anthropic",
        "requests that arrived: 1 and 1",
        "-- streams break: one in its middle, one before it begins --",
        "== anthropic: no review after ",
        "what had arrived:",
        "VERDICT: APPROVE",
        "requests that arrived: 1 and 2",
        "-- both are down --",
        "not reviewed: no answer from anthropic, gemini",
        "-- as the first, with the protection switched off in the settings --",
        "== anthropic: no review after 0.0 s: 529, overloaded_error",
        "requests that arrived: 1 and 1",
        "-- all of it --",
    ] {
        assert!(
            lines.any(|line| line.contains(told)),
            "no `{told}`:\n{printed}"
        );
    }
    // Of the first scene: an answer of no use had its price, and an answer was lost.
    let table = "\
anthropic           3      109       11      120            0            1
gemini              3      219       31      250          130            0
sum                 6      328       42      370          130            1
";
    assert!(printed.contains(table), "{printed}");
}

#[test]
fn without_any_key_it_says_so_and_shows_the_demonstration() {
    let (_directory, file) = document("a document");
    let (status, printed, _) = run(&["review", &file], &[]);
    assert!(printed.starts_with("no key: set ANTHROPIC_API_KEY, GEMINI_API_KEY or OPENAI_API_KEY"));
    assert!(printed.contains("every review ended as it should have"));
    assert_eq!(status, Some(69), "nobody has reviewed it");
}

#[test]
fn what_cannot_be_is_told() {
    let (_directory, file) = document("a document");
    let key = ("ANTHROPIC_API_KEY", KEY);
    for (arguments, status, told) in [
        (
            &["--frobnicate"][..],
            2,
            "unexpected argument '--frobnicate'",
        ),
        (&["review"], 2, "<FILE>"),
        (
            &["review", &file, "--provider", "openai"],
            2,
            "--openai-model",
        ),
        (
            &["review", &file, "--gemini-url", "http://192.0.2.1"],
            2,
            "write `https://`",
        ),
        (
            &["review", "/nowhere/report.md"],
            1,
            "llm: `/nowhere/report.md`: No such file",
        ),
        (
            &["review", &file, "--settings", &file],
            1,
            "report.md`: expected",
        ),
    ] {
        let (code, _, stderr) = run(arguments, &[key]);
        assert_eq!(code, Some(status), "{stderr}");
        assert!(stderr.contains(told), "{stderr}");
    }
    for (text, told) in [
        (String::new(), "nothing to review"),
        ("x".repeat((1 << 20) + 1), "longer than 1 MiB"),
    ] {
        let (_directory, file) = document(&text);
        let (code, _, stderr) = run(&["review", &file], &[key]);
        assert_eq!(code, Some(1));
        assert!(stderr.contains(told), "{stderr}");
    }
    let (code, help, _) = run(&["--help"], &[]);
    assert_eq!(code, Some(0));
    assert!(
        help.contains("ANTHROPIC_API_KEY") && help.contains("69  nobody answered"),
        "{help}"
    );
}

/// A server that speaks as `OpenAI` does, and is of this opinion.
async fn server(opinion: &'static str, plan: Plan) -> Server {
    let handler = post(move || async move {
        Json(json!({
            "choices": [{ "message": { "content": format!("VERDICT: {opinion}\nall of it") }, "finish_reason": "stop" }],
            "usage": { "prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12 },
        }))
    });
    Server::start(Router::new().route("/v1/chat/completions", handler), plan)
        .await
        .unwrap()
}

/// Asks a server that speaks as `OpenAI` does, beside it or alone.
async fn reviewed(
    server: &Server,
    more: &[&str],
    environment: &[(&str, &str)],
) -> (Option<i32>, String, String) {
    let (_directory, file) = document("a document");
    let url = format!("{}/v1", server.url());
    let mut arguments = vec!["review", &file, "--openai-model", "m", "--openai-url", &url];
    arguments.extend(more);
    let mut command = command(&arguments, environment);
    // The server runs on this thread.
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[tokio::test]
async fn the_exit_status_says_what_the_review_came_to() {
    let alone = &["--provider", "openai"][..];
    for (opinion, more, status, last) in [
        ("APPROVE", alone, 0, "approved by 1 of 1"),
        ("REJECT", alone, 3, "rejected"),
        (
            "APPROVE",
            &["--provider", "openai,gemini"],
            4,
            "approved by 1 of 2 only: without gemini",
        ),
    ] {
        let server = server(opinion, Plan::healthy()).await;
        let (code, printed, stderr) = reviewed(&server, more, &[]).await;
        assert_eq!(
            (code, printed.lines().last()),
            (Some(status), Some(last)),
            "{printed}{stderr}"
        );
        assert!(printed.contains("\nall of it\n"), "{printed}");
        assert_eq!(
            stderr.contains("gemini: no key (GEMINI_API_KEY)"),
            status == 4,
            "{stderr}"
        );
        assert_eq!(server.count(), 1);
    }
    let quota = Step::answer(
        wait_or_die_example_faults::Answer::status(http::StatusCode::TOO_MANY_REQUESTS)
            .with_body(r#"{"error":{"type":"insufficient_quota","code":null}}"#),
    );
    let server = server("APPROVE", Plan::of([quota])).await;
    let (code, printed, _) = reviewed(&server, alone, &[]).await;
    assert_eq!(
        (code, printed.lines().last()),
        (Some(69), Some("not reviewed: no answer from openai"))
    );
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn keys_come_from_the_environment_or_from_a_file_and_are_not_printed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key");
    std::fs::write(&file, format!("{KEY}\n")).unwrap();
    let refused = Step::status(http::StatusCode::UNAUTHORIZED);
    for variable in [
        ("OPENAI_API_KEY", KEY),
        ("OPENAI_API_KEY_FILE", file.to_str().unwrap()),
    ] {
        let server = server("APPROVE", Plan::of([refused.clone()])).await;
        let (code, printed, stderr) =
            reviewed(&server, &["--provider", "openai"], &[variable]).await;
        assert_eq!(code, Some(69));
        assert_eq!(
            server.requests()[0].headers[http::header::AUTHORIZATION],
            format!("Bearer {KEY}")
        );
        assert!(
            !printed.contains(KEY) && !stderr.contains(KEY),
            "{printed}{stderr}"
        );
    }
    let missing = ("OPENAI_API_KEY_FILE", "/nowhere/key");
    let server = server("APPROVE", Plan::healthy()).await;
    let (code, _, stderr) = reviewed(&server, &["--provider", "openai"], &[missing]).await;
    assert_eq!(code, Some(1));
    assert!(
        stderr.contains("OPENAI_API_KEY_FILE: cannot read `/nowhere/key`"),
        "{stderr}"
    );
    assert_eq!(server.count(), 0);
}

/// Key and document would be readable there. The service that is elsewhere is asked by way of the proxy, once: that it
/// wants other credentials does not pass by waiting.
#[tokio::test]
async fn what_is_on_this_machine_is_asked_without_the_proxy() {
    let (proxy, asked) = proxy::start();
    let mut environment = vec![("GEMINI_API_KEY", KEY), ("OPENAI_API_KEY", KEY)];
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
    ] {
        environment.push((name, &proxy));
    }
    environment.extend(["NO_PROXY", "no_proxy"].map(|name| (name, "")));
    let server = server("APPROVE", Plan::healthy()).await;
    let mixed = [
        "--provider",
        "openai,gemini",
        "--gemini-url",
        "https://gemini.invalid",
    ];
    let (code, printed, stderr) = reviewed(&server, &mixed, &environment).await;
    let last = printed.lines().last();
    let expected = "approved by 1 of 2 only: without gemini";
    assert_eq!((code, last), (Some(4), Some(expected)), "{stderr}");
    assert_eq!(server.count(), 1);
    assert_eq!(
        *asked.lock().unwrap(),
        ["CONNECT gemini.invalid:443 HTTP/1.1"]
    );
}

#[test]
fn an_address_with_a_secret_is_refused_without_being_shown() {
    for address in [
        "https://anna:hunter2pw@h",
        "https://hunter2pw@h",
        "http://:hunter2pw@h/v1",
        "https://h/v1?key=hunter2pw",
    ] {
        let (code, printed, stderr) = run(&["review", "a", "--anthropic-url", address], &[]);
        assert_eq!((code, printed.as_str()), (Some(2), ""));
        assert!(stderr.contains("--anthropic-url"), "{stderr}");
        assert!(!stderr.contains("hunter2pw"), "{stderr}");
    }
}

/// In the settings, by name: no retry, and none of the runtime's events.
#[tokio::test]
async fn settings_from_a_file_switch_the_protection_off() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("settings.json");
    std::fs::write(&file, r#"{"calls": {"openai.ask": {"enabled": false}}}"#).unwrap();
    let sick = || Plan::of([Step::status(http::StatusCode::SERVICE_UNAVAILABLE)]);
    let with_settings = ["--provider", "openai", "--settings", file.to_str().unwrap()];
    let server = server("APPROVE", sick()).await;
    let (code, _, stderr) = reviewed(&server, &with_settings, &[]).await;
    assert_eq!((code, stderr.as_str(), server.count()), (Some(69), "", 1));
    if cfg!(feature = "resilience") {
        server.set_plan(sick());
        let (code, _, stderr) = reviewed(&server, &with_settings[..2], &[]).await;
        assert_eq!((code, server.count()), (Some(0), 3));
        assert!(
            stderr.contains("openai.ask: succeeded at attempt 2"),
            "{stderr}"
        );
    }
}
