//! The breaker of a function: its settings as a `const`, their checks, and the `static` that the
//! function reaches it by.

use proc_macro2::{Span, TokenStream};
use syn::Path;
use syn::spanned::Spanned;

use super::constants::{self, Checks, Rule, Value, setter};
use crate::options::{
    CircuitBreaker, DurationOption, OnCancel, Settings, WindowOption, WindowValue,
};

/// The constant's name; an item, so that its name has to be one that nobody else uses.
fn policy_name() -> syn::Ident {
    syn::Ident::new("__WAIT_OR_DIE_BREAKER_POLICY", Span::mixed_site())
}

/// `const POLICY: BreakerPolicy = ..;` and its checks if any setting is written, and the `static`.
///
/// Without settings the function joins those that somebody else declares under the name.
pub(super) fn items(krate: &Path, breaker: &CircuitBreaker) -> TokenStream {
    let name = &breaker.name;
    let settings = &breaker.settings;
    let policy = policy_name();
    let (declared, with) = if settings.is_empty() {
        (TokenStream::new(), TokenStream::new())
    } else {
        let value = value(krate, settings);
        let checks = checks(krate, settings);
        let declared = mixed! {
            const #policy: #krate::__private::BreakerPolicy = #value;
            #checks
        };
        (declared, mixed!(.with_policy(#policy)))
    };
    mixed! {
        #declared
        static __WAIT_OR_DIE_BREAKER: #krate::__private::BreakerSite =
            #krate::__private::BreakerSite::new(#name, ::core::file!(), ::core::line!()) #with;
    }
}

/// The base with every written option put over it. `failure_threshold` comes first: it takes the
/// rates of the base away.
fn value(krate: &Path, settings: &Settings) -> TokenStream {
    let mut value = constants::base(krate, &mixed!(BreakerPolicy), settings.policy.as_ref());
    let mut set = |name, tokens: Option<TokenStream>| {
        value.extend(tokens.map(|tokens| setter(name, &tokens)));
    };
    let duration = |option: &Option<DurationOption>| {
        (option.as_ref()).map(|option| constants::duration(krate, option))
    };
    set(
        "failure_threshold",
        settings.failure_threshold.as_ref().map(constants::count),
    );
    set(
        "failure_rate",
        settings.failure_rate.as_ref().map(constants::float),
    );
    set(
        "window",
        settings.window.as_ref().map(|option| window(krate, option)),
    );
    set(
        "minimum_calls",
        settings.minimum_calls.as_ref().map(constants::count),
    );
    set("slow_call", duration(&settings.slow_call));
    set(
        "slow_call_rate",
        settings.slow_call_rate.as_ref().map(constants::float),
    );
    set("recovery_timeout", duration(&settings.recovery_timeout));
    set(
        "max_recovery_timeout",
        duration(&settings.max_recovery_timeout),
    );
    set(
        "success_threshold",
        settings.success_threshold.as_ref().map(constants::count),
    );
    set(
        "half_open_calls",
        settings.half_open_calls.as_ref().map(constants::count),
    );
    let on_cancel = settings.on_cancel.map(|kind| match kind {
        OnCancel::Ignore => mixed!(#krate::__private::OnCancel::Ignore),
        OnCancel::Failure => mixed!(#krate::__private::OnCancel::Failure),
    });
    set("on_cancel", on_cancel);
    value
}

fn window(krate: &Path, option: &WindowOption) -> TokenStream {
    match &option.value {
        WindowValue::Calls(calls) => mixed!(#krate::__private::Window::Calls(#calls)),
        WindowValue::Time(time) => {
            let time = constants::literal_duration(krate, *time);
            mixed!(#krate::__private::Window::Time(#time))
        }
        WindowValue::Const(expr) => constants::typed(expr, &mixed!(#krate::__private::Window)),
    }
}

/// The rules of `BreakerPolicy::check`, but for the one that only a configuration can break.
const RULES: [Rule; 18] = [
    ("FailureThresholdZero", &["failure_threshold"]),
    ("FailureRateOutOfRange", &["failure_rate"]),
    ("WindowWithoutFailureRate", &["window"]),
    ("WindowEmpty", &["window"]),
    ("WindowTooLong", &["window"]),
    ("WindowTooShort", &["window"]),
    ("MinimumCallsWithoutFailureRate", &["minimum_calls"]),
    ("MinimumCallsZero", &["minimum_calls"]),
    ("MinimumCallsAboveWindow", &["minimum_calls", "window"]),
    ("SlowCallWithoutFailureRate", &["slow_call"]),
    ("SlowCallNotPositive", &["slow_call"]),
    ("SlowCallRateWithoutSlowCall", &["slow_call_rate"]),
    ("SlowCallRateOutOfRange", &["slow_call_rate"]),
    ("RecoveryTimeoutNotPositive", &["recovery_timeout"]),
    (
        "MaxRecoveryTimeoutBelowRecoveryTimeout",
        &["max_recovery_timeout", "recovery_timeout"],
    ),
    ("SuccessThresholdZero", &["success_threshold"]),
    ("HalfOpenCallsZero", &["half_open_calls"]),
    ("HalfOpenCallsTooMany", &["half_open_calls"]),
];

fn checks(krate: &Path, settings: &Settings) -> TokenStream {
    let checks = Checks {
        krate,
        policy: policy_name(),
        check: mixed!(check_breaker),
        rules: mixed!(BreakerPolicyError),
        base: settings.policy.as_ref().map(Spanned::span),
        values: values(settings),
    };
    checks.of(&RULES, |_| false)
}

fn values(settings: &Settings) -> Vec<Value> {
    let duration = |name, option: &Option<DurationOption>| {
        let option = option.as_ref()?;
        Some((name, option.span, option.literal().is_some()))
    };
    let counts = [
        ("failure_threshold", &settings.failure_threshold),
        ("minimum_calls", &settings.minimum_calls),
        ("success_threshold", &settings.success_threshold),
        ("half_open_calls", &settings.half_open_calls),
    ];
    let shares = [
        ("failure_rate", &settings.failure_rate),
        ("slow_call_rate", &settings.slow_call_rate),
    ];
    let others = [
        duration("slow_call", &settings.slow_call),
        duration("recovery_timeout", &settings.recovery_timeout),
        duration("max_recovery_timeout", &settings.max_recovery_timeout),
        settings.window.as_ref().map(|option| {
            let literal = !matches!(option.value, WindowValue::Const(_));
            ("window", option.span, literal)
        }),
    ];
    let counts = counts.into_iter().filter_map(|(name, option)| {
        let option = option.as_ref()?;
        Some((name, option.span, option.literal().is_some()))
    });
    let shares = shares.into_iter().filter_map(|(name, option)| {
        let option = option.as_ref()?;
        Some((name, option.span, option.is_literal()))
    });
    counts
        .chain(shares)
        .chain(others.into_iter().flatten())
        .map(|(name, span, literal)| Value {
            name,
            span,
            literal,
        })
        .collect()
}
