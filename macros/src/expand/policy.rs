//! The policy of a call site as a `const`, and the checks of values that only the compiler knows.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::attempts::Flavour;
use crate::options::{
    BudgetOption, CountValue, DurationOption, DurationValue, FactorValue, StrategyKind,
    StrategyOption, WaitOrDie,
};
use crate::paths;

/// The constant's name; an item, so that its name has to be one that nobody else uses.
fn policy_name() -> syn::Ident {
    syn::Ident::new("__WAIT_OR_DIE_POLICY", Span::mixed_site())
}

/// `const POLICY: RetryPolicy = ..;`, the checks of it, and the `static` call site.
pub(super) fn items(options: &WaitOrDie, flavour: Flavour, fn_name: &syn::Ident) -> TokenStream {
    let krate = &options.krate;
    let policy = policy_name();
    let value = value(options);
    let checks = checks(options, flavour);
    let operation = if let Some(name) = &options.name {
        name.to_token_stream()
    } else {
        let name = fn_name.unraw().to_string();
        mixed!(::core::concat!(::core::module_path!(), "::", #name))
    };
    let sequence = match &options.strategy {
        Some(StrategyOption::Custom(path)) => {
            let make = quote_spanned!(path.span().resolved_at(Span::mixed_site())=>
                #krate::__private::sequence(#path));
            mixed!(.with_sequence(|| #make))
        }
        _ => TokenStream::new(),
    };
    let budget = match &options.budget {
        Some(BudgetOption::Named(name)) => mixed!(.with_budget(#name)),
        Some(BudgetOption::Unbounded) => mixed!(.without_budget()),
        None => TokenStream::new(),
    };
    mixed! {
        const #policy: #krate::__private::RetryPolicy = #value;
        #checks
        static __WAIT_OR_DIE_SITE: #krate::__private::Site = #krate::__private::Site::new(
            #operation,
            ::core::file!(),
            ::core::line!(),
            #policy,
        ) #sequence #budget;
    }
}

/// The base with every written option put over it.
fn value(options: &WaitOrDie) -> TokenStream {
    let krate = &options.krate;
    let base = if let Some(path) = &options.policy {
        let span = path.span().resolved_at(Span::mixed_site());
        quote_spanned!(span=> { let __base: #krate::__private::RetryPolicy = #path; __base })
    } else {
        mixed!(#krate::__private::RetryPolicy::new())
    };
    let mut setters = TokenStream::new();
    for (name, option) in durations(options) {
        let setter = quote::format_ident!("with_{name}", span = Span::mixed_site());
        let value = duration(krate, &option.value);
        setters.extend(mixed!(.#setter(#value)));
    }
    if let Some(option) = &options.max_retries {
        let value = match &option.value {
            CountValue::Literal(value) => value.to_token_stream(),
            CountValue::Const(expr) => typed(expr, &mixed!(::core::primitive::u32)),
        };
        setters.extend(mixed!(.with_max_retries(#value)));
    }
    if let Some(option) = &options.multiplier {
        let value = match &option.value {
            FactorValue::Literal(value) => value.to_token_stream(),
            FactorValue::Const(expr) => typed(expr, &mixed!(::core::primitive::f64)),
        };
        setters.extend(mixed!(.with_multiplier(#value)));
    }
    if let Some(StrategyOption::Named(kind, _)) = &options.strategy {
        let kind = strategy(*kind);
        setters.extend(mixed!(.with_strategy(#krate::__private::Strategy::#kind)));
    }
    setters.extend(jitter(options));
    mixed!(#base #setters)
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

fn duration(krate: &syn::Path, value: &DurationValue) -> TokenStream {
    match value {
        DurationValue::Literal(value) => {
            let (secs, nanos) = (value.as_secs(), value.subsec_nanos());
            mixed!(#krate::__private::Duration::new(#secs, #nanos))
        }
        DurationValue::Const(expr) => typed(expr, &mixed!(#krate::__private::Duration)),
    }
}

/// A value with its type written beside it, so that a mismatch is reported on the value.
fn typed(expr: &syn::Expr, ty: &TokenStream) -> TokenStream {
    mixed!({ let __value: #ty = #expr; __value })
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
fn jitter(options: &WaitOrDie) -> TokenStream {
    use crate::options::JitterKind as Kind;
    let krate = &options.krate;
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

/// A rule of `RetryPolicy::check`, and the options it is about: the first written one is at fault.
const RULES: [(&str, &[&str]); 7] = [
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

/// One `const _` for each rule about a value that the macro could not read, at the option at
/// fault: a failing one is reported by `cargo check`, which an inline `const {}` in a body is not.
fn checks(options: &WaitOrDie, flavour: Flavour) -> TokenStream {
    let krate = &options.krate;
    let policy = policy_name();
    let values = values(options);
    let mut checks = TokenStream::new();
    for (rule, about) in RULES {
        let written = || {
            about
                .iter()
                .filter_map(|name| values.iter().find(|value| value.name == *name))
        };
        let base = options.policy.as_ref().map(Spanned::span);
        // Literals have been compared with each other and with the defaults, but for the rule that
        // a count of retries may lift.
        let lifted = rule == "InitialWaitAboveTimeout"
            && values.iter().any(|value| value.name == "max_retries");
        if base.is_none() && !lifted && written().all(|value| value.literal) {
            continue;
        }
        let Some(place) = written().next().map(|value| value.span).or(base) else {
            continue;
        };
        let span = place.resolved_at(Span::mixed_site());
        let krate = paths::at(krate, span);
        let rule = syn::Ident::new(rule, span);
        checks.extend(quote_spanned!(span=>
            const _: () = #krate::__private::check(&#policy, #krate::__private::PolicyError::#rule);
        ));
    }
    if let (Flavour::Blocking, Some(base)) = (flavour, &options.policy) {
        let span = base.span().resolved_at(Span::mixed_site());
        let krate = paths::at(krate, span);
        checks.extend(quote_spanned!(span=>
            const _: () = #krate::__private::check_blocking(&#policy);
        ));
    }
    checks
}

/// A written value that rules are about.
struct Value {
    name: &'static str,
    span: Span,
    literal: bool,
}

fn values(options: &WaitOrDie) -> Vec<Value> {
    let mut values: Vec<Value> = durations(options)
        .map(|(name, option)| Value {
            name,
            span: option.span,
            literal: option.literal().is_some(),
        })
        .collect();
    if let Some(CountValue::Const(expr)) = options.max_retries.as_ref().map(|o| &o.value) {
        values.push(Value {
            name: "max_retries",
            span: expr.span(),
            literal: false,
        });
    }
    if let Some(FactorValue::Const(expr)) = options.multiplier.as_ref().map(|o| &o.value) {
        values.push(Value {
            name: "multiplier",
            span: expr.span(),
            literal: false,
        });
    }
    values
}
