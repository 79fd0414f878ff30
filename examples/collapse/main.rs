//! Why retries have a budget: a server that is overloaded for five seconds, and what its clients' retries make of that.
//!
//! A server answers so many requests per second, one after the other; clients send 40 per second, and 80 during a spike of
//! five seconds. Who has no answer within a second gives the attempt up, and the server works for nobody. Retries add
//! to the load just when there is too much of it: with some policies the server never comes out again, although the spike
//! is long over. That is what is called a metastable failure (Bronson et al., "Metastable Failures in Distributed
//! Systems", `HotOS` 2021).
//!
//! The clients are annotated functions, driven by the engine that all programs use, under virtual time: a minute takes
//! some milliseconds. `cargo run --release --example collapse` prints the share of 60 runs that recover with each policy;
//! `cargo run --release --example collapse -- docs/collapse.svg` also draws the picture.
#![allow(clippy::print_stdout)] // a program that shows what it found
#![allow(clippy::cast_precision_loss)] // of counts far below 2^52

#[expect(dead_code, reason = "only time that passes is needed")]
#[path = "../gateway/clock.rs"]
mod clock;
mod picture;
mod policies;
mod run;
mod server;

use std::env;
use std::fs;
use std::io;

use picture::Curve;
use policies::{LARGE_RESERVE, POLICIES, Policy};
use run::Run;

/// Runs of each policy.
const SEEDS: u64 = 60;

fn main() -> io::Result<()> {
    println!(
        "{:<34} {:>9} {:>12} {:>10}",
        "policy", "recovered", "answered", "attempts"
    );
    let mut curves = Vec::new();
    for policy in POLICIES {
        let runs = told(policy)?;
        curves.push(Curve {
            name: policy.name,
            recovered: run::recovered(&runs),
            answered: run::curve(&runs),
        });
    }
    told(LARGE_RESERVE)?;
    match env::args_os().nth(1) {
        Some(path) => fs::write(path, picture::svg(&curves)),
        None => Ok(()),
    }
}

/// Runs a policy with each seed, and prints what came of it.
fn told(policy: Policy) -> io::Result<Vec<Run>> {
    let runs: Vec<Run> = (0..SEEDS)
        .map(|seed| run::run(policy, seed))
        .collect::<io::Result<_>>()?;
    println!(
        "{:<34} {:>9.2} {:>11.1}% {:>10.2}",
        policy.name,
        run::recovered(&runs),
        100.0 * run::answered(&runs),
        run::attempts(&runs)
    );
    Ok(runs)
}
