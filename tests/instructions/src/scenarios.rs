//! The calls that are counted.

use std::cell::Cell;
use std::hint::black_box;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use wait_or_die::{circuit_breaker, wait_or_die};

/// A call, made as often as one wants.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) run: fn(u64) -> Result<(), String>,
}

/// The names are those that `baseline.txt` has. What the bare calls take is in the others too.
pub(crate) const SCENARIOS: [Scenario; 10] = [
    Scenario {
        name: "bare-ready",
        run: |count| ready(count, |n| poll(bare(n))),
    },
    Scenario {
        name: "bare-suspends",
        run: |count| suspending(count, bare_suspends),
    },
    Scenario {
        name: "retry-ready",
        run: |count| ready(count, |n| poll(retry(n))),
    },
    Scenario {
        name: "deadline-suspends",
        run: |count| suspending(count, suspends),
    },
    Scenario {
        name: "breaker-closed",
        run: |count| ready(count, |n| poll(breaker(n))),
    },
    Scenario {
        name: "all-ready",
        run: |count| ready(count, |n| poll(all(n))),
    },
    Scenario {
        name: "plain-closed",
        run: |count| ready(count, |n| Poll::Ready(call(|| plain(n)))),
    },
    Scenario {
        name: "window-closed",
        run: |count| ready(count, |n| poll(window(n))),
    },
    Scenario {
        name: "open-rejected",
        run: rejected,
    },
    Scenario {
        name: "fails-once",
        run: |count| ready(count, |n| poll(fails_once(n, &Cell::new(false)))),
    },
];

#[expect(clippy::unused_async, reason = "as the others are")]
async fn bare(n: u64) -> io::Result<u64> {
    Ok(black_box(n))
}

async fn bare_suspends(n: u64) -> io::Result<u64> {
    Suspended(false).await;
    Ok(black_box(n))
}

#[wait_or_die(timeout = "30s", max_retries = 3)]
async fn retry(n: u64) -> io::Result<u64> {
    Ok(black_box(n))
}

#[wait_or_die(timeout = "30s", max_retries = 3)]
async fn suspends(n: u64) -> io::Result<u64> {
    Suspended(false).await;
    Ok(black_box(n))
}

#[circuit_breaker(name = "alone", failure_threshold = 5)]
async fn breaker(n: u64) -> io::Result<u64> {
    Ok(black_box(n))
}

#[circuit_breaker(name = "among-all", failure_threshold = 5)]
#[wait_or_die(timeout = "30s", max_retries = 3)]
async fn all(n: u64) -> io::Result<u64> {
    Ok(black_box(n))
}

#[circuit_breaker(name = "plain", failure_threshold = 5)]
fn plain(n: u64) -> io::Result<u64> {
    Ok(black_box(n))
}

#[circuit_breaker(name = "of-calls", failure_rate = 0.5, window = 100)]
async fn window(n: u64) -> io::Result<u64> {
    Ok(black_box(n))
}

/// It stays open for longer than the count takes.
#[circuit_breaker(name = "down", failure_threshold = 1, recovery_timeout = "1h")]
async fn down(_n: u64) -> io::Result<u64> {
    Err(io::ErrorKind::ConnectionReset.into())
}

/// The budget that is on by default would soon allow no more of these retries.
#[wait_or_die(
    timeout = "30s",
    strategy = fixed,
    initial_wait = 0,
    jitter = none,
    max_retries = 3,
    budget = none
)]
async fn fails_once(n: u64, failed: &Cell<bool>) -> io::Result<u64> {
    if failed.replace(true) {
        Ok(black_box(n))
    } else {
        Err(io::ErrorKind::ConnectionReset.into())
    }
}

/// Ready at the second poll; it asks for that at the first.
struct Suspended(bool);

impl Future for Suspended {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

#[inline(never)]
fn poll(call: impl Future<Output = io::Result<u64>>) -> Poll<io::Result<u64>> {
    pin!(call).poll(&mut Context::from_waker(Waker::noop()))
}

#[inline(never)]
fn call(call: impl FnOnce() -> io::Result<u64>) -> io::Result<u64> {
    call()
}

fn ready(count: u64, call: impl Fn(u64) -> Poll<io::Result<u64>>) -> Result<(), String> {
    for n in 0..count {
        match call(black_box(n)) {
            Poll::Ready(Ok(told)) if told == n => {}
            told => return Err(format!("call {n} told {told:?}")),
        }
    }
    Ok(())
}

/// The first call fails, and opens the breaker for all that are counted.
fn rejected(count: u64) -> Result<(), String> {
    let told = poll(down(0));
    if !matches!(&told, Poll::Ready(Err(error)) if error.get_ref().is_none()) {
        return Err(format!("the first call told {told:?}"));
    }
    ready(count, |n| match poll(down(n)) {
        // The body's own error holds none.
        Poll::Ready(Err(error)) if error.get_ref().is_some() => Poll::Ready(Ok(n)),
        told => told,
    })
}

/// In a task of a runtime, which polls it again at once; its timers stay ahead.
fn suspending<Call>(count: u64, call: fn(u64) -> Call) -> Result<(), String>
where
    Call: Future<Output = io::Result<u64>> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let calls = runtime.spawn(async move {
        for n in 0..count {
            match call(black_box(n)).await {
                Ok(told) if told == n => {}
                told => return Err(format!("call {n} told {told:?}")),
            }
        }
        Ok(())
    });
    runtime.block_on(calls).map_err(|error| error.to_string())?
}
