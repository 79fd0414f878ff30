//! What figures were measured on, which says when they are old.

#[cfg(test)]
mod tests;

use std::process::Command;

use crate::harness::Record;

const HERE: &str = env!("CARGO_MANIFEST_DIR");
const LOCK: &str = include_str!("../../Cargo.lock");

/// The machine and what the program is made of, as far as it can be found out. To be asked before a run, which takes
/// so long that something may change.
pub(crate) fn origin() -> String {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let mut machine = format!("{processors} processors");
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    if let Some(model) = model(&about) {
        machine = format!("{machine} ({model})");
    }
    let mut parts: Vec<_> = output("rustc", &["--version"]).into_iter().collect();
    parts.extend(locked("tokio").map(|version| format!("tokio {version}")));
    let commit = output("git", &["rev-parse", "--short", "HEAD"]);
    let changes = output("git", &["status", "--porcelain"]);
    let commit = commit.map(|commit| at(&commit, changes.as_deref()));
    let own = locked("wait-or-die").map(|version| format!("wait-or-die {version}"));
    parts.extend(own.map(|own| own + &commit.unwrap_or_default()));
    format!("on {machine}, with {}", parts.join(", "))
}

/// `Medians of 41 rounds, of 5 in S11`, as many as there are figures.
pub(super) fn rounds(groups: &[Vec<&Record>]) -> String {
    let mut counts: Vec<(usize, Vec<&str>)> = Vec::new();
    for first in groups.iter().filter_map(|group| group.first()) {
        let rounds = first.samples.len();
        match counts.iter_mut().find(|(each, _)| *each == rounds) {
            Some((_, scenarios)) => scenarios.push(first.scenario),
            None => counts.push((rounds, vec![first.scenario])),
        }
    }
    counts.sort_by_key(|(_, scenarios)| std::cmp::Reverse(scenarios.len()));
    let mut parts = counts.iter().enumerate().map(|(at, (rounds, scenarios))| {
        let noun = if *rounds == 1 { "round" } else { "rounds" };
        match at {
            0 => format!("{rounds} {noun}"),
            _ => format!("{rounds} in {}", scenarios.join(" and ")),
        }
    });
    let most = parts.next().unwrap_or_else(|| "no rounds".to_owned());
    parts.fold(format!("Medians of {most}"), |text, part| {
        format!("{text}, of {part}")
    })
}

/// The name that Linux has for the processor.
fn model(about: &str) -> Option<&str> {
    let line = about.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim())
}

/// The version of a crate that the program is built with.
fn locked(name: &str) -> Option<&'static str> {
    let (_, rest) = LOCK.split_once(&format!("\nname = \"{name}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0)
}

fn at(commit: &str, changes: Option<&str>) -> String {
    match changes {
        Some("") => format!(" at {commit}"),
        Some(_) => format!(" at {commit} with changes"),
        None => format!(" at {commit}, perhaps with changes"),
    }
}

/// What a program says, if it is there and ends well.
fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(HERE)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
