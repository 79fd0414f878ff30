//! Every shape of function behind a breaker and a retry: each compiles, is `Send` where the plain function would be,
//! fails once, and succeeds with the same result as the plain function.

use std::fmt::Display;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use wait_or_die::{
    Breaker, Classify, Error, circuit_breaker as guard, testing, wait_or_die as retry,
};

#[path = "shapes/arguments.rs"]
mod arguments;
#[path = "shapes/methods.rs"]
mod methods;

/// Refuses the first attempt and answers the number of every later one; suspends before it does.
#[derive(Debug, Default)]
struct Flaky(AtomicU32);

impl Flaky {
    fn ask_now(&self) -> io::Result<u32> {
        match self.0.fetch_add(1, Ordering::Relaxed) + 1 {
            1 => Err(io::ErrorKind::ConnectionRefused.into()),
            attempt => Ok(attempt),
        }
    }

    async fn ask(&self) -> io::Result<u32> {
        tokio::task::yield_now().await;
        self.ask_now()
    }
}

fn flaky() -> Arc<Flaky> {
    Arc::default()
}

fn sent<F: Future + Send>(future: F) -> F {
    future
}

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn opaque(flaky: &Flaky) -> io::Result<impl Iterator<Item = impl Display>> {
    let n = flaky.ask().await?;
    Ok([n, n + 1].into_iter())
}

#[derive(Debug, thiserror::Error, Classify)]
enum Failure {
    #[error(transparent)]
    #[classify(source)]
    Io(#[from] io::Error),
    #[error(transparent)]
    #[classify(permanent)]
    Parse(#[from] std::num::ParseIntError),
    #[error(transparent)]
    #[classify(source)]
    Dead(#[from] Error),
}

#[retry(max_retries = 3)]
#[guard(name = "s")]
async fn converts(flaky: &Flaky, text: &str) -> Result<u32, Failure> {
    for n in 0.. {
        if n == 2 {
            return Ok(flaky.ask().await? + text.parse::<u32>()?);
        }
    }
    Err(io::Error::from(io::ErrorKind::NotFound))?
}

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn coerces(
    flaky: &Flaky,
    text: &str,
) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
    let n = flaky.ask().await?;
    match text.parse::<u32>() {
        Ok(m) => Ok(n + m),
        Err(error) => Err(Box::new(error)),
    }
}

#[retry(max_retries = 3)]
#[guard(name = "s")]
async fn not_send(flaky: Rc<Flaky>) -> Result<Rc<u32>, Box<dyn std::error::Error>> {
    let held = Rc::clone(&flaky);
    Ok(Rc::new(held.ask().await?))
}

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn diverges(flaky: &Flaky) -> io::Result<u32> {
    loop {
        match flaky.ask().await {
            Ok(2) => {}
            out => return out,
        }
    }
}

#[retry(max_retries = 3)]
#[guard(name = "s")]
async fn generic_error<E, F>(fail: F) -> Result<u32, E>
where
    E: Display + Classify + From<Error>,
    F: Fn() -> Result<u32, E>,
{
    tokio::task::yield_now().await;
    fail()
}

type Answer<T = u32, E = io::Error> = Result<T, E>;

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn recursive(flaky: Arc<Flaky>, depth: u32) -> Answer {
    if depth == 0 {
        return flaky.ask().await;
    }
    Ok(Box::pin(recursive(Arc::clone(&flaky), depth - 1)).await? + 1)
}

#[retry(max_retries = 3, attempt = attempt)]
#[guard(name = "s")]
async fn named(flaky: &Flaky, run: u32, call: u32, breaker: &mut u32) -> io::Result<u32> {
    #![allow(unused_variables)]
    use std::ops::Add;
    const ONE: u32 = 1;
    let out = run.add(call);
    let error = attempt.number();
    let permit = ();
    *breaker += ONE;
    flaky.ask().await?;
    Ok(out + error + *breaker)
}

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn joined(flaky: Arc<Flaky>, log: &mut Vec<&str>) -> io::Result<u32> {
    let spawned = tokio::spawn({
        let flaky = Arc::clone(&flaky);
        async move { flaky.ask().await }
    });
    let (one, other) = tokio::join!(async { Ok::<_, io::Error>(1) }, spawned);
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs(1)) => log.push("slept"),
        () = tokio::time::sleep(Duration::from_secs(2)) => return Err(io::ErrorKind::TimedOut.into()),
    }
    Ok(one? + other.map_err(io::Error::other)??)
}

#[retry(max_retries = 3, clone(page))]
#[guard(name = "s", key = n)]
fn plain(flaky: &Flaky, mut n: u32, log: &mut Vec<u32>, page: String) -> io::Result<Vec<u8>> {
    n += 1;
    let moved = log;
    moved.push(n);
    if flaky.ask_now()? > 9 {
        return Ok(Vec::new());
    }
    Ok(page.into_bytes())
}

#[allow(unsafe_code)]
mod not_safe {
    use std::io;

    /// # Safety
    /// `byte` points to a byte.
    #[super::guard(name = "s")]
    #[super::retry(max_retries = 3)]
    pub(super) unsafe fn read(flaky: &super::Flaky, byte: *const u8) -> io::Result<u8> {
        flaky.ask_now()?;
        // SAFETY: as the caller promises.
        Ok(unsafe { *byte })
    }
}

/// Each call failed once, and no more.
fn failures() -> u32 {
    Breaker::list()
        .iter()
        .map(|breaker| breaker.snapshot().core.consecutive_failures)
        .sum()
}

#[tokio::test(start_paused = true)]
async fn returns_and_bodies() {
    let _scope = testing::scope(1);
    let asked = flaky();
    let shown: Vec<_> = sent(opaque(&asked))
        .await
        .unwrap()
        .map(|n| n.to_string())
        .collect();
    assert_eq!(shown, ["2", "3"]);
    assert_eq!(sent(converts(&flaky(), "40")).await.unwrap(), 42);
    let parse = sent(converts(&flaky(), "x")).await.unwrap_err();
    assert!(matches!(parse, Failure::Parse(_)), "{parse}");
    assert_eq!(sent(coerces(&flaky(), "40")).await.unwrap(), 42);
    sent(coerces(&flaky(), "x")).await.unwrap_err();
    assert_eq!(*not_send(Rc::default()).await.unwrap(), 2);
    assert_eq!(sent(diverges(&flaky())).await.unwrap(), 3);
    let asked = flaky();
    let out = sent(generic_error(|| asked.ask_now().map_err(Failure::from))).await;
    assert_eq!(out.unwrap(), 2);
    assert_eq!(
        tokio::spawn(recursive(flaky(), 3)).await.unwrap().unwrap(),
        5
    );
    assert_eq!(sent(named(&flaky(), 10, 20, &mut 0)).await.unwrap(), 34);
    let mut log = Vec::new();
    assert_eq!(sent(joined(flaky(), &mut log)).await.unwrap(), 3);
    assert_eq!(log, ["slept", "slept"]);
}

#[allow(unsafe_code)]
#[tokio::test(start_paused = true)]
async fn plain_functions() {
    let _scope = testing::scope(1);
    let mut log = Vec::new();
    assert_eq!(
        plain(&flaky(), 1, &mut log, "page".to_owned()).unwrap(),
        b"page"
    );
    assert_eq!(log, [2, 2]);
    let byte = 8;
    // SAFETY: the reference points to a byte.
    assert_eq!(
        unsafe { not_safe::read(&flaky(), &raw const byte) }.unwrap(),
        8
    );
    assert_eq!(failures(), 0, "all ended well");
}
