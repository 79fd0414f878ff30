//! Breaker settings in configuration files: the same names as in the attribute, durations as text or seconds.

use core::fmt;
use core::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{BreakerPolicy, BreakerPolicyError, OnCancel, Window};
use crate::policy::serial::{Text, TextVisitor};

/// The flat form: what is not written is not there.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename = "BreakerPolicy", deny_unknown_fields, default)]
struct Options {
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_threshold: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<Window>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_calls: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slow_call: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slow_call_rate: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_timeout: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_recovery_timeout: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    success_threshold: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    half_open_calls: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on_cancel: Option<OnCancel>,
}

impl From<&BreakerPolicy> for Options {
    fn from(policy: &BreakerPolicy) -> Self {
        Self {
            failure_threshold: policy.failure_threshold(),
            failure_rate: policy.failure_rate,
            window: policy.window,
            minimum_calls: policy.minimum_calls,
            slow_call: policy.slow_call.map(Text),
            slow_call_rate: policy.slow_call_rate,
            recovery_timeout: Some(Text(policy.recovery_timeout)),
            max_recovery_timeout: policy.max_recovery_timeout.map(Text),
            success_threshold: policy.success_threshold,
            half_open_calls: Some(policy.half_open_calls),
            on_cancel: Some(policy.on_cancel),
        }
    }
}

impl TryFrom<Options> for BreakerPolicy {
    type Error = BreakerPolicyError;

    fn try_from(options: Options) -> Result<Self, BreakerPolicyError> {
        if options.failure_threshold.is_some() && options.failure_rate.is_some() {
            return Err(BreakerPolicyError::ThresholdBesideRate);
        }
        let base = Self::DEFAULT;
        let policy = Self {
            failure_threshold: options.failure_threshold.unwrap_or(base.failure_threshold),
            failure_rate: options.failure_rate,
            window: options.window,
            minimum_calls: options.minimum_calls,
            slow_call: options.slow_call.map(|text| text.0),
            slow_call_rate: options.slow_call_rate,
            recovery_timeout: options
                .recovery_timeout
                .map_or(base.recovery_timeout, |text| text.0),
            max_recovery_timeout: options.max_recovery_timeout.map(|text| text.0),
            success_threshold: options.success_threshold,
            half_open_calls: options.half_open_calls.unwrap_or(base.half_open_calls),
            on_cancel: options.on_cancel.unwrap_or(base.on_cancel),
        };
        policy.check().map(|()| policy)
    }
}

/// Written flat, durations as text such as `"1m30s"`; what has not been set is left out.
impl Serialize for BreakerPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Options::from(self).serialize(serializer)
    }
}

/// Durations are text (`"1m30s"`, `"500ms"`) or numbers of seconds (`300`, `0.5`); `window` is a number of calls or a
/// time as text. What is missing has its default, an unknown name is refused, and the whole must pass
/// [`BreakerPolicy::check`]. Needs a format that describes itself (JSON, TOML, YAML).
impl<'de> Deserialize<'de> for BreakerPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Options::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A number of calls as a number, a time as text.
impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Calls(calls) => serializer.serialize_u32(calls),
            Self::Time(time) => Text(time).serialize(serializer),
        }
    }
}

/// A number is a number of calls; a time is text, such as `"10s"`.
impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WindowVisitor)
    }
}

struct WindowVisitor;

impl Visitor<'_> for WindowVisitor {
    type Value = Window;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of calls or a duration such as \"10s\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Window, E> {
        TextVisitor
            .visit_str(text)
            .map(|time: Duration| Window::Time(time))
    }

    fn visit_u64<E: Error>(self, calls: u64) -> Result<Window, E> {
        u32::try_from(calls)
            .map(Window::Calls)
            .map_err(|_| E::custom(BreakerPolicyError::WindowTooLong))
    }

    fn visit_i64<E: Error>(self, calls: i64) -> Result<Window, E> {
        u64::try_from(calls)
            .map_err(|_| E::custom(BreakerPolicyError::WindowEmpty))
            .and_then(|calls| self.visit_u64(calls))
    }
}
