//! Durations that have to stand in an order.

use std::time::Duration;

use proc_macro2::Span;

use crate::duration::tell;
use crate::options::{CountValue, DurationOption, Errors, Parsed, WaitOrDie};

/// `RetryPolicy::DEFAULT` of the runtime crate, which the macro crate cannot name.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);
pub(super) const DEFAULT_INITIAL_WAIT: Duration = Duration::from_secs(1);
pub(super) const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(60);

/// One side of a comparison.
enum Side {
    Written(Duration, Span),
    Default(Duration),
    /// Known to the compiler alone, or not there.
    Unknown,
}

/// A rule `low <= high`.
struct Rule<'a> {
    low: (&'a str, Side),
    high: (&'a str, Side),
    /// Which of two written values is at fault.
    blamed: Blamed,
}

enum Blamed {
    Low,
    High,
}

pub(super) fn check(parsed: &Parsed<WaitOrDie>) -> Errors {
    let options = &parsed.options;
    let timeout = || {
        side(
            parsed,
            "timeout",
            options.timeout.as_ref(),
            Some(DEFAULT_TIMEOUT),
        )
    };
    let attempt = side(
        parsed,
        "attempt_timeout",
        options.attempt_timeout.as_ref(),
        None,
    );
    let initial = || {
        let written = options.initial_wait.as_ref();
        side(parsed, "initial_wait", written, Some(DEFAULT_INITIAL_WAIT))
    };
    let max = side(
        parsed,
        "max_wait",
        options.max_wait.as_ref(),
        Some(DEFAULT_MAX_WAIT),
    );
    let rules = [
        Rule {
            low: ("attempt_timeout", attempt),
            high: ("timeout", timeout()),
            blamed: Blamed::Low,
        },
        Rule {
            low: ("initial_wait", initial()),
            high: ("timeout", timeout()),
            blamed: Blamed::Low,
        },
        Rule {
            low: ("initial_wait", initial()),
            high: ("max_wait", max),
            blamed: Blamed::High,
        },
    ];
    let mut errors = Errors::default();
    // Without retries there is no first wait to fit in; a constant is for the compiler to judge.
    let single = matches!(
        options.max_retries.as_ref().map(|option| &option.value),
        Some(CountValue::Literal(0) | CountValue::Const(_))
    );
    let applies = |rule: &&Rule<'_>| !(single && rule.is("initial_wait", "timeout"));
    for (message, span) in rules.iter().filter(applies).filter_map(Rule::broken) {
        errors.push(syn::Error::new(span, message));
    }
    errors
}

fn side(
    parsed: &Parsed<WaitOrDie>,
    key: &str,
    option: Option<&DurationOption>,
    default: Option<Duration>,
) -> Side {
    match (option, default) {
        (Some(option), _) => match option.literal() {
            Some(value) => Side::Written(value, option.span),
            None => Side::Unknown,
        },
        // A base brings values of its own, and a value that could not be read is not a default.
        (None, Some(default)) if parsed.key(key).is_none() && parsed.key("policy").is_none() => {
            Side::Default(default)
        }
        (None, _) => Side::Unknown,
    }
}

impl Rule<'_> {
    fn is(&self, low: &str, high: &str) -> bool {
        self.low.0 == low && self.high.0 == high
    }

    /// What to say, and where, if the rule does not hold.
    fn broken(&self) -> Option<(String, Span)> {
        let (low_name, low_side) = &self.low;
        let (high_name, high_side) = &self.high;
        let (low, high) = (low_side.value()?, high_side.value()?);
        if low <= high {
            return None;
        }
        let (low, high) = (tell(low), tell(high));
        match (low_side, high_side) {
            (Side::Written(_, span), Side::Written(..)) if matches!(self.blamed, Blamed::Low) => {
                let message = format!(
                    "`{low_name}` ({low}) is greater than `{high_name}` ({high}); write at most `{low_name} = \"{high}\"`"
                );
                Some((message, *span))
            }
            (Side::Written(..), Side::Written(_, span)) => {
                let message = format!(
                    "`{high_name}` ({high}) is less than `{low_name}` ({low}); write at least `{high_name} = \"{low}\"`"
                );
                Some((message, *span))
            }
            (Side::Written(_, span), Side::Default(_)) => {
                let message = format!(
                    "`{low_name}` ({low}) is greater than the default `{high_name}` ({high}); write `{high_name} = \"{low}\"` or more beside it"
                );
                Some((message, *span))
            }
            (Side::Default(_), Side::Written(_, span)) => {
                let message = format!(
                    "`{high_name}` ({high}) is less than the default `{low_name}` ({low}); write `{low_name} = \"{high}\"` or less beside it"
                );
                Some((message, *span))
            }
            _ => None,
        }
    }
}

impl Side {
    fn value(&self) -> Option<Duration> {
        match self {
            Self::Written(value, _) | Self::Default(value) => Some(*value),
            Self::Unknown => None,
        }
    }
}
