//! Policies in configuration files: the same names as in the attribute, durations as text or seconds.

use core::fmt;
use core::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::RetryPolicy;
use crate::backoff::{Jitter, Strategy};

/// The flat form. A policy's own `Backoff` is a detail that configuration need not know.
#[derive(Serialize, Deserialize)]
#[serde(rename = "RetryPolicy", deny_unknown_fields, default)]
struct Options {
    timeout: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt_timeout: Option<Text>,
    max_retries: u32,
    initial_wait: Text,
    max_wait: Text,
    strategy: Strategy,
    multiplier: f64,
    jitter: Jitter,
}

impl From<&RetryPolicy> for Options {
    fn from(policy: &RetryPolicy) -> Self {
        Self {
            timeout: Text(policy.timeout()),
            attempt_timeout: policy.attempt_timeout().map(Text),
            max_retries: policy.max_retries(),
            initial_wait: Text(policy.initial_wait()),
            max_wait: Text(policy.max_wait()),
            strategy: policy.strategy(),
            multiplier: policy.multiplier(),
            jitter: policy.jitter(),
        }
    }
}

impl From<Options> for RetryPolicy {
    fn from(options: Options) -> Self {
        let mut policy = Self::new()
            .with_timeout(options.timeout.0)
            .with_max_retries(options.max_retries)
            .with_initial_wait(options.initial_wait.0)
            .with_max_wait(options.max_wait.0)
            .with_strategy(options.strategy)
            .with_multiplier(options.multiplier)
            .with_jitter(options.jitter);
        policy.attempt_timeout = options.attempt_timeout.map(|text| text.0);
        policy
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::from(&RetryPolicy::DEFAULT)
    }
}

/// Written flat, durations as text such as `"1m30s"`; `attempt_timeout` is left out when there is none.
impl Serialize for RetryPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Options::from(self).serialize(serializer)
    }
}

/// Durations are text (`"1m30s"`, `"500ms"`) or numbers of seconds (`300`, `0.5`). What is missing has its default, an
/// unknown name is refused, and the whole must pass [`RetryPolicy::check`]. Needs a format that describes itself
/// (JSON, TOML, YAML).
impl<'de> Deserialize<'de> for RetryPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let policy = Self::from(Options::deserialize(deserializer)?);
        policy.check().map_err(D::Error::custom)?;
        Ok(policy)
    }
}

/// A duration as text.
pub(crate) struct Text(pub(crate) Duration);

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Without the spaces between units, as durations are written in the attribute.
        let text = humantime::format_duration(self.0).to_string();
        serializer.serialize_str(&text.replace(' ', ""))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

pub(crate) struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a duration such as \"1m30s\" or a number of seconds")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
        // The text is not repeated: it may be a value that was meant for another place.
        parse(text).ok_or_else(|| {
            E::custom("not a duration; write one with units, such as \"1m30s\" or \"500ms\", or a number of seconds")
        })
    }

    fn visit_u64<E: Error>(self, secs: u64) -> Result<Duration, E> {
        Ok(Duration::from_secs(secs))
    }

    fn visit_i64<E: Error>(self, secs: i64) -> Result<Duration, E> {
        u64::try_from(secs)
            .map(Duration::from_secs)
            .map_err(|_| out_of_range())
    }

    fn visit_f64<E: Error>(self, secs: f64) -> Result<Duration, E> {
        Duration::try_from_secs_f64(secs).map_err(|_| out_of_range())
    }
}

/// Reads and adds term by term: on a sum beyond the largest duration humantime 2.4 panics.
fn parse(text: &str) -> Option<Duration> {
    let mut sum = Duration::ZERO;
    let mut rest = text.trim();
    if rest == "0" {
        return Some(sum);
    }
    loop {
        let unit = rest.find(char::is_alphabetic)?;
        let end = rest[unit..].find(|letter: char| letter.is_ascii_digit());
        let (term, next) = rest.split_at(end.map_or(rest.len(), |end| unit + end));
        sum = sum.checked_add(humantime::parse_duration(term).ok()?)?;
        if next.is_empty() {
            return Some(sum);
        }
        rest = next;
    }
}

fn out_of_range<E: Error>() -> E {
    E::custom(
        "a duration cannot be negative, infinite or above 2^64 seconds; write a positive number of seconds",
    )
}

/// A duration as text, for `serialize_with`.
pub(crate) fn text<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    Text(*duration).serialize(serializer)
}

/// The same, or nothing.
#[expect(clippy::ref_option, reason = "the signature that serde asks for")]
pub(crate) fn optional_text<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    duration.map(Text).serialize(serializer)
}
