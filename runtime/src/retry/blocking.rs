//! The engine of an annotated plain `fn`.

use core::time::Duration;

use super::attempt::Attempt;
use super::caller::{Caller, Unwinds, Waits};
use super::engine::{Engine, Judgement};
use super::nesting::{self, BlockingGuard};
use super::progress::{Allowed, Cut, Failure, Progress};
use super::site::Site;
use super::watch::Ended;
use crate::breaker::RejectedCall;
use crate::clock::{self, Instant};
use crate::observe::{self, Event};

/// One call of an annotated plain `fn`. Its clock starts with the call; nothing pre-empts an attempt.
#[derive(Debug)]
pub struct BlockingCall<'s> {
    site: &'s Site,
    // Zero for a call whose protection is switched off.
    attempt: u32,
    cut: Option<Cut>,
    started: Instant,
    timeout: Duration,
    progress: Progress,
    // When the wait ends.
    resume: Instant,
}

impl BlockingCall<'static> {
    /// Opens a call of an annotated function, with the settings that it has now. Reads the clock.
    pub fn new(site: &'static Site) -> Self {
        Self::of(site.current_blocking())
    }
}

impl<'s> BlockingCall<'s> {
    /// Opens a call and reads the clock.
    pub(crate) fn of(site: &'s Site) -> Self {
        let started = clock::blocking_now();
        let allowed = Allowed::blocking(site, started);
        Self {
            site,
            attempt: site.first_attempt(),
            cut: None,
            started,
            timeout: allowed.timeout,
            progress: Progress::new(site, allowed),
            resume: started,
        }
    }

    /// Tells annotated calls inside the attempt when it ends, for as long as the guard lives.
    /// A call whose protection is switched off has no end of its own.
    pub fn enter(&self) -> Option<BlockingGuard> {
        let end = clock::later(self.started, self.timeout);
        (self.attempt > 0).then(|| nesting::enter_blocking(end))
    }

    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        Attempt {
            number: self.attempt.max(1),
            deadline: clock::later(self.started, self.timeout),
            blocking: true,
            last_error: self.progress.last_error.clone(),
        }
    }

    fn elapsed(&self) -> Duration {
        clock::blocking_now().saturating_duration_since(self.started)
    }

    /// Puts the thread to sleep as the last judgement said; false if the deadline has passed by then.
    pub fn wait(&mut self) -> bool {
        let in_time = self.sleep();
        if in_time {
            self.progress.start_retry(clock::blocking_now());
        }
        in_time
    }

    /// The same before an attempt that a breaker may refuse.
    pub(super) fn sleep(&mut self) -> bool {
        let left = self.resume.saturating_duration_since(clock::blocking_now());
        if !left.is_zero() {
            clock::blocking_sleep(left);
        }
        let elapsed = self.elapsed();
        let in_time = elapsed < self.timeout;
        if !in_time {
            let made = self.attempt.saturating_sub(1);
            self.progress.tell_late(self.site, made, elapsed);
        }
        in_time
    }
}

impl Unwinds for BlockingCall<'_> {
    fn panicked(&mut self) {}
}

impl Caller for BlockingCall<'_> {
    #[inline]
    fn is_plain(&self) -> bool {
        self.attempt == 0
    }

    #[inline]
    fn is_first(&self) -> bool {
        self.attempt == 1
    }

    /// Nothing ends an attempt, but nobody is expected to need longer.
    fn bound(&self) -> Duration {
        self.site.policy().timeout()
    }

    #[inline]
    fn is_retry(&self) -> bool {
        self.attempt > 1
    }

    fn start_retry(&mut self) {
        self.progress.start_late(self.site, clock::blocking_now());
    }

    fn put_off_retry(&mut self) {
        self.progress.put_off_retry();
    }

    #[cold]
    fn rejection(&mut self) -> RejectedCall {
        self.cut = Some(Cut::Rejected);
        let (attempts, elapsed) = (self.attempt.saturating_sub(1), self.elapsed());
        self.progress.rejection(self.site, attempts, elapsed)
    }
}

impl Waits for BlockingCall<'_> {
    #[inline]
    fn waits_when_open(&self) -> bool {
        self.site.waits_when_open()
    }

    fn wait_until(&mut self) -> Option<Instant> {
        self.site
            .waits_when_open()
            .then(|| clock::later(self.started, self.timeout))
    }

    fn spread(&self) -> Duration {
        self.site.policy().initial_wait()
    }
}

impl Engine for BlockingCall<'_> {
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

    #[inline(never)]
    fn failed(&mut self, failure: &Failure<'_>) -> Judgement {
        let now = clock::blocking_now();
        let elapsed = now.saturating_duration_since(self.started);
        let judged = self
            .progress
            .judge(self.site, self.attempt, now, elapsed, failure);
        if let Some(wait) = judged.goes_on() {
            // From the failure on, so that `on_retry` spends none of `timeout` unseen.
            self.resume = clock::later(self.started, elapsed.saturating_add(wait));
            self.attempt = self.attempt.saturating_add(1);
        }
        Judgement(judged)
    }

    fn ended(&self) -> Ended {
        if self.attempt == 0 {
            return Ended::switched_off();
        }
        self.progress.ended(self.elapsed())
    }

    #[inline]
    fn succeeded(&mut self) {
        match self.attempt {
            0 => {}
            1 => self.site.count_success(),
            _ => self.recovered(),
        }
    }
}

impl BlockingCall<'_> {
    #[inline(never)]
    fn recovered(&mut self) {
        observe::emit(&Event::Recovered {
            operation: self.site.operation(),
            trace_id: self.progress.trace_id(),
            attempts: self.attempt,
            elapsed: self.elapsed(),
        });
    }
}
