//! Options with one value: durations, counts, factors, names, switches and paths.

use std::time::Duration;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, LitStr, Meta, Path};

use super::written::{self, FromWritten, can_be_const, is_negative, key, not_finite, value};
use crate::{duration, paths};

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
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let key = key(meta)?;
        let expr = value(meta)?;
        let name = key.to_string();
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        if is_negative(expr) {
            return refuse(duration::negative(&name));
        }
        let value = if let Expr::Lit(literal) = expr {
            let value = duration::literal(&name, &literal.lit)?;
            if value.is_zero()
                && let Some(message) = zero(&name)
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
fn zero(key: &str) -> Option<&'static str> {
    match key {
        "timeout" => Some(
            "`timeout` must be positive; write the time that the whole call may take, such as `\"30s\"`",
        ),
        "attempt_timeout" => Some(
            "`attempt_timeout` must be positive; write the time that one attempt may take, or leave it out for no bound",
        ),
        _ => None,
    }
}

/// Whether the value is `none` or `None`, which no duration and no number is.
fn names_nothing(expr: &Expr) -> bool {
    written::word(expr).is_some_and(|word| word == "none" || word == "None")
}

/// A whole number, and where it was written.
#[derive(Debug)]
pub(crate) struct CountOption {
    pub(crate) value: CountValue,
}

#[derive(Debug)]
pub(crate) enum CountValue {
    /// Known now.
    Literal(u32),
    /// Known to the compiler: an expression of type `u32`.
    Const(Expr),
}

impl FromWritten for CountOption {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let key = key(meta)?;
        let expr = value(meta)?;
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        if is_negative(expr) {
            return refuse(format!(
                "`{key}` cannot be negative; write 0 for a single attempt, or a count such as 5"
            ));
        }
        let value = match written::literal(expr) {
            Some(Lit::Int(int)) if matches!(int.suffix(), "" | "u32") => {
                let Ok(count) = int.base10_digits().parse() else {
                    return refuse(format!(
                        "`{key}` is at most {} (`u32::MAX`); write a smaller count, `timeout` bounds the call anyway",
                        u32::MAX
                    ));
                };
                CountValue::Literal(count)
            }
            Some(Lit::Int(int)) if int.base10_parse::<u32>().is_ok() => {
                return refuse(format!(
                    "`{key}` is a `u32`; write it without `{}`: `{key} = {}`",
                    int.suffix(),
                    int.base10_digits()
                ));
            }
            Some(Lit::Str(text)) if text.value().trim().parse::<u32>().is_ok() => {
                return refuse(format!(
                    "`{key}` takes a number; write it without quotes: `{key} = {}`",
                    text.value().trim()
                ));
            }
            None if names_nothing(expr) => {
                return refuse(format!(
                    "`{key}` takes a number; write 0 for a single attempt"
                ));
            }
            None if can_be_const(expr) => CountValue::Const(expr.clone()),
            _ => {
                return refuse(format!(
                    "`{key}` takes a whole number; write one such as 5, or a `const` of type `u32`"
                ));
            }
        };
        Ok(Self { value })
    }
}

/// A factor of at least one, and where it was written.
#[derive(Debug)]
pub(crate) struct FactorOption {
    pub(crate) value: FactorValue,
}

#[derive(Debug)]
pub(crate) enum FactorValue {
    /// Known now.
    Literal(f64),
    /// Known to the compiler: an expression of type `f64`.
    Const(Expr),
}

impl FromWritten for FactorOption {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let key = key(meta)?;
        let expr = value(meta)?;
        let refuse = |message| Err(syn::Error::new_spanned(expr, message));
        let not_a_number = || {
            format!("`{key}` must be a finite number; write a factor of at least 1, such as 2.0")
        };
        let below_one = || {
            format!(
                "`{key}` is less than 1, so waits would shrink; write a factor of at least 1, such as 2.0"
            )
        };
        if is_negative(expr) {
            return refuse(below_one());
        }
        let digits = match written::literal(expr) {
            Some(Lit::Int(int)) if int.suffix().is_empty() => int.base10_digits(),
            Some(Lit::Float(float)) if matches!(float.suffix(), "" | "f64") => {
                float.base10_digits()
            }
            // `2f64` is an integer to the lexer.
            Some(Lit::Int(int)) if int.suffix() == "f64" => int.base10_digits(),
            None if not_finite(expr).is_some() => return refuse(not_a_number()),
            None if can_be_const(expr) => {
                return Ok(Self {
                    value: FactorValue::Const(expr.clone()),
                });
            }
            _ => {
                return refuse(format!(
                    "`{key}` takes a number; write one of at least 1, such as 2.0, or a `const` of type `f64`"
                ));
            }
        };
        match digits.parse::<f64>() {
            Ok(factor) if factor.is_finite() && factor >= 1.0 => Ok(Self {
                value: FactorValue::Literal(factor),
            }),
            Ok(factor) if factor < 1.0 => refuse(below_one()),
            _ => refuse(not_a_number()),
        }
    }
}

/// `name = ".."`.
pub(super) struct Name(pub(super) LitStr);

impl FromWritten for Name {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let expr = value(meta)?;
        match written::literal(expr) {
            Some(Lit::Str(text)) if text.value().trim().is_empty() => Err(syn::Error::new(
                text.span(),
                "`name` is empty; write the operation's name, or leave it out for the function's path",
            )),
            Some(Lit::Str(text)) => Ok(Self(text.clone())),
            _ => Err(syn::Error::new_spanned(
                expr,
                "`name` takes a text; write it in quotes, such as `name = \"orders.send\"`",
            )),
        }
    }
}

/// `exponential_backoff = true | false`.
pub(super) struct Switch {
    pub(super) on: bool,
    pub(super) span: Span,
}

impl FromWritten for Switch {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let key = key(meta)?;
        let expr = value(meta)?;
        match written::literal(expr) {
            Some(Lit::Bool(switch)) => Ok(Self {
                on: switch.value,
                span: switch.span,
            }),
            _ => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`{key}` takes `true` (waits double) or `false` (waits stay the same); write one of them, or `strategy = exponential`"
                ),
            )),
        }
    }
}

/// `crate = ..`.
pub(super) struct Crate(pub(super) Path);

impl FromWritten for Crate {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let path = paths::path("crate", "this library", value(meta)?)?;
        paths::absolute(&path)?;
        Ok(Self(path))
    }
}

/// The path of a constant or of a function.
pub(super) struct Named(pub(super) Path);

impl FromWritten for Named {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let key = key(meta)?.to_string();
        let expr = value(meta)?;
        if key == "policy" && matches!(expr, Expr::Call(_) | Expr::MethodCall(_)) {
            return Err(syn::Error::new_spanned(
                expr,
                "`policy` takes the path of a `const`; write `const POLICY: RetryPolicy = ..;` and `policy = POLICY`",
            ));
        }
        let what = match key.as_str() {
            "policy" => "a `const` of type `RetryPolicy`",
            _ => "a function",
        };
        paths::path(&key, what, expr).map(Self)
    }
}

/// `attempt = identifier`.
pub(super) struct Binding(pub(super) Ident);

impl FromWritten for Binding {
    fn from_written(meta: &Meta) -> syn::Result<Self> {
        let expr = value(meta)?;
        match written::word(expr) {
            Some(word)
                if word != "self" && word != "Self" && word != "crate" && word != "super" =>
            {
                Ok(Self(word.clone()))
            }
            _ => Err(syn::Error::new_spanned(
                expr,
                "`attempt` takes the name that the body uses for the attempt; write an identifier such as `attempt = attempt`",
            )),
        }
    }
}
