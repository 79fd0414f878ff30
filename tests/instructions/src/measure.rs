//! Counts instructions, in processes of their own under callgrind.

use std::process::Command;

use crate::CALLS;
use crate::scenarios::SCENARIOS;

/// Calls of two processes; what both have in common, such as their start, is in neither count.
const FEW: u32 = 1_000;
const MANY: u32 = 11_000;

/// Instructions per call of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measured {
    pub(crate) name: String,
    pub(crate) instructions: f64,
}

/// All scenarios, in their order.
pub(crate) fn all() -> Result<Vec<Measured>, String> {
    let measure = |name: &str| {
        let (few, many) = (count(name, FEW)?, count(name, MANY)?);
        Ok(Measured {
            name: name.to_owned(),
            instructions: (many - few) / f64::from(MANY - FEW),
        })
    };
    SCENARIOS.iter().map(|each| measure(each.name)).collect()
}

/// Instructions of a process that makes so many calls.
fn count(scenario: &str, calls: u32) -> Result<f64, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([CALLS, scenario, &calls.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}; it has to be installed"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{scenario}: {}\n{told}", output.status));
    }
    collected(&told).ok_or_else(|| format!("{scenario}: callgrind told no count\n{told}"))
}

/// The count in what callgrind prints at its end: `==7== Collected : 123`.
fn collected(told: &str) -> Option<f64> {
    let line = told.lines().find(|line| line.contains("Collected :"))?;
    line.rsplit(' ').next()?.parse().ok()
}
