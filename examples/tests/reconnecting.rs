//! Many clients in another language: four that make a new connection for each request, for a minute, and eight at once.
#![cfg(unix)] // a signal ends the gateway

mod built;

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

const SECONDS: &str = "60";
const CLIENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../tests/python/gateway_client.py"
);

/// A serving gateway; killed if the test fails before it has ended.
struct Serving {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(built::example("gateway"))
            .args(["serve", "--bind", "tcp://127.0.0.1:*", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// What stands behind `what` in the first line that begins with it.
    fn printed(&mut self, what: &str) -> String {
        let mut lines = self.output.by_ref().lines().map_while(Result::ok);
        let rest = lines.find_map(|line| line.strip_prefix(what).map(str::to_owned));
        rest.unwrap_or_else(|| panic!("it ended without `{what}`"))
    }

    /// Ends it, and gives how many replies it counted.
    fn end(&mut self) -> String {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status();
        assert!(sent.unwrap().success());
        let replies = self.printed("stopped after ");
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        replies
    }
}

/// Runs the clients: what they counted.
fn clients(arguments: &[&str]) -> Value {
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let ran = Command::new(&python)
        .arg(CLIENT)
        .args(arguments)
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{python}: {told}");
    serde_json::from_slice(&ran.stdout).unwrap()
}

/// Needs `pyzmq`: `python3 -m pip install pyzmq`. `PYTHON` names another interpreter.
#[test]
#[ignore = "needs pyzmq"]
#[expect(clippy::print_stdout, reason = "what was counted, with `--nocapture`")]
fn clients_that_reconnect_for_each_request_lose_none() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let mut serving = Serving::start(&data);
    let endpoint = serving.printed("listening on ");
    let counted = clients(&[&endpoint, "reconnect", SECONDS]);
    let requests: Vec<u64> = serde_json::from_value(counted["requests"].clone()).unwrap();
    let orders = counted["orders"].as_u64().unwrap();
    assert!(requests.len() == 4 && requests.iter().all(|count| *count > 0));
    assert!(orders > 0);

    // Every order once in the terminal's own log.
    let log = fs::read_to_string(data.join("terminal.log")).unwrap();
    let executions = log.lines().map(|line| {
        let execution: Value = serde_json::from_str(line).unwrap();
        execution["order"]["client_order_id"].to_string()
    });
    let executions: Vec<_> = executions.collect();
    let ids: BTreeSet<_> = executions.iter().collect();
    assert_eq!(
        (executions.len() as u64, ids.len() as u64),
        (orders, orders)
    );

    // Every request has had one reply, and so has the client's last question about the positions.
    let all = requests.iter().sum::<u64>() + 1;
    assert_eq!(serving.end(), format!("{all} replies"));
    println!("{counted}");
}

/// Needs `pyzmq` as well.
#[test]
#[ignore = "needs pyzmq"]
fn of_eight_clients_at_once_each_gets_its_own_replies() {
    let directory = tempfile::tempdir().unwrap();
    let mut serving = Serving::start(directory.path());
    let endpoint = serving.printed("listening on ");
    let counted = clients(&[&endpoint, "crowd"]);
    // Every fourth request of each client is an order, beginning with its first one.
    let expected = serde_json::json!({"replies": vec![250; 8], "tickets": 8 * 63});
    assert_eq!(counted, expected);
    assert_eq!(serving.end(), "2000 replies");
    let log = fs::read_to_string(directory.path().join("terminal.log")).unwrap();
    assert_eq!(log.lines().count(), 8 * 63);
}
