//! Texts that are made to be slow: 1 MB of one piece over and over, and 2 MB, which must take no more than twice as
//! long.

use std::hint::black_box;

use wait_or_die::redact::Filter;

use crate::table::float;

const MEGABYTE: usize = 1_000_000;
/// Times that each is run; the shortest counts, because whatever disturbs only lengthens.
const ROUNDS: usize = 5;
/// 2 MB over 1 MB; the rest is for caches and the allocator.
const RATIO: f64 = 2.2;
const PROMISED_MEGABYTES: f64 = 100.0;

/// A piece, and what to call it where it cannot be printed.
const PIECES: &[(&str, &str)] = &[
    ("a=", ""),
    ("=", ""),
    (":", ""),
    ("://", ""),
    ("a://", ""),
    ("a:b@", ""),
    ("https://a:", ""),
    ("?key=", ""),
    ("&token=a", ""),
    ("eyJ", ""),
    ("eyJhbGciOiJIUzI1NiJ9.", ""),
    ("-----BEGIN", ""),
    ("-----BEGIN PRIVATE KEY-----", ""),
    (
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\\n",
    ),
    ("-----END", ""),
    ("-", ""),
    ("\"password\"", ""),
    ("\"password\":", ""),
    ("\"password\":\"", ""),
    ("{\"password\":", ""),
    ("{\"password\":[", ""),
    ("password=", ""),
    ("password=[a\n", ""),
    ("password=[]", ""),
    ("cookie: a=1; ", ""),
    ("password=\"", ""),
    ("password='\"", ""),
    ("password: ", ""),
    ("password=a ", ""),
    ("--password \"-x \"a ", ""),
    ("mysql -pa | ", ""),
    ("password", ""),
    ("pass_", ""),
    ("_key", ""),
    ("Password", ""),
    ("@", ""),
    ("a@", ""),
    ("\"", ""),
    ("'", ""),
    ("`", ""),
    ("\\", ""),
    ("\\\"", ""),
    ("\\\\\"", ""),
    ("Bearer ", ""),
    ("Basic ", ""),
    ("Authorization: ", ""),
    ("Authorization: Bearer a\n", "Authorization: Bearer a\\n"),
    ("{\"name\":\"Authorization\",\"value\":", ""),
    ("[\"authorization\",", ""),
    ("1", ""),
    ("4111", ""),
    ("4111 ", ""),
    ("4111-1111-1111-1112 ", ""),
    ("DE89", ""),
    ("DE89 3704 ", ""),
    ("ghp_", ""),
    ("sk_live_", ""),
    ("AKIA", ""),
    ("xoxb-", ""),
    (" ", "spaces"),
    ("\t", "tabs"),
    ("\n", "newlines"),
    ("\r\n", "CRLF"),
    ("\0", "NUL"),
    ("%3D", ""),
    ("%22", ""),
    ("%25", ""),
    ("-p ", ""),
    ("--password ", ""),
    ("\\u003d", ""),
    ("\\u0022", ""),
    ("&quot;", ""),
    ("((((", ""),
    ("[[[[", ""),
    ("{{{{", ""),
    ("Some(", ""),
    ("password=Some(", ""),
    ("password=[", ""),
    ("<password>", ""),
    ("[REDACTED]", ""),
    ("password=[REDACTED]", ""),
    ("\u{1b}[3m", "ESC[3m"),
    ("\u{e9}", "e acute"),
    ("\u{1f511}", "key emoji"),
    ("\u{feff}", "byte order mark"),
    ("a", ""),
    ("A", ""),
    ("0a", ""),
    ("a.", ""),
    ("/", ""),
    (",", ""),
    (";", ""),
];

/// Prints the speed of each; whether all are linear and fast enough.
pub(crate) fn print() -> bool {
    println!(
        "\n1 MB of one piece over and over; 2 MB of it over 1 MB (no more than {RATIO} if linear)"
    );
    println!("{:<36} {:>9} {:>7}", "piece", "MB/s", "2:1");
    let filter = Filter::new();
    let mut as_promised = true;
    for (piece, name) in PIECES {
        let (speed, ratio) = measure(&filter, piece);
        let name = if name.is_empty() { piece } else { name };
        let slow = if speed < PROMISED_MEGABYTES {
            " SLOW"
        } else {
            ""
        };
        let grows = if ratio > RATIO { " NOT LINEAR" } else { "" };
        println!("{name:<36} {speed:>9.0} {ratio:>7.2}{slow}{grows}");
        as_promised &= slow.is_empty() && grows.is_empty();
    }
    println!("promised are {PROMISED_MEGABYTES} MB/s");
    as_promised
}

/// Megabytes per second, and the time of 2 MB over that of 1 MB.
fn measure(filter: &Filter, piece: &str) -> (f64, f64) {
    let [one, two] = [1, 2].map(|times| piece.repeat(times * MEGABYTE / piece.len()));
    let mut shortest = [f64::INFINITY; 2];
    // A machine that is busy is no fault of the filter's: as long as it looks worse than it should, there may be one.
    for round in 0..ROUNDS * 4 {
        let [short, long] = shortest;
        if round >= ROUNDS && long <= short * RATIO {
            break;
        }
        // In turn, so that what disturbs the machine disturbs both.
        shortest = [
            short.min(seconds(filter, &one)),
            long.min(seconds(filter, &two)),
        ];
    }
    let [short, long] = shortest;
    (float(one.len() as u64) / 1e6 / short, long / short)
}

#[allow(clippy::disallowed_methods)] // real time is what a benchmark is about
fn seconds(filter: &Filter, text: &str) -> f64 {
    let begun = std::time::Instant::now();
    black_box(filter.filter(black_box(text)));
    begun.elapsed().as_secs_f64()
}
