//! Who decides what is retried, and what a call hands to its hooks and to its fallback.

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use wait_or_die::{Classify, Retry, Verdict, wait_or_die};

#[derive(Debug, Clone, PartialEq, thiserror::Error, Classify)]
enum Fault {
    #[error("busy")]
    #[classify(transient)]
    Busy,
    #[error("http {0}")]
    #[classify(permanent)]
    Http(u16),
    #[error("lost")]
    #[classify(fault)]
    Lost,
    #[error("not counted")]
    #[classify(ignore)]
    Ignored,
    #[error(transparent)]
    #[classify(permanent)]
    Dead(#[from] wait_or_die::Error),
}

/// Fails with each error in turn and then succeeds; keeps count.
struct Script {
    errors: Vec<Fault>,
    calls: usize,
}

impl Script {
    fn new(errors: &[Fault]) -> Self {
        Self {
            errors: errors.to_vec(),
            calls: 0,
        }
    }

    fn next(&mut self) -> Result<usize, Fault> {
        self.calls += 1;
        match self.errors.get(self.calls - 1) {
            Some(error) => Err(error.clone()),
            None => Ok(self.calls),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_options_the_errors_own_classify_decides() {
    #[wait_or_die(max_retries = 5)]
    async fn call(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    let mut script = Script::new(&[Fault::Busy, Fault::Busy]);
    assert_eq!(call(&mut script).await, Ok(3));
    for last in [Fault::Http(404), Fault::Lost, Fault::Ignored] {
        let mut script = Script::new(&[Fault::Busy, last.clone(), Fault::Busy]);
        assert_eq!(call(&mut script).await, Err(last));
        assert_eq!(script.calls, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn retry_on_retries_what_matches_and_nothing_else() {
    #[wait_or_die(max_retries = 5, retry_on(Fault::Http(503), Fault::Http(429 | 408)))]
    async fn call(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    let mut script = Script::new(&[Fault::Http(503), Fault::Http(408), Fault::Http(429)]);
    assert_eq!(call(&mut script).await, Ok(4));
    // Transient by `Classify`, but `retry_on` does not name it.
    let mut script = Script::new(&[Fault::Busy]);
    assert_eq!(call(&mut script).await, Err(Fault::Busy));
}

#[tokio::test(start_paused = true)]
async fn abort_on_wins_over_retry_on() {
    #[wait_or_die(max_retries = 5, retry_on(Fault::Http(_)), abort_on(Fault::Http(400..=499)))]
    async fn call(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    let mut script = Script::new(&[Fault::Http(500), Fault::Http(404)]);
    assert_eq!(call(&mut script).await, Err(Fault::Http(404)));
    assert_eq!(script.calls, 2);
}

#[tokio::test(start_paused = true)]
async fn abort_on_alone_leaves_the_rest_to_classify() {
    #[wait_or_die(max_retries = 5, abort_on(Fault::Busy))]
    async fn busy_ends(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    #[wait_or_die(max_retries = 5, abort_on(Fault::Http(_)))]
    async fn busy_goes_on(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    let mut script = Script::new(&[Fault::Busy]);
    assert_eq!(busy_ends(&mut script).await, Err(Fault::Busy));
    let mut script = Script::new(&[Fault::Busy]);
    assert_eq!(busy_goes_on(&mut script).await, Ok(2));
}

fn server_side(error: &Fault) -> bool {
    matches!(error, Fault::Http(500..))
}

#[tokio::test(start_paused = true)]
async fn retry_if_takes_a_path_or_a_closure_and_a_bool_or_a_verdict() {
    #[wait_or_die(max_retries = 5, retry_if = server_side)]
    async fn path(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    #[wait_or_die(max_retries = 5, retry_if = |error| matches!(error, Fault::Http(500..)))]
    async fn closure(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    #[wait_or_die(max_retries = 5, retry_if = |error| match error {
        Fault::Lost => Verdict::Transient,
        other => other.classify(),
    })]
    async fn verdict(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    let mut script = Script::new(&[Fault::Http(500), Fault::Busy]);
    assert_eq!(path(&mut script).await, Err(Fault::Busy));
    assert_eq!(script.calls, 2);
    let mut script = Script::new(&[Fault::Http(500), Fault::Busy]);
    assert_eq!(closure(&mut script).await, Err(Fault::Busy));
    let mut script = Script::new(&[Fault::Lost, Fault::Busy]);
    assert_eq!(verdict(&mut script).await, Ok(3));
}

#[tokio::test(start_paused = true)]
async fn an_error_without_classify_serves_where_the_attribute_decides() {
    #[derive(Debug, thiserror::Error)]
    #[error("opaque")]
    struct Opaque;
    impl From<wait_or_die::Error> for Opaque {
        fn from(_: wait_or_die::Error) -> Self {
            Self
        }
    }
    #[wait_or_die(max_retries = 2, retry_on(Opaque))]
    async fn call(calls: &mut u32) -> Result<(), Opaque> {
        *calls += 1;
        Err(Opaque)
    }
    let mut calls = 0;
    call(&mut calls).await.unwrap_err();
    assert_eq!(calls, 3);
}

/// Attempt, wait, elapsed, time left, the error's text.
type Noted = (u32, Duration, Duration, Duration, String);

thread_local! {
    static RETRIES: RefCell<Vec<Noted>> = const { RefCell::new(Vec::new()) };
}

fn note(retry: &Retry<'_, Fault>) {
    assert_eq!(retry.operation, "noted");
    assert_eq!(retry.verdict, Verdict::Transient);
    RETRIES.with_borrow_mut(|seen| {
        seen.push((
            retry.attempt,
            retry.wait,
            retry.elapsed,
            retry.time_left,
            retry.error.to_string(),
        ));
    });
}

#[tokio::test(start_paused = true)]
async fn on_retry_is_told_before_each_wait_and_not_of_the_end() {
    #[wait_or_die(timeout = "10s", max_retries = 2, jitter = none, on_retry = note, name = "noted")]
    async fn call(script: &mut Script) -> Result<usize, Fault> {
        script.next()
    }
    let mut script = Script::new(&[Fault::Busy, Fault::Busy, Fault::Busy]);
    call(&mut script).await.unwrap_err();
    let second = Duration::from_secs(1);
    let seen = RETRIES.take();
    assert_eq!(
        seen,
        [
            (1, second, Duration::ZERO, 9 * second, "busy".to_owned()),
            (2, 2 * second, second, 7 * second, "busy".to_owned()),
        ]
    );
}

struct Prices {
    cached: u32,
}

impl Prices {
    async fn cached(&self, symbol: String, error: Fault) -> Result<u32, Fault> {
        tokio::task::yield_now().await;
        if symbol == "none" {
            Err(error)
        } else {
            Ok(self.cached)
        }
    }

    #[wait_or_die(max_retries = 1, timeout = "5s", fallback = Self::cached)]
    async fn slow_price(&self, symbol: String) -> Result<u32, Fault> {
        let _ = symbol.len();
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn fallback_answers_on_every_error_and_gets_the_arguments() {
    async fn cached(symbol: &str, _: &mut Script, error: Fault) -> Result<u32, Fault> {
        tokio::task::yield_now().await;
        match symbol {
            "none" => Err(error),
            known => Ok(u32::try_from(known.len()).unwrap() * 100),
        }
    }
    #[wait_or_die(max_retries = 1, fallback = cached)]
    async fn price(symbol: &str, script: &mut Script) -> Result<u32, Fault> {
        script.next().map(|_| u32::try_from(symbol.len()).unwrap())
    }
    let exhausted = [Fault::Busy, Fault::Busy];
    assert_eq!(price("EURUSD", &mut Script::new(&exhausted)).await, Ok(600));
    assert_eq!(
        price("EURUSD", &mut Script::new(&[Fault::Http(404)])).await,
        Ok(600)
    );
    assert_eq!(
        price("none", &mut Script::new(&exhausted)).await,
        Err(Fault::Busy)
    );
    assert_eq!(price("EURUSD", &mut Script::new(&[])).await, Ok(6));
}

#[tokio::test(start_paused = true)]
async fn fallback_may_be_a_method_and_answers_a_deadline_too() {
    let prices = Prices { cached: 42 };
    assert_eq!(prices.slow_price("EURUSD".into()).await, Ok(42));
    let error = prices.slow_price("none".into()).await.unwrap_err();
    assert!(matches!(error, Fault::Dead(_)));
}

#[tokio::test(start_paused = true)]
async fn clone_gives_each_attempt_its_own_argument() {
    #[wait_or_die(max_retries = 3, clone(page, tags))]
    async fn push(
        page: String,
        mut tags: Vec<u32>,
        seen: &mut Vec<(String, usize)>,
    ) -> io::Result<()> {
        tags.push(0);
        seen.push((page.clone(), tags.len()));
        drop(page);
        Err(io::ErrorKind::ConnectionReset.into())
    }
    let mut seen = Vec::new();
    push("p".to_owned(), vec![1, 2], &mut seen)
        .await
        .unwrap_err();
    assert_eq!(seen, vec![("p".to_owned(), 3); 4]);
}

#[tokio::test(start_paused = true)]
async fn a_mut_argument_starts_afresh_in_each_attempt() {
    #[wait_or_die(max_retries = 3)]
    async fn call(mut n: u32, seen: &mut Vec<u32>) -> io::Result<()> {
        n += 1;
        seen.push(n);
        Err(io::ErrorKind::ConnectionReset.into())
    }
    let mut seen = Vec::new();
    call(0, &mut seen).await.unwrap_err();
    assert_eq!(seen, [1, 1, 1, 1]);
}
