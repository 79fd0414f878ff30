//! Four clients in another language that make a new connection for each request, for a minute.
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
    let python = env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let client = Command::new(&python)
        .args([CLIENT, &endpoint, "reconnect", SECONDS])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&client.stderr);
    assert!(client.status.success(), "{python}: {told}");
    let counted: Value = serde_json::from_slice(&client.stdout).unwrap();
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
    let pid = serving.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let replies = serving.printed("stopped after ");
    let all = requests.iter().sum::<u64>() + 1;
    assert_eq!(replies, format!("{all} replies"));
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    println!("{counted}");
}
