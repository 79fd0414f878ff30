//! Filters a stream: `some-program 2>&1 | cargo run --release --example redact`.
//!
//! Standard input goes to standard output through `redact::Writer`, each line as soon as it is complete, so that a log can
//! be followed. With `--json-lines` each line of the input is a JSON string, which is filtered as one text and written as
//! one JSON string; that is how a filter is measured on a set of texts.

mod cli;
mod json_lines;
mod stream;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser as _;

/// Why the program ends early.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("cannot read standard input: {0}")]
    Read(#[source] io::Error),
    #[error("cannot write to standard output: {0}")]
    Write(#[source] io::Error),
    /// What is in the line is not told: it was not filtered.
    #[error(
        "line {0} of the input is not a JSON string: write one string in double quotes per line"
    )]
    Input(u64),
}

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let input = io::stdin().lock();
    let output = io::stdout().lock();
    let outcome = if arguments.json_lines {
        json_lines::run(input, output)
    } else {
        stream::run(input, output)
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough, as with `| head`.
        Err(Error::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // Standard error may be closed too.
            let _ = writeln!(io::stderr(), "redact: {error}");
            ExitCode::FAILURE
        }
    }
}
