//! A thread that waits for a future or for an instant, whichever comes first.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Waker};
use std::sync::Arc;
use std::task::Wake;
use std::thread::{self, Thread};

use crate::clock::{self, Instant};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Parks the thread until `changed` is ready (true) or `until` has come (false). In a test scope the virtual clock
/// moves instead, as it does for every other wait of a plain function: nothing else runs meanwhile.
pub(super) fn park(mut changed: Pin<&mut impl Future>, until: Instant) -> bool {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        if changed.as_mut().poll(&mut context).is_ready() {
            return true;
        }
        let left = until.saturating_duration_since(clock::blocking_now());
        if left.is_zero() {
            return false;
        }
        if is_virtual() {
            clock::blocking_sleep(left);
        } else {
            thread::park_timeout(left);
        }
    }
}

#[cfg(feature = "test-util")]
fn is_virtual() -> bool {
    crate::testing::is_open()
}

#[cfg(not(feature = "test-util"))]
const fn is_virtual() -> bool {
    false
}
