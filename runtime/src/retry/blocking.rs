//! The engine of an annotated plain `fn`.

use core::time::Duration;

use super::attempt::Attempt;
use super::nesting::{self, Inside};
use super::progress::{Allowed, Cut, Engine, Failure, Judgement, Progress};
use super::site::Site;
use crate::clock::{self, Instant};
use crate::observe::{self, Event};

/// One call of an annotated plain `fn`. Its clock starts with the call; nothing pre-empts an attempt.
#[derive(Debug)]
pub struct BlockingCall {
    site: &'static Site,
    attempt: u32,
    started: Instant,
    timeout: Duration,
    progress: Progress,
    // When the wait ends.
    resume: Instant,
}

impl BlockingCall {
    /// Opens a call and reads the clock.
    pub fn new(site: &'static Site) -> Self {
        let started = clock::blocking_now();
        let allowed = Allowed::blocking(site, started);
        Self {
            site,
            attempt: 1,
            started,
            timeout: allowed.timeout,
            progress: Progress::new(site, allowed),
            resume: started,
        }
    }

    /// Tells annotated calls inside the attempt when it ends, for as long as the guard lives.
    pub fn enter(&self) -> Inside {
        nesting::enter(clock::later(self.started, self.timeout)).into()
    }

    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        Attempt {
            number: self.attempt,
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
        let left = self.resume.saturating_duration_since(clock::blocking_now());
        if !left.is_zero() {
            clock::blocking_sleep(left);
        }
        let now = clock::blocking_now();
        let elapsed = now.saturating_duration_since(self.started);
        let in_time = elapsed < self.timeout;
        if in_time {
            self.progress.start_retry(now);
        } else {
            let made = self.attempt.saturating_sub(1);
            self.progress.tell_late(self.site, made, elapsed);
        }
        in_time
    }
}

impl Engine for BlockingCall {
    #[inline]
    fn position(&self) -> (&'static Site, u32) {
        (self.site, self.attempt)
    }

    #[inline]
    fn take_cut(&mut self) -> Option<Cut> {
        None
    }

    #[inline(never)]
    fn failed(&mut self, failure: &Failure<'_>) -> Judgement {
        let now = clock::blocking_now();
        let elapsed = now.saturating_duration_since(self.started);
        let judged = self
            .progress
            .judge(self.site, self.attempt, now, elapsed, failure);
        if let Ok(wait) = judged.next {
            // From the failure on, so that `on_retry` spends none of `timeout` unseen.
            self.resume = clock::later(self.started, elapsed.saturating_add(wait));
            self.attempt = self.attempt.saturating_add(1);
        }
        Judgement(judged)
    }

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
