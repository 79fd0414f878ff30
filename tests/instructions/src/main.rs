//! How many instructions a call takes, as callgrind counts them, beside those that `baseline.txt` remembers. The README
//! of this folder says how to run it and what it measures.

mod baseline;
mod measure;
mod scenarios;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use baseline::Baseline;

/// The argument of a process that only makes calls.
const CALLS: &str = "calls";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        [] => check(),
        ["renew"] => renew(),
        [CALLS, scenario, count] => calls(scenario, count),
        _ => Err("usage: instructions [renew]".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

/// Fails if a count has grown; says so and succeeds where there may be nothing to compare with.
fn check() -> Result<(), String> {
    let baseline = Baseline::parse(&read(&path())?)?;
    let allowed = std::env::var(baseline::OTHER_COMPILER).is_ok_and(|value| value == "allow");
    if let Some(why) = baseline.skipped(baseline::COMPILER, baseline::TARGET, allowed)? {
        println!("SKIPPED: {why}");
        return Ok(());
    }
    let comparison = baseline.compare(&measure::all()?);
    print!("{}", comparison.text);
    if comparison.holds {
        Ok(())
    } else {
        Err(
            "a call takes more instructions than it did; if that is meant, renew `baseline.txt`"
                .to_owned(),
        )
    }
}

fn renew() -> Result<(), String> {
    let text = Baseline::text(baseline::COMPILER, baseline::TARGET, &measure::all()?);
    print!("{text}");
    std::fs::write(path(), text).map_err(|error| format!("{}: {error}", path().display()))
}

/// Makes that many calls and tells nothing.
fn calls(scenario: &str, count: &str) -> Result<(), String> {
    let count = count.parse().map_err(|error| format!("{count}: {error}"))?;
    match scenarios::SCENARIOS
        .iter()
        .find(|each| each.name == scenario)
    {
        Some(scenario) => (scenario.run)(count),
        None => Err(format!("no scenario is called {scenario}")),
    }
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("baseline.txt")
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
