//! The options of `#[wait_or_die(..)]`.
#![expect(
    clippy::unreachable,
    reason = "darling derives it for an entry that is a bare literal, and no entry is built from one"
)]

use darling::FromMeta;
use proc_macro2::TokenStream;
use syn::{Ident, LitStr, Path};

use super::Parsed;
use super::choices::{BudgetOption, JitterOption, StrategyKind, StrategyOption, WhenOpenOption};
use super::decision::{Arms, Decision, Predicate};
use super::entries::{entries, fill};
use super::errors::Errors;
use super::halt::HaltOption;
use super::lists::{Clones, Field, Fields};
use super::numbers::{CountOption, DurationOption, Factor, FloatOption};
use super::values::{Binding, Crate, Name, Named, Switch};
use super::vocabulary::Vocabulary;
use super::written::{Reader, Tried};

/// Each option with the example that messages quote. The darling struct has one field for each.
pub(super) static VOCABULARY: Vocabulary = Vocabulary {
    attribute: "wait_or_die",
    options: &[
        ("timeout", "timeout = \"30s\""),
        ("attempt_timeout", "attempt_timeout = \"5s\""),
        ("max_retries", "max_retries = 5"),
        ("initial_wait", "initial_wait = \"1s\""),
        ("max_wait", "max_wait = \"60s\""),
        ("strategy", "strategy = exponential"),
        ("multiplier", "multiplier = 2.0"),
        ("jitter", "jitter = full"),
        ("retry_if", "retry_if = is_transient"),
        ("retry_on", "retry_on(MyError::Timeout)"),
        ("abort_on", "abort_on(MyError::Denied)"),
        ("budget", "budget = \"notion\""),
        ("when_open", "when_open = wait"),
        ("clone", "clone(a, b)"),
        ("attempt", "attempt = attempt"),
        ("fields", "fields(order_id)"),
        ("on_retry", "on_retry = told"),
        ("fallback", "fallback = cached"),
        ("halt", "halt = HALT"),
        ("policy", "policy = POLICY"),
        ("name", "name = \"orders.send\""),
        ("exponential_backoff", "exponential_backoff = true"),
        ("crate", "crate = ::wait_or_die"),
    ],
    elsewhere: &[
        ("attempts", "max_retries"),
        ("max_attempts", "max_retries"),
        ("retries", "max_retries"),
        ("times", "max_retries"),
        ("deadline", "timeout"),
        ("max_elapsed_time", "timeout"),
        ("total_timeout", "timeout"),
        ("per_attempt_timeout", "attempt_timeout"),
        ("base_delay", "initial_wait"),
        ("delay", "initial_wait"),
        ("initial_delay", "initial_wait"),
        ("initial_interval", "initial_wait"),
        ("min_delay", "initial_wait"),
        ("max_delay", "max_wait"),
        ("max_interval", "max_wait"),
        ("backoff", "strategy"),
        ("factor", "multiplier"),
        ("retry", "retry_if"),
        ("when", "retry_if"),
        ("abort_if", "abort_on"),
        ("notify", "on_retry"),
    ],
};

/// What darling reads; every field keeps its own mistake.
#[derive(Default, FromMeta)]
#[darling(default)]
struct Written {
    timeout: Option<Tried<DurationOption>>,
    attempt_timeout: Option<Tried<DurationOption>>,
    max_retries: Option<Tried<CountOption>>,
    initial_wait: Option<Tried<DurationOption>>,
    max_wait: Option<Tried<DurationOption>>,
    strategy: Option<Tried<StrategyOption>>,
    multiplier: Option<Tried<Factor>>,
    jitter: Option<Tried<JitterOption>>,
    retry_if: Option<Tried<Predicate>>,
    retry_on: Option<Tried<Arms>>,
    abort_on: Option<Tried<Arms>>,
    budget: Option<Tried<BudgetOption>>,
    when_open: Option<Tried<WhenOpenOption>>,
    clone: Option<Tried<Clones>>,
    attempt: Option<Tried<Binding>>,
    fields: Option<Tried<Fields>>,
    on_retry: Option<Tried<Named>>,
    fallback: Option<Tried<Named>>,
    halt: Option<Tried<HaltOption>>,
    policy: Option<Tried<Named>>,
    name: Option<Tried<Name>>,
    exponential_backoff: Option<Tried<Switch>>,
    #[darling(rename = "crate")]
    krate: Option<Tried<Crate>>,
}

/// The options of one call site.
///
/// After [`check::all`](crate::check::all) they agree with each other as far as the macro can
/// know; what it cannot, the expansion leaves to the compiler.
#[derive(Debug)]
pub(crate) struct WaitOrDie {
    /// Where the runtime crate is found.
    pub(crate) krate: Option<Path>,
    pub(crate) name: Option<LitStr>,
    /// The `const` whose values stand for what is not written.
    pub(crate) policy: Option<Path>,
    pub(crate) timeout: Option<DurationOption>,
    pub(crate) attempt_timeout: Option<DurationOption>,
    pub(crate) initial_wait: Option<DurationOption>,
    pub(crate) max_wait: Option<DurationOption>,
    pub(crate) max_retries: Option<CountOption>,
    pub(crate) multiplier: Option<FloatOption>,
    pub(crate) strategy: Option<StrategyOption>,
    pub(crate) jitter: Option<JitterOption>,
    pub(crate) decision: Decision,
    pub(crate) budget: Option<BudgetOption>,
    pub(crate) when_open: Option<WhenOpenOption>,
    /// Arguments that are cloned for each attempt.
    pub(crate) clone: Vec<Ident>,
    /// The name that the body has for the attempt.
    pub(crate) attempt: Option<Ident>,
    pub(crate) fields: Vec<Field>,
    pub(crate) on_retry: Option<Path>,
    pub(crate) fallback: Option<Path>,
    pub(crate) halt: Option<HaltOption>,
}

/// Reads the arguments of the attribute. Never fails: what is wrong is in the answer, beside what
/// is right.
pub(crate) fn parse(args: TokenStream) -> Parsed<WaitOrDie> {
    let (entries, keys, mut errors) = entries(args, &VOCABULARY);
    let written = fill(&entries, &mut errors);
    let options = build(written, &mut errors);
    Parsed {
        options,
        keys,
        errors,
    }
}

fn build(written: Written, errors: &mut Errors) -> WaitOrDie {
    let mut read = Reader::new(&VOCABULARY, errors);
    let switch = read.take(written.exponential_backoff).map(|switch| {
        let kind = if switch.on {
            StrategyKind::Exponential
        } else {
            StrategyKind::Fixed
        };
        StrategyOption::Named(kind, switch.span)
    });
    WaitOrDie {
        krate: read.take(written.krate).map(|krate| krate.0),
        name: read.take(written.name).map(|name| name.0),
        policy: read.take(written.policy).map(|path| path.0),
        timeout: read.take(written.timeout),
        attempt_timeout: read.take(written.attempt_timeout),
        initial_wait: read.take(written.initial_wait),
        max_wait: read.take(written.max_wait),
        max_retries: read.take(written.max_retries),
        multiplier: read.take(written.multiplier).map(|factor| factor.0),
        strategy: read.take(written.strategy).or(switch),
        jitter: read.take(written.jitter),
        decision: Decision {
            retry_if: read.take(written.retry_if).map(|predicate| predicate.0),
            retry_on: read
                .take(written.retry_on)
                .map_or_else(Vec::new, |arms| arms.0),
            abort_on: read
                .take(written.abort_on)
                .map_or_else(Vec::new, |arms| arms.0),
        },
        budget: read.take(written.budget),
        when_open: read.take(written.when_open),
        clone: read
            .take(written.clone)
            .map_or_else(Vec::new, |names| names.0),
        attempt: read.take(written.attempt).map(|binding| binding.0),
        fields: read
            .take(written.fields)
            .map_or_else(Vec::new, |fields| fields.0),
        on_retry: read.take(written.on_retry).map(|path| path.0),
        fallback: read.take(written.fallback).map(|path| path.0),
        halt: read.take(written.halt),
    }
}
