//! Options that are evaluated outside the function, where nothing of it can be named.
//!
//! Durations, counts, factors, the base and the strategy go into a `const` and a `static`. The
//! compiler's own errors for a name that is out of reach there point at code that nobody wrote.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{FnArg, GenericParam, Signature};

use super::signature::argument_names;
use crate::options::{
    CircuitBreaker, CountOption, CountValue, DurationOption, DurationValue, Errors, FloatOption,
    FloatValue, StrategyOption, WaitOrDie, WindowValue,
};
use crate::words::{self, After, Before, Found};

/// What cannot be named, and why.
struct Scope {
    generics: Vec<Ident>,
    arguments: Vec<Ident>,
}

/// Options that become constants and are no literals, by name.
type Constants = Vec<(&'static str, TokenStream)>;

pub(super) fn check(constants: Constants, sig: &Signature) -> Errors {
    let generics = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param.ident.clone()),
        GenericParam::Const(param) => Some(param.ident.clone()),
        GenericParam::Lifetime(_) => None,
    });
    let arguments = sig.inputs.iter().flat_map(|input| match input {
        FnArg::Typed(typed) => argument_names(&typed.pat),
        FnArg::Receiver(_) => Vec::new(),
    });
    let scope = Scope {
        generics: generics.collect(),
        arguments: arguments.collect(),
    };
    let mut errors = Errors::default();
    for (key, tokens) in constants {
        scope.walk(key, tokens, &mut errors);
    }
    errors
}

/// Those of `#[wait_or_die]`.
pub(super) fn of_wait(options: &WaitOrDie) -> Constants {
    let found = [
        ("timeout", duration(options.timeout.as_ref())),
        (
            "attempt_timeout",
            duration(options.attempt_timeout.as_ref()),
        ),
        ("initial_wait", duration(options.initial_wait.as_ref())),
        ("max_wait", duration(options.max_wait.as_ref())),
        ("max_retries", count(options.max_retries.as_ref())),
        ("multiplier", float(options.multiplier.as_ref())),
        (
            "strategy",
            match &options.strategy {
                Some(StrategyOption::Custom(path)) => Some(path.to_token_stream()),
                _ => None,
            },
        ),
        (
            "policy",
            options.policy.as_ref().map(ToTokens::to_token_stream),
        ),
    ];
    written(found)
}

/// Those of `#[circuit_breaker]`.
pub(super) fn of_breaker(options: &CircuitBreaker) -> Constants {
    let settings = &options.settings;
    let window = match settings.window.as_ref().map(|window| &window.value) {
        Some(WindowValue::Const(expr)) => Some(expr.to_token_stream()),
        _ => None,
    };
    let found = [
        (
            "failure_threshold",
            count(settings.failure_threshold.as_ref()),
        ),
        ("failure_rate", float(settings.failure_rate.as_ref())),
        ("window", window),
        ("minimum_calls", count(settings.minimum_calls.as_ref())),
        ("slow_call", duration(settings.slow_call.as_ref())),
        ("slow_call_rate", float(settings.slow_call_rate.as_ref())),
        (
            "recovery_timeout",
            duration(settings.recovery_timeout.as_ref()),
        ),
        (
            "max_recovery_timeout",
            duration(settings.max_recovery_timeout.as_ref()),
        ),
        (
            "success_threshold",
            count(settings.success_threshold.as_ref()),
        ),
        ("half_open_calls", count(settings.half_open_calls.as_ref())),
        (
            "policy",
            settings.policy.as_ref().map(ToTokens::to_token_stream),
        ),
    ];
    written(found)
}

fn written<const N: usize>(found: [(&'static str, Option<TokenStream>); N]) -> Constants {
    (found.into_iter())
        .filter_map(|(key, tokens)| Some((key, tokens?)))
        .collect()
}

fn duration(option: Option<&DurationOption>) -> Option<TokenStream> {
    match &option?.value {
        DurationValue::Const(expr) => Some(expr.to_token_stream()),
        DurationValue::Literal(_) => None,
    }
}

fn count(option: Option<&CountOption>) -> Option<TokenStream> {
    match &option?.value {
        CountValue::Const(expr) => Some(expr.to_token_stream()),
        CountValue::Literal(_) => None,
    }
}

fn float(option: Option<&FloatOption>) -> Option<TokenStream> {
    match &option?.value {
        FloatValue::Const(expr) => Some(expr.to_token_stream()),
        FloatValue::Literal(_) => None,
    }
}

impl Scope {
    fn walk(&self, key: &str, tokens: TokenStream, errors: &mut Errors) {
        words::walk(tokens, &mut |found| {
            if let Found::Word(word) = found
                && word.before == Before::Other
                && let Some(message) = self.refuse(
                    key,
                    word.ident,
                    matches!(word.after, After::Word | After::Other),
                )
            {
                errors.push(syn::Error::new(word.ident.span(), message));
            }
        });
    }

    fn refuse(&self, key: &str, name: &Ident, alone: bool) -> Option<String> {
        if name == "Self" {
            return Some(format!(
                "`{key}` is a constant beside the function and cannot name `Self`; write the type's name"
            ));
        }
        if name == "self" && alone {
            return Some(format!(
                "`{key}` is the same for every call and cannot read `self`; write a constant"
            ));
        }
        if self.generics.contains(name) {
            return Some(format!(
                "`{key}` is the same for every `{name}` and cannot name a generic parameter; write a constant"
            ));
        }
        (alone && self.arguments.contains(name)).then(|| {
            format!("`{key}` is the same for every call and cannot read the argument `{name}`; write a constant")
        })
    }
}
