//! The table of `cargo run`.

use std::process::ExitCode;

fn main() -> ExitCode {
    peers::run()
}
