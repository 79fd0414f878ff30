//! Reads the terminal's own log: one execution a line, as JSON.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// One execution, and the order as it reached the terminal. An order that waits has one when it is taken, and another one with the
/// same ticket when it is filled.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Execution {
    pub(crate) ticket: u64,
    pub(crate) taken: String,
    pub(crate) volume: String,
    pub(crate) price: String,
    pub(crate) order: Value,
    /// Where its line begins in the file, in bytes.
    #[serde(skip)]
    pub(crate) at: u64,
}

impl Execution {
    /// Whether this is how an order that waited was filled.
    pub(crate) fn fills(&self, waiting: &Self) -> bool {
        self.ticket == waiting.ticket && waiting.taken == "PLACED" && self.taken != "PLACED"
    }

    pub(crate) fn id(&self) -> &str {
        self.order["client_order_id"].as_str().unwrap_or_default()
    }
}

/// The log in this file; empty if there is none.
pub(crate) fn read(path: &Path) -> Result<Vec<Execution>, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.to_string()),
    };
    let mut at = 0;
    let mut executions = Vec::new();
    for line in text.split_inclusive('\n') {
        let execution: Execution =
            serde_json::from_str(line).map_err(|error| format!("{line}: {error}"))?;
        executions.push(Execution { at, ..execution });
        at += line.len() as u64;
    }
    Ok(executions)
}
