//! Rules between the settings of a breaker; the texts are those of `BreakerPolicyError` in the
//! runtime crate, which the macro crate cannot name.

use std::time::Duration;

use proc_macro2::Span;

use super::conflicts::both;
use crate::options::{CircuitBreaker, Errors, Parsed, Settings, WindowValue};

/// `BreakerPolicy::DEFAULT` of the runtime crate.
pub(super) const DEFAULT_RECOVERY_TIMEOUT: Duration = Duration::from_secs(60);
pub(super) const DEFAULT_WINDOW: u32 = 100;

/// What an option needs beside it, and the text where that is missing.
const NEEDS: [(&str, &str, &str); 4] = [
    (
        "window",
        "failure_rate",
        "`window` needs `failure_rate`; write `failure_rate` too, such as 0.5",
    ),
    (
        "minimum_calls",
        "failure_rate",
        "`minimum_calls` needs `failure_rate`; write `failure_rate` too, such as 0.5",
    ),
    (
        "slow_call",
        "failure_rate",
        "`slow_call` needs `failure_rate`; write `failure_rate` too, such as 0.5",
    ),
    (
        "slow_call_rate",
        "slow_call",
        "`slow_call_rate` needs `slow_call`; write `slow_call` too, such as \"4s\"",
    ),
];

const THRESHOLD_BESIDE_RATE: &str =
    "`failure_threshold` and `failure_rate` exclude each other; write one of them";
pub(super) const MINIMUM_ABOVE_WINDOW: &str = "`minimum_calls` is more than the calls in `window`, so the breaker could never open; write at most the calls of `window`";
pub(super) const MAX_BELOW_RECOVERY: &str = "`max_recovery_timeout` is less than `recovery_timeout`; write a `max_recovery_timeout` of at least `recovery_timeout`";

pub(super) fn check(parsed: &Parsed<CircuitBreaker>) -> Errors {
    let mut errors = Errors::default();
    if let Some((_, second)) = both(parsed, ["failure_threshold", "failure_rate"]) {
        errors.push(syn::Error::new(second.span(), THRESHOLD_BESIDE_RATE));
    }
    let needs = |key, other| {
        // A base can bring the other one, unless `failure_threshold` takes it away again.
        let brought = parsed.key("policy").is_some() && parsed.key("failure_threshold").is_none();
        parsed.key(other).is_none() && !brought && parsed.key(key).is_some()
    };
    for (key, other, message) in NEEDS {
        if let Some(place) = parsed.key(key)
            && needs(key, other)
        {
            errors.push(syn::Error::new(place.span(), message));
        }
    }
    let settings = &parsed.options.settings;
    if let Some(place) = minimum_above_window(parsed, settings) {
        errors.push(syn::Error::new(place, MINIMUM_ABOVE_WINDOW));
    }
    if let Some(place) = max_below_recovery(parsed, settings) {
        errors.push(syn::Error::new(place, MAX_BELOW_RECOVERY));
    }
    errors
}

fn minimum_above_window(parsed: &Parsed<CircuitBreaker>, settings: &Settings) -> Option<Span> {
    let minimum = settings.minimum_calls.as_ref()?;
    let window = match settings.window.as_ref().map(|window| &window.value) {
        Some(WindowValue::Calls(calls)) => *calls,
        None if parsed.key("window").is_none() && parsed.key("policy").is_none() => {
            // Without `failure_rate` there is no window at all, which is told already.
            settings.failure_rate.as_ref().map(|_| DEFAULT_WINDOW)?
        }
        _ => return None,
    };
    (minimum.literal()? > window).then_some(minimum.span)
}

fn max_below_recovery(parsed: &Parsed<CircuitBreaker>, settings: &Settings) -> Option<Span> {
    let max = settings.max_recovery_timeout.as_ref()?;
    let recovery = match &settings.recovery_timeout {
        Some(recovery) => recovery.literal()?,
        None if parsed.key("recovery_timeout").is_none() && parsed.key("policy").is_none() => {
            DEFAULT_RECOVERY_TIMEOUT
        }
        None => return None,
    };
    (max.literal()? < recovery).then_some(max.span)
}
