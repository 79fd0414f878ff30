//! The options of `#[circuit_breaker(..)]`.
#![expect(
    clippy::unreachable,
    reason = "darling derives it for an entry that is a bare literal, and no entry is built from one"
)]

use darling::FromMeta;
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, LitStr, Path};

use super::Parsed;
use super::choices::OnCancel;
use super::decision::Predicate;
use super::entries::{entries, fill};
use super::errors::{Errors, separated, to_comma};
use super::key::Key;
use super::numbers::{CountOption, DurationOption, FloatOption, Share};
use super::values::{Crate, Name, Named};
use super::vocabulary::Vocabulary;
use super::window::WindowOption;
use super::written::{Reader, Tried};

/// Each option with the example that messages quote. The darling struct has one field for each.
pub(super) static VOCABULARY: Vocabulary = Vocabulary {
    attribute: "circuit_breaker",
    options: &[
        ("name", "name = \"notion\""),
        ("failure_threshold", "failure_threshold = 5"),
        ("failure_rate", "failure_rate = 0.5"),
        ("window", "window = 100"),
        ("minimum_calls", "minimum_calls = 10"),
        ("slow_call", "slow_call = \"4s\""),
        ("slow_call_rate", "slow_call_rate = 0.5"),
        ("recovery_timeout", "recovery_timeout = \"60s\""),
        ("max_recovery_timeout", "max_recovery_timeout = \"5m\""),
        ("success_threshold", "success_threshold = 2"),
        ("half_open_calls", "half_open_calls = 3"),
        ("key", "key = host"),
        ("failure_if", "failure_if = is_outage"),
        ("ignore_if", "ignore_if = is_refusal"),
        ("on_cancel", "on_cancel = failure"),
        ("policy", "policy = POLICY"),
        ("crate", "crate = ::wait_or_die"),
    ],
    elsewhere: &[
        ("threshold", "failure_threshold"),
        ("max_failures", "failure_threshold"),
        ("fail_max", "failure_threshold"),
        ("failures", "failure_threshold"),
        ("max_errors", "failure_threshold"),
        ("consecutive_failures", "failure_threshold"),
        ("error_rate", "failure_rate"),
        ("error_threshold", "failure_rate"),
        ("error_percentage", "failure_rate"),
        ("failure_ratio", "failure_rate"),
        ("failure_rate_threshold", "failure_rate"),
        ("window_size", "window"),
        ("sliding_window", "window"),
        ("sliding_window_size", "window"),
        ("sampling_duration", "window"),
        ("minimum_throughput", "minimum_calls"),
        ("minimum_number_of_calls", "minimum_calls"),
        ("min_requests", "minimum_calls"),
        ("volume_threshold", "minimum_calls"),
        ("slow_call_duration", "slow_call"),
        ("slow_call_duration_threshold", "slow_call"),
        ("slow_call_rate_threshold", "slow_call_rate"),
        ("reset_timeout", "recovery_timeout"),
        ("open_duration", "recovery_timeout"),
        ("open_timeout", "recovery_timeout"),
        ("break_duration", "recovery_timeout"),
        ("cooldown", "recovery_timeout"),
        ("sleep_window", "recovery_timeout"),
        ("wait_duration_in_open_state", "recovery_timeout"),
        ("max_reset_timeout", "max_recovery_timeout"),
        ("max_wait_duration_in_open_state", "max_recovery_timeout"),
        ("successes", "success_threshold"),
        ("half_open_max_calls", "half_open_calls"),
        ("max_half_open_calls", "half_open_calls"),
        ("permitted_calls_in_half_open", "half_open_calls"),
        (
            "permitted_number_of_calls_in_half_open_state",
            "half_open_calls",
        ),
        ("is_failure", "failure_if"),
        ("error_if", "failure_if"),
        ("failure_predicate", "failure_if"),
        ("ignore_errors", "ignore_if"),
        ("exclude", "ignore_if"),
        ("per", "key"),
    ],
};

/// What darling reads; every field keeps its own mistake.
#[derive(Default, FromMeta)]
#[darling(default)]
struct Written {
    name: Option<Tried<Name>>,
    failure_threshold: Option<Tried<CountOption>>,
    failure_rate: Option<Tried<Share>>,
    window: Option<Tried<WindowOption>>,
    minimum_calls: Option<Tried<CountOption>>,
    slow_call: Option<Tried<DurationOption>>,
    slow_call_rate: Option<Tried<Share>>,
    recovery_timeout: Option<Tried<DurationOption>>,
    max_recovery_timeout: Option<Tried<DurationOption>>,
    success_threshold: Option<Tried<CountOption>>,
    half_open_calls: Option<Tried<CountOption>>,
    key: Option<Tried<Key>>,
    failure_if: Option<Tried<Predicate>>,
    ignore_if: Option<Tried<Predicate>>,
    on_cancel: Option<Tried<OnCancel>>,
    policy: Option<Tried<Named>>,
    #[darling(rename = "crate")]
    krate: Option<Tried<Crate>>,
}

/// The breaker of one call site.
///
/// After [`check::all`](crate::check::all) its settings agree with each other as far as the macro
/// can know; what it cannot, the expansion leaves to the compiler.
#[derive(Debug)]
pub(crate) struct CircuitBreaker {
    /// Where the attribute stands.
    pub(crate) place: Span,
    /// Where the runtime crate is found.
    pub(crate) krate: Option<Path>,
    /// Empty only beside a mistake.
    pub(crate) name: LitStr,
    pub(crate) settings: Settings,
    /// Evaluated in the function, once for each call.
    pub(crate) key: Option<Expr>,
    /// A path or a closure.
    pub(crate) failure_if: Option<Expr>,
    /// A path or a closure; asked before `failure_if`.
    pub(crate) ignore_if: Option<Expr>,
}

/// What becomes a `BreakerPolicy`.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The `const` whose values stand for what is not written.
    pub(crate) policy: Option<Path>,
    pub(crate) failure_threshold: Option<CountOption>,
    pub(crate) failure_rate: Option<FloatOption>,
    pub(crate) window: Option<WindowOption>,
    pub(crate) minimum_calls: Option<CountOption>,
    pub(crate) slow_call: Option<DurationOption>,
    pub(crate) slow_call_rate: Option<FloatOption>,
    pub(crate) recovery_timeout: Option<DurationOption>,
    pub(crate) max_recovery_timeout: Option<DurationOption>,
    pub(crate) success_threshold: Option<CountOption>,
    pub(crate) half_open_calls: Option<CountOption>,
    pub(crate) on_cancel: Option<OnCancel>,
}

impl Settings {
    /// Whether nothing is written that would have to agree with anybody else's settings.
    pub(crate) const fn is_empty(&self) -> bool {
        let Self {
            policy,
            failure_threshold,
            failure_rate,
            window,
            minimum_calls,
            slow_call,
            slow_call_rate,
            recovery_timeout,
            max_recovery_timeout,
            success_threshold,
            half_open_calls,
            on_cancel,
        } = self;
        policy.is_none()
            && failure_threshold.is_none()
            && failure_rate.is_none()
            && window.is_none()
            && minimum_calls.is_none()
            && slow_call.is_none()
            && slow_call_rate.is_none()
            && recovery_timeout.is_none()
            && max_recovery_timeout.is_none()
            && success_threshold.is_none()
            && half_open_calls.is_none()
            && on_cancel.is_none()
    }
}

/// Reads the arguments of the attribute that stands at `place`. Never fails: what is wrong is in
/// the answer, beside what is right.
pub(crate) fn parse(args: TokenStream, place: Span) -> Parsed<CircuitBreaker> {
    let meant = means_a_name(args.clone());
    let (entries, keys, mut errors) = entries(args, &VOCABULARY);
    if !meant && !keys.iter().any(|key| key == "name") {
        errors.push(syn::Error::new(
            place,
            "the breaker has no name; write `#[circuit_breaker(name = \"notion\")]`, \
             functions that name the same breaker share it",
        ));
    }
    let written = fill(&entries, &mut errors);
    let options = build(written, place, &mut errors);
    Parsed {
        options,
        keys,
        errors,
    }
}

/// Whether the name is there and told to be written wrong: under a misspelt option, or without one.
fn means_a_name(args: TokenStream) -> bool {
    let parser = |input: ParseStream<'_>| {
        Ok(separated(input, |input| {
            let meant = input.peek(LitStr)
                || VOCABULARY.meant(&input.call(Ident::parse_any)?) == Some("name");
            to_comma(input);
            Ok(meant)
        }))
    };
    (parser.parse2(args)).is_ok_and(|(meant, _)| meant.contains(&true))
}

fn build(written: Written, place: Span, errors: &mut Errors) -> CircuitBreaker {
    let mut read = Reader::new(&VOCABULARY, errors);
    let name = read.take(written.name);
    let settings = Settings {
        policy: read.take(written.policy).map(|path| path.0),
        failure_threshold: read.take(written.failure_threshold),
        failure_rate: read.take(written.failure_rate).map(|share| share.0),
        window: read.take(written.window),
        minimum_calls: read.take(written.minimum_calls),
        slow_call: read.take(written.slow_call),
        slow_call_rate: read.take(written.slow_call_rate).map(|share| share.0),
        recovery_timeout: read.take(written.recovery_timeout),
        max_recovery_timeout: read.take(written.max_recovery_timeout),
        success_threshold: read.take(written.success_threshold),
        half_open_calls: read.take(written.half_open_calls),
        on_cancel: read.take(written.on_cancel),
    };
    CircuitBreaker {
        place,
        krate: read.take(written.krate).map(|krate| krate.0),
        name: name.map_or_else(|| LitStr::new("", place), |name| name.0),
        settings,
        key: read.take(written.key).map(|key| key.0),
        failure_if: read.take(written.failure_if).map(|predicate| predicate.0),
        ignore_if: read.take(written.ignore_if).map(|predicate| predicate.0),
    }
}
