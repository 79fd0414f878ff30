//! What holds of the filter for every text, for many texts; the same in every run. `tests/fuzz` looks for more of them.
#![cfg(not(loom))]

#[path = "redact_fuzz/fragments.rs"]
mod fragments;
#[path = "redact_fuzz/properties.rs"]
mod properties;
#[path = "redact_fuzz/secrets.rs"]
mod secrets;
#[path = "redact_fuzz/templates.rs"]
mod templates;

use fastrand::Rng;
use properties::{hold, shows, shrink};
use templates::{TEMPLATES, fill};
use wait_or_die::redact::Filter;

const TEXTS: usize = 20_000;
const JSON_TEXTS: usize = 5_000;
const SECRETS_EACH: usize = 50;

/// As many as one reader can make use of.
const TOLD: usize = 12;

/// Fails with what was found, if anything was.
#[track_caller]
fn none(found: &[String]) {
    let told = found
        .iter()
        .take(TOLD)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    assert!(found.is_empty(), "{} texts, such as\n{told}", found.len());
}

/// Every text for which the properties do not hold, shortened.
fn broken(texts: impl Iterator<Item = String>) -> Vec<String> {
    let filter = Filter::new();
    let mut found = Vec::new();
    for text in texts {
        if hold(&filter, &text).is_err() && found.len() < TOLD {
            let short = shrink(&text, |text| hold(&filter, text).is_err());
            let why = hold(&filter, &short).err().unwrap_or_default();
            let told = format!("{short:?}: {why}");
            if !found.contains(&told) {
                found.push(told);
            }
        }
    }
    found
}

#[test]
fn texts_of_pieces() {
    let mut rng = Rng::with_seed(1);
    none(&broken((0..TEXTS).map(|_| fragments::pieces(&mut rng))));
}

#[test]
fn json_stays_json() {
    let mut rng = Rng::with_seed(2);
    none(&broken(
        (0..JSON_TEXTS).map(|_| fragments::json_text(&mut rng)),
    ));
}

#[test]
fn no_template_shows_its_secret() {
    let filter = Filter::new();
    let mut rng = Rng::with_seed(3);
    let mut found = Vec::new();
    for (template, form) in TEMPLATES {
        for _ in 0..SECRETS_EACH {
            let secret = form.draw(&mut rng);
            let text = fill(template, &secret);
            assert!(
                text.contains(&secret),
                "a template without a place: {template}"
            );
            let out = filter.filter(&text);
            if shows(&out, &secret) {
                found.push(format!("{text:?} -> {out:?}"));
                break;
            }
            if let Err(why) = hold(&filter, &text) {
                found.push(format!("{text:?}: {why}"));
                break;
            }
        }
    }
    none(&found);
}

#[test]
fn a_template_is_safe_between_other_lines() {
    let filter = Filter::new();
    let mut rng = Rng::with_seed(4);
    let mut found = Vec::new();
    for _ in 0..SECRETS_EACH {
        for (template, form) in TEMPLATES {
            let secret = form.draw(&mut rng);
            let before = fragments::pieces(&mut rng);
            let after = fragments::pieces(&mut rng);
            let fails = |before: &str| {
                shows(
                    &filter.filter(&format!("{before}\n{}\n{after}", fill(template, &secret))),
                    &secret,
                )
            };
            if fails(&before) && found.len() < TOLD {
                let before = shrink(&before, fails);
                let told = format!("{template:?} after {before:?}");
                if !found.contains(&told) {
                    found.push(told);
                }
            }
        }
    }
    none(&found);
}

#[test]
fn long_texts_of_one_piece() {
    let mut rng = Rng::with_seed(5);
    let texts = (0..300).map(|_| fragments::pieces(&mut rng).repeat(40));
    none(&broken(texts));
}
