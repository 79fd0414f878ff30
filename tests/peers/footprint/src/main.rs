//! What a program pays for the library, and for each of its peers, without calling them: the size of its futures, the
//! time to compile it, the size of its binary. The README of this folder says how to run it and what it measures.

mod binary;
mod cargo;
mod compile;
mod error;
mod sections;
mod sizes;
mod table;
mod users;
mod variants;

use std::process::ExitCode;

use error::Failure;
use users::Users;

/// Rounds of the measurements of time.
const ROUNDS: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = arguments.iter().map(String::as_str);
    let what = arguments.next().unwrap_or("all");
    let rounds = match arguments.next().map(str::parse::<usize>) {
        None => ROUNDS,
        Some(Ok(rounds)) if rounds > 0 => rounds,
        Some(_) => return usage(),
    };
    let outcome = match what {
        "sizes" => Users::write().and_then(|users| sizes::print(&users)),
        "compile" => Users::write().and_then(|users| compile::print(&users, rounds)),
        "binary" => Users::write().and_then(|users| binary::print(&users)),
        "sections" => Users::write().and_then(|users| sections::print(&users)),
        "all" => all(rounds),
        "check" => users::check(),
        "lock" => users::lock(),
        _ => return usage(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn all(rounds: usize) -> Result<(), Failure> {
    let users = Users::write()?;
    sizes::print(&users)?;
    binary::print(&users)?;
    compile::print(&users, rounds)
}

fn usage() -> ExitCode {
    eprintln!(
        "usage: footprint [all | sizes | binary | sections | compile | check | lock] [rounds]"
    );
    ExitCode::from(2)
}
