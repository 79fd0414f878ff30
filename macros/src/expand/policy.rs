//! The policy of a call site as a `const`, its checks, and the call site itself.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::Path;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::attempts::Flavour;
use super::constants::{self, Checks, Rule, Value, setter};
use crate::check::Annotations;
use crate::options::{
    BudgetOption, CountValue, DurationOption, FloatOption, StrategyKind, StrategyOption, WaitOrDie,
    WhenOpen,
};
use crate::paths;

/// The constant's name; an item, so that its name has to be one that nobody else uses.
fn policy_name() -> syn::Ident {
    syn::Ident::new("__WAIT_OR_DIE_POLICY", Span::mixed_site())
}

/// `const POLICY: RetryPolicy = ..;`, the checks of it, and the `static` call site.
pub(super) fn items(
    annotations: &Annotations,
    options: &WaitOrDie,
    flavour: Flavour,
    fn_name: &syn::Ident,
) -> TokenStream {
    let krate = &annotations.krate;
    let policy = policy_name();
    let value = value(krate, options);
    let checks = checks(krate, options, flavour);
    let operation = if let Some(name) = &options.name {
        name.to_token_stream()
    } else {
        operation(fn_name)
    };
    let sequence = match &options.strategy {
        Some(StrategyOption::Custom(path)) => {
            let make = quote_spanned!(path.span().resolved_at(Span::mixed_site())=>
                #krate::__private::sequence(#path));
            mixed!(.with_sequence(|| #make))
        }
        _ => TokenStream::new(),
    };
    let budget = match (&options.budget, &annotations.breaker) {
        (Some(BudgetOption::Named(name)), _) => mixed!(.with_budget(#name)),
        (Some(BudgetOption::Unbounded), _) => mixed!(.without_budget()),
        // Who shares a breaker calls the same dependency, and shares what may be spent on it.
        (None, Some(breaker)) => {
            let name = &breaker.name;
            mixed!(.with_budget(#name))
        }
        (None, None) => TokenStream::new(),
    };
    let when_open = match options.when_open.as_ref().map(|option| option.kind) {
        Some(WhenOpen::Wait) => mixed!(.with_when_open_wait()),
        Some(WhenOpen::Fail) | None => TokenStream::new(),
    };
    mixed! {
        const #policy: #krate::__private::RetryPolicy = #value;
        #checks
        static __WAIT_OR_DIE_SITE: #krate::__private::Site = #krate::__private::Site::new(
            #operation,
            ::core::file!(),
            ::core::line!(),
            #policy,
        ) #sequence #budget #when_open;
    }
}

/// The operation's name where none is written.
pub(super) fn operation(fn_name: &syn::Ident) -> TokenStream {
    let name = fn_name.unraw().to_string();
    mixed!(::core::concat!(::core::module_path!(), "::", #name))
}

/// The base with every written option put over it.
fn value(krate: &Path, options: &WaitOrDie) -> TokenStream {
    let mut value = constants::base(krate, &mixed!(RetryPolicy), options.policy.as_ref());
    for (name, option) in durations(options) {
        value.extend(setter(name, &constants::duration(krate, option)));
    }
    if let Some(option) = &options.max_retries {
        value.extend(setter("max_retries", &constants::count(option)));
    }
    if let Some(option) = &options.multiplier {
        value.extend(setter("multiplier", &constants::float(option)));
    }
    if let Some(StrategyOption::Named(kind, _)) = &options.strategy {
        let kind = strategy(*kind);
        value.extend(mixed!(.with_strategy(#krate::__private::Strategy::#kind)));
    }
    value.extend(jitter(krate, options));
    value
}

/// The written durations by name, outer bounds first.
fn durations(options: &WaitOrDie) -> impl Iterator<Item = (&'static str, &DurationOption)> {
    [
        ("timeout", &options.timeout),
        ("attempt_timeout", &options.attempt_timeout),
        ("initial_wait", &options.initial_wait),
        ("max_wait", &options.max_wait),
    ]
    .into_iter()
    .filter_map(|(name, option)| option.as_ref().map(|option| (name, option)))
}

fn strategy(kind: StrategyKind) -> TokenStream {
    match kind {
        StrategyKind::Fixed => mixed!(Fixed),
        StrategyKind::Linear => mixed!(Linear),
        StrategyKind::Exponential => mixed!(Exponential),
        StrategyKind::Fibonacci => mixed!(Fibonacci),
    }
}

/// A written jitter; without one a custom strategy is taken as it computes.
fn jitter(krate: &Path, options: &WaitOrDie) -> TokenStream {
    use crate::options::JitterKind as Kind;
    let kind = match (&options.jitter, &options.strategy) {
        (Some(option), _) => match option.kind {
            Kind::None => mixed!(None),
            Kind::Full => mixed!(Full),
            Kind::Equal => mixed!(Equal),
            Kind::Decorrelated => mixed!(Decorrelated),
        },
        (None, Some(StrategyOption::Custom(_))) => mixed!(None),
        (None, _) => return TokenStream::new(),
    };
    mixed!(.with_jitter(#krate::__private::Jitter::#kind))
}

/// The rules of `RetryPolicy::check`.
const RULES: [Rule; 7] = [
    ("TimeoutNotPositive", &["timeout"]),
    ("AttemptTimeoutNotPositive", &["attempt_timeout"]),
    (
        "AttemptTimeoutAboveTimeout",
        &["attempt_timeout", "timeout"],
    ),
    (
        "InitialWaitAboveTimeout",
        &["initial_wait", "timeout", "max_retries"],
    ),
    ("MaxWaitBelowInitialWait", &["max_wait", "initial_wait"]),
    ("MultiplierNotFinite", &["multiplier"]),
    ("MultiplierBelowOne", &["multiplier"]),
];

fn checks(krate: &Path, options: &WaitOrDie, flavour: Flavour) -> TokenStream {
    let policy = policy_name();
    let checks = Checks {
        krate,
        policy: policy.clone(),
        check: mixed!(check),
        rules: mixed!(PolicyError),
        base: options.policy.as_ref().map(Spanned::span),
        values: values(options),
    };
    // Literals have been compared with each other and with the defaults, but for the rule that a
    // count of retries may lift.
    let counted = (checks.values.iter()).any(|value| value.name == "max_retries");
    let mut all = checks.of(&RULES, |rule| counted && rule == "InitialWaitAboveTimeout");
    if let (Flavour::Blocking, Some(base)) = (flavour, &options.policy) {
        let span = base.span().resolved_at(Span::mixed_site());
        let krate = paths::at(krate, span);
        all.extend(quote_spanned!(span=>
            const _: () = #krate::__private::check_blocking(&#policy);
        ));
    }
    all
}

fn values(options: &WaitOrDie) -> Vec<Value> {
    let durations = durations(options).map(|(name, option)| Value {
        name,
        span: option.span,
        literal: option.literal().is_some(),
    });
    let counts = options.max_retries.as_ref().and_then(|option| {
        let known = matches!(option.value, CountValue::Literal(_));
        (!known).then_some(("max_retries", option.span))
    });
    let factors = (options.multiplier.as_ref())
        .filter(|option| !option.is_literal())
        .map(|option: &FloatOption| ("multiplier", option.span));
    let unknown = (counts.into_iter().chain(factors)).map(|(name, span)| Value {
        name,
        span,
        literal: false,
    });
    durations.chain(unknown).collect()
}
