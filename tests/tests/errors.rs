//! `wait_or_die::Error`: what it tells, and how it reaches a caller by way of other error types.

use std::error::Error as StdError;
use std::io;
use std::mem::size_of;
use std::time::Duration;

use wait_or_die::{
    Bound, Breaker, BreakerPolicy, Classify, ConfigError, Error, Rejected, SafeText, TimedOut,
    Verdict, wait_or_die,
};

const SECOND: Duration = Duration::from_secs(1);

/// A call with one time limit, whose body never ends.
#[wait_or_die(name = "push_page", timeout = "30s", max_retries = 3)]
async fn hung<E>() -> Result<(), E>
where
    E: From<Error> + Classify + std::fmt::Display,
{
    std::future::pending().await
}

#[derive(Debug, thiserror::Error, Classify)]
enum PushError {
    #[error("connection lost, password=hunter2secret")]
    #[classify(transient)]
    Lost,
    #[error(transparent)]
    #[classify(source)]
    WaitOrDie(#[from] Error),
}

/// Fails at once, then never ends.
#[wait_or_die(name = "push_page", timeout = "30s", max_retries = 3, initial_wait = "1s", jitter = none)]
async fn lost_then_hung(attempts: &mut u32) -> Result<(), PushError> {
    *attempts += 1;
    if *attempts == 1 {
        return Err(PushError::Lost);
    }
    std::future::pending().await
}

#[wait_or_die(
    name = "push_page",
    timeout = "30s",
    attempt_timeout = "2500ms",
    max_retries = 1,
    initial_wait = "1s",
    jitter = none,
    retry_if = |_: &Error| true
)]
async fn each_attempt_hung() -> Result<(), Error> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hung_at_once() {
    let error = hung::<Error>().await.unwrap_err();
    assert_eq!(error.operation(), Some("push_page"));
    assert_eq!(error.bound(), Some(Bound::Timeout));
    assert_eq!(error.limit(), Some(30 * SECOND));
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.elapsed(), 30 * SECOND);
    assert_eq!(error.last_error(), None);
    assert_eq!(
        error.to_string(),
        format!(
            "`push_page` timed out: no answer within 30s (timeout) after 1 attempt, 30s in all; trace {}",
            error.trace_id().unwrap()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_failed_and_then_hung() {
    let error = match lost_then_hung(&mut 0).await.unwrap_err() {
        PushError::WaitOrDie(error) => error,
        PushError::Lost => panic!("the second attempt never ends"),
    };
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.elapsed(), 30 * SECOND);
    assert_eq!(
        error.last_error().map(SafeText::as_str),
        Some("connection lost, password=[REDACTED]")
    );
    assert_eq!(
        error.to_string(),
        format!(
            "`push_page` timed out: no answer within 30s (timeout) after 2 attempts, 30s in all; \
             last error: connection lost, password=[REDACTED]; trace {}",
            error.trace_id().unwrap()
        )
    );
    for text in [
        format!("{error}"),
        format!("{error:?}"),
        format!("{error:#?}"),
    ] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_hung() {
    let error = each_attempt_hung().await.unwrap_err();
    assert_eq!(error.bound(), Some(Bound::AttemptTimeout));
    assert_eq!(error.limit(), Some(Duration::from_millis(2500)));
    assert_eq!(error.attempts(), 2);
    assert_eq!(error.elapsed(), 6 * SECOND);
    assert_eq!(
        error.to_string(),
        format!(
            "`push_page` timed out: no answer within 2.5s (attempt_timeout) after 2 attempts, 6s in all; \
             last error: no answer within `attempt_timeout`; trace {}",
            error.trace_id().unwrap()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn the_variant_tells_what_the_error_tells() {
    let error = hung::<Error>().await.unwrap_err();
    let Error::TimedOut(timed_out) = &error else {
        panic!("no other variant is made here");
    };
    assert_eq!(Some(timed_out.operation()), error.operation());
    assert_eq!(Some(timed_out.bound()), error.bound());
    assert_eq!(Some(timed_out.limit()), error.limit());
    assert_eq!(timed_out.attempts(), error.attempts());
    assert_eq!(timed_out.elapsed(), error.elapsed());
    assert_eq!(Some(timed_out.trace_id()), error.trace_id());
    assert_eq!(timed_out.last_error(), error.last_error());
    assert_eq!(timed_out.to_string(), error.to_string());
}

#[tokio::test(start_paused = true)]
async fn two_calls_have_two_trace_ids() {
    let first = hung::<Error>().await.unwrap_err().trace_id().unwrap();
    let second = hung::<Error>().await.unwrap_err().trace_id().unwrap();
    assert_ne!(first, second);
    assert_eq!(first.to_string().len(), 32);
}

#[test]
fn each_variant_is_one_word_and_can_be_sent() {
    fn sent<E: StdError + Send + Sync + 'static>() {}
    sent::<Error>();
    sent::<TimedOut>();
    sent::<Rejected>();
    sent::<ConfigError>();
    let word = size_of::<usize>();
    assert_eq!(size_of::<TimedOut>(), word);
    assert_eq!(size_of::<Rejected>(), word);
    assert_eq!(size_of::<ConfigError>(), word);
    assert_eq!(size_of::<Result<(), Error>>(), 2 * word);
}

#[tokio::test(start_paused = true)]
async fn it_has_no_source() {
    let error = lost_then_hung(&mut 0).await.unwrap_err();
    assert!(StdError::source(&error).is_none());
}

#[tokio::test(start_paused = true)]
async fn it_reaches_an_anyhow_error() {
    let error = hung::<anyhow::Error>().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().attempts(), 1);
    assert_eq!(error.classify(), Verdict::Fault);
}

#[tokio::test(start_paused = true)]
async fn it_reaches_an_eyre_report() {
    let error = hung::<eyre::Report>().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().attempts(), 1);
    assert_eq!(error.classify(), Verdict::Fault);
}

#[tokio::test(start_paused = true)]
async fn it_reaches_a_boxed_error() {
    let error = hung::<Box<dyn StdError + Send + Sync>>().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().attempts(), 1);
    assert_eq!(error.classify(), Verdict::Fault);
    let error = hung::<Box<dyn StdError>>().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().attempts(), 1);
    assert_eq!(error.classify(), Verdict::Fault);
}

#[tokio::test(start_paused = true)]
async fn it_reaches_an_io_error() {
    let error = hung::<io::Error>().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    let inner = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert_eq!(inner.attempts(), 1);
    assert_eq!(error.to_string(), inner.to_string());
    assert_eq!(error.classify(), Verdict::Fault);
    let back = error.downcast::<Error>().unwrap();
    assert_eq!(back.bound(), Some(Bound::Timeout));
}

#[tokio::test(start_paused = true)]
async fn it_reaches_an_enum() {
    let error = hung::<PushError>().await.unwrap_err();
    assert!(matches!(&error, PushError::WaitOrDie(own) if own.attempts() == 1));
    assert_eq!(error.classify(), Verdict::Fault);
}

/// Calls a function that has bounds of its own.
#[wait_or_die(timeout = "300s", max_retries = 5, initial_wait = "1s", jitter = none)]
async fn outer<E>(attempts: &mut u32) -> Result<(), E>
where
    E: From<Error> + Classify + std::fmt::Display,
{
    *attempts += 1;
    hung().await
}

#[tokio::test(start_paused = true)]
async fn an_outer_call_does_not_retry_what_an_inner_one_gave_up() {
    async fn attempts<E>() -> u32
    where
        E: From<Error> + Classify + std::fmt::Display,
    {
        let mut attempts = 0;
        assert!(outer::<E>(&mut attempts).await.is_err());
        attempts
    }
    assert_eq!(attempts::<Error>().await, 1);
    assert_eq!(attempts::<PushError>().await, 1);
    assert_eq!(attempts::<io::Error>().await, 1);
    assert_eq!(attempts::<anyhow::Error>().await, 1);
    assert_eq!(attempts::<eyre::Report>().await, 1);
    assert_eq!(attempts::<Box<dyn StdError + Send + Sync>>().await, 1);
}

#[test]
fn a_rejection_is_ignored_wherever_it_is() {
    let breaker = Breaker::new("search", BreakerPolicy::DEFAULT).unwrap();
    breaker.force_open();
    let rejected = || breaker.acquire().unwrap_err();
    assert_eq!(rejected().classify(), Verdict::Ignore);
    let io = io::Error::from(rejected());
    assert_eq!(io.kind(), io::ErrorKind::ConnectionRefused);
    // The kinds would be transient by themselves.
    assert_eq!(io.kind().classify(), Verdict::Transient);
    assert_eq!(io.classify(), Verdict::Ignore);
    let within = io::Error::new(io::ErrorKind::ConnectionReset, io);
    assert_eq!(within.classify(), Verdict::Ignore);
    let boxed: Box<dyn StdError + Send + Sync> = Box::new(within);
    assert_eq!(boxed.classify(), Verdict::Ignore);
    let reported = anyhow::Error::new(rejected()).context("outer");
    assert_eq!(reported.classify(), Verdict::Ignore);
    assert_eq!(eyre::Report::new(rejected()).classify(), Verdict::Ignore);
    assert_eq!(PushError::from(rejected()).classify(), Verdict::Ignore);
}
