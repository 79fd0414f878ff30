//! The expansion in edition 2018, where closures capture whole variables and temporaries of a tail
//! live longer; with the lints that foretell later editions, which must find nothing in it.
#![deny(
    warnings,
    keyword_idents,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unsafe_op_in_unsafe_fn
)]
#![cfg(test)]
#![allow(unsafe_code)] // `unsafe fn` is one of the shapes

use std::error::Error;
use std::future::Future;
use std::io;

use wait_or_die::{Attempt, Retry, circuit_breaker, wait_or_die};

/// A future that may be moved to another thread.
fn sent<F: Future + Send>(future: F) -> F {
    future
}

/// Refuses the first attempt and answers the number of every later one.
#[derive(Default)]
struct Flaky {
    attempts: u32,
    host: String,
}

impl Flaky {
    async fn ask(&mut self) -> io::Result<u32> {
        tokio::task::yield_now().await;
        self.ask_now()
    }

    fn ask_now(&mut self) -> io::Result<u32> {
        self.attempts += 1;
        match self.attempts {
            1 => Err(io::ErrorKind::ConnectionRefused.into()),
            attempt => Ok(attempt),
        }
    }

    #[wait_or_die(max_retries = 3)]
    async fn method(&mut self, log: &mut Vec<u32>, n: u32) -> io::Result<u32> {
        // Captured whole by a closure of this edition.
        let mut push = |n| log.push(n);
        push(n);
        Ok(self.ask().await? + n)
    }

    #[wait_or_die(max_retries = 3)]
    async fn lends(&self, other: &mut Flaky) -> io::Result<&str> {
        other.ask().await?;
        Ok(&self.host)
    }
}

fn told(retry: &Retry<'_, Box<dyn Error + Send + Sync>>) {
    assert_eq!(retry.attempt, 1);
}

#[allow(clippy::unused_async)] // a fallback of an `async fn` is one
async fn cached(
    _: &mut Flaky,
    page: String,
    _: u32,
    error: Box<dyn Error + Send + Sync>,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    if page.is_empty() {
        return Err(error);
    }
    Ok(page + " as it was")
}

#[wait_or_die(
    timeout = "30s",
    max_retries = 3,
    clone(page),
    attempt = attempt,
    fields(page, n),
    on_retry = told,
    fallback = cached
)]
async fn everything(
    flaky: &mut Flaky,
    page: String,
    mut n: u32,
) -> Result<String, Box<dyn Error + Send + Sync>> {
    n += flaky.ask().await?;
    let seen: Attempt = attempt;
    if page.is_empty() {
        return Err(Box::new(io::Error::from(io::ErrorKind::NotFound)));
    }
    if page == "gone" {
        return Err("gone".into());
    }
    Ok(page + &n.to_string() + &seen.number().to_string())
}

#[wait_or_die(max_retries = 3, clone(page))]
fn plain(flaky: &mut Flaky, page: String, log: &mut Vec<u32>) -> io::Result<Vec<u8>> {
    log.push(1);
    flaky.ask_now()?;
    Ok(page.into_bytes())
}

unsafe fn first(bytes: *const u8) -> u8 {
    // SAFETY: the caller's promise is the same.
    unsafe { *bytes }
}

/// # Safety
/// `bytes` points to a byte.
#[wait_or_die(max_retries = 3)]
unsafe fn not_safe(flaky: &mut Flaky, bytes: *const u8) -> io::Result<u8> {
    flaky.ask_now()?;
    // SAFETY: as the caller promises.
    Ok(unsafe { first(bytes) })
}

// `async`, `await` and `dyn` were names once; `gen` still is one here.
mod r#gen {
    use super::*;

    #[wait_or_die(max_retries = 3)]
    pub(super) async fn r#try(flaky: &mut Flaky, r#gen: u32) -> io::Result<u32> {
        Ok(flaky.ask().await? + r#gen)
    }
}

#[tokio::test(start_paused = true)]
async fn methods() {
    let mut log = Vec::new();
    let mut flaky = Flaky::default();
    assert_eq!(sent(flaky.method(&mut log, 40)).await.unwrap(), 42);
    assert_eq!(log, [40, 40]);
    flaky.host.push_str("host");
    let mut other = Flaky::default();
    assert_eq!(sent(flaky.lends(&mut other)).await.unwrap(), "host");
}

#[tokio::test(start_paused = true)]
async fn functions() {
    let call = |page: &str, n| {
        let page = page.to_owned();
        async move { sent(everything(&mut Flaky::default(), page, n)).await }
    };
    assert_eq!(call("page", 10).await.unwrap(), "page122");
    assert_eq!(call("gone", 10).await.unwrap(), "gone as it was");
    assert_eq!(
        call("", 10).await.unwrap_err().to_string(),
        "entity not found"
    );
    assert_eq!(
        sent(r#gen::r#try(&mut Flaky::default(), 40)).await.unwrap(),
        42
    );
}

#[test]
fn plain_functions() {
    let _scope = wait_or_die::testing::scope(1);
    let mut log = Vec::new();
    let out = plain(&mut Flaky::default(), "page".to_owned(), &mut log);
    assert_eq!((out.unwrap(), log.len()), (b"page".to_vec(), 2));
    // SAFETY: the reference points to a byte.
    let byte = unsafe { not_safe(&mut Flaky::default(), &7) };
    assert_eq!(byte.unwrap(), 7);
}

impl Flaky {
    #[circuit_breaker(name = "of 2018", failure_threshold = 3, key = self.host)]
    #[wait_or_die(max_retries = 3)]
    async fn guarded(&mut self, log: &mut Vec<u32>, n: u32) -> io::Result<u32> {
        // Captured whole by a closure of this edition.
        let mut push = |n| log.push(n);
        push(n);
        Ok(self.ask().await? + n)
    }
}

#[wait_or_die(max_retries = 7)]
#[circuit_breaker(
    name = "of 2018",
    failure_threshold = 3,
    key = &page,
    failure_if = |error| error.kind() == io::ErrorKind::ConnectionRefused,
    ignore_if = |error: &io::Error| error.raw_os_error().is_some()
)]
fn always(calls: &mut u32, page: &str) -> io::Result<u32> {
    *calls += 1;
    if page.is_empty() {
        return Ok(0);
    }
    Err(io::ErrorKind::ConnectionRefused.into())
}

#[circuit_breaker(name = "of 2018", key = page)]
async fn consumes(page: String, mut n: u32) -> Result<(String, u32), Box<dyn Error + Send + Sync>> {
    n += 1;
    tokio::task::yield_now().await;
    if n > 1 {
        return Err("many".into());
    }
    Ok((page, n))
}

#[tokio::test(start_paused = true)]
async fn breakers() {
    let _scope = wait_or_die::testing::scope(1);
    let mut log = Vec::new();
    let mut flaky = Flaky::default();
    assert_eq!(sent(flaky.guarded(&mut log, 40)).await.unwrap(), 42);
    assert_eq!(log, [40, 40]);
    let mut calls = 0;
    let error = always(&mut calls, "page").unwrap_err();
    let told: &wait_or_die::Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert_eq!((calls, told.attempts()), (3, 3));
    assert!(sent(consumes("page".to_owned(), 0)).await.is_err());
    let out = sent(consumes("other".to_owned(), 0)).await;
    assert_eq!(out.unwrap(), ("other".to_owned(), 1));
}

static HALT: wait_or_die::halt::Halt = wait_or_die::halt::Halt::new();

impl Flaky {
    #[wait_or_die(halt, max_retries = 3)]
    async fn watched(&mut self, log: &mut Vec<u32>, n: u32) -> io::Result<u32> {
        // Captured whole by a closure of this edition.
        let mut push = |n| log.push(n);
        push(n);
        Ok(self.ask().await? + n)
    }

    #[wait_or_die(halt = HALT, max_retries = 3)]
    async fn lends_watched(&self, other: &mut Flaky) -> io::Result<&str> {
        other.ask().await?;
        Ok(&self.host)
    }

    #[circuit_breaker(name = "watched in 2018", key = self.host)]
    #[wait_or_die(halt = HALT, max_retries = 0)]
    fn dies(&mut self) -> io::Result<u32> {
        self.ask_now()
    }
}

#[tokio::test(start_paused = true)]
async fn halts() {
    let _scope = wait_or_die::testing::scope(1);
    let mut log = Vec::new();
    let mut flaky = Flaky::default();
    assert_eq!(sent(flaky.watched(&mut log, 40)).await.unwrap(), 42);
    assert_eq!(log, [40, 40]);
    let mut other = Flaky::default();
    assert_eq!(sent(flaky.lends_watched(&mut other)).await.unwrap(), "");
    assert!(!wait_or_die::halt::system().is_stopped());
    assert!(!HALT.is_stopped());
    Flaky::default().dies().unwrap_err();
    assert_eq!(HALT.report().unwrap().attempts(), 1);
}
