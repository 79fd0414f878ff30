//! The same through the attribute, on a paused clock.
#![allow(clippy::disallowed_methods)] // the clock that is read here is paused

use wait_or_die::wait_or_die;

use super::*;

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("refused")]
    Refused,
    #[error(transparent)]
    CutShort(#[from] wait_or_die::Error),
}

impl Carrier for FetchError {}

type Fetched = Result<(), backoff::Error<FetchError>>;

mod theirs {
    use super::*;

    pub(super) fn exponential() -> ExponentialBackoff {
        ExponentialBackoff {
            randomization_factor: 0.0,
            ..ExponentialBackoff::default()
        }
    }
}

fn stop() -> Stop {
    Stop {}
}

/// What `call` took on the paused clock, in whole milliseconds.
async fn timed<T>(call: impl Future<Output = T>) -> (T, u128) {
    let start = wait_or_die_tests::now();
    let output = call.await;
    (output, start.elapsed().as_millis())
}

#[wait_or_die(timeout = "60s", max_retries = 4, strategy = exponential, jitter = none)]
async fn built_in(attempts: &mut u32) -> Fetched {
    *attempts += 1;
    Err(backoff::Error::transient(FetchError::Refused))
}

#[wait_or_die(max_retries = 4, max_wait = "1s", strategy = theirs::exponential, jitter = none)]
async fn foreign(attempts: &mut u32) -> Fetched {
    *attempts += 1;
    Err(backoff::Error::transient(FetchError::Refused))
}

#[wait_or_die(strategy = stop)]
async fn never_again(attempts: &mut u32) -> Fetched {
    *attempts += 1;
    Err(backoff::Error::transient(FetchError::Refused))
}

#[wait_or_die(max_retries = 1, initial_wait = "1s", jitter = none)]
async fn told_to_wait(attempts: &mut u32) -> Fetched {
    *attempts += 1;
    Err(backoff::Error::retry_after(FetchError::Refused, secs(100)))
}

#[wait_or_die(max_retries = 9)]
async fn refused_for_good(attempts: &mut u32) -> Fetched {
    *attempts += 1;
    Err(backoff::Error::permanent(FetchError::Refused))
}

#[wait_or_die(timeout = "5s")]
async fn hung() -> Fetched {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_bare_word_is_our_own_strategy_and_a_path_is_the_users() {
    let mut attempts = 0;
    let (outcome, took) = timed(built_in(&mut attempts)).await;
    assert!(matches!(
        outcome,
        Err(backoff::Error::Transient {
            err: FetchError::Refused,
            ..
        })
    ));
    assert_eq!((attempts, took), (5, 1_000 + 2_000 + 4_000 + 8_000));

    attempts = 0;
    let (outcome, took) = timed(foreign(&mut attempts)).await;
    assert!(matches!(
        outcome,
        Err(backoff::Error::Transient {
            err: FetchError::Refused,
            ..
        })
    ));
    assert_eq!(
        (attempts, took),
        (5, 500 + 750 + 1_000 + 1_000),
        "1,125 ms and more are capped"
    );
}

#[tokio::test(start_paused = true)]
async fn a_backoff_that_stops_ends_the_call_with_its_own_error() {
    let mut attempts = 0;
    let (outcome, took) = timed(never_again(&mut attempts)).await;
    assert!(matches!(
        outcome,
        Err(backoff::Error::Transient {
            err: FetchError::Refused,
            ..
        })
    ));
    assert_eq!((attempts, took), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_the_least_wait_whatever_the_cap() {
    let mut attempts = 0;
    let (_, took) = timed(told_to_wait(&mut attempts)).await;
    assert_eq!(
        (attempts, took),
        (2, 101_000),
        "the delay and one initial wait, above `max_wait` = 60s"
    );
}

#[tokio::test(start_paused = true)]
async fn a_permanent_error_is_not_retried() {
    let mut attempts = 0;
    let (outcome, took) = timed(refused_for_good(&mut attempts)).await;
    assert!(matches!(
        outcome,
        Err(backoff::Error::Permanent(FetchError::Refused))
    ));
    assert_eq!((attempts, took), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_timed_out_is_permanent_for_that_crates_loops() {
    let (outcome, took) = timed(hung()).await;
    let Err(backoff::Error::Permanent(FetchError::CutShort(error))) = outcome else {
        panic!("not permanent: {outcome:?}");
    };
    assert_eq!(error.limit(), Some(secs(5)));
    assert_eq!(took, 5_000);
}
