//! Measures and prints the table; README.md says how to run it.

use std::process::ExitCode;

fn main() -> ExitCode {
    peers::run()
}
