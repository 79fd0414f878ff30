//! The program: what it prints, its exit status, and that it never shows a token.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use http::{Method, StatusCode};
use tokio::io::AsyncWriteExt as _;
use wait_or_die_example_faults::{Plan, Server, Step};
use wait_or_die_example_notion::fake::{self, FakeNotion};

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
                "notion",
                "--package",
                env!("CARGO_PKG_NAME"),
            ])
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
        profile.join("examples").join("notion")
    })
}

/// What the program printed, and how it ended.
struct Ran {
    code: Option<i32>,
    printed: String,
}

async fn run(arguments: &[&str], token: Option<&str>) -> Ran {
    run_with(arguments, token, "").await
}

/// The same with something to read from standard input.
async fn run_with(arguments: &[&str], token: Option<&str>, input: &str) -> Ran {
    run_in(&[], arguments, token, input).await
}

/// The same with more in the environment.
async fn run_in(
    environment: &[(&str, &str)],
    arguments: &[&str],
    token: Option<&str>,
    input: &str,
) -> Ran {
    let mut command = tokio::process::Command::new(program());
    command.args(arguments).env_remove("NOTION_TOKEN");
    command.envs(environment.iter().copied());
    if let Some(token) = token {
        command.env("NOTION_TOKEN", token);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Dropped at once, which is the end of what there is to read.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).await.unwrap();
    drop(stdin);
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().await.unwrap();
    let mut printed = String::from_utf8(stdout).unwrap();
    printed.push_str(&String::from_utf8(stderr).unwrap());
    Ran {
        code: status.code(),
        printed,
    }
}

#[tokio::test]
async fn the_demonstration_tells_its_story_and_its_record_agrees() {
    let Ran { code, printed } = run(&[], None).await;
    assert_eq!(code, Some(0), "{printed}");
    for line in [
        "it belongs to reports",
        "breaker opened: notion (failure_threshold)",
        "breaker closed: notion (probes_succeeded)",
        "notion.push_page: succeeded at attempt 9",
        "found the page, and nothing to write; 4 requests",
        "Notion's own record agrees: one page, 250 blocks, each once and in order",
    ] {
        assert!(printed.contains(line), "no `{line}` in:\n{printed}");
    }
    assert!(!printed.contains(fake::TOKEN));
}

#[tokio::test]
async fn without_a_token_it_says_so_and_shows_the_demonstration() {
    let id = fake::PARENT;
    for arguments in [&["validate"][..], &["push", "report.md", "--parent", id]] {
        let Ran { code, printed } = run(arguments, None).await;
        // A script must not take it for done.
        assert_eq!(code, Some(1), "{printed}");
        assert!(
            printed.starts_with("NOTION_TOKEN is not set, so nothing is sent to Notion."),
            "{printed}"
        );
        assert!(printed.contains("Notion's own record agrees"), "{printed}");
    }
}

/// The token would be readable there. What is elsewhere is asked by way of the proxy.
#[tokio::test]
async fn what_is_on_this_machine_is_asked_without_the_proxy() {
    let fake = || FakeNotion::new().router();
    let server = Server::start(fake(), Plan::healthy()).await.unwrap();
    let refused = Step::status(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    let plan = Plan::of(refused.times(20));
    let proxy = Server::start(fake(), plan).await.unwrap();
    let proxy_url = proxy.url();
    let mut environment = ["NO_PROXY", "no_proxy"].map(|name| (name, "")).to_vec();
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
    ] {
        environment.push((name, &proxy_url));
    }
    let url = server.url();
    let validate = |url| ["validate", "--url", url];
    let here = run_in(&environment, &validate(&url), Some(fake::TOKEN), "").await;
    assert_eq!(here.code, Some(0), "{}", here.printed);
    assert_eq!((server.count(), proxy.count()), (1, 0));

    let elsewhere = validate("https://notion.invalid");
    let elsewhere = run_in(&environment, &elsewhere, Some(fake::TOKEN), "").await;
    assert_eq!(elsewhere.code, Some(1), "{}", elsewhere.printed);
    assert_eq!(server.count(), 1);
    let asked = proxy.requests();
    let is_tunnel = |asked: &wait_or_die_example_faults::Received| asked.method == Method::CONNECT;
    assert!(!asked.is_empty() && asked.iter().all(is_tunnel));
}

#[tokio::test]
async fn a_report_is_pushed_once_and_found_the_second_time() {
    let notion = FakeNotion::new();
    let server = Server::start(notion.router(), Plan::healthy())
        .await
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.md");
    std::fs::write(&report, "# Title *here*\n\ntext\n\n- item\n").unwrap();
    let (url, report) = (server.url(), report.to_str().unwrap());
    let arguments = ["push", report, "--parent", fake::PARENT, "--url", &url];

    let first = run(&arguments, Some(fake::TOKEN)).await;
    let id = notion.pages()[0].id.clone();
    assert_eq!(
        (first.code, first.printed),
        (Some(0), format!("page {id} created: 3 blocks\n"))
    );
    let second = run(&arguments, Some(fake::TOKEN)).await;
    assert_eq!(
        (second.code, second.printed),
        (Some(0), format!("page {id} was there already: 3 blocks\n"))
    );
    assert!(notion.pages()[0].title.starts_with("Title here · "));
    assert_eq!(notion.pages().len(), 1);

    // The token from a file, properties from another.
    let (token, properties) = (
        directory.path().join("token"),
        directory.path().join("task.json"),
    );
    std::fs::write(&token, format!("{}\n", fake::TOKEN)).unwrap();
    std::fs::write(&properties, r#"{"Status": {"select": {"name": "Done"}}}"#).unwrap();
    let arguments = [
        "push",
        report,
        "--data-source",
        fake::DATA_SOURCE,
        "--id-property",
        "External ID",
        "--title",
        "T",
        "--properties",
        properties.to_str().unwrap(),
        "--token-file",
        token.to_str().unwrap(),
        "--url",
        &url,
    ];
    let third = run(&arguments, None).await;
    assert_eq!(third.code, Some(0), "{}", third.printed);
    let page = &notion.pages()[1];
    assert_eq!(
        (
            page.title.as_str(),
            &page.properties["Status"]["select"]["name"]
        ),
        ("T", &"Done".into())
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_report_is_read_once_so_it_may_come_from_a_pipe() {
    let notion = FakeNotion::new();
    let server = Server::start(notion.router(), Plan::healthy())
        .await
        .unwrap();
    let url = server.url();
    let arguments = [
        "push",
        "/dev/stdin",
        "--parent",
        fake::PARENT,
        "--url",
        &url,
    ];
    let ran = run_with(&arguments, Some(fake::TOKEN), "# Piped\n\ntext\n").await;
    let page = notion.pages()[0].clone();
    assert_eq!(
        (ran.code, ran.printed),
        (Some(0), format!("page {} created: 2 blocks\n", page.id))
    );
    assert!(page.title.starts_with("Piped · "), "{}", page.title);
}

#[tokio::test]
async fn what_cannot_be_pushed_is_told_before_anything_is_sent() {
    let server = Server::start(FakeNotion::new().router(), Plan::healthy())
        .await
        .unwrap();
    let url = server.url();
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (report, properties) = (path("report.md"), path("task.json"));
    std::fs::write(&report, "# A").unwrap();
    let expect = async |report: &str, text: &str, told: &str| {
        std::fs::write(&properties, text).unwrap();
        let arguments = [
            "push",
            report,
            "--data-source",
            fake::DATA_SOURCE,
            "--id-property",
            "External ID",
            "--properties",
            &properties,
            "--url",
            &url,
        ];
        let ran = run(&arguments, Some(fake::TOKEN)).await;
        assert_eq!(
            (ran.code, ran.printed),
            (Some(1), format!("notion: {told}\n"))
        );
    };
    let long = format!("{}{{}}", " ".repeat(1024 * 1024));
    for (text, told) in [
        (
            r#"{"Name": {"title": []}}"#,
            "the property `Name` is the title, which is given by itself and only once: leave it out",
        ),
        (
            r#"{"External ID": {"rich_text": []}}"#,
            "the property `External ID` holds the external id: leave it out of the properties, or let another one hold the id",
        ),
        (
            "[]",
            "the properties are no object in JSON: invalid type: sequence, expected a map at line 1 column 0",
        ),
        (
            long.as_str(),
            "cannot read the properties: it has more than 1048576 bytes",
        ),
    ] {
        expect(&report, text, told).await;
    }
    let missing = path("missing.md");
    expect(
        &missing,
        "{}",
        "cannot read the report: No such file or directory (os error 2)",
    )
    .await;
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn no_failure_shows_the_token() {
    let secret = "ntn_4711sesameOpenSesameOpenSesame";
    let notion = FakeNotion::new();
    let server = Server::start(notion.router(), Plan::healthy())
        .await
        .unwrap();
    let url = server.url();
    let invalid = run(&["validate", "--url", &url], Some(secret)).await;
    assert_eq!(invalid.code, Some(1));
    assert!(
        invalid
            .printed
            .ends_with("notion: Notion answered 401 unauthorized: API token is invalid.\n"),
        "{}",
        invalid.printed
    );
    // A server that throws the token back, in a message that is passed on.
    let echo = format!(r#"{{"code":"unauthorized","message":"no such token: {secret}"}}"#);
    let answer =
        wait_or_die_example_faults::Answer::status(StatusCode::UNAUTHORIZED).with_body(echo);
    server.set_plan(Plan::of(Step::answer(answer).times(9)));
    let echoed = run(&["validate", "--url", &url], Some(secret)).await;
    // No token at all: refused before anything is sent.
    let two_lines = run(&["validate", "--url", &url], Some("two\nlines")).await;
    assert_eq!((echoed.code, two_lines.code), (Some(1), Some(1)));
    for ran in [invalid, echoed, two_lines] {
        assert!(
            !ran.printed.contains("sesame") && !ran.printed.contains("two"),
            "{}",
            ran.printed
        );
    }
}

#[tokio::test]
async fn the_help_tells_where_the_token_comes_from() {
    let Ran { code, printed } = run(&["--help"], None).await;
    assert_eq!(code, Some(0));
    for part in [
        "NOTION_TOKEN",
        "push",
        "validate",
        "Without a command: a demonstration",
        "Exit status",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let Ran { code, printed } = run(&["push", "a.md", "--parent", "x"], None).await;
    assert_eq!(
        (code, printed.contains("32 hexadecimal digits")),
        (Some(2), true)
    );
}
