//! The engine of an annotated plain `fn`.

use core::time::Duration;

use super::attempt::Attempt;
use super::progress::{Engine, Failure, Judgement, Progress};
use super::site::Site;
use crate::clock::{self, Instant};
use crate::error::Bound;
use crate::observe::{self, Event};

/// One call of an annotated plain `fn`. Its clock starts with the call; nothing pre-empts an attempt.
#[derive(Debug)]
pub struct BlockingCall {
    site: &'static Site,
    attempt: u32,
    started: Instant,
    progress: Progress,
    wait: Duration,
}

impl BlockingCall {
    /// Opens a call and reads the clock.
    pub fn new(site: &'static Site) -> Self {
        Self {
            site,
            attempt: 1,
            started: clock::blocking_now(),
            progress: Progress::new(site),
            wait: Duration::ZERO,
        }
    }

    /// The context that `attempt = name` binds.
    pub fn context(&self) -> Attempt {
        let timeout = self.site.policy().timeout();
        Attempt {
            number: self.attempt,
            timeout,
            deadline: Some(clock::later(self.started, timeout)),
            blocking: true,
            last_error: self.progress.last_error.clone(),
        }
    }

    fn elapsed(&self) -> Duration {
        clock::blocking_now().saturating_duration_since(self.started)
    }

    /// Puts the thread to sleep as the last judgement said.
    pub fn wait(&mut self) {
        if !self.wait.is_zero() {
            clock::blocking_sleep(self.wait);
        }
    }
}

impl Engine for BlockingCall {
    #[inline]
    fn position(&self) -> (&'static Site, u32) {
        (self.site, self.attempt)
    }

    #[inline]
    fn take_preempted(&mut self) -> Option<Bound> {
        None
    }

    #[inline(never)]
    fn failed(&mut self, failure: &Failure<'_>) -> Judgement {
        let elapsed = self.elapsed();
        let judged = self
            .progress
            .judge(self.site, self.attempt, elapsed, failure);
        if let Ok(wait) = judged.next {
            self.wait = wait;
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
