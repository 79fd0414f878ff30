//! Options that are a quantity: durations, counts, factors, shares.
//!
//! A rule about one value alone is judged here, on the value. The rules of a breaker have the texts
//! of `BreakerPolicyError` in the runtime crate, which the macro crate cannot name.

use std::time::Duration;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, LitInt};

use super::written::{self, Entry, FromWritten, can_be_const, is_negative, key, not_finite, value};
use crate::duration;

/// A duration, and where it was written.
#[derive(Debug)]
pub(crate) struct DurationOption {
    /// The option's name, as the user typed it.
    pub(crate) key: Ident,
    pub(crate) value: DurationValue,
    /// The value's place.
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum DurationValue {
    /// Known now.
    Literal(Duration),
    /// Known to the compiler: an expression of type `Duration`.
    Const(Expr),
}

impl DurationOption {
    /// The value, if it is known now.
    pub(crate) fn literal(&self) -> Option<Duration> {
        match &self.value {
            DurationValue::Literal(value) => Some(*value),
            DurationValue::Const(_) => None,
        }
    }
}

impl FromWritten for DurationOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = key(entry)?;
        let expr = value(entry)?;
        let name = key.to_string();
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        if is_negative(expr) {
            return refuse(duration::negative(&name));
        }
        let value = if let Expr::Lit(literal) = expr {
            let value = duration::literal(&name, &literal.lit)?;
            if value.is_zero()
                && let Some(message) = zero_duration(&name)
            {
                return refuse(message.to_owned());
            }
            DurationValue::Literal(value)
        } else if names_nothing(expr) {
            return refuse(format!(
                "`{name}` takes a duration; leave the option out to go without"
            ));
        } else if let Some(name) = not_finite(expr) {
            let forms = duration::FORMS;
            return refuse(format!("`{name}` is not a duration; {forms}"));
        } else if can_be_const(expr) {
            DurationValue::Const(expr.clone())
        } else {
            return refuse(format!("`{name}` takes a duration; {}", duration::FORMS));
        };
        let span = expr.span();
        Ok(Self { key, value, span })
    }
}

/// Why an option must not be zero; the waits may be.
fn zero_duration(key: &str) -> Option<&'static str> {
    match key {
        "timeout" => Some(
            "`timeout` must be positive; write the time that the whole call may take, such as `\"30s\"`",
        ),
        "attempt_timeout" => Some(
            "`attempt_timeout` must be positive; write the time that one attempt may take, or leave it out for no bound",
        ),
        "slow_call" => Some(
            "`slow_call` must be positive; write the time from which a call is slow, such as \"4s\"",
        ),
        "recovery_timeout" => Some(
            "`recovery_timeout` must be positive; write the time that the breaker stays open, such as \"60s\"",
        ),
        "max_recovery_timeout" => Some(
            "`max_recovery_timeout` must be positive; write the longest time that the breaker stays open, such as \"5m\"",
        ),
        _ => None,
    }
}

/// Whether the value is `none` or `None`, which no duration and no number is.
pub(super) fn names_nothing(expr: &Expr) -> bool {
    written::word(expr).is_some_and(|word| word == "none" || word == "None")
}

/// A whole number, and where it was written.
#[derive(Debug)]
pub(crate) struct CountOption {
    pub(crate) value: CountValue,
    /// The value's place.
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum CountValue {
    /// Known now.
    Literal(u32),
    /// Known to the compiler: an expression of type `u32`.
    Const(Expr),
}

impl CountOption {
    /// The value, if it is known now.
    pub(crate) const fn literal(&self) -> Option<u32> {
        match &self.value {
            CountValue::Literal(value) => Some(*value),
            CountValue::Const(_) => None,
        }
    }
}

impl FromWritten for CountOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = key(entry)?.to_string();
        let expr = value(entry)?;
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        let least = least_count(entry, &key);
        if is_negative(expr) {
            return refuse(format!("`{key}` cannot be negative; write {least}"));
        }
        let value = match written::literal(expr) {
            Some(Lit::Int(int)) if int.base10_parse::<u32>().is_err() => {
                return refuse(too_many(entry, &key));
            }
            Some(Lit::Int(int)) if matches!(int.suffix(), "" | "u32") => {
                let count = int.base10_parse()?;
                if let Some(message) = refused_count(&key, count) {
                    return refuse(message.to_owned());
                }
                CountValue::Literal(count)
            }
            Some(Lit::Int(int)) => return refuse(suffixed(&key, int)),
            Some(Lit::Str(text)) if text.value().trim().parse::<u32>().is_ok() => {
                return refuse(format!(
                    "`{key}` takes a number; write it without quotes: `{key} = {}`",
                    text.value().trim()
                ));
            }
            None if names_nothing(expr) => {
                let advice = match key.as_str() {
                    "max_retries" => "write 0 for a single attempt",
                    _ => "leave the option out to go without",
                };
                return refuse(format!("`{key}` takes a number; {advice}"));
            }
            None if can_be_const(expr) => CountValue::Const(expr.clone()),
            _ => {
                return refuse(format!(
                    "`{key}` takes a whole number; write one such as 5, or a `const` of type `u32`"
                ));
            }
        };
        let span = expr.span();
        Ok(Self { value, span })
    }
}

/// What to write in place of a count that is too small.
fn least_count(entry: &Entry<'_>, key: &str) -> String {
    match key {
        "max_retries" => "0 for a single attempt, or a count such as 5".to_owned(),
        _ => format!("a count of at least 1, such as `{}`", entry.example()),
    }
}

fn too_many(entry: &Entry<'_>, key: &str) -> String {
    let advice = match key {
        "max_retries" => "write a smaller count, `timeout` bounds the call anyway".to_owned(),
        _ => format!("write a smaller count, such as `{}`", entry.example()),
    };
    format!("`{key}` is at most {} (`u32::MAX`); {advice}", u32::MAX)
}

fn suffixed(key: &str, int: &LitInt) -> String {
    format!(
        "`{key}` is a `u32`; write it without `{}`: `{key} = {}`",
        int.suffix(),
        int.base10_digits()
    )
}

/// Why a count cannot be this one.
fn refused_count(key: &str, count: u32) -> Option<&'static str> {
    match (key, count) {
        ("failure_threshold", 0) => Some(
            "`failure_threshold` must be at least 1; write the number of failures in a row that open the breaker, such as 5",
        ),
        ("minimum_calls", 0) => Some(
            "`minimum_calls` must be at least 1; write the number of calls before which no rate counts",
        ),
        ("success_threshold", 0) => Some(
            "`success_threshold` must be at least 1; write the number of successes that close the breaker",
        ),
        ("half_open_calls", 0) => {
            Some("`half_open_calls` must be at least 1; write the number of probes at a time")
        }
        ("half_open_calls", 10_001..) => {
            Some("`half_open_calls` is more than 10000; write fewer probes at a time")
        }
        _ => None,
    }
}

/// A number with a fraction, and where it was written.
#[derive(Debug)]
pub(crate) struct FloatOption {
    pub(crate) value: FloatValue,
    /// The value's place.
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum FloatValue {
    /// Known now.
    Literal(f64),
    /// Known to the compiler: an expression of type `f64`.
    Const(Expr),
}

impl FloatOption {
    pub(crate) const fn is_literal(&self) -> bool {
        matches!(self.value, FloatValue::Literal(_))
    }
}

/// A number as it is written, before its bounds are looked at.
enum Number {
    Finite(f64),
    /// `f64::NAN`, or more digits than a number has room for.
    NotFinite,
    Negative,
    Const(Expr),
    /// A text, a list, a closure.
    None,
}

fn number(expr: &Expr) -> Number {
    if is_negative(expr) {
        return Number::Negative;
    }
    let digits = match written::literal(expr) {
        Some(Lit::Int(int)) if int.suffix().is_empty() => int.base10_digits(),
        Some(Lit::Float(float)) if matches!(float.suffix(), "" | "f64") => float.base10_digits(),
        // `2f64` is an integer to the lexer.
        Some(Lit::Int(int)) if int.suffix() == "f64" => int.base10_digits(),
        None if not_finite(expr).is_some() => return Number::NotFinite,
        None if can_be_const(expr) => return Number::Const(expr.clone()),
        _ => return Number::None,
    };
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => Number::Finite(number),
        _ => Number::NotFinite,
    }
}

/// A factor of at least one.
pub(super) struct Factor(pub(super) FloatOption);

impl FromWritten for Factor {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = key(entry)?;
        let expr = value(entry)?;
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        let value = match number(expr) {
            Number::Const(expr) => FloatValue::Const(expr),
            Number::Finite(factor) if factor >= 1.0 => FloatValue::Literal(factor),
            Number::Finite(_) | Number::Negative => {
                return refuse(format!(
                    "`{key}` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0"
                ));
            }
            Number::NotFinite => {
                return refuse(format!(
                    "`{key}` must be a finite number; write a factor of at least 1, such as 2.0"
                ));
            }
            Number::None => {
                return refuse(format!(
                    "`{key}` takes a number; write one of at least 1, such as 2.0, or a `const` of type `f64`"
                ));
            }
        };
        let span = expr.span();
        Ok(Self(FloatOption { value, span }))
    }
}

/// A share of calls: above 0 and at most 1.
pub(super) struct Share(pub(super) FloatOption);

impl FromWritten for Share {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = key(entry)?;
        let expr = value(entry)?;
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        let value = match number(expr) {
            Number::None => return refuse(no_share(&key, expr)),
            _ if names_nothing(expr) => {
                return refuse(format!(
                    "`{key}` takes a number; leave the option out to go without"
                ));
            }
            Number::Const(expr) => FloatValue::Const(expr),
            Number::Finite(share) if share > 0.0 && share <= 1.0 => FloatValue::Literal(share),
            Number::Finite(_) | Number::Negative | Number::NotFinite => {
                return refuse(format!(
                    "`{key}` must be above 0 and at most 1; write a share of the calls, such as 0.5"
                ));
            }
        };
        let span = expr.span();
        Ok(Self(FloatOption { value, span }))
    }
}

/// What is said to a value that is no number, with the share that a text stands for.
fn no_share(key: &Ident, expr: &Expr) -> String {
    let meant = match written::literal(expr) {
        Some(Lit::Str(text)) => {
            let text = text.value();
            let text = text.trim();
            match text.strip_suffix('%') {
                Some(percent) => percent.trim().parse().ok().map(|share: f64| share / 100.0),
                None => text.parse().ok(),
            }
        }
        _ => None,
    };
    match meant {
        Some(share) if share > 0.0 && share <= 1.0 => {
            format!("`{key}` takes a number; write it without quotes: `{key} = {share:?}`")
        }
        _ => format!(
            "`{key}` takes a number; write a share of the calls, such as 0.5, or a `const` of type `f64`"
        ),
    }
}
