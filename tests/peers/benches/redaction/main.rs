//! The redaction filter beside a usual filter of regular expressions and beside the floor that `memchr` sets; the
//! README of this crate says how to run it and what it measures.

mod first;
mod hostile;
mod lines;
mod per_line;
mod random;
mod rules;
mod table;
mod templates;

use std::process::ExitCode;

fn main() -> ExitCode {
    // `cargo bench` itself adds `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|each| each != "--bench")
        .collect();
    let mut arguments = arguments.iter().map(String::as_str);
    let as_promised = match arguments.next() {
        Some(first::CHILD) => first::child(arguments.next().unwrap_or_default()),
        Some("lines") => {
            per_line::print();
            true
        }
        Some("first") => first::print(),
        Some("hostile") => hostile::print(),
        None => {
            per_line::print();
            [first::print(), hostile::print()] == [true; 2]
        }
        Some(other) => {
            eprintln!("`{other}` is none of `lines`, `first`, `hostile`");
            return ExitCode::from(2);
        }
    };
    ExitCode::from(u8::from(!as_promised))
}
