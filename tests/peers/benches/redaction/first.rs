//! What the first call of a process costs, in processes of their own.

use std::hint::black_box;
use std::process::Command;

use wait_or_die::redact::Filter;

use crate::rules::Rules;
use crate::table::median;

/// The argument of a process that makes one call and prints what it took, in nanoseconds.
pub(crate) const CHILD: &str = "one-call";

const PROCESSES: usize = 50;
const CLEAN: &str = "level=warn service=billing event=retrying attempt=3 attempts_allowed=6 wait_ms=412.250 host=db-3.internal error=\"connection reset by peer\" rows=17";
const SECRET: &str = "level=warn service=billing event=connecting attempt=3 attempts_allowed=6 wait_ms=412.250 host=db-3.internal password=\"cHvK2p!x9QwTz\" rows=17";
/// What a first call may take.
const PROMISED_MICROS: f64 = 50.0;

const CASES: [(&str, &str); 4] = [
    ("filter-clean", "redact::Filter, clean"),
    ("filter-secret", "redact::Filter, a secret"),
    ("set-clean", "RegexSet, clean"),
    ("set-secret", "RegexSet, a secret"),
];

/// Makes the call and prints its time.
#[allow(clippy::disallowed_methods)] // real time is what a benchmark is about
pub(crate) fn child(case: &str) -> bool {
    let text = black_box(if case.ends_with("secret") {
        SECRET
    } else {
        CLEAN
    });
    // The clock's own first call is not what is asked for.
    black_box(std::time::Instant::now());
    let begun = std::time::Instant::now();
    if case.starts_with("set") {
        black_box(Rules::compile().set(text));
    } else {
        black_box(Filter::new().filter(text));
    }
    println!("{}", begun.elapsed().as_nanos());
    true
}

/// Prints the medians; whether that of the filter is as promised.
pub(crate) fn print() -> bool {
    println!("\nthe first call of a process, the median of {PROCESSES} processes");
    let mut as_promised = true;
    for (case, name) in CASES {
        let micros = median((0..PROCESSES).filter_map(|_| run(case)).collect()) / 1e3;
        println!("{name:<27} {micros:>9.1} us");
        as_promised &= case.starts_with("set") || micros <= PROMISED_MICROS;
    }
    println!("promised of the filter are {PROMISED_MICROS} us");
    as_promised
}

/// Nanoseconds that one process told.
fn run(case: &str) -> Option<f64> {
    let out = Command::new(std::env::current_exe().ok()?)
        .args([CHILD, case])
        .output()
        .ok()?;
    String::from_utf8(out.stdout).ok()?.trim().parse().ok()
}
