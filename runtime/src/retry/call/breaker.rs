//! What a call says to a breaker round its attempts, and how it waits for one.

use core::task::{Context, Poll};
use core::time::Duration;

use super::{Call, Running};
use crate::breaker::RejectedCall;
use crate::clock::{self, Instant};
use crate::retry::caller::{Caller, Parks, Waits};
use crate::retry::progress::{Allowed, Cut};

impl Caller for Call<'_> {
    #[inline]
    fn is_plain(&self) -> bool {
        self.attempt == 0
    }

    #[inline]
    fn is_first(&self) -> bool {
        self.attempt == 1
    }

    fn bound(&self) -> Duration {
        let policy = self.site.policy();
        policy.attempt_timeout().unwrap_or(policy.timeout())
    }

    #[inline]
    fn is_retry(&self) -> bool {
        self.attempt > 1
    }

    #[cold]
    fn start_retry(&mut self) {
        let running = self
            .running
            .as_mut()
            .map(|running| running.as_mut().project());
        if let Some(failing) = running.and_then(|running| running.failing.as_mut()) {
            failing.progress.start_late(self.site, clock::now());
        }
    }

    #[cold]
    fn put_off_retry(&mut self) {
        let running = self
            .running
            .as_mut()
            .map(|running| running.as_mut().project());
        if let Some(failing) = running.and_then(|running| running.failing.as_mut()) {
            failing.progress.put_off_retry();
        }
    }

    #[cold]
    fn rejection(&mut self) -> RejectedCall {
        self.cut = Some(Cut::Rejected);
        let (site, attempts) = (self.site, self.attempt.saturating_sub(1));
        let Some(running) = &mut self.running else {
            return RejectedCall::at_once(site);
        };
        let running = running.as_mut().project();
        let elapsed = clock::now().saturating_duration_since(*running.started);
        match running.failing {
            Some(failing) => failing.progress.rejection(site, attempts, elapsed),
            None => RejectedCall {
                elapsed,
                ..RejectedCall::at_once(site)
            },
        }
    }
}

impl Waits for Call<'_> {
    #[inline]
    fn waits_when_open(&self) -> bool {
        self.site.waits_when_open()
    }

    fn wait_until(&mut self) -> Option<Instant> {
        if !self.site.waits_when_open() {
            return None;
        }
        let site = self.site;
        let running = self.running.get_or_insert_with(|| Running::failed(site));
        let started = *running.as_mut().project().started;
        let allowed = Allowed::asynchronous(site, started, clock::now());
        Some(clock::later(started, allowed.timeout))
    }

    fn spread(&self) -> Duration {
        self.site.policy().initial_wait()
    }
}

impl Parks for Call<'_> {
    fn arm(&mut self, at: Instant) {
        if let Some(running) = &mut self.running {
            running.as_mut().project().timer.arm(at);
        }
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Call::poll_timer(self, cx)
    }
}
