//! The one timer of a call.

use core::future::Future;
use core::pin::{Pin, pin};
use core::ptr;
use core::task::{Context, Poll, RawWakerVTable, Waker};

use tokio::task::coop;
use tokio::time::Sleep;

use super::{Instant, tokios};

#[cfg(test)]
std::thread_local! {
    /// How often this thread has asked a timer of tokio's.
    pub(crate) static POLLS: core::cell::Cell<u32> = const { core::cell::Cell::new(0) };
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
        // The waker that `sleep` holds until it fires.
        held: Held,
    }
}

/// Which waker tokio's timer holds.
///
/// Giving it a waker anew costs four atomic operations, and a body that suspends ten times in one attempt comes by ten
/// times with the same one. As long as the timer has not fired its waker is not dropped, so that nobody else's can stand
/// at the same address: unless it is moved when it is cloned, as one that lies on a stack is, where another task's may come
/// to lie after it. So a waker that seems to be the same is cloned once to see whether it stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    data: usize,
    // With `STAYS`, once that is known. No vtable is at zero.
    vtable: usize,
}

/// A bit that is free in the address of a vtable.
const STAYS: usize = 1;
const _: () = assert!(align_of::<RawWakerVTable>() > STAYS);

impl Held {
    const NONE: Self = Self { data: 0, vtable: 0 };

    fn of(waker: &Waker) -> Self {
        Self {
            data: waker.data().addr(),
            vtable: ptr::from_ref(waker.vtable()).addr(),
        }
    }

    /// Whether it is this one for sure.
    fn is(&mut self, waker: &Waker) -> bool {
        let seen = Self::of(waker);
        let stays = Self {
            vtable: seen.vtable | STAYS,
            ..seen
        };
        if *self == seen && Self::of(&waker.clone()) == seen {
            *self = stays;
        }
        *self == stays
    }
}

impl Timer {
    /// A timer that stands for nothing yet.
    pub(crate) const fn new() -> Self {
        Self {
            sleep: None,
            armed: Armed::NONE,
            held: Held::NONE,
        }
    }

    /// Makes the timer fire at `at`, whatever it was armed for before.
    ///
    /// # Panics
    /// Outside a tokio runtime, or in one without time enabled: the same panic as `tokio::time::sleep`.
    pub(crate) fn arm(self: Pin<&mut Self>, at: Instant) {
        let timer = self.project();
        let (mut sleep, tokios) = (timer.sleep, tokios(at));
        match sleep.as_mut().as_pin_mut() {
            Some(armed) => armed.reset(tokios),
            None => sleep.set(Some(tokio::time::sleep_until(tokios))),
        }
        *timer.armed = Armed::at(at, tokios);
        *timer.held = Held::NONE;
    }

    /// Lets go of tokio's timer, and of the waker that it holds.
    pub(crate) fn disarm(self: Pin<&mut Self>) {
        let mut timer = self.project();
        timer.sleep.set(None);
        *timer.armed = Armed::NONE;
        *timer.held = Held::NONE;
    }

    /// Ready once the armed instant has passed; registers the waker until then.
    ///
    /// Takes nothing of tokio's cooperative budget: a body that always uses it up would keep its own deadline from ever
    /// being looked at.
    ///
    /// # Panics
    /// If the runtime that the timer was armed in has been shut down: the same panic as `tokio::time::sleep`.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let timer = self.project();
        let Some(mut sleep) = timer.sleep.as_pin_mut() else {
            return Poll::Ready(());
        };
        if let Some((armed, at)) = Armed::moved(*timer.armed) {
            sleep.as_mut().reset(at);
            *timer.armed = armed;
            *timer.held = Held::NONE;
        }
        if timer.held.is(cx.waker()) && !sleep.is_elapsed() {
            return Poll::Pending;
        }
        #[cfg(test)]
        POLLS.set(POLLS.get() + 1);
        let polled = pin!(coop::unconstrained(sleep)).poll(cx);
        *timer.held = Held::of(cx.waker());
        polled
    }
}
