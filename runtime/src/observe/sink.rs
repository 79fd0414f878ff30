//! The `tracing` sink: target `wait_or_die`, one event per failure and one per recovery.

use core::time::Duration;

use super::{Event, Fields, Told};
use crate::redact::SafeText;
use crate::retry::attempt::Judged;
use crate::retry::decide::StopReason;

/// Milliseconds to the microsecond, as a number, so that a log can be sorted and summed.
fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

pub(super) fn tracing(event: &Event<'_>) {
    match event {
        Event::Failed {
            told,
            judged,
            time_left,
            error_type,
            error,
            fields,
        } => match judged.next {
            Ok(wait) => retry(told, judged, wait, *time_left, error_type, error, fields),
            Err(reason) => gave_up(told, judged, reason, *time_left, error_type, error, fields),
        },
        Event::Recovered {
            operation,
            trace_id,
            attempts,
            elapsed,
        } => tracing::info!(
            target: "wait_or_die",
            operation,
            trace_id = %trace_id,
            attempts,
            elapsed_ms = millis(*elapsed),
            "recovered"
        ),
    }
}

fn retry(
    told: &Told,
    judged: &Judged,
    wait: Duration,
    time_left: Duration,
    error_type: &str,
    error: &SafeText,
    fields: &Fields,
) {
    tracing::warn!(
        target: "wait_or_die",
        operation = told.operation,
        file = told.place.0,
        line = told.place.1,
        trace_id = %told.trace_id,
        attempt = told.attempt,
        attempts_allowed = told.attempts,
        verdict = judged.verdict.as_str(),
        wait_ms = millis(wait),
        elapsed_ms = millis(judged.elapsed),
        time_left_ms = millis(time_left),
        error_type,
        error = error.as_str(),
        fields = fields.told(),
        "retrying"
    );
}

fn gave_up(
    told: &Told,
    judged: &Judged,
    reason: StopReason,
    time_left: Duration,
    error_type: &str,
    error: &SafeText,
    fields: &Fields,
) {
    tracing::error!(
        target: "wait_or_die",
        operation = told.operation,
        file = told.place.0,
        line = told.place.1,
        trace_id = %told.trace_id,
        attempt = told.attempt,
        attempts_allowed = told.attempts,
        verdict = judged.verdict.as_str(),
        reason = reason.as_str(),
        elapsed_ms = millis(judged.elapsed),
        time_left_ms = millis(time_left),
        error_type,
        error = error.as_str(),
        fields = fields.told(),
        "gave up"
    );
}
