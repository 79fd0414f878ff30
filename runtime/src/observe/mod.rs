//! One vocabulary of events; sinks receive them as plain data and never call back.
//!
//! Nothing is told of a call whose first attempt succeeds.

mod error_text;
mod fields;
mod sink;

use core::time::Duration;

pub(crate) use error_text::ErrorText;
pub use fields::{Fields, Record};

use crate::TraceId;
use crate::breaker::{Refused, Transition};
use crate::error::{ConfigError, RejectedParts};
use crate::halt::Parts;
use crate::redact::SafeText;
use crate::retry::attempt::Judged;
use crate::retry::site::Site;

/// What every event of a call says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) operation: &'static str,
    pub(crate) place: (&'static str, u32),
    pub(crate) trace_id: TraceId,
    pub(crate) attempt: u32,
    pub(crate) attempts: u32,
}

impl Told {
    pub(crate) fn new(site: &Site, judged: &Judged, attempt: u32) -> Self {
        Self {
            operation: site.operation(),
            place: site.place(),
            trace_id: judged.trace_id,
            attempt,
            attempts: site.policy().max_retries().saturating_add(1),
        }
    }
}

/// What is told of a failed attempt.
#[derive(Debug)]
pub(crate) struct Failed<'a> {
    pub(crate) told: Told,
    pub(crate) judged: &'a Judged,
    pub(crate) time_left: Duration,
    pub(crate) error_type: &'static str,
    pub(crate) error: &'a ErrorText<'a>,
    pub(crate) fields: &'a Fields,
    /// The breaker that would not let another attempt pass, where that ended the call.
    pub(crate) refused: Option<&'a Refused>,
}

/// What is told of a call that a breaker refused.
#[derive(Debug)]
pub(crate) struct Rejection<'a> {
    pub(crate) parts: &'a RejectedParts,
    /// None where a breaker was asked by hand.
    pub(crate) place: Option<(&'static str, u32)>,
    /// Whether the call waited for the breaker before it was given up.
    pub(crate) has_waited: bool,
}

/// Something that happened to an annotated call or to a breaker.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// An attempt failed; whether another one follows stands in `judged`.
    Failed(&'a Failed<'a>),
    /// For the first time a site retries inside an attempt of another annotated call, whose
    /// deadline bounds it: the two multiply their attempts.
    InsideAnother {
        operation: &'static str,
        place: (&'static str, u32),
        trace_id: TraceId,
        time_allowed: Duration,
    },
    /// Settings for a call or a breaker that has turned up do not fit what is written there.
    SettingsLeftOut {
        name: &'a SafeText,
        /// None of a breaker.
        place: Option<(&'static str, u32)>,
        rule: &'static str,
    },
    /// A call that had failed has succeeded.
    Recovered {
        operation: &'static str,
        trace_id: TraceId,
        attempts: u32,
        elapsed: Duration,
    },
    /// A breaker changed its state.
    Breaker {
        name: &'a SafeText,
        key: Option<&'a SafeText>,
        transition: &'a Transition,
    },
    /// A breaker refused a call, or its next attempt.
    Rejected(&'a Rejection<'a>),
    /// An operation's death stopped the program, or would have if it had been the first.
    Halted { report: &'a Parts, is_first: bool },
    /// The settings that a function declares for its breaker cannot hold, so that none of its calls is made.
    Conflict(&'a ConfigError),
}

/// Tells that the settings which a function declares for its breaker cannot hold.
pub(crate) fn conflict(conflict: &ConfigError) {
    emit(&Event::Conflict(conflict));
}

/// Hands an event to every sink.
pub(crate) fn emit(event: &Event<'_>) {
    sink::tracing(event);
}
