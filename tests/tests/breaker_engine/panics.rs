//! What a user's own function that panics while an attempt is judged is for a breaker.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wait_or_die::{Classify, Protection, Verdict, circuit_breaker, testing, wait_or_die};

use super::*;

/// Nobody can say what it is.
#[derive(Debug)]
struct Unknown;

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown")
    }
}

impl From<Error> for Unknown {
    fn from(_: Error) -> Self {
        Self
    }
}

impl Classify for Unknown {
    fn classify(&self) -> Verdict {
        panic!("the classifier's own")
    }
}

fn undecided<T>(_: &io::Error) -> T {
    panic!("the predicate's own")
}

fn undisclosed() -> u32 {
    panic!("the field's own")
}

fn on_retry(_: &wait_or_die::Retry<'_, io::Error>) {
    panic!("the hook's own")
}

/// Whether the call ended in a panic.
fn panics<R>(call: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(call)).is_err()
}

/// The same of a call in a task.
async fn panics_in_a_task<F>(call: F) -> bool
where
    F: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(call)
        .await
        .is_err_and(|error| error.is_panic())
}

#[tokio::test(start_paused = true)]
async fn a_classifier_that_panics_is_one_failure() {
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", BreakerPolicy::new()).unwrap();
    let protection = Protection::new("ask", RETRIES).with_breaker(breaker.clone());
    let failures = || breaker.snapshot().core.consecutive_failures;
    assert!(panics(|| protection.run_blocking(|| Err::<u32, _>(Unknown))));
    assert_eq!(failures(), 1);
    let call = async move { protection.run(async || Err::<u32, _>(Unknown)).await };
    assert!(panics_in_a_task(call).await);
    assert_eq!(failures(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_if_that_panics_is_one_failure() {
    #[circuit_breaker(name = "failure_if", failure_if = undecided)]
    fn plain() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "failure_if", failure_if = undecided)]
    async fn alone() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "failure_if", failure_if = undecided)]
    #[wait_or_die]
    async fn both() -> io::Result<u32> {
        answer(true)
    }
    let _scope = testing::scope(1);
    assert!(panics(plain));
    assert_eq!(failures("failure_if"), 1);
    assert!(panics_in_a_task(alone()).await);
    assert_eq!(failures("failure_if"), 2);
    assert!(panics_in_a_task(both()).await);
    assert_eq!(failures("failure_if"), 3);
}

#[tokio::test(start_paused = true)]
async fn an_ignore_if_that_panics_is_one_failure() {
    #[circuit_breaker(name = "ignore_if", ignore_if = undecided)]
    fn plain() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "ignore_if", ignore_if = undecided)]
    #[wait_or_die]
    async fn both() -> io::Result<u32> {
        answer(true)
    }
    let _scope = testing::scope(1);
    assert!(panics(plain));
    assert_eq!(failures("ignore_if"), 1);
    assert!(panics_in_a_task(both()).await);
    assert_eq!(failures("ignore_if"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_retry_if_that_panics_is_one_failure() {
    #[circuit_breaker(name = "retry_if")]
    #[wait_or_die(retry_if = undecided::<bool>)]
    fn plain() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "retry_if")]
    #[wait_or_die(retry_if = undecided::<bool>)]
    async fn asynchronous() -> io::Result<u32> {
        answer(true)
    }
    let _scope = testing::scope(1);
    assert!(panics(plain));
    assert_eq!(failures("retry_if"), 1);
    assert!(panics_in_a_task(asynchronous()).await);
    assert_eq!(failures("retry_if"), 2);
}

#[tokio::test(start_paused = true)]
async fn fields_that_panic_are_one_failure() {
    #[circuit_breaker(name = "fields")]
    #[wait_or_die(fields(size = undisclosed()))]
    fn plain() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "fields")]
    #[wait_or_die(fields(size = undisclosed()))]
    async fn asynchronous() -> io::Result<u32> {
        answer(true)
    }
    let _scope = testing::scope(1);
    assert!(panics(plain));
    assert_eq!(failures("fields"), 1);
    assert!(panics_in_a_task(asynchronous()).await);
    assert_eq!(failures("fields"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_comes_behind_the_failure_it_hears_of() {
    #[circuit_breaker(name = "on_retry")]
    #[wait_or_die(on_retry = on_retry)]
    fn plain() -> io::Result<u32> {
        answer(true)
    }
    #[circuit_breaker(name = "on_retry")]
    #[wait_or_die(on_retry = on_retry)]
    async fn asynchronous() -> io::Result<u32> {
        answer(true)
    }
    let _scope = testing::scope(1);
    assert!(panics(plain));
    assert_eq!(failures("on_retry"), 1);
    assert!(panics_in_a_task(asynchronous()).await);
    assert_eq!(failures("on_retry"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_panic_while_a_probe_is_judged_opens_the_breaker_again() {
    #[circuit_breaker(
        name = "judged",
        failure_threshold = 1,
        recovery_timeout = "1s",
        failure_if = undecided
    )]
    async fn ask() -> io::Result<u32> {
        answer(true)
    }
    let _scope = testing::scope(1);
    assert!(panics_in_a_task(ask()).await);
    tokio::time::advance(2 * SECOND).await;
    let before = found("judged").snapshot().core.generation;
    assert!(panics_in_a_task(ask()).await);
    let after = found("judged").snapshot().core;
    assert_eq!((after.generation - before, after.state), (2, State::Open));
}

#[test]
fn a_panic_inside_nested_calls_counts_once() {
    #[circuit_breaker(name = "nested panic")]
    fn inner() -> io::Result<u32> {
        panic!("the body's own")
    }
    #[circuit_breaker(name = "nested panic")]
    fn outer() -> io::Result<u32> {
        inner()
    }
    let _scope = testing::scope(1);
    assert!(panics(outer));
    assert_eq!(failures("nested panic"), 1);
    // The thread is as it was: the next call asks for itself.
    assert!(panics(inner));
    assert_eq!(failures("nested panic"), 2);
}
