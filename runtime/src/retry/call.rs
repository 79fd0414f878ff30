//! The engine of an annotated `async fn`: not generic, so that it is compiled once.

mod breaker;
mod ending;
mod running;

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;

use super::attempt::Attempt;
use super::attempting::{Attempting, Waiting};
use super::caller::{Driver, Unwinds};
use super::engine::{Engine, Judgement};
use super::nesting::{self, Inside};
use super::progress::{Allowed, Cut, Failure, Progress};
use super::site::Site;
use super::watch::Ended;
use crate::Error;
use crate::clock::{self, Instant};
use crate::observe::{self, Event};
use running::Running;

/// After a zero wait, every attempt of a number that this divides lets the task's neighbours run first.
const YIELD_EVERY: u32 = 32;

/// One call of an annotated `async fn`.
///
/// Opening it reads no clock, allocates nothing and takes no lock; the rest of its state is boxed
/// when the body first suspends or fails.
#[derive(Debug)]
pub struct Call<'s> {
    site: &'s Site,
    // Zero for a call whose protection is switched off.
    attempt: u32,
    cut: Option<Cut>,
    running: Option<Pin<Box<Running>>>,
}

#[derive(Debug)]
struct Failing {
    progress: Progress,
    wait: Duration,
    // When the wait ends; counted from the failure, so that `on_retry` spends none of `timeout` unseen.
    resume: Instant,
}

impl Call<'static> {
    /// Opens a call of an annotated function, with the settings that it has now.
    #[inline]
    pub fn new(site: &'static Site) -> Self {
        let (site, attempt) = site.open(Site::current);
        Self::opened(site, attempt)
    }
}

impl<'s> Call<'s> {
    /// Opens a call.
    #[inline]
    pub(crate) const fn of(site: &'s Site) -> Self {
        Self::opened(site, site.first_attempt())
    }

    const fn opened(site: &'s Site, attempt: u32) -> Self {
        Self {
            site,
            attempt,
            cut: None,
            running: None,
        }
    }

    /// Runs one attempt within its bounds.
    #[inline]
    pub const fn attempt<F, Kind>(&mut self, body: F) -> Attempting<'_, Self, F, Kind> {
        Attempting::new(self, body)
    }

    #[inline]
    fn enter_attempt(&self) -> Inside {
        let Some(running) = &self.running else {
            return nesting::enter_unstarted(self.site.within()).into();
        };
        if running.armed.0 == self.attempt {
            return nesting::enter(running.end).into();
        }
        // It has not suspended yet, so that its own bound still counts from later on.
        nesting::enter_within(running.end, self.site.within())
    }

    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        let running = self.running.as_ref();
        let started = running.map_or_else(clock::now, |running| running.started);
        let deadline = clock::later(started, self.site.policy().timeout());
        let failing = running.and_then(|running| running.failing.as_ref());
        Attempt {
            number: self.attempt.max(1),
            deadline,
            blocking: false,
            last_error: failing.and_then(|failing| failing.progress.last_error.clone()),
        }
    }

    /// Waits as the last judgement said. A zero wait touches no timer.
    #[inline]
    pub fn wait(&mut self) -> Waiting<'_, 's> {
        if self.arm_wait() {
            Waiting::for_timer(self)
        } else if self.attempt.is_multiple_of(YIELD_EVERY) {
            Waiting::for_turn(self)
        } else {
            Waiting::ready(self)
        }
    }

    /// The wait is over: the retry that was paid for starts, unless the deadline has passed, or a breaker
    /// has to be asked first.
    ///
    /// An `on_retry` takes what time it takes, and so may the runtime. An attempt that started past
    /// the deadline would be polled once and then cut off, with an unknown outcome.
    #[inline(never)]
    pub(super) fn woken(&mut self, starts: bool) {
        let Some(running) = &mut self.running else {
            return;
        };
        let running = running.as_mut().project();
        let now = clock::now();
        if now.saturating_duration_since(*running.started) >= self.site.policy().timeout() {
            self.cut = Some(Cut::Late);
        } else if starts && let Some(failing) = running.failing {
            failing.progress.start_retry(now);
        }
    }

    /// The error of a call whose deadline passed before the next attempt could start.
    #[cold]
    fn too_late(&mut self) -> Error {
        let (site, made) = (self.site, self.attempt.saturating_sub(1));
        let running = self.running.get_or_insert_with(|| Running::failed(site));
        let running = running.as_mut().project();
        let failing = Failing::of(running.failing, site, *running.started, *running.started);
        let elapsed = clock::now().saturating_duration_since(*running.started);
        failing.progress.timed_out(site, made, elapsed, Cut::Late)
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

    #[inline(never)]
    fn look_at_deadline(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        let (site, attempt) = (self.site, self.attempt);
        if attempt == 0 {
            return Poll::Pending;
        }
        let running = self
            .running
            .get_or_insert_with(|| Running::suspended(site, attempt));
        let mut running = running.as_mut().project();
        if running.armed.0 != attempt {
            let now = clock::now();
            let spent = now.saturating_duration_since(*running.started);
            let left = site.policy().timeout().saturating_sub(spent);
            let (at, cut) = running::attempt_end(site, left, now);
            running.timer.as_mut().arm(at);
            *running.armed = (attempt, cut);
            *running.end = at;
        }
        if running.timer.poll(cx).is_pending() {
            return Poll::Pending;
        }
        let cut = running.armed.1;
        self.cut = Some(cut);
        let failing = Failing::of(running.failing, site, *running.started, *running.started);
        let elapsed = clock::now().saturating_duration_since(*running.started);
        Poll::Ready(failing.progress.timed_out(site, attempt, elapsed, cut))
    }
}

/// A call that never left the happy path has nothing to give back, and sees so inline.
impl Drop for Call<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            running::put_by(running);
        }
    }
}

impl Failing {
    fn of<'a>(
        slot: &'a mut Option<Box<Self>>,
        site: &Site,
        started: Instant,
        now: Instant,
    ) -> &'a mut Self {
        slot.get_or_insert_with(|| {
            Box::new(Self {
                progress: Progress::new(site, Allowed::asynchronous(site, started, now)),
                wait: Duration::ZERO,
                resume: now,
            })
        })
    }
}

impl Driver for Call<'_> {
    type Inside = Inside;

    #[inline]
    fn admit(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if matches!(self.cut, Some(Cut::Late)) {
            return Poll::Ready(Err(self.too_late()));
        }
        Poll::Ready(Ok(()))
    }

    #[inline]
    fn enter(&self) -> Inside {
        self.enter_attempt()
    }

    #[inline]
    fn is_cut(&self) -> bool {
        matches!(self.cut, Some(Cut::AttemptTimeout | Cut::Timeout))
    }

    #[inline]
    fn suspended(&mut self, cx: &mut Context<'_>) -> Poll<Error> {
        self.look_at_deadline(cx)
    }
}

impl Unwinds for Call<'_> {
    #[inline]
    fn panicked(&mut self) {}
}

impl Engine for Call<'_> {
    #[inline]
    fn operation(&self) -> &'static str {
        self.site.operation()
    }

    #[inline]
    fn number(&self) -> u32 {
        self.attempt
    }

    #[inline]
    fn take_cut(&mut self) -> Option<Cut> {
        self.cut.take()
    }

    fn ended(&self) -> Ended {
        self.end()
    }

    #[inline]
    fn succeeded(&mut self) {
        match self.attempt {
            0 => {}
            1 => self.site.count_success(),
            _ => self.recovered(),
        }
    }

    #[inline(never)]
    fn failed(&mut self, failure: &Failure<'_>) -> Judgement {
        let site = self.site;
        // The first failure of a call that has not suspended starts its clock: one reading for both.
        let now = self.running.is_some().then(clock::now);
        let running = self.running.get_or_insert_with(|| Running::failed(site));
        let running = running.as_mut().project();
        let now = now.unwrap_or(*running.started);
        let elapsed = now.saturating_duration_since(*running.started);
        let failing = Failing::of(running.failing, site, *running.started, now);
        let allowed = Allowed::asynchronous(site, *running.started, now);
        failing.progress.allow(allowed);
        // Until the next attempt suspends, only the call's own deadline bounds what runs inside it.
        *running.end = clock::later(*running.started, site.policy().timeout());
        let judged = failing
            .progress
            .judge(self.site, self.attempt, now, elapsed, failure);
        if let Some(wait) = judged.goes_on() {
            failing.wait = wait;
            failing.resume = clock::later(now, wait);
            self.attempt = self.attempt.saturating_add(1);
        }
        Judgement(judged)
    }
}

impl Call<'_> {
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
