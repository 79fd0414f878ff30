//! The engine of an annotated `async fn`: not generic, so that it is compiled once.

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use super::attempt::Attempt;
use super::attempting::{Attempting, Waiting};
use super::outcome::{Dies, Outcome};
use super::progress::{Engine, Failure, Judgement, Progress};
use super::site::Site;
use crate::Error;
use crate::clock::{self, Instant, Timer};
use crate::error::Bound;
use crate::observe::{self, Event};

/// After a zero wait, every attempt of a number that this divides lets the task's neighbours run first.
const YIELD_EVERY: u32 = 32;

/// One call of an annotated `async fn`.
///
/// Opening it reads no clock, allocates nothing and takes no lock; the rest of its state is boxed
/// when the body first suspends or fails.
#[derive(Debug)]
pub struct Call {
    site: &'static Site,
    attempt: u32,
    preempted: Option<Bound>,
    running: Option<Pin<Box<Running>>>,
}

pin_project_lite::pin_project! {
    /// The state of a call whose clock has started. What only a failure needs is boxed apart,
    /// because writing it costs a call that merely suspends more than the allocation does.
    #[derive(Debug)]
    struct Running {
        started: Instant,
        // The attempt that the timer stands for, and the bound it stands for.
        armed: (u32, Bound),
        failing: Option<Box<Failing>>,
        #[pin]
        timer: Timer,
    }
}

#[derive(Debug)]
struct Failing {
    progress: Progress,
    wait: Duration,
    // When the wait ends; counted from the failure, so that `on_retry` spends none of `timeout` unseen.
    resume: Instant,
}

impl Call {
    /// Opens a call.
    #[inline]
    pub const fn new(site: &'static Site) -> Self {
        Self {
            site,
            attempt: 1,
            preempted: None,
            running: None,
        }
    }

    /// Runs one attempt within its bounds.
    #[inline]
    pub const fn attempt<F, Kind>(&mut self, body: F) -> Attempting<'_, F, Kind> {
        Attempting::new(self, body)
    }

    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        let running = self.running.as_ref();
        let started = running.map_or_else(clock::now, |running| running.started);
        let failing = running.and_then(|running| running.failing.as_ref());
        Attempt {
            number: self.attempt,
            deadline: clock::later(started, self.site.policy().timeout()),
            blocking: false,
            last_error: failing.and_then(|failing| failing.progress.last_error.clone()),
        }
    }

    /// Waits as the last judgement said. A zero wait touches no timer.
    #[inline]
    pub fn wait(&mut self) -> Waiting<'_> {
        if self.arm_wait() {
            Waiting::for_timer(self)
        } else if self.attempt.is_multiple_of(YIELD_EVERY) {
            Waiting::for_turn(self)
        } else {
            Waiting::ready(self)
        }
    }

    /// After a wait: the call's outcome if the deadline has passed meanwhile.
    ///
    /// A timer fires up to a millisecond late, and an `on_retry` takes what time it takes. An attempt
    /// that started now would be polled once and then cut off, with an unknown outcome.
    #[inline]
    pub fn late<R, Kind>(&mut self) -> Option<R>
    where
        R: Outcome,
        R::Error: Dies<Kind>,
    {
        let error = self.past_deadline()?;
        Some(R::failed(R::Error::dead(error)))
    }

    #[inline(never)]
    fn past_deadline(&mut self) -> Option<Error> {
        let running = self.running.as_mut()?.as_mut().project();
        let failing = running.failing.as_mut()?;
        let now = clock::now();
        let elapsed = now.saturating_duration_since(*running.started);
        if elapsed < self.site.policy().timeout() {
            failing.progress.start_retry(now);
            return None;
        }
        let made = self.attempt.saturating_sub(1);
        failing.progress.tell_late(self.site, made, elapsed);
        Some(
            failing
                .progress
                .timed_out(self.site, made, elapsed, Bound::Timeout),
        )
    }

    /// Arms the timer for the wait; false where there is nothing to wait for.
    fn arm_wait(&mut self) -> bool {
        let Some(running) = &mut self.running else {
            return false;
        };
        let running = running.as_mut().project();
        match running.failing {
            Some(failing) if !failing.wait.is_zero() => {
                running.timer.arm(failing.resume);
                true
            }
            _ => false,
        }
    }

    /// Polls the timer, whatever it stands for.
    pub(super) fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.running {
            Some(running) => running.as_mut().project().timer.poll(cx),
            None => Poll::Ready(()),
        }
    }

    /// The body has suspended: arms the attempt's deadline if that has not been done, and looks at it.
    #[inline(never)]
    pub(super) fn suspended(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let (site, attempt) = (self.site, self.attempt);
        let running = self
            .running
            .get_or_insert_with(|| Running::suspended(site, attempt));
        let mut running = running.as_mut().project();
        if running.armed.0 != attempt {
            let (at, bound) = attempt_end(site, *running.started, clock::now());
            running.timer.as_mut().arm(at);
            *running.armed = (attempt, bound);
        }
        if running.timer.poll(cx).is_pending() {
            return Poll::Pending;
        }
        let bound = running.armed.1;
        self.preempted = Some(bound);
        let failing = Failing::of(running.failing, site, *running.started);
        let elapsed = clock::now().saturating_duration_since(*running.started);
        Poll::Ready(failing.progress.timed_out(site, attempt, elapsed, bound))
    }
}

impl Running {
    /// The first attempt has suspended: the call's clock starts, with the timer already armed.
    fn suspended(site: &Site, attempt: u32) -> Pin<Box<Self>> {
        let started = clock::now();
        let (at, bound) = attempt_end(site, started, started);
        Box::pin(Self {
            started,
            armed: (attempt, bound),
            failing: None,
            timer: Timer::armed(at),
        })
    }

    /// An attempt has failed without ever suspending: the call's clock starts, no timer is touched.
    fn failed() -> Pin<Box<Self>> {
        Box::pin(Self {
            started: clock::now(),
            armed: (0, Bound::Timeout),
            failing: None,
            timer: Timer::new(),
        })
    }
}

impl Failing {
    fn of<'a>(slot: &'a mut Option<Box<Self>>, site: &Site, now: Instant) -> &'a mut Self {
        slot.get_or_insert_with(|| {
            Box::new(Self {
                progress: Progress::new(site),
                wait: Duration::ZERO,
                resume: now,
            })
        })
    }
}

/// When the attempt that first suspends `now` must end, and which bound says so.
fn attempt_end(site: &Site, started: Instant, now: Instant) -> (Instant, Bound) {
    let deadline = clock::later(started, site.policy().timeout());
    match site.policy().attempt_timeout() {
        Some(limit) if clock::later(now, limit) < deadline => {
            (clock::later(now, limit), Bound::AttemptTimeout)
        }
        _ => (deadline, Bound::Timeout),
    }
}

impl Engine for Call {
    #[inline]
    fn position(&self) -> (&'static Site, u32) {
        (self.site, self.attempt)
    }

    #[inline]
    fn take_preempted(&mut self) -> Option<Bound> {
        self.preempted.take()
    }

    #[inline(never)]
    fn failed(&mut self, failure: &Failure<'_>) -> Judgement {
        let running = self.running.get_or_insert_with(Running::failed);
        let running = running.as_mut().project();
        let now = clock::now();
        let elapsed = now.saturating_duration_since(*running.started);
        let failing = Failing::of(running.failing, self.site, now);
        let judged = failing
            .progress
            .judge(self.site, self.attempt, now, elapsed, failure);
        if let Ok(wait) = judged.next {
            failing.wait = wait;
            failing.resume = clock::later(now, wait);
            self.attempt = self.attempt.saturating_add(1);
        }
        Judgement(judged)
    }

    #[inline(never)]
    fn recovered(&mut self) {
        let Some(running) = &mut self.running else {
            return;
        };
        let running = running.as_mut().project();
        if let Some(failing) = running.failing {
            observe::emit(&Event::Recovered {
                operation: self.site.operation(),
                trace_id: failing.progress.trace_id(),
                attempts: self.attempt,
                elapsed: clock::now().saturating_duration_since(*running.started),
            });
        }
    }
}
