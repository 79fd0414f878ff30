//! What the program is asked for.

#[cfg(test)]
mod tests;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::harness::{Plan, Scenario};
use crate::{report, scenarios, storm, turning, window};

const USAGE: &str = "\
usage: peers [ROUNDS] [--only S1,S2n,..] [--variant TEXT] [--json FILE] [--write FILE] [--smoke]
  ROUNDS          how often every variant has its turn, 41 if not said
  --only LIST     of S1 to S9 (S1 with S1n and so on), S11, S13, and changes
  --variant TEXT  of S1 to S9 only variants with this in their names, for a profiler
  --json FILE     the figures, as they were measured
  --write FILE    put the tables of a whole run between the markers of a Markdown file
  --smoke         everything once and with little: whether it runs, not what it costs";

/// What is not measured by the harness.
const OTHERS: [&str; 4] = ["S11", "S11t", "S13", "changes"];

const PART: &str = "\
--write replaces every table of the page, so it needs a run of everything: write it without --smoke, --only and --variant.
To see a part, leave out --write, which prints its tables, or write --json FILE in its place.";

struct Options {
    plan: Plan,
    only: Option<Vec<String>>,
    variant: Option<String>,
    json: Option<PathBuf>,
    write: Option<PathBuf>,
}

impl Options {
    /// `S1` stands for `S1n` too.
    fn wants(&self, name: &str) -> bool {
        let group = name.trim_end_matches(|last: char| last.is_ascii_lowercase());
        self.only
            .as_ref()
            .is_none_or(|only| only.iter().any(|each| each == name || each == group))
    }

    /// The two of S11 come from the same processes.
    fn wants_storm(&self) -> bool {
        self.wants("S11") || self.wants("S11t")
    }

    /// Says no to what would be left out without a word.
    fn checked(self) -> Result<Self, String> {
        let known: Vec<_> = scenarios::names().chain(OTHERS).collect();
        let unknown: Vec<_> = self
            .only
            .iter()
            .flatten()
            .filter(|each| !known.contains(&each.as_str()))
            .map(|each| format!("`{each}`"))
            .collect();
        if !unknown.is_empty() {
            return Err(format!(
                "--only: no scenario is called {}; there are {}",
                unknown.join(", "),
                known.join(", ")
            ));
        }
        let part = self.plan.smoke || self.only.is_some() || self.variant.is_some();
        if self.write.is_some() && part {
            return Err(PART.to_owned());
        }
        Ok(self)
    }

    /// The scenarios of the harness that are wanted.
    fn scenarios(&self) -> Vec<Scenario> {
        let mut wanted = scenarios::all(|name| self.wants(name));
        if let Some(part) = &self.variant {
            for scenario in &mut wanted {
                scenario.cases.retain(|case| case.name.contains(part));
            }
        }
        wanted
    }
}

/// Does what the arguments say; prints the tables.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [first, rest @ ..] if first == storm::CHILD => storm::child(rest),
        all => parse(all).and_then(|options| measure(&options)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn parse(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options {
        plan: Plan {
            rounds: 41,
            smoke: false,
        },
        only: None,
        variant: None,
        json: None,
        write: None,
    };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or_else(|| USAGE.to_owned());
        match argument.as_str() {
            "--only" => options.only = Some(value()?.split(',').map(str::to_owned).collect()),
            "--variant" => options.variant = Some(value()?.clone()),
            "--json" => options.json = Some(value()?.into()),
            "--write" => options.write = Some(value()?.into()),
            "--smoke" => {
                options.plan = Plan {
                    rounds: 1,
                    smoke: true,
                }
            }
            "--bench" => {} // from `cargo bench`
            rounds => {
                let rounds: NonZeroUsize = rounds.parse().map_err(|_| USAGE.to_owned())?;
                options.plan.rounds = rounds.get();
            }
        }
    }
    options.checked()
}

fn measure(options: &Options) -> Result<(), String> {
    if let Some(path) = &options.write {
        // Sooner than what is to be put there.
        report::around(path)?;
    }
    let origin = report::origin();
    let wanted = options.scenarios();
    let mut records = Scenario::measure(&wanted, options.plan);
    if options.wants_storm() {
        records.extend(storm::measure(options.plan)?);
    }
    if options.wants("S13") {
        records.extend(window::measure(options.plan));
    }
    if records.is_empty() && !options.wants("changes") {
        return Err(USAGE.to_owned());
    }
    let tables = report::markdown(&records, &origin);
    println!("{tables}");
    if let Some(path) = &options.json {
        report::write_json(path, &records, options.plan)?;
    }
    if let Some(path) = &options.write {
        report::replace(path, &tables)?;
    }
    if options.wants("changes") {
        turning::print(&mut turning::measure(options.plan), options.plan);
    }
    Ok(())
}
