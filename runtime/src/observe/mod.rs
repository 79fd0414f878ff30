//! One vocabulary of events; sinks receive them as plain data and never call back.
//!
//! Nothing is told of a call whose first attempt succeeds.

mod fields;
mod sink;

use core::time::Duration;

pub use fields::{Fields, Record};

use crate::TraceId;
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

/// Something that happened to an annotated call.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// An attempt failed; `judged` says whether another one follows.
    Failed {
        told: Told,
        judged: &'a Judged,
        time_left: Duration,
        error_type: &'static str,
        error: &'a SafeText,
        fields: &'a Fields,
    },
    /// A call that had failed has succeeded.
    Recovered {
        operation: &'static str,
        trace_id: TraceId,
        attempts: u32,
        elapsed: Duration,
    },
}

/// Hands an event to every sink.
pub(crate) fn emit(event: &Event<'_>) {
    sink::tracing(event);
}
