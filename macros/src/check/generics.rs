//! Options that are evaluated outside the function, where nothing of it can be named.
//!
//! Durations, counts, factors, the base and the strategy go into a `const` and a `static`. The
//! compiler's own errors for a name that is out of reach there point at code that nobody wrote.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{FnArg, GenericParam, Signature};

use super::signature::argument_names;
use crate::options::{
    CountValue, DurationOption, DurationValue, Errors, FactorValue, StrategyOption, WaitOrDie,
};

/// What cannot be named, and why.
struct Scope {
    generics: Vec<Ident>,
    arguments: Vec<Ident>,
}

pub(super) fn check(options: &WaitOrDie, sig: &Signature) -> Errors {
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
    for (key, tokens) in constants(options) {
        scope.walk(key, tokens, &mut errors);
    }
    errors
}

/// The options that end up in a constant and are no literals.
fn constants(options: &WaitOrDie) -> Vec<(&'static str, TokenStream)> {
    let mut found = Vec::new();
    let mut add = |key, tokens: &dyn ToTokens| found.push((key, tokens.to_token_stream()));
    let durations: [(_, &Option<DurationOption>); 4] = [
        ("timeout", &options.timeout),
        ("attempt_timeout", &options.attempt_timeout),
        ("initial_wait", &options.initial_wait),
        ("max_wait", &options.max_wait),
    ];
    for (key, option) in durations {
        if let Some(DurationValue::Const(expr)) = option.as_ref().map(|option| &option.value) {
            add(key, expr);
        }
    }
    if let Some(CountValue::Const(expr)) = options.max_retries.as_ref().map(|option| &option.value)
    {
        add("max_retries", expr);
    }
    if let Some(FactorValue::Const(expr)) = options.multiplier.as_ref().map(|option| &option.value)
    {
        add("multiplier", expr);
    }
    if let Some(StrategyOption::Custom(path)) = &options.strategy {
        add("strategy", path);
    }
    if let Some(path) = &options.policy {
        add("policy", path);
    }
    found
}

impl Scope {
    fn walk(&self, key: &str, tokens: TokenStream, errors: &mut Errors) {
        let mut tokens = tokens.into_iter().peekable();
        // A name behind `::` or `.` belongs to what stands before it.
        let mut dots = 0;
        while let Some(token) = tokens.next() {
            match &token {
                TokenTree::Ident(name) if dots < 2 => {
                    let alone = match tokens.peek() {
                        Some(TokenTree::Punct(next)) => !matches!(next.as_char(), ':' | '!'),
                        Some(TokenTree::Group(_)) => false,
                        _ => true,
                    };
                    if let Some(message) = self.refuse(key, name, alone) {
                        errors.push(syn::Error::new(name.span(), message));
                    }
                }
                TokenTree::Group(group) => self.walk(key, group.stream(), errors),
                _ => {}
            }
            dots = match &token {
                TokenTree::Punct(punct) if punct.as_char() == '.' => 2,
                TokenTree::Punct(punct) if punct.as_char() == ':' => dots + 1,
                _ => 0,
            };
        }
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
