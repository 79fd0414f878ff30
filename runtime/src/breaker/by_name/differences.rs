//! In what two settings differ, as they would be written.

use core::time::Duration;

use crate::error::Difference;
use crate::{BreakerPolicy, OnCancel, Window};

/// The settings that hold differently, defaults included; in the order of the table at [`BreakerPolicy`].
pub(super) fn differences(first: &BreakerPolicy, second: &BreakerPolicy) -> Vec<Difference> {
    let pairs = settings(first).into_iter().zip(settings(second));
    pairs
        .filter(|(first, second)| first != second)
        .map(|((setting, first), (_, second))| Difference {
            setting,
            first,
            second,
        })
        .collect()
}

fn settings(policy: &BreakerPolicy) -> [(&'static str, String); 11] {
    [
        ("failure_threshold", number(policy.failure_threshold())),
        ("failure_rate", number(policy.failure_rate())),
        ("window", policy.window().map_or_else(none, window)),
        ("minimum_calls", number(policy.minimum_calls())),
        ("slow_call", time(policy.slow_call())),
        ("slow_call_rate", number(policy.slow_call_rate())),
        ("recovery_timeout", time(Some(policy.recovery_timeout()))),
        ("max_recovery_timeout", time(policy.max_recovery_timeout())),
        ("success_threshold", number(policy.success_threshold())),
        ("half_open_calls", number(Some(policy.half_open_calls()))),
        ("on_cancel", on_cancel(policy.on_cancel()).to_owned()),
    ]
}

fn none() -> String {
    "none".to_owned()
}

fn number(number: Option<impl ToString>) -> String {
    number.map_or_else(none, |number| number.to_string())
}

fn time(time: Option<Duration>) -> String {
    time.map_or_else(none, |time| format!("{time:?}"))
}

fn window(window: Window) -> String {
    match window {
        Window::Calls(calls) => calls.to_string(),
        Window::Time(length) => time(Some(length)),
    }
}

const fn on_cancel(on_cancel: OnCancel) -> &'static str {
    match on_cancel {
        OnCancel::Ignore => "ignore",
        OnCancel::Failure => "failure",
    }
}
