//! What the program is asked for.

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
  --write FILE    put the tables between the markers of a Markdown file
  --smoke         everything once and with little: whether it runs, not what it costs";

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
                options.plan.rounds = rounds.parse().map_err(|_| USAGE.to_owned())?;
            }
        }
    }
    Ok(options)
}

fn measure(options: &Options) -> Result<(), String> {
    if let Some(path) = &options.write {
        // Sooner than what is to be put there.
        report::around(path)?;
    }
    let wanted = options.scenarios();
    let mut records = Scenario::measure(&wanted, options.plan);
    if options.wants("S11") {
        records.extend(storm::measure(options.plan)?);
    }
    if options.wants("S13") {
        records.extend(window::measure(options.plan));
    }
    if records.is_empty() && !options.wants("changes") {
        return Err(USAGE.to_owned());
    }
    let tables = report::markdown(&records, options.plan);
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
