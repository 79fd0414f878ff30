//! The `tracing` sink: target `wait_or_die`, one event per failure and one per recovery.

use core::time::Duration;

use super::{Event, Failed};

/// Milliseconds to the microsecond, as a number, so that a log can be sorted and summed.
fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

pub(super) fn tracing(event: &Event<'_>) {
    match event {
        Event::Failed(failed) => failure(failed),
        Event::InsideAnother {
            operation,
            place,
            trace_id,
            time_allowed,
        } => tracing::warn!(
            target: "wait_or_die",
            operation,
            file = place.0,
            line = place.1,
            trace_id = %trace_id,
            time_allowed_ms = millis(*time_allowed),
            "retries inside another call's attempt"
        ),
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

/// The two events of a failed attempt have all but one field in common.
macro_rules! tell {
    ($level:ident, $failed:ident, $message:literal, $($own:tt)*) => {
        tracing::$level!(
            target: "wait_or_die",
            operation = $failed.told.operation,
            file = $failed.told.place.0,
            line = $failed.told.place.1,
            trace_id = %$failed.told.trace_id,
            attempt = $failed.told.attempt,
            attempts_allowed = $failed.told.attempts,
            verdict = $failed.judged.verdict.as_str(),
            $($own)*,
            elapsed_ms = millis($failed.judged.elapsed),
            time_left_ms = millis($failed.time_left),
            error_type = $failed.error_type,
            error = $failed.error.as_str(),
            fields = $failed.fields.told(),
            $message
        )
    };
}

fn failure(failed: &Failed<'_>) {
    match failed.judged.next {
        Ok(wait) => tell!(warn, failed, "retrying", wait_ms = millis(wait)),
        Err(reason) => tell!(error, failed, "gave up", reason = reason.as_str()),
    }
}
