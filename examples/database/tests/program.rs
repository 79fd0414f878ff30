//! The program: what it prints, its exit status, and that it keeps the password to itself.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use wait_or_die_example_database::Server;

/// Builds the example once, where these tests are, and says where it is.
fn program() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let test = env::current_exe().unwrap();
        let profile = test.parent().unwrap().parent().unwrap();
        let mut build = Command::new(env!("CARGO"));
        build
            .args(["build", "--quiet", "--example", "database"])
            .args(["--package", env!("CARGO_PKG_NAME"), "--target-dir"])
            .arg(profile.parent().unwrap())
            .current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "it does not build");
        profile.join("examples").join("database")
    })
}

fn command() -> Command {
    let mut command = Command::new(program());
    command
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_URL_FILE");
    command
}

/// The exit status, standard output, standard error.
fn run(command: &mut Command) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn help_says_what_is_needed_and_wrong_arguments_end_with_2() {
    let (code, help, _) = run(command().arg("--help"));
    assert_eq!(code, Some(0));
    for told in ["initdb", "DATABASE_URL_FILE", "save", "search", "repair"] {
        assert!(help.contains(told), "no `{told}`:\n{help}");
    }
    for wrong in [&["dance"][..], &["save"], &["search", "x", "--most", "0"]] {
        let (code, _, stderr) = run(command().args(wrong));
        assert_eq!(code, Some(2), "{stderr}");
    }
}

#[test]
fn a_missing_or_malformed_url_is_told_without_the_password() {
    let (code, _, stderr) = run(command().args(["search", "x"]));
    let told = "database: neither `DATABASE_URL` nor `DATABASE_URL_FILE` is set\n";
    assert_eq!((code, stderr.as_str()), (Some(1), told));
    let mut malformed = command();
    malformed.args(["search", "x"]);
    malformed.env("DATABASE_URL", "postgresql://anna:s3cr3t-pw@host:port/x");
    let (code, _, stderr) = run(&mut malformed);
    assert_eq!(code, Some(1));
    assert!(
        stderr.starts_with("database: no PostgreSQL connection string: "),
        "{stderr}"
    );
    assert!(!stderr.contains("s3cr3t"), "{stderr}");
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_one_run_saves_the_next_one_finds() {
    let server = Server::start().await.unwrap();
    let url = server.url();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("url");
    std::fs::write(&file, format!("{}\n", url.expose())).unwrap();
    let mut saving = command();
    saving.env("DATABASE_URL", url.expose());
    saving.args(["save", "black coffee at breakfast", "--key", "k-1"]);
    let (code, stdout, stderr) = run(&mut saving);
    assert_eq!(
        (code, stdout.as_str()),
        (Some(0), "saved as k-1\n"),
        "{stderr}"
    );
    let (code, stdout, _) = run(&mut saving);
    assert_eq!((code, stdout.as_str()), (Some(0), "saved as k-1\n"));
    for (words, by) in [(None, "by meaning:"), (Some("--words"), "by words:")] {
        let mut search = command();
        search.env("DATABASE_URL_FILE", &file);
        search
            .args(["search", "breakfast coffee black at"])
            .args(words);
        let (code, stdout, _) = run(&mut search);
        let expected = format!("{by}\n  1.00  k-1  black coffee at breakfast\n");
        assert_eq!((code, stdout), (Some(0), expected));
    }
    let mut other = command();
    other.env("DATABASE_URL", url.expose());
    let (code, _, stderr) = run(other.args(["save", "tea", "--key", "k-1"]));
    let told = "database: the key `k-1` belongs to another text\n";
    assert_eq!((code, stderr.as_str()), (Some(1), told));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn the_wrong_password_is_not_repeated() {
    let server = Server::start().await.unwrap();
    let wrong = format!(
        "postgresql://memory:s3cr3t-pw@127.0.0.1:{}/postgres",
        server.port()
    );
    let mut search = command();
    search.env("DATABASE_URL", wrong).args(["search", "x"]);
    let (code, stdout, stderr) = run(&mut search);
    assert_eq!((code, stdout.as_str()), (Some(1), ""));
    assert!(
        stderr.contains("password authentication failed"),
        "{stderr}"
    );
    assert!(
        stderr.contains("28P01") && !stderr.contains("s3cr3t"),
        "{stderr}"
    );
}

#[test]
#[ignore = "needs postgres"]
fn the_demonstration_accounts_for_every_memory() {
    let (code, printed, stderr) = run(&mut command());
    assert_eq!(code, Some(0), "{printed}{stderr}");
    let mut lines = printed.lines();
    for told in [
        "a PostgreSQL of its own, at memory@127.0.0.1:",
        "stopping the server",
        "killing the server (SIGKILL)",
        "killing our session (SIGKILL)",
        "300 memories saved, ",
        "acknowledged and there: 300, none twice, none lost",
    ] {
        let found = lines.any(|line| line.contains(told));
        assert!(found, "no `{told}`:\n{printed}");
    }
    for told in [
        "breaker embeddings: closed -> open",
        "breaker embeddings: half_open -> closed",
        "in between, by words, because meaning cannot be compared",
        "with all vectors, by meaning:",
    ] {
        assert_eq!(printed.matches(told).count(), 1, "`{told}`:\n{printed}");
    }
}
