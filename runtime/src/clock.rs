//! The only place that reads a clock or sleeps.
//!
//! Asynchronous calls read tokio's clock, so `tokio::time::pause()` governs deadlines and waits.
//! Blocking calls read the system's clock and really sleep. Inside a
//! [`testing::scope`](crate::testing::scope) both read the scope's one time, which virtual sleeps move too, and timers are
//! set to what tokio's clock will show then. The wall clock is the system's, and goes on with a scope's time inside one.
#![allow(clippy::disallowed_methods)] // this module is the seam that the rule points to

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use tokio::task::coop;
pub(crate) use tokio::time::Instant;
use tokio::time::Sleep;

/// What an unrepresentable instant is replaced by, counted from now: tokio's own "far future".
const FAR: Duration = Duration::from_secs(86_400 * 365 * 30);

/// The instant of tokio's clock; about 23 ns, which is why the happy path never asks.
pub(crate) fn now() -> Instant {
    #[cfg(test)]
    READS.set(READS.get() + 1);
    #[cfg(feature = "test-util")]
    if let Some(now) = crate::testing::now() {
        return now;
    }
    Instant::now()
}

/// Tokio's clock, whatever a scope has added to it.
#[cfg(feature = "test-util")]
pub(crate) fn base() -> Instant {
    Instant::now()
}

#[cfg(test)]
std::thread_local! {
    /// How often this thread has read the clock.
    pub(crate) static READS: core::cell::Cell<u32> = const { core::cell::Cell::new(0) };
}

/// `start + after`, or an instant some thirty years on where that cannot be represented.
pub(crate) fn later(start: Instant, after: Duration) -> Instant {
    start.checked_add(after).unwrap_or_else(|| start + FAR)
}

/// The instant a blocking call sees: the system's clock, because a thread really sleeps even where
/// tokio's clock is paused.
pub(crate) fn blocking_now() -> Instant {
    #[cfg(feature = "test-util")]
    if let Some(now) = crate::testing::now() {
        return now;
    }
    Instant::from_std(std::time::Instant::now())
}

/// The time of day, counted from the beginning of 1970 in UTC; zero where the machine's clock is set before that.
#[cfg(feature = "http")]
pub(crate) fn wall() -> Duration {
    #[cfg(all(feature = "test-util", not(loom)))]
    if let Some(wall) = crate::testing::wall() {
        return wall;
    }
    base_wall()
}

/// The machine's wall clock, whatever a scope makes of it.
#[cfg(feature = "http")]
pub(crate) fn base_wall() -> Duration {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default()
}

/// Puts the calling thread to sleep, or moves the virtual clock of the thread's test scope.
pub(crate) fn blocking_sleep(wait: Duration) {
    #[cfg(feature = "test-util")]
    if crate::testing::advance(wait) {
        return;
    }
    std::thread::sleep(wait);
}

/// What tokio's timer must be set to, so that it fires at `at`.
fn tokios(at: Instant) -> Instant {
    #[cfg(feature = "test-util")]
    if let Some(tokios) = crate::testing::tokios(at) {
        return tokios;
    }
    at
}

/// What a timer was armed for, which a scope that moves its time asks again.
#[cfg(feature = "test-util")]
#[derive(Debug, Clone, Copy, Default)]
struct Armed(Option<(Instant, Instant)>);

#[cfg(not(feature = "test-util"))]
#[derive(Debug, Clone, Copy, Default)]
struct Armed;

#[cfg(feature = "test-util")]
impl Armed {
    const NONE: Self = Self(None);

    fn at(at: Instant, tokios: Instant) -> Self {
        Self(crate::testing::is_open().then_some((at, tokios)))
    }

    /// What tokio's timer must be set to now, if that is something else.
    fn moved(armed: Self) -> Option<(Self, Instant)> {
        let (at, before) = armed.0?;
        let now = tokios(at);
        (now != before).then_some((Self(Some((at, now))), now))
    }
}

#[cfg(not(feature = "test-util"))]
impl Armed {
    const NONE: Self = Self;

    const fn at(_: Instant, _: Instant) -> Self {
        Self
    }

    const fn moved(_: Self) -> Option<(Self, Instant)> {
        None
    }
}

pin_project_lite::pin_project! {
    /// One timer for a whole call: it is armed for the deadline of an attempt, then for the wait,
    /// then for the next deadline. Nothing is registered with the runtime before the first poll.
    #[derive(Debug)]
    pub(crate) struct Timer {
        #[pin]
        sleep: Option<Sleep>,
        armed: Armed,
    }
}

impl Timer {
    /// A timer that stands for nothing yet.
    pub(crate) const fn new() -> Self {
        Self {
            sleep: None,
            armed: Armed::NONE,
        }
    }

    /// A timer that fires at `at`.
    ///
    /// # Panics
    /// Outside a tokio runtime, or in one without time enabled: the same panic as `tokio::time::sleep`.
    pub(crate) fn armed(at: Instant) -> Self {
        let tokios = tokios(at);
        Self {
            sleep: Some(tokio::time::sleep_until(tokios)),
            armed: Armed::at(at, tokios),
        }
    }

    /// Makes the timer fire at `at`, whatever it was armed for before.
    ///
    /// # Panics
    /// As [`armed`](Self::armed).
    pub(crate) fn arm(self: Pin<&mut Self>, at: Instant) {
        let timer = self.project();
        let (mut sleep, tokios) = (timer.sleep, tokios(at));
        match sleep.as_mut().as_pin_mut() {
            Some(armed) => armed.reset(tokios),
            None => sleep.set(Some(tokio::time::sleep_until(tokios))),
        }
        *timer.armed = Armed::at(at, tokios);
    }

    /// Ready once the armed instant has passed; registers the waker until then.
    ///
    /// A body that always uses up tokio's cooperative budget would keep its own deadline from
    /// ever being looked at; once the budget is gone the timer is polled without it.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let timer = self.project();
        let Some(mut sleep) = timer.sleep.as_pin_mut() else {
            return Poll::Ready(());
        };
        if let Some((armed, at)) = Armed::moved(*timer.armed) {
            sleep.as_mut().reset(at);
            *timer.armed = armed;
        }
        if sleep.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if coop::has_budget_remaining() {
            return Poll::Pending;
        }
        core::pin::pin!(coop::unconstrained(sleep)).poll(cx)
    }
}
