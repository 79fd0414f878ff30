//! What it takes to compile a whole program with one function, from nothing, and a library of a hundred functions once
//! everything that it depends on is there.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use crate::cargo::{self, Build, Profile, run, seconds};
use crate::error::Failure;
use crate::table::{Table, grouped, median, spread};
use crate::users::{HUNDRED, Users};
use crate::variants::{VARIANTS, Variant};

const PROFILES: [Profile; 2] = [Profile::Dev, Profile::Release];

/// Seconds of each round, for each profile.
type Rounds = [Vec<f64>; 2];

#[derive(Debug)]
struct Measured {
    variant: &'static Variant,
    /// Whether none before it has the same dependencies, with which a whole program takes the same time.
    first: bool,
    crates: usize,
    hello: Rounds,
    hundred: Rounds,
    lines: [u64; 2],
}

/// Measures and prints. In a round every variant has its turn, so that what disturbs the machine disturbs them all.
pub(crate) fn print(users: &Users, rounds: usize) -> Result<(), Failure> {
    let mut all = Vec::new();
    for variant in VARIANTS {
        all.push(prepare(users, variant)?);
    }
    for round in 1..rounds {
        one_round(users, &mut all)?;
        // It takes long; this much is there if it is broken off.
        eprint!("{}", text(&all, round));
    }
    one_round(users, &mut all)?;
    print!("{}", text(&all, rounds));
    Ok(())
}

fn text(all: &[Measured], rounds: usize) -> String {
    let hello = hello_table(all).titled(&format!(
        "Compiling a program with one function, from nothing (medians of {rounds})"
    ));
    let hundred = hundred_table(all).titled(&format!(
        "Compiling {HUNDRED} functions (medians of {rounds})"
    ));
    hello + &hundred
}

/// Counts what needs no rounds, and builds what the hundred functions depend on.
fn prepare(users: &Users, variant: &'static Variant) -> Result<Measured, Failure> {
    let mut lines = [0; 2];
    for (profile, lines) in PROFILES.into_iter().zip(&mut lines) {
        *lines = ir_lines(&shared(users, profile), variant)?;
    }
    let same = |other: &&Variant| other.dependencies == variant.dependencies;
    let first = VARIANTS.iter().find(same).map(|first| first.id);
    Ok(Measured {
        variant,
        first: first == Some(variant.id),
        crates: crates(users, variant)?,
        hello: Rounds::default(),
        hundred: Rounds::default(),
        lines,
    })
}

fn one_round(users: &Users, all: &mut [Measured]) -> Result<(), Failure> {
    for measured in all {
        for (index, profile) in PROFILES.into_iter().enumerate() {
            if measured.first {
                let seconds = hello_seconds(users, measured.variant, profile)?;
                measured.hello[index].push(seconds);
            }
            let round = measured.hundred[index].len();
            let mut hundred = hundred(&shared(users, profile), measured.variant);
            // The flag is new every time, so that cargo compiles the library, and nothing else, anew.
            hundred.args(["--", &format!("-Cmetadata=round-{round}")]);
            measured.hundred[index].push(seconds(&mut hundred)?);
        }
    }
    Ok(())
}

fn hello_seconds(users: &Users, variant: &Variant, profile: Profile) -> Result<f64, Failure> {
    let build = Build::new(users.folder(), "anew", profile);
    build.clear()?;
    let mut command = build.command("build", variant);
    seconds(command.args(["--bin", &variant.hello()]))
}

/// A folder for all variants, where what several of them depend on is compiled once.
fn shared(users: &Users, profile: Profile) -> Build {
    Build::new(users.folder(), "shared", profile)
}

fn hundred(build: &Build, variant: &Variant) -> std::process::Command {
    let mut command = build.command("rustc", variant);
    command.args(["--example", &format!("hundred-{}", variant.id)]);
    command
}

/// Crates that are compiled for the program, its own left out.
fn crates(users: &Users, variant: &Variant) -> Result<usize, Failure> {
    let told = cargo::printed(
        cargo::cargo(users.folder())
            .args([
                "tree",
                "--locked",
                "--offline",
                "--package",
                &variant.package(),
            ])
            .args(["--edges", "normal,build", "--prefix", "none", "--no-dedupe"])
            .args(["--format", "{p}"]),
    )?;
    // A macro's crate is marked in one line and may not be in another.
    let names = told
        .lines()
        .map(|line| line.split(" (").next().unwrap_or(line).trim());
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    Ok(names.len().saturating_sub(1))
}

/// Lines of LLVM IR of the hundred functions, as they are handed to LLVM.
fn ir_lines(build: &Build, variant: &Variant) -> Result<u64, Failure> {
    let mut command = hundred(build, variant);
    command.args(["--", "--emit=llvm-ir", "-Cno-prepopulate-passes"]);
    run(command.args(["-Ccodegen-units=1", "-Cdebuginfo=0"]))?;
    let examples = build.folder().join("examples");
    let entries = fs::read_dir(&examples).map_err(Failure::at(examples.display()))?;
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    // The name of the library, and a dash before a hash of cargo's.
    let stem = format!("hundred_{}-", variant.id.replace('-', "_"));
    let own = |path: &Path| {
        let name = path.file_name().and_then(OsStr::to_str);
        path.extension() == Some(OsStr::new("ll"))
            && name.is_some_and(|name| name.starts_with(&stem))
    };
    let files: Vec<_> = files.filter(|path| own(path)).collect();
    match files.as_slice() {
        [file] => count_lines(file),
        _ => Err(Failure::new(format!(
            "{} files of LLVM IR in {}",
            files.len(),
            examples.display()
        ))),
    }
}

fn count_lines(file: &Path) -> Result<u64, Failure> {
    let text = fs::read(file).map_err(Failure::at(file.display()))?;
    Ok(text.iter().map(|byte| u64::from(*byte == b'\n')).sum())
}

fn hello_table(all: &[Measured]) -> Table {
    let mut table = Table::new(&[
        "protection",
        "by",
        "crates",
        "dev, CPU s",
        "of plain",
        "release, CPU s",
        "of plain",
    ]);
    for each in all.iter().filter(|each| each.first) {
        let times = [0, 1].map(|index| time(all, index, |each| &each.hello, each));
        let crates = [grouped(each.crates as u64)];
        table.row(words(each).into_iter().chain(crates).chain(times.concat()));
    }
    table
}

fn hundred_table(all: &[Measured]) -> Table {
    let mut table = Table::new(&[
        "protection",
        "by",
        "dev, lines of IR",
        "of plain",
        "dev, CPU s",
        "of plain",
        "release, lines of IR",
        "of plain",
        "release, CPU s",
        "of plain",
    ]);
    for each in all {
        let cells = [0, 1].map(|index| {
            let plain = all.first().map_or(0, |plain| plain.lines[index]);
            let times = ratio(float(each.lines[index]), float(plain));
            let lines = [grouped(each.lines[index]), times];
            [lines, time(all, index, |each| &each.hundred, each)].concat()
        });
        table.row(words(each).into_iter().chain(cells.concat()));
    }
    table
}

fn words(measured: &Measured) -> [String; 2] {
    [measured.variant.protection.name(), measured.variant.title].map(str::to_owned)
}

/// A median with its spread, and the median of its ratios to plain within a round.
fn time(
    all: &[Measured],
    profile: usize,
    rounds: impl Fn(&Measured) -> &Rounds,
    measured: &Measured,
) -> [String; 2] {
    let own = &rounds(measured)[profile];
    let plain = all.first().map(|plain| &rounds(plain)[profile]);
    let ratios: Vec<f64> = plain
        .into_iter()
        .flat_map(|plain| own.iter().zip(plain).map(|(own, plain)| own / plain))
        .collect();
    let seconds = format!("{:.2} ± {:.2}", median(own), spread(own));
    [seconds, ratio(median(&ratios), 1.0)]
}

fn ratio(value: f64, of: f64) -> String {
    format!("{:.2}", value / of)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no count here comes near 2 to the 52nd"
)]
fn float(count: u64) -> f64 {
    count as f64
}
