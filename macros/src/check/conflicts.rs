//! Options that exclude each other.

use syn::Ident;
use syn::spanned::Spanned;

use crate::options::{Errors, JitterKind, Parsed, StrategyKind, StrategyOption, WaitOrDie};

pub(super) fn check(parsed: &Parsed<WaitOrDie>) -> Errors {
    let mut errors = Errors::default();
    exclude(
        parsed,
        ["retry_if", "retry_on"],
        "both decide about the same errors; keep one of them",
        &mut errors,
    );
    exclude(
        parsed,
        ["strategy", "exponential_backoff"],
        "both choose how waits grow; keep `strategy`",
        &mut errors,
    );
    errors.append(multiplier(parsed));
    errors.append(jitter(parsed));
    errors
}

/// Refuses two options side by side, on the one that was written last.
fn exclude(parsed: &Parsed<WaitOrDie>, pair: [&str; 2], why: &str, errors: &mut Errors) {
    if let Some((first, second)) = both(parsed, pair) {
        errors.push(syn::Error::new(
            second.span(),
            format!("`{second}` beside `{first}`: {why}"),
        ));
    }
}

/// Two options, if both are written, in their order.
pub(super) fn both<'a, T>(
    parsed: &'a Parsed<T>,
    pair: [&str; 2],
) -> Option<(&'a Ident, &'a Ident)> {
    let mut found = parsed
        .keys
        .iter()
        .filter(|key| pair.iter().any(|name| *key == name));
    Some((found.next()?, found.next()?))
}

/// Only exponential waits have a factor; without a written strategy the base policy chooses.
///
/// As with every pair, the one that was written last is at fault.
fn multiplier(parsed: &Parsed<WaitOrDie>) -> Errors {
    let mut errors = Errors::default();
    let (strategy, place) = match &parsed.options.strategy {
        Some(StrategyOption::Named(kind, place)) if *kind != StrategyKind::Exponential => {
            (format!("`{}`", kind.word()), *place)
        }
        Some(StrategyOption::Custom(path)) => ("a function of your own".to_owned(), path.span()),
        _ => return errors,
    };
    let Some(key) = parsed.key("multiplier") else {
        return errors;
    };
    let place = match parsed
        .keys
        .iter()
        .rev()
        .find(|key| *key == "multiplier" || *key == "strategy" || *key == "exponential_backoff")
    {
        Some(last) if last == "multiplier" => key.span(),
        _ => place,
    };
    errors.push(syn::Error::new(
        place,
        format!(
            "`multiplier` belongs to exponential waits, but the strategy is {strategy}; remove `multiplier`, or write `strategy = exponential`"
        ),
    ));
    errors
}

/// Decorrelated jitter computes each wait from the one before it, which leaves a custom strategy nothing to say.
fn jitter(parsed: &Parsed<WaitOrDie>) -> Errors {
    let mut errors = Errors::default();
    if let (Some(StrategyOption::Custom(_)), Some(jitter)) =
        (&parsed.options.strategy, &parsed.options.jitter)
        && jitter.kind == JitterKind::Decorrelated
    {
        errors.push(syn::Error::new(
            jitter.span,
            "`decorrelated` computes the waits itself, so a strategy of your own would not be asked; write `full`, `equal` or `none`",
        ));
    }
    errors
}
