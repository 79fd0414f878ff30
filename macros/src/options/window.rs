//! What a breaker looks back on: a number of calls, or a time.

use std::time::Duration;

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Lit};

use super::numbers::names_nothing;
use super::written::{self, Entry, FromWritten, can_be_const, is_negative, value};
use crate::duration;

/// What a breaker looks back on, and where it was written.
#[derive(Debug)]
pub(crate) struct WindowOption {
    pub(crate) value: WindowValue,
    /// The value's place.
    pub(crate) span: Span,
}

#[derive(Debug)]
pub(crate) enum WindowValue {
    Calls(u32),
    Time(Duration),
    /// Known to the compiler: an expression of type `Window`.
    Const(Expr),
}

impl FromWritten for WindowOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        const FORMS: &str = "write a number of calls, such as 100, a time, such as \"10s\", or a `const` of type `Window`";
        const EMPTY: &str = "`window` must hold at least one call; write a number of calls, such as 100, or a time, such as \"10s\"";
        const TOO_LONG: &str =
            "`window` holds more than 1000000 calls; write fewer calls, or a time, such as \"10s\"";
        const TOO_SHORT: &str = "`window` is shorter than a millisecond; write a longer time, such as \"10s\", or a number of calls";
        let expr = value(entry)?;
        let refuse = |message: &str| Err(syn::Error::new_spanned(expr, message));
        if is_negative(expr) {
            return refuse(&format!("`window` cannot be negative; {FORMS}"));
        }
        let value = match written::literal(expr) {
            Some(Lit::Int(int)) if matches!(int.suffix(), "" | "u32") => match int.base10_parse() {
                Ok(0) => return refuse(EMPTY),
                Ok(calls) if calls <= 1_000_000 => WindowValue::Calls(calls),
                _ => return refuse(TOO_LONG),
            },
            Some(Lit::Str(text)) if text.value().trim().parse::<f64>().is_ok() => {
                let number = text.value();
                let number = number.trim();
                return refuse(&format!(
                    "`window` takes a time with a unit or a number of calls; write `window = \"{number}s\"` or `window = {number}`"
                ));
            }
            Some(text @ Lit::Str(_)) => {
                let time = duration::literal("window", text)?;
                if time.is_zero() {
                    return refuse(EMPTY);
                }
                if time < Duration::from_millis(1) {
                    return refuse(TOO_SHORT);
                }
                WindowValue::Time(time)
            }
            None if !names_nothing(expr) && can_be_const(expr) => WindowValue::Const(expr.clone()),
            _ => return refuse(&format!("`window` takes calls or a time; {FORMS}")),
        };
        let span = expr.span();
        Ok(Self { value, span })
    }
}
