//! What is called: bodies that count their attempts, so that each variant can be shown to have done what it should.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::hint::black_box;
use std::task::Poll;

use wait_or_die::Classify;

/// An error as a program has it: an enum with a variant for what is not the body's own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Classify)]
pub(crate) enum Failure {
    #[error("the server is down")]
    #[classify(transient)]
    Down,
    #[error("no answer in time")]
    #[classify(fault)]
    Late,
    #[error("not let pass")]
    #[classify(ignore)]
    Refused,
    #[error(transparent)]
    #[classify(source)]
    Stopped(#[from] wait_or_die::Error),
}

impl Failure {
    pub(crate) fn is_transient(&self) -> bool {
        matches!(self, Self::Down)
    }
}

pub(crate) type Outcome = Result<u32, Failure>;

/// What every call is given, and has to give back.
pub(crate) const ANSWER: u32 = 7;

/// [`ANSWER`], for all the compiler knows any number.
#[inline]
pub(crate) fn argument() -> u32 {
    black_box(ANSWER)
}

std::thread_local! {
    static ATTEMPTS: Cell<u64> = const { Cell::new(0) };
}

/// How many attempts this thread has made.
pub(crate) fn attempts() -> u64 {
    ATTEMPTS.get()
}

/// Counts an attempt; gives its number.
#[inline]
fn count() -> u64 {
    let number = ATTEMPTS.get() + 1;
    ATTEMPTS.set(number);
    number
}

/// One attempt.
pub(crate) trait Body: Send + Sync + 'static {
    fn attempt(argument: u32) -> impl Future<Output = Outcome> + Send;
}

/// One attempt without suspension points: the shortest call that there is, but a call.
pub(crate) trait Plain: Body {
    fn call(argument: u32) -> Outcome;
}

/// Succeeds at once. One for each scenario: a function that is called from one place only is inlined more readily than
/// one that two scenarios share, and what is measured here is not to depend on that.
pub(crate) struct Ready<const SCENARIO: u8>;

impl<const SCENARIO: u8> Plain for Ready<SCENARIO> {
    #[inline(never)]
    fn call(argument: u32) -> Outcome {
        count();
        Ok(black_box(argument))
    }
}

impl<const SCENARIO: u8> Body for Ready<SCENARIO> {
    #[inline]
    async fn attempt(argument: u32) -> Outcome {
        count();
        Ok(black_box(argument))
    }
}

/// Suspends once, woken by itself, and succeeds.
pub(crate) struct Suspends<const SCENARIO: u8>;

impl<const SCENARIO: u8> Body for Suspends<SCENARIO> {
    #[inline]
    async fn attempt(argument: u32) -> Outcome {
        count();
        let mut suspended = false;
        poll_fn(|context| {
            if suspended {
                return Poll::Ready(());
            }
            suspended = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        Ok(black_box(argument))
    }
}

/// Every hundredth attempt of a thread fails.
pub(crate) struct Flaky;

impl Plain for Flaky {
    #[inline(never)]
    fn call(argument: u32) -> Outcome {
        if count().is_multiple_of(100) {
            Err(Failure::Down)
        } else {
            Ok(black_box(argument))
        }
    }
}

impl Body for Flaky {
    #[inline]
    async fn attempt(argument: u32) -> Outcome {
        Self::call(argument)
    }
}

/// Three attempts fail, the fourth succeeds.
pub(crate) struct Fourth;

impl Body for Fourth {
    #[inline]
    async fn attempt(argument: u32) -> Outcome {
        if count().is_multiple_of(4) {
            Ok(black_box(argument))
        } else {
            Err(Failure::Down)
        }
    }
}

/// Fails.
pub(crate) struct Fails;

impl Plain for Fails {
    #[inline(never)]
    fn call(_: u32) -> Outcome {
        count();
        Err(Failure::Down)
    }
}

impl Body for Fails {
    #[inline]
    async fn attempt(argument: u32) -> Outcome {
        Self::call(argument)
    }
}
