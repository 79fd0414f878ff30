//! Calls that a breaker refuses: when, with which error, and what is told of it.

use std::fmt;
use std::future::{Future, ready};
use std::rc::Rc;
use std::task::{Context, Waker};

use wait_or_die::{Classify, Protection, Verdict, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::Starts;
use wait_or_die_tests::events::Capture;

use super::*;

/// An error whose end takes its time: six seconds.
#[derive(Debug)]
enum Slow {
    Answer(Rc<testing::Scope>),
    Ours(Error),
}

impl Drop for Slow {
    fn drop(&mut self) {
        if let Self::Answer(scope) = self {
            scope.advance(6 * SECOND);
        }
    }
}

impl fmt::Display for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("slow")
    }
}

impl From<Error> for Slow {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl Classify for Slow {
    fn classify(&self) -> Verdict {
        Verdict::Transient
    }
}

#[circuit_breaker(name = "slow end", failure_threshold = 1)]
#[wait_or_die(timeout = "5s", initial_wait = "1s", jitter = none)]
async fn slow(scope: &Rc<testing::Scope>) -> Result<u32, Slow> {
    Err(Slow::Answer(Rc::clone(scope)))
}

#[circuit_breaker(name = "slow end", failure_threshold = 1)]
#[wait_or_die(timeout = "5s", initial_wait = "1s", jitter = none)]
fn slow_now(scope: &Rc<testing::Scope>) -> Result<u32, Slow> {
    Err(Slow::Answer(Rc::clone(scope)))
}

/// Level, message and reason of the events about calls.
fn calls_told(capture: &Capture) -> Vec<String> {
    let events = capture.take();
    let of_calls = events.iter().filter(|event| !event.contains_key("cause"));
    let field = |event: &wait_or_die_tests::events::Event, name: &str| {
        event.get(name).cloned().unwrap_or_default()
    };
    of_calls
        .map(|event| {
            let fields = ["level", "message", "reason"].map(|name| field(event, name));
            fields.join(" ").trim_end().to_owned()
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_passes_behind_the_last_failure_changes_nothing() {
    let capture = Capture::begin();
    for plain in [false, true] {
        let scope = Rc::new(testing::scope(1));
        let out = if plain {
            slow_now(&scope)
        } else {
            slow(&scope).await
        };
        let error = match &out {
            Err(Slow::Ours(error)) => error,
            other => panic!("{other:?}"),
        };
        assert_eq!(error.state(), Some(State::Open), "{plain}");
        assert_eq!(error.attempts(), 1, "{plain}");
        assert_eq!(scope.elapsed(), 6 * SECOND, "{plain}");
        assert_eq!(
            calls_told(&capture),
            ["ERROR gave up breaker_open"],
            "{plain}"
        );
    }
}

#[circuit_breaker(
    name = "not waited for",
    failure_threshold = 1,
    recovery_timeout = "60s"
)]
#[wait_or_die(when_open = wait, timeout = "9s", max_retries = 0)]
async fn patient() -> io::Result<u32> {
    answer(true)
}

#[circuit_breaker(
    name = "not waited for",
    failure_threshold = 1,
    recovery_timeout = "60s"
)]
#[wait_or_die(when_open = wait, timeout = "9s", max_retries = 0)]
fn patient_now() -> io::Result<u32> {
    answer(true)
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_nothing_to_wait_for_is_told_as_one_that_does_not_wait() {
    let capture = Capture::begin();
    for plain in [false, true] {
        let scope = testing::scope(1);
        patient_now().unwrap_err();
        capture.take();
        for _ in 0..2 {
            let out = if plain {
                patient_now()
            } else {
                patient().await
            };
            let error = out.unwrap_err();
            assert_eq!(told(&error).retry_in(), Some(60 * SECOND), "{plain}");
            assert_eq!(calls_told(&capture), ["DEBUG rejected"], "{plain}");
        }
        // Whoever has waited in vain is one to tell of: until its deadline here, because nobody knows for how long.
        found("not waited for").force_open();
        let out = if plain {
            patient_now()
        } else {
            patient().await
        };
        out.unwrap_err();
        assert_eq!(scope.elapsed(), 9 * SECOND, "{plain}");
        assert_eq!(
            calls_told(&capture),
            ["ERROR gave up breaker_open"],
            "{plain}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_that_falls_free_at_the_deadline_may_be_had_at_once() {
    let _scope = testing::scope(1);
    let breaker = Breaker::new("backend", FRAGILE).unwrap();
    breaker.acquire().unwrap().failure();
    tokio::time::advance(60 * SECOND).await;
    let probe = breaker.acquire().unwrap();
    let waiting_for = |timeout| {
        Protection::new("ask", RETRIES.with_timeout(timeout))
            .with_breaker(breaker.clone())
            .waiting_when_open()
    };
    // The place is told to the first of those who wait, which nobody polls meanwhile.
    let first = waiting_for(600 * SECOND);
    let mut first = Box::pin(first.run(|| ready(answer(false))));
    let mut context = Context::from_waker(Waker::noop());
    assert!(first.as_mut().poll(&mut context).is_pending());
    let second = waiting_for(30 * SECOND);
    let free = async {
        tokio::time::sleep(29 * SECOND).await;
        drop(probe);
    };
    let started = Starts::new();
    let (out, ()) = tokio::join!(second.run(|| ready(answer(false))), free);
    let error = out.unwrap_err();
    assert_eq!(started.elapsed(), 30_000);
    assert_eq!(told(&error).state(), Some(State::HalfOpen));
    assert_eq!(told(&error).retry_in(), Some(Duration::ZERO));
    assert_eq!(first.await.unwrap(), 1);
}

#[circuit_breaker(name = "long probe", failure_threshold = 1, recovery_timeout = "5s")]
#[wait_or_die(timeout = "300s", max_retries = 0)]
fn long_probe(scope: &testing::Scope, fails: bool) -> io::Result<u32> {
    let breaker = found("long probe");
    if fails {
        return answer(true);
    }
    scope.advance(299 * SECOND);
    let error = breaker.acquire().unwrap_err();
    assert_eq!(error.state(), Some(State::HalfOpen));
    scope.advance(SECOND);
    breaker.acquire().unwrap().ignore();
    answer(false)
}

#[test]
fn a_probe_of_a_plain_function_keeps_its_place_for_as_long_as_the_call_may_take() {
    let scope = testing::scope(1);
    long_probe(&scope, true).unwrap_err();
    scope.advance(5 * SECOND);
    assert_eq!(long_probe(&scope, false).unwrap(), 1);
    assert_eq!(state("long probe"), State::Closed);
}
