//! The gateway with keys, as a program: who comes in, who does not, and that no secret is told.
//!
//! The tests whose names begin with `curve_` build the gateway with the system's libzmq; the others hold the build with
//! the vendored one, which has no CURVE, to its refusals.
#![cfg(unix)] // signals, and the permissions of files

mod built;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;

/// The gateway with the vendored libzmq.
fn vendored() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    Command::new(BUILT.get_or_init(|| built::example("gateway")))
}

/// The gateway with the system's libzmq.
fn gateway() -> Command {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    Command::new(BUILT.get_or_init(|| built::example_with_curve("gateway")))
}

/// Its status, and all that it printed.
fn told(command: &mut Command) -> (Option<i32>, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let printed = [stdout, stderr].concat();
    (status.code(), String::from_utf8(printed).unwrap())
}

#[test]
fn without_curve_keys_are_refused_and_the_way_to_them_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let anywhere = ["serve", "--bind", "tcp://0.0.0.0:*"];
    for (arguments, status) in [
        (&["keygen"][..], 1),
        (&["serve", "--curve-secret-file", "gateway.key"], 2),
        (&["strategy", "--curve-secret-file", "client.key"], 2),
        (&anywhere, 2),
    ] {
        let (code, printed) = told(vendored().args(arguments).current_dir(&directory));
        assert_eq!(code, Some(status), "{printed}");
        for part in [
            "the libzmq in this program was built without CURVE",
            "apt-get install libzmq3-dev\n",
            "cargo --config examples/system-libzmq.toml build --example gateway",
        ] {
            assert!(printed.contains(part), "{printed}");
        }
    }
    assert_eq!(
        fs::read_dir(&directory).unwrap().count(),
        0,
        "files were made"
    );
}

/// Key files in a directory of their own.
struct Keys {
    directory: tempfile::TempDir,
    /// What `keygen` printed.
    printed: String,
}

impl Keys {
    /// `gateway.key` lists `client.key`; `other-gateway.key` and `other.key` are another such pair.
    fn generate() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut printed = String::new();
        let other = ["--gateway", "other-gateway.key", "--client", "other.key"];
        for arguments in [&[][..], &other] {
            let (code, told) = told(keygen(directory.path()).args(arguments));
            assert_eq!(code, Some(0), "{told}");
            printed += &told;
        }
        Self { directory, printed }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// What is written behind `field`, without its quotes.
    fn field(&self, name: &str, field: &str) -> String {
        let text = self.text(name);
        let line = text.lines().find_map(|line| line.strip_prefix(field));
        line.unwrap()
            .trim_start_matches(" = ")
            .trim_matches('"')
            .to_owned()
    }

    /// No secret of any file, nor half of one, is in what was printed.
    fn not_told_in(&self, printed: &str) {
        for file in fs::read_dir(&self.directory).unwrap() {
            let name = file.unwrap().file_name().into_string().unwrap();
            if Path::new(&name).extension().is_none_or(|end| end != "key") {
                continue;
            }
            let secret = self.field(&name, "secret-key");
            let (first, last) = secret.split_at(20);
            assert!(
                !printed.contains(first) && !printed.contains(last),
                "{name}: {printed}"
            );
        }
    }
}

fn keygen(directory: &Path) -> Command {
    let mut command = gateway();
    command.arg("keygen").current_dir(directory);
    command
}

/// A gateway that serves with keys, on every address; killed if the test fails before it has ended.
struct Serving {
    child: Child,
    /// On the loopback interface.
    endpoint: String,
    output: BufReader<ChildStdout>,
    printed: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start(keys: &Keys) -> Self {
        let mut child = gateway()
            .args(["serve", "--bind", "tcp://0.0.0.0:*", "--data"])
            .arg(keys.path("data"))
            .arg("--curve-secret-file")
            .arg(keys.path("gateway.key"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        let endpoint = loop {
            let begin = printed.len();
            assert!(
                output.read_line(&mut printed).unwrap() > 0,
                "it ended: {printed}"
            );
            if let Some(port) = printed[begin..].strip_prefix("listening on tcp://0.0.0.0:") {
                break format!("tcp://127.0.0.1:{}", port.trim());
            }
        };
        Self {
            child,
            endpoint,
            output,
            printed,
        }
    }

    /// Ends it, and says what it printed.
    fn end(mut self) -> String {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.unwrap().success());
        assert!(self.child.wait().unwrap().success());
        self.output.read_to_string(&mut self.printed).unwrap();
        std::mem::take(&mut self.printed)
    }

    fn strategy(&self, keys: Option<&Path>) -> (Option<i32>, String) {
        let mut command = gateway();
        command.args(["strategy", "--connect", &self.endpoint]);
        if let Some(keys) = keys {
            command.arg("--curve-secret-file").arg(keys);
        }
        told(&mut command)
    }

    /// Runs a client of another language, with the keys of the listed client: what it counted.
    fn foreign(&self, keys: &Keys, script: &str) -> serde_json::Value {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let scripts = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/python");
        let output = Command::new(&python)
            .arg(Path::new(scripts).join(script))
            .arg(&self.endpoint)
            .env("CURVE_SECRET_FILE", keys.path("client.key"))
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{python}: {stderr}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
#[ignore = "needs a libzmq with CURVE, and pyzmq"]
fn curve_the_listed_client_gets_all_that_a_client_without_keys_gets_elsewhere() {
    let keys = Keys::generate();
    let serving = Serving::start(&keys);
    let (code, printed) = serving.strategy(Some(&keys.path("client.key")));
    assert_eq!(code, Some(0), "{printed}");
    assert!(
        printed.contains("0 open positions, equity 1000000.00"),
        "{printed}"
    );
    // The bounds too: a request of 64 KiB is taken, and one byte more closes the connection.
    let counted = serving.foreign(&keys, "gateway_client.py");
    let expected = serde_json::json!({
        "valid": 28, "invalid": 15, "empty": 3, "multipart": 3, "largest": 1,
        "closed": 2, "forged": 3, "walked_away": 1, "reconnected": 1000
    });
    assert_eq!(counted, expected);
    let served = serving.end();
    // Whether the reply to who walked away found him is a matter of luck.
    let told = ["1058 replies\n", "1057 replies, 1 more undelivered\n"];
    let (_, replies) = served.split_once("stopped after ").unwrap();
    assert!(told.contains(&replies), "{served}");
    keys.not_told_in(&[served, printed, keys.printed.clone()].concat());
}

#[test]
#[ignore = "needs a libzmq with CURVE, and pyzmq"]
fn curve_strangers_get_no_answer_and_the_next_client_does() {
    let keys = Keys::generate();
    let serving = Serving::start(&keys);
    let counted = serving.foreign(&keys, "gateway_strangers.py");
    let expected = serde_json::json!({
        "turned_away": ["no_keys", "unlisted", "wrong_gateway", "not_its_own"], "served": 4
    });
    assert_eq!(counted, expected);
    let served = serving.end();
    assert!(served.ends_with("stopped after 4 replies\n"), "{served}");
    assert!(
        served.contains("turned away 127.0.0.1 (1 so far): its key is not listed"),
        "{served}"
    );
}

#[test]
#[ignore = "needs a libzmq with CURVE"]
fn curve_a_strategy_without_the_right_keys_halts() {
    let keys = Keys::generate();
    let ours = keys.field("client.key", "server-key");
    let theirs = keys.field("other.key", "server-key");
    let unlisted = keys.path("unlisted.key");
    // `copy` keeps the permissions.
    fs::copy(keys.path("other.key"), &unlisted).unwrap();
    fs::write(&unlisted, keys.text("other.key").replace(&theirs, &ours)).unwrap();
    let other_gateway = keys.path("other.key");
    let serving = Serving::start(&keys);
    let halted = thread::scope(|scope| {
        let tries = [
            None,
            Some(unlisted.as_path()),
            Some(other_gateway.as_path()),
        ];
        let serving = &serving;
        let tries = tries.map(|keys| scope.spawn(move || serving.strategy(keys)));
        tries.map(|attempt| attempt.join().unwrap())
    });
    for (code, printed) in &halted {
        assert_eq!(*code, Some(69), "{printed}");
        assert!(!printed.contains("open positions"), "{printed}");
        keys.not_told_in(printed);
    }
    let (code, printed) = serving.strategy(Some(&keys.path("client.key")));
    assert_eq!(code, Some(0), "{printed}");
    let served = serving.end();
    assert!(served.ends_with("stopped after 1 replies\n"), "{served}");
    keys.not_told_in(&served);
}

#[test]
#[ignore = "needs a libzmq with CURVE"]
fn curve_a_client_that_was_added_comes_in_from_the_next_start_on() {
    let keys = Keys::generate();
    let add = ["--client", "desk8.key", "--add-to", "gateway.key"];
    let (code, printed) = told(keygen(keys.directory.path()).args(add));
    assert_eq!(code, Some(0), "{printed}");
    keys.not_told_in(&printed);
    let serving = Serving::start(&keys);
    for name in ["client.key", "desk8.key"] {
        let (code, printed) = serving.strategy(Some(&keys.path(name)));
        assert_eq!(code, Some(0), "{printed}");
    }
    serving.end();
}

#[test]
#[ignore = "needs a libzmq with CURVE"]
fn curve_keys_are_not_written_over() {
    let keys = Keys::generate();
    let names = ["gateway.key", "client.key"];
    let before = names.map(|name| keys.text(name));
    for arguments in [
        &[][..],
        &["--gateway", "new.key"],
        &["--client", "new.key"],
        // The name is taken; what was made for it is taken back.
        &[
            "--client",
            "new.key",
            "--name",
            "client",
            "--add-to",
            "gateway.key",
        ],
    ] {
        let (code, printed) = told(keygen(keys.directory.path()).args(arguments));
        assert_eq!(code, Some(1), "{printed}");
        assert!(printed.contains(" already"), "{printed}");
        assert!(!keys.path("new.key").exists(), "{arguments:?}");
        keys.not_told_in(&printed);
    }
    assert_eq!(names.map(|name| keys.text(name)), before);
}

#[test]
#[ignore = "needs a libzmq with CURVE"]
fn curve_a_key_file_that_is_none_is_refused_without_a_word_of_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let keys = Keys::generate();
    let secret = keys.field("gateway.key", "secret-key");
    let spoilt = keys.path("spoilt");
    fs::copy(keys.path("gateway.key"), &spoilt).unwrap();
    fs::write(
        &spoilt,
        keys.text("gateway.key").replace(&secret, &secret[1..]),
    )
    .unwrap();
    let open = keys.path("open");
    fs::copy(keys.path("gateway.key"), &open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o640)).unwrap();
    for (path, what) in [
        (spoilt, "line 4: not a key: 40 characters of Z85"),
        (open, "is open to others (mode 0640)"),
        (keys.path("none"), "cannot read the key file"),
        (keys.path("client.key"), "is a client's key file"),
    ] {
        let serve = [
            "serve",
            "--bind",
            "tcp://127.0.0.1:*",
            "--curve-secret-file",
        ];
        let mut command = gateway();
        command
            .args(serve)
            .arg(&path)
            .arg("--data")
            .arg(keys.path("data"));
        let (code, printed) = told(&mut command);
        assert_eq!(code, Some(1), "{printed}");
        assert!(
            printed.starts_with("gateway: ") && printed.contains(what),
            "{printed}"
        );
        keys.not_told_in(&printed);
        // Nor the one that lost its first character.
        assert!(!printed.contains(&secret[1..]), "{printed}");
    }
}
