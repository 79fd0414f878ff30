//! Any text: no panic, and what holds of the filter for every text.
#![no_main]

#[allow(dead_code)] // the seeded run uses the rest
#[path = "../../../runtime/tests/redact_fuzz/properties.rs"]
mod properties;

use libfuzzer_sys::fuzz_target;
use wait_or_die::redact::Filter;

fuzz_target!(|text: &str| {
    if let Err(why) = properties::hold(&Filter::new(), text) {
        panic!("{why}");
    }
});
