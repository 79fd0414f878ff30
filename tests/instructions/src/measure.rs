//! Counts instructions, in processes of their own under callgrind.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::{env, fs, process};

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

/// Instructions of the program's own code in a process that makes so many calls.
fn count(scenario: &str, calls: u32) -> Result<f64, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let counts = env::temp_dir().join(format!("callgrind.{}", process::id()));
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", counts.display()))
        .arg(&program)
        .args([CALLS, scenario, &calls.to_string()])
        .output()
        .map_err(|error| format!("valgrind: {error}; it has to be installed"))?;
    let text = fs::read_to_string(&counts).unwrap_or_default();
    // What is left of it is in nobody's way.
    let _ = fs::remove_file(&counts);
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{scenario}: {}\n{told}", output.status));
    }
    own(&text, &program).ok_or_else(|| {
        format!(
            "{scenario}: callgrind wrote no count of {}",
            program.display()
        )
    })
}

/// The instructions of one program in what callgrind has written, without those of libraries that it has loaded: the C
/// library is another one on the next machine.
///
/// The format is that of <https://valgrind.org/docs/manual/cl-format.html>: a name stands behind its number only the
/// first time, and the line behind `calls=` is what was called, which is counted where it stands itself.
fn own(text: &str, program: &Path) -> Option<f64> {
    let mut names = HashMap::new();
    let mut is_own = false;
    let mut is_called = false;
    let mut sum = None;
    for line in text.lines() {
        if let Some((key @ ("ob" | "cob"), object)) = line.split_once('=') {
            let (number, name) = object.split_once(' ').unwrap_or((object, ""));
            if !name.is_empty() {
                names.insert(number, Path::new(name) == program);
            }
            if key == "ob" {
                is_own = *names.get(number)?;
            }
        } else if line.starts_with("calls=") {
            is_called = true;
        } else if line.starts_with(|first: char| first.is_ascii_digit() || "+-*".contains(first)) {
            if !is_called && is_own {
                let cost: f64 = line.split_once(' ')?.1.parse().ok()?;
                sum = Some(sum.unwrap_or_default() + cost);
            }
            is_called = false;
        }
    }
    sum
}
