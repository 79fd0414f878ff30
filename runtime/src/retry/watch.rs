//! A call whose death stops the program.

use core::any::Any;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use super::engine::Engine;
use super::outcome::{Outcome, Tells};
use super::site::Site;
use crate::TraceId;
use crate::breaker::Place;
use crate::halt::{self, Halt, Parts, Reason, SystemHalt};
use crate::redact::{SafeText, payload_text};
use crate::sync::{AtomicU32, Mutex, Ordering, lock};

/// How a call came to its end.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    pub(crate) trace_id: Option<TraceId>,
    pub(crate) reason: Reason,
}

impl Ended {
    /// Of a call that no attempt was made of.
    pub(crate) const fn rejected(elapsed: Duration) -> Self {
        Self {
            attempts: 0,
            elapsed,
            trace_id: None,
            reason: Reason::Rejected,
        }
    }

    /// Of a call whose protection is switched off.
    pub(crate) const fn switched_off() -> Self {
        Self {
            attempts: 1,
            elapsed: Duration::ZERO,
            trace_id: None,
            reason: Reason::SwitchedOff,
        }
    }
}

/// Watches one call from its start to what the caller gets, `fallback` included.
///
/// Costs a success one store for each attempt; everything else is for a failure.
#[derive(Debug)]
pub struct Watch<'h> {
    site: &'static Site,
    // The system's is asked for when it is needed.
    halt: Option<&'h Halt>,
    attempt: AtomicU32,
    // Boxed, because only a failure needs it and the future holds its room all the time.
    ended: Mutex<Option<Box<Ended>>>,
}

impl Watch<'static> {
    /// A call whose death stops [`halt::system`].
    #[inline]
    pub const fn system(site: &'static Site) -> Self {
        Self::with(site, None)
    }
}

impl<'h> Watch<'h> {
    /// A call whose death stops this halt.
    #[inline]
    pub const fn new(site: &'static Site, halt: &'h Halt) -> Self {
        Self::with(site, Some(halt))
    }

    #[inline]
    const fn with(site: &'static Site, halt: Option<&'h Halt>) -> Self {
        Self {
            site,
            halt,
            attempt: AtomicU32::new(0),
            ended: Mutex::new(None),
        }
    }

    /// An attempt is about to start, for the report of a panic in it.
    #[inline]
    pub fn starts<C: Engine>(&self, call: &C) {
        self.attempt.store(call.number().max(1), Ordering::Relaxed);
    }

    /// The call has come to its end; a `fallback` may still follow.
    #[inline]
    pub fn ends<R: Outcome, C: Engine>(&self, call: &C, out: &R) {
        if out.error().is_some() {
            self.note(call.ended());
        }
    }

    #[cold]
    fn note(&self, ended: Ended) {
        *lock(&self.ended) = Some(Box::new(ended));
    }

    /// The whole of an `async fn`.
    #[inline]
    pub const fn over<F, Kind>(&self, call: F) -> Watched<'_, F, Kind> {
        Watched {
            call,
            watch: self,
            kind: PhantomData,
        }
    }

    /// The whole of a plain `fn`.
    #[inline]
    pub fn run<R, Kind>(&self, call: impl FnOnce() -> R) -> R
    where
        R: Outcome,
        R::Error: Tells<Kind>,
    {
        self.seen(catch_unwind(AssertUnwindSafe(call)))
    }

    /// What the caller is about to get. A panic goes on behind the report.
    #[inline]
    fn seen<R, Kind>(&self, ended: Result<R, Box<dyn Any + Send>>) -> R
    where
        R: Outcome,
        R::Error: Tells<Kind>,
    {
        match ended {
            Ok(out) => {
                if let Some(error) = out.error() {
                    self.died(SafeText::of(error.text()));
                }
                out
            }
            Err(payload) => {
                self.panicked(&*payload);
                resume_unwind(payload)
            }
        }
    }

    #[cold]
    fn died(&self, error: SafeText) {
        let ended = lock(&self.ended).take();
        let ended = ended.map_or(Ended::rejected(Duration::ZERO), |ended| *ended);
        self.stop(ended, error);
    }

    #[cold]
    fn panicked(&self, payload: &(dyn Any + Send)) {
        let ended = Ended {
            attempts: self.attempt.load(Ordering::Relaxed),
            elapsed: Duration::ZERO,
            trace_id: None,
            reason: Reason::Panic,
        };
        self.stop(ended, payload_text(payload));
    }

    fn stop(&self, ended: Ended, error: SafeText) {
        let (file, line) = self.site.place();
        let report = SystemHalt::of(Parts {
            operation: self.site.operation(),
            place: Place::new(file, line),
            reason: ended.reason,
            attempts: ended.attempts,
            elapsed: ended.elapsed,
            trace_id: ended.trace_id,
            error,
        });
        match self.halt {
            Some(halt) => halt.stop(report),
            None => halt::system().stop(report),
        };
    }
}

pin_project_lite::pin_project! {
    /// A watched call of an `async fn`. One that is dropped before its end was cancelled, and stops nothing.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled"]
    pub struct Watched<'a, F, Kind> {
        #[pin]
        call: F,
        watch: &'a Watch<'a>,
        // A function pointer keeps the future `Send` whatever the marker is.
        kind: PhantomData<fn() -> Kind>,
    }
}

impl<F, R, Kind> Future for Watched<'_, F, Kind>
where
    F: Future<Output = R>,
    R: Outcome,
    R::Error: Tells<Kind>,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        let call = this.call;
        // The panic is the call's own: `thread::panicking()` would be true of a call that is dropped because its
        // neighbour panics.
        match catch_unwind(AssertUnwindSafe(|| call.poll(cx))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(out)) => Poll::Ready(this.watch.seen(Ok(out))),
            Err(payload) => Poll::Ready(this.watch.seen(Err(payload))),
        }
    }
}
