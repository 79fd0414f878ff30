//! Every option at least once.

use core::time::Duration;
use std::io;

use wait_or_die::{Classify, Retry, RetryPolicy, Verdict, wait_or_die};

use crate::functions::ask;

/// What may go wrong.
#[derive(Debug, thiserror::Error, Classify)]
#[non_exhaustive]
pub enum Failure {
    /// Worth another attempt.
    #[error("busy")]
    #[classify(transient)]
    Busy,
    /// Not before this time has passed.
    #[error("too many")]
    #[classify(throttled(after = 0))]
    TooMany(Duration),
    /// Of no use to try again.
    #[error("denied")]
    #[classify(permanent)]
    Denied,
    /// As the error inside says.
    #[error(transparent)]
    #[classify(source)]
    Io(#[from] io::Error),
    /// Cut off.
    #[error(transparent)]
    #[classify(source)]
    Dead(#[from] wait_or_die::Error),
}

const POLICY: RetryPolicy = RetryPolicy::NETWORK;
const TIMEOUT: Duration = Duration::from_secs(90);
const RETRIES: u32 = 4;
const FACTOR: f64 = 1.5;

fn told(retry: &Retry<'_, Failure>) {
    debug_assert!(retry.attempt > 0, "{}", retry.operation);
}

const fn decide(error: &Failure) -> Verdict {
    match error {
        Failure::Denied => Verdict::Fault,
        Failure::TooMany(wait) => Verdict::Throttled(Some(*wait)),
        Failure::Busy | Failure::Io(_) | Failure::Dead(_) => Verdict::Transient,
    }
}

#[allow(clippy::unused_async, reason = "a fallback of an `async fn` is one")]
async fn cached(_: &str, _: u32, error: Failure) -> Result<u32, Failure> {
    Err(error)
}

const fn steady(retry: u32) -> Duration {
    if retry > 3 { Duration::ZERO } else { TIMEOUT }
}

/// Numbers, and what is called.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(
    timeout = "1m30s",
    attempt_timeout = 5,
    max_retries = 3,
    initial_wait = 0.5,
    max_wait = "10s",
    strategy = exponential,
    multiplier = 3,
    jitter = decorrelated,
    name = "lint.numbers",
    crate = ::wait_or_die,
    attempt = attempt,
    fields(symbol, lots, attempt = attempt.number(), half = %lots.div_ceil(2)),
    on_retry = told,
    fallback = cached
)]
pub async fn numbers(symbol: &str, lots: u32) -> Result<u32, Failure> {
    if attempt.number() > 2 {
        return Err(Failure::Busy);
    }
    Ok(ask(symbol.is_empty()).await?.saturating_add(lots))
}

/// Constants.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(policy = POLICY, timeout = TIMEOUT, max_retries = RETRIES, multiplier = FACTOR)]
pub async fn constants() -> Result<u32, Failure> {
    Ok(ask(true).await?)
}

/// A strategy of one's own, and a function that decides.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(strategy = steady, jitter = equal, retry_if = decide, abort_on(Failure::Denied))]
pub async fn functions() -> Result<u32, Failure> {
    Ok(ask(true).await?)
}

/// Closures and patterns.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(retry_if = |error| matches!(error, Failure::Busy), exponential_backoff = false)]
pub async fn closures() -> Result<u32, Failure> {
    Ok(ask(true).await?)
}

/// Patterns.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(
    retry_on(Failure::Busy | Failure::TooMany(_), Failure::Io(error) if error.kind() == io::ErrorKind::TimedOut),
    abort_on(Failure::Denied, _ if true)
)]
pub async fn patterns() -> Result<u32, Failure> {
    Ok(ask(true).await?)
}

/// `abort_on` alone leaves the rest to `Classify`.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(abort_on(Failure::Denied), strategy = fibonacci)]
pub async fn aborts() -> Result<u32, Failure> {
    Ok(ask(true).await?)
}

const fn cached_now(_: &str, error: Failure) -> Result<u32, Failure> {
    Err(error)
}

/// The plain `fn`.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(
    policy = RetryPolicy::ORDER,
    attempt = attempt,
    fields(symbol, number = attempt.number()),
    on_retry = told,
    retry_on(Failure::Busy),
    abort_on(Failure::Denied),
    fallback = cached_now
)]
pub fn plain(symbol: &str) -> Result<u32, Failure> {
    if symbol.is_empty() {
        return Err(Failure::Busy);
    }
    Ok(attempt.number())
}
