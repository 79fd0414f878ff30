//! A secret that is known, in a text that says what it is, between lines that the fuzzer makes up: eight bytes of it in a
//! row are never seen.
#![no_main]

#[allow(dead_code)] // the seeded run uses the rest
#[path = "../../../runtime/tests/redact_fuzz/properties.rs"]
mod properties;
#[path = "../../../runtime/tests/redact_fuzz/secrets.rs"]
mod secrets;
#[path = "../../../runtime/tests/redact_fuzz/templates.rs"]
mod templates;

use fastrand::Rng;
use libfuzzer_sys::fuzz_target;
use templates::{TEMPLATES, fill};
use wait_or_die::redact::Filter;

// The template, the seed of the secret, and where the first of the two lines ends.
fuzz_target!(|input: (u8, u64, u8, &str)| {
    let (template, seed, cut, lines) = input;
    let (template, form) = TEMPLATES[usize::from(template) % TEMPLATES.len()];
    let secret = form.draw(&mut Rng::with_seed(seed));
    let cut = (0..=usize::from(cut))
        .rev()
        .find(|at| lines.is_char_boundary(*at));
    let (before, after) = lines.split_at(cut.unwrap_or(0));
    if properties::shows(lines, &secret) {
        return; // the fuzzer has guessed it
    }
    let text = format!("{before}\n{}\n{after}", fill(template, &secret));
    let out = Filter::new().filter(&text);
    assert!(!properties::shows(&out, &secret), "{text:?} -> {out:?}");
});
