//! Lines as programs log them, of 130 to 190 bytes: clean ones of several kinds, and the same kinds with one secret.

use std::collections::BTreeSet;

use crate::random::{ALNUM, DIGITS, HEX, Random, UPPER};
use crate::templates::{KINDS, Kind};

/// Different lines of each set.
pub(crate) const LINES: usize = 96;
const LENGTHS: std::ops::RangeInclusive<usize> = 130..=190;
/// How often a template is filled anew for a line that has the length.
const TRIES: usize = 10_000;

/// A line, and the secret in it; empty in a clean line.
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) secret: String,
}

/// Lines of one kind.
pub(crate) struct Set {
    pub(crate) kind: &'static str,
    pub(crate) clean: Vec<Line>,
    pub(crate) secret: Vec<Line>,
}

/// All sets, the same in every run.
pub(crate) fn sets() -> Vec<Set> {
    let set = |kind: &Kind| Set {
        kind: kind.name,
        clean: fill(kind.clean, 1),
        secret: fill(kind.secret, 2),
    };
    KINDS.iter().map(set).collect()
}

fn fill(templates: &[&str], seed: u64) -> Vec<Line> {
    let mut random = Random::new(seed);
    let mut told = BTreeSet::new();
    let mut lines = Vec::with_capacity(LINES);
    for template in templates.iter().cycle() {
        if lines.len() == LINES {
            break;
        }
        let line = (0..TRIES)
            .map(|_| expand(template, &mut random))
            .find(|line| LENGTHS.contains(&line.text.len()) && !told.contains(&line.text))
            .unwrap_or_else(|| panic!("a template never has the length: {template}"));
        told.insert(line.text.clone());
        lines.push(line);
    }
    lines
}

/// `template` with every `<name>` of [`value`] replaced.
fn expand(template: &str, random: &mut Random) -> Line {
    let mut text = String::new();
    let mut secret = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((name, after)) = after.split_once('>') else {
            break;
        };
        text.push_str(before);
        let filled = value(name, random);
        if name.starts_with("s-") {
            secret.clone_from(&filled);
        }
        text.push_str(&filled);
        rest = after;
    }
    text.push_str(rest);
    Line { text, secret }
}

fn value(name: &str, random: &mut Random) -> String {
    match name {
        "host" => random.pick(HOSTS).to_owned(),
        "user" => random.pick(USERS).to_owned(),
        "word" => random.pick(WORDS).to_owned(),
        "service" => random.pick(SERVICES).to_owned(),
        "path" => format!("/{}/{}", random.pick(WORDS), random.below(100_000)),
        "id" => random.text(DIGITS, 6),
        "n" => random.below(5000).to_string(),
        "ms" => format!("{}.{}", random.below(900), random.text(DIGITS, 3)),
        "ip" => format!(
            "10.{}.{}.{}",
            random.below(256),
            random.below(256),
            random.below(256)
        ),
        "time" => format!(
            "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{}Z",
            1 + random.below(12),
            1 + random.below(28),
            random.below(24),
            random.below(60),
            random.below(60),
            random.text(DIGITS, 6)
        ),
        "uuid" => [8, 4, 4, 4, 12]
            .map(|length| random.text(HEX, length))
            .join("-"),
        "trace" | "s-hex" => random.text(HEX, 32),
        "sha" => random.text(HEX, 40),
        // Secrets; the line remembers the last.
        "s-pass" => format!("{}!{}", random.text(ALNUM, 9), random.text(ALNUM, 4)),
        "s-word" => random.text(ALNUM, 14),
        "s-token" => random.text(ALNUM, 36),
        "s-short" => random.text(ALNUM, 24),
        "s-aws" => random.text(UPPER, 16),
        other => panic!("no value is called {other}"),
    }
}

const HOSTS: &[&str] = &[
    "db-3.internal",
    "api.example.com",
    "cache.eu-west-1.example.net",
    "mq.example.org",
    "pay.example.io",
];
const USERS: &[&str] = &["anna", "svc-orders", "b.meyer", "reporting", "deploy"];
const WORDS: &[&str] = &[
    "orders",
    "invoices",
    "sessions",
    "pages",
    "tickets",
    "prices",
    "accounts",
    "passages",
    "tokens",
    "keyboards",
];
const SERVICES: &[&str] = &[
    "billing",
    "gateway",
    "catalogue",
    "mailer",
    "authenticator",
    "ledger",
];
