//! The command line.

use clap::Parser;

const ABOUT: &str = "\
Hides what is secret in a stream: passwords, tokens, keys, credentials in URLs.
Reads standard input and writes standard output, line by line.";

const DETAILS: &str = "\
Each line is written when it is complete; of one that is not, at most 8 KiB are held back until it
is or the input ends. Text that is not UTF-8 is written with U+FFFD in its place.

  some-program 2>&1 | redact | tee log.txt
  redact --json-lines < texts.jsonl
";

/// What the program was asked to do.
#[derive(Debug, Parser)]
#[command(name = "redact", about = ABOUT, after_help = DETAILS)]
pub(crate) struct Arguments {
    /// Reads one JSON string per line, filters each as one text, and writes one JSON string per line
    #[arg(long)]
    pub(crate) json_lines: bool,
}
