//! What the report says, for each way in which a call can die.

use std::cell::RefCell;
use std::future::pending;
use std::time::Duration;

use wait_or_die::settings::{self, CallSettings, Settings};
use wait_or_die::{Breaker, Error, Retry, circuit_breaker, wait_or_die};

use super::*;

/// The reason, the attempts, and the milliseconds.
fn seen() -> (Reason, u32, u128) {
    let report = system_report();
    assert_eq!(halt::system().later_count(), 0);
    (
        report.reason(),
        report.attempts(),
        report.elapsed().as_millis(),
    )
}

#[tokio::test(start_paused = true)]
async fn of_an_error_that_is_not_retried() {
    #[wait_or_die(halt)]
    async fn denied() -> io::Result<()> {
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "user=svc password=hunter2secret",
        ))
    }
    let _scope = testing::scope(1);
    denied().await.unwrap_err();
    assert_eq!(seen(), (Reason::NotRetryable, 1, 0));
    assert_eq!(
        system_report().error().as_str(),
        "user=svc password=[REDACTED]"
    );
}

#[tokio::test(start_paused = true)]
async fn of_a_deadline_that_cuts_it_off() {
    #[wait_or_die(halt, name = "hangs", timeout = "5s", attempt_timeout = "2s", initial_wait = "1s", jitter = none)]
    async fn hangs() -> io::Result<()> {
        pending().await
    }
    let _scope = testing::scope(1);
    let error = hangs().await.unwrap_err();
    // The second attempt begins at 3 s and is the last that fits.
    assert_eq!(seen(), (Reason::Timeout, 2, 5000));
    assert_eq!(system_report().error().as_str(), error.to_string());
}

fn slow(_: &Retry<'_, io::Error>) {
    SCOPE.with_borrow(|scope| scope.as_ref().unwrap().advance(Duration::from_millis(500)));
}

thread_local! {
    static SCOPE: RefCell<Option<testing::Scope>> = const { RefCell::new(None) };
}

#[tokio::test(start_paused = true)]
async fn of_a_deadline_that_passes_before_the_next_attempt() {
    #[wait_or_die(halt, timeout = "450ms", initial_wait = "100ms", jitter = none, on_retry = slow)]
    async fn late() -> io::Result<()> {
        Err(refused())
    }
    SCOPE.set(Some(testing::scope(1)));
    late().await.unwrap_err();
    assert_eq!(seen(), (Reason::Timeout, 1, 500));
    SCOPE.set(None);
}

#[test]
fn of_a_deadline_that_passes_before_a_plain_function_tries_again() {
    #[wait_or_die(halt, timeout = "450ms", initial_wait = "100ms", jitter = none, on_retry = slow)]
    fn late() -> io::Result<()> {
        Err(refused())
    }
    SCOPE.set(Some(testing::scope(1)));
    late().unwrap_err();
    assert_eq!(seen(), (Reason::Timeout, 1, 500));
    assert_eq!(system_report().error().as_str(), "connection refused");
    SCOPE.set(None);
}

#[test]
fn of_a_strategy_that_gives_no_further_wait() {
    struct Twice;
    impl wait_or_die::backoff::WaitSequence for Twice {
        fn next_wait(&mut self, retry: u32) -> Option<Duration> {
            (retry <= 2).then_some(Duration::from_secs(1))
        }
    }
    fn twice() -> Twice {
        Twice
    }
    #[wait_or_die(halt, strategy = twice, jitter = none)]
    fn ends() -> io::Result<()> {
        Err(refused())
    }
    let _scope = testing::scope(1);
    ends().unwrap_err();
    assert_eq!(seen(), (Reason::Strategy, 3, 2000));
}

#[test]
fn of_an_empty_budget() {
    #[wait_or_die(halt, max_retries = 1000, initial_wait = 0, max_wait = 0)]
    fn poor() -> io::Result<()> {
        Err(refused())
    }
    let _scope = testing::scope(1);
    poor().unwrap_err();
    // 30 retries are in reserve.
    assert_eq!(seen(), (Reason::Budget, 31, 0));
}

#[tokio::test(start_paused = true)]
async fn of_a_breaker_that_refuses_it_at_once() {
    #[circuit_breaker(name = "shut")]
    #[wait_or_die(halt)]
    async fn shut() -> Result<(), Error> {
        Ok(())
    }
    #[circuit_breaker(name = "shut")]
    #[wait_or_die(halt)]
    fn shut_now() -> Result<(), Error> {
        Ok(())
    }
    for plain in [false, true] {
        let _scope = testing::scope(1);
        shut().await.unwrap();
        Breaker::find("shut").unwrap().force_open();
        let error = if plain { shut_now() } else { shut().await };
        let error = error.unwrap_err();
        assert_eq!(seen(), (Reason::Rejected, 0, 0), "plain: {plain}");
        assert_eq!(system_report().error().as_str(), error.to_string());
        // The error tells it.
        assert_eq!(system_report().trace_id(), None, "plain: {plain}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_breaker_that_opens_behind_its_failures() {
    #[circuit_breaker(name = "opens", failure_threshold = 2)]
    #[wait_or_die(halt, initial_wait = "1s", strategy = fixed, jitter = none)]
    async fn opens() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(halt, initial_wait = "1s", strategy = fixed, jitter = none)]
    #[circuit_breaker(name = "opens", failure_threshold = 2)]
    fn opens_now() -> io::Result<()> {
        Err(refused())
    }
    for plain in [false, true] {
        let _scope = testing::scope(1);
        let out = if plain { opens_now() } else { opens().await };
        out.unwrap_err();
        assert_eq!(seen(), (Reason::Rejected, 2, 1000), "plain: {plain}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_call_whose_protection_is_switched_off() {
    #[wait_or_die(halt, name = "bare")]
    async fn bare() -> io::Result<()> {
        Err(refused())
    }
    #[wait_or_die(halt, name = "bare")]
    fn bare_now() -> io::Result<()> {
        Err(refused())
    }
    for plain in [false, true] {
        let _scope = testing::scope(1);
        let off = CallSettings::new().with_enabled(false);
        settings::apply(Settings::new().with_call("bare", off)).unwrap();
        let out = if plain { bare_now() } else { bare().await };
        out.unwrap_err();
        assert_eq!(seen(), (Reason::SwitchedOff, 1, 0), "plain: {plain}");
        assert_eq!(system_report().trace_id(), None);
    }
}

#[test]
fn every_reason_has_a_word_of_its_own() {
    let reasons = [
        Reason::NotRetryable,
        Reason::Retries,
        Reason::Timeout,
        Reason::Strategy,
        Reason::Budget,
        Reason::Rejected,
        Reason::SwitchedOff,
        Reason::Panic,
        Reason::Manual,
    ];
    let words = reasons.map(Reason::as_str);
    let expected = [
        "not_retryable",
        "retries",
        "timeout",
        "strategy",
        "budget",
        "rejected",
        "switched_off",
        "panic",
        "manual",
    ];
    assert_eq!(words, expected);
    assert_eq!(format!("{:>8}", Reason::Panic), "   panic");
}
