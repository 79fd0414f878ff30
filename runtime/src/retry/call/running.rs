//! The state of a call whose clock has started, and the room for it.

use core::cell::Cell;
use core::pin::Pin;
use core::time::Duration;

use super::Failing;
use crate::clock::{self, Instant, Timer};
use crate::retry::progress::Cut;
use crate::retry::site::Site;

pin_project_lite::pin_project! {
    /// The state of a call whose clock has started. What only a failure needs is boxed apart,
    /// because writing it costs a call that merely suspends more than the allocation does.
    #[derive(Debug)]
    pub(super) struct Running {
        pub(super) started: Instant,
        // When the attempt ends, as far as calls inside it are concerned.
        pub(super) end: Instant,
        // The attempt that the timer stands for, and the bound it stands for.
        pub(super) armed: (u32, Cut),
        pub(super) failing: Option<Box<Failing>>,
        #[pin]
        pub(super) timer: Timer,
    }
}

std::thread_local! {
    /// The room of the last call that ended on this thread, empty, for the next one: calls that suspend one after
    /// another allocate once.
    static SPARE: Cell<Option<Pin<Box<Running>>>> = const { Cell::new(None) };
}

impl Running {
    /// The first attempt has suspended: the call's clock starts, with the timer already armed.
    pub(super) fn suspended(site: &Site, attempt: u32) -> Pin<Box<Self>> {
        let started = clock::now();
        let (at, cut) = attempt_end(site, site.policy().timeout(), started);
        let mut running = Self::starting(started, at, (attempt, cut));
        running.as_mut().project().timer.arm(at);
        running
    }

    /// An attempt has failed without ever suspending: the call's clock starts, no timer is touched.
    pub(super) fn failed(site: &Site) -> Pin<Box<Self>> {
        let started = clock::now();
        let end = clock::later(started, site.policy().timeout());
        Self::starting(started, end, (0, Cut::Timeout))
    }

    /// A call without failures and without a timer.
    fn starting(started: Instant, end: Instant, armed: (u32, Cut)) -> Pin<Box<Self>> {
        // A thread that is being torn down has none.
        let Ok(Some(mut spare)) = SPARE.try_with(Cell::take) else {
            return Box::pin(Self {
                started,
                end,
                armed,
                failing: None,
                timer: Timer::new(),
            });
        };
        // One field after the other: as a whole it would be written twice.
        let fields = spare.as_mut().project();
        *fields.started = started;
        *fields.end = end;
        *fields.armed = armed;
        spare
    }
}

/// Drops what the call had, and keeps its room for the next one on this thread.
#[cold]
#[inline(never)]
pub(super) fn put_by(mut running: Pin<Box<Running>>) {
    let fields = running.as_mut().project();
    *fields.failing = None;
    fields.timer.disarm();
    let _ = SPARE.try_with(|spare| spare.set(Some(running)));
}

/// When the attempt that first suspends `now` must end, and which bound says so; the call has `left`.
pub(super) fn attempt_end(site: &Site, left: Duration, now: Instant) -> (Instant, Cut) {
    match site.policy().attempt_timeout() {
        Some(limit) if limit < left => (clock::later(now, limit), Cut::AttemptTimeout),
        _ => (clock::later(now, left), Cut::Timeout),
    }
}
