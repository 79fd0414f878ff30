//! The `tracing` sink: target `wait_or_die`; one event per failure, per recovery, per rejection, per change of a
//! breaker's state and per halt.

use core::time::Duration;

use super::{Event, Failed, Rejection};
use crate::SafeText;
use crate::breaker::{Cause, State, Transition};
use crate::halt::Parts;

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
        Event::SettingsLeftOut { name, place, rule } => tracing::warn!(
            target: "wait_or_die",
            name = name.as_str(),
            file = place.map(|(file, _)| file),
            line = place.map(|(_, line)| line),
            rule,
            "settings left out"
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
        Event::Breaker {
            name,
            key,
            transition,
        } => changed(name, *key, transition),
        Event::Rejected(rejection) => rejected(rejection),
        Event::Halted { report, is_first } => halted(report, *is_first),
        Event::Conflict(conflict) => tracing::error!(
            target: "wait_or_die",
            breaker = conflict.breaker().as_str(),
            file = conflict.place().file,
            line = conflict.place().line,
            error = %conflict,
            "settings in conflict"
        ),
    }
}

/// The two events of a failed attempt have most fields in common.
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
            error = $failed.error.get().as_str(),
            fields = $failed.fields.told(),
            $message
        )
    };
}

fn failure(failed: &Failed<'_>) {
    match failed.judged.next {
        Ok(wait) => tell!(warn, failed, "retrying", wait_ms = millis(wait)),
        Err(reason) => tell!(
            error,
            failed,
            "gave up",
            reason = reason.as_str(),
            breaker = failed.refused.map(|by| by.breaker.as_str()),
            key = failed
                .refused
                .and_then(|by| by.key.as_ref())
                .map(SafeText::as_str),
            state = failed.refused.map(|by| by.refusal.state.as_str()),
            retry_in_ms = failed
                .refused
                .and_then(|by| by.refusal.retry_in)
                .map(millis)
        ),
    }
}

/// The events of a breaker have all fields in common.
macro_rules! tell_change {
    ($level:ident, $message:literal, $name:ident, $key:ident, $change:ident) => {
        tracing::$level!(
            target: "wait_or_die",
            breaker = $name.as_str(),
            key = $key.map(SafeText::as_str),
            from = $change.from.as_str(),
            to = $change.to.as_str(),
            cause = $change.cause.as_str(),
            retry_in_ms = $change.retry_in.map(millis),
            $message
        )
    };
}

fn changed(name: &SafeText, key: Option<&SafeText>, change: &Transition) {
    match (change.cause, change.from, change.to) {
        (Cause::Manual, ..) => tell_change!(info, "breaker set by hand", name, key, change),
        (_, State::HalfOpen, State::Open) => {
            tell_change!(warn, "breaker reopened", name, key, change);
        }
        (_, _, State::Open) => tell_change!(warn, "breaker opened", name, key, change),
        (_, _, State::HalfOpen) => tell_change!(info, "breaker half-open", name, key, change),
        _ => tell_change!(info, "breaker closed", name, key, change),
    }
}

/// The two events of a rejection have most fields in common.
macro_rules! tell_rejection {
    ($level:ident, $rejection:ident, $message:literal $(, $($own:tt)+)?) => {
        tracing::$level!(
            target: "wait_or_die",
            operation = $rejection.parts.operation,
            file = $rejection.place.map(|place| place.0),
            line = $rejection.place.map(|place| place.1),
            trace_id = %$rejection.parts.trace_id,
            breaker = $rejection.parts.breaker.as_str(),
            key = $rejection.parts.key.as_ref().map(SafeText::as_str),
            state = $rejection.parts.state.as_str(),
            retry_in_ms = $rejection.parts.retry_in.map(millis),
            attempts = $rejection.parts.attempts,
            $($($own)+,)?
            $message
        )
    };
}

/// An open breaker refuses every call that comes; that it opened has been told.
fn rejected(rejection: &Rejection<'_>) {
    if rejection.parts.attempts == 0 && !rejection.has_waited {
        tell_rejection!(debug, rejection, "rejected");
        return;
    }
    tell_rejection!(
        error,
        rejection,
        "gave up",
        reason = "breaker_open",
        elapsed_ms = millis(rejection.parts.elapsed),
        error = rejection.parts.last_error.as_ref().map(SafeText::as_str)
    );
}

/// What comes behind the first is told too: it may be why the first came about.
fn halted(report: &Parts, is_first: bool) {
    tracing::error!(
        target: "wait_or_die",
        operation = report.operation,
        file = report.place.file,
        line = report.place.line,
        trace_id = report.trace_id.map(tracing::field::display),
        attempts = report.attempts,
        elapsed_ms = millis(report.elapsed),
        reason = report.reason.as_str(),
        error = report.error.as_str(),
        first = is_first,
        "system halt"
    );
}
