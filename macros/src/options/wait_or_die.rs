//! The options of `#[wait_or_die(..)]`.
#![expect(
    clippy::unreachable,
    reason = "darling derives it for an entry that is a bare literal, and no entry is built from one"
)]

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::TokenStream;
use syn::{Ident, LitStr, Path};

use super::Parsed;
use super::choices::{BudgetOption, JitterOption, StrategyKind, StrategyOption};
use super::decision::{Arms, Decision, Predicate};
use super::entries::{Vocabulary, entries};
use super::errors::Errors;
use super::lists::{Clones, Field, Fields};
use super::values::{
    Binding, CountOption, Crate, DurationOption, FactorOption, Name, Named, Switch,
};
use super::written::Tried;
use crate::paths;

/// Each option with the example that messages quote. The darling struct has one field for each.
pub(super) const VOCABULARY: Vocabulary = Vocabulary {
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
        ("clone", "clone(a, b)"),
        ("attempt", "attempt = attempt"),
        ("fields", "fields(order_id)"),
        ("on_retry", "on_retry = told"),
        ("fallback", "fallback = cached"),
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

/// How an option is written.
pub(super) fn example(key: &Ident) -> &'static str {
    let known = VOCABULARY.options.iter().find(|(name, _)| key == name);
    known.map_or("name = value", |(_, example)| example)
}

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
    multiplier: Option<Tried<FactorOption>>,
    jitter: Option<Tried<JitterOption>>,
    retry_if: Option<Tried<Predicate>>,
    retry_on: Option<Tried<Arms>>,
    abort_on: Option<Tried<Arms>>,
    budget: Option<Tried<BudgetOption>>,
    clone: Option<Tried<Clones>>,
    attempt: Option<Tried<Binding>>,
    fields: Option<Tried<Fields>>,
    on_retry: Option<Tried<Named>>,
    fallback: Option<Tried<Named>>,
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
    pub(crate) krate: Path,
    pub(crate) name: Option<LitStr>,
    /// The `const` whose values stand for what is not written.
    pub(crate) policy: Option<Path>,
    pub(crate) timeout: Option<DurationOption>,
    pub(crate) attempt_timeout: Option<DurationOption>,
    pub(crate) initial_wait: Option<DurationOption>,
    pub(crate) max_wait: Option<DurationOption>,
    pub(crate) max_retries: Option<CountOption>,
    pub(crate) multiplier: Option<FactorOption>,
    pub(crate) strategy: Option<StrategyOption>,
    pub(crate) jitter: Option<JitterOption>,
    pub(crate) decision: Decision,
    pub(crate) budget: Option<BudgetOption>,
    /// Arguments that are cloned for each attempt.
    pub(crate) clone: Vec<Ident>,
    /// The name that the body has for the attempt.
    pub(crate) attempt: Option<Ident>,
    pub(crate) fields: Vec<Field>,
    pub(crate) on_retry: Option<Path>,
    pub(crate) fallback: Option<Path>,
}

/// Reads the arguments of the attribute. Never fails: what is wrong is in the answer, beside what
/// is right.
pub(crate) fn parse(args: TokenStream) -> Parsed {
    let (entries, keys, mut errors) = entries(args, &VOCABULARY);
    let written = read(&entries, &mut errors);
    let options = build(written, &mut errors);
    Parsed {
        options,
        keys,
        errors,
    }
}

fn read(entries: &[NestedMeta], errors: &mut Errors) -> Written {
    match Written::from_list(entries) {
        Ok(written) => written,
        Err(error) => {
            errors.push(error.into());
            Written::default()
        }
    }
}

/// The value of an option that was written and could be read.
fn take<T>(written: Option<Tried<T>>, errors: &mut Errors) -> Option<T> {
    written.and_then(|tried| errors.keep(tried.0))
}

fn build(written: Written, errors: &mut Errors) -> WaitOrDie {
    let krate = take(written.krate, errors);
    let switch = take(written.exponential_backoff, errors).map(|switch| {
        let kind = if switch.on {
            StrategyKind::Exponential
        } else {
            StrategyKind::Fixed
        };
        StrategyOption::Named(kind, switch.span)
    });
    WaitOrDie {
        krate: krate.map_or_else(paths::default_crate, |krate| krate.0),
        name: take(written.name, errors).map(|name| name.0),
        policy: take(written.policy, errors).map(|path| path.0),
        timeout: take(written.timeout, errors),
        attempt_timeout: take(written.attempt_timeout, errors),
        initial_wait: take(written.initial_wait, errors),
        max_wait: take(written.max_wait, errors),
        max_retries: take(written.max_retries, errors),
        multiplier: take(written.multiplier, errors),
        strategy: take(written.strategy, errors).or(switch),
        jitter: take(written.jitter, errors),
        decision: Decision {
            retry_if: take(written.retry_if, errors).map(|predicate| predicate.0),
            retry_on: take(written.retry_on, errors).map_or_else(Vec::new, |arms| arms.0),
            abort_on: take(written.abort_on, errors).map_or_else(Vec::new, |arms| arms.0),
        },
        budget: take(written.budget, errors),
        clone: take(written.clone, errors).map_or_else(Vec::new, |names| names.0),
        attempt: take(written.attempt, errors).map(|binding| binding.0),
        fields: take(written.fields, errors).map_or_else(Vec::new, |fields| fields.0),
        on_retry: take(written.on_retry, errors).map(|path| path.0),
        fallback: take(written.fallback, errors).map(|path| path.0),
    }
}
