//! What a call remembers once it has left the happy path, and the judging of a failed attempt.

use core::fmt;
use core::time::Duration;

use super::attempt::Judged;
use super::decide::{Decision, StopReason, decide};
use super::nesting;
use super::site::Site;
use super::watch::Ended;
use crate::backoff::WaitSequence;
use crate::breaker::{Refused, RejectedCall};
use crate::budget::Withdrawal;
use crate::clock::Instant;
use crate::error::{Bound, TimedOut, TimedOutParts};
use crate::halt::Reason;
use crate::observe::{self, ErrorText, Event, Failed, Fields, Told};
use crate::redact::SafeText;
use crate::{Budget, Error, TraceId, Verdict, random};

/// A failed attempt, with the error's type already erased.
pub struct Failure<'a> {
    pub(crate) verdict: Verdict,
    pub(crate) cut: Option<Cut>,
    pub(crate) error_type: &'static str,
    pub(crate) error: &'a dyn fmt::Display,
    pub(crate) fields: &'a Fields,
    /// What the breaker would say to another attempt, if that is no.
    pub(crate) refused: Option<Refused>,
}

impl fmt::Debug for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("verdict", &self.verdict)
            .field("error_type", &self.error_type)
            .finish_non_exhaustive()
    }
}

/// Why an attempt has no error of the body's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// `attempt_timeout` ended it.
    AttemptTimeout,
    /// The call's deadline ended it.
    Timeout,
    /// The call's deadline had passed before it could start.
    Late,
    /// A breaker refused it, or its settings are in conflict.
    Rejected,
}

impl Cut {
    const fn text(self) -> &'static str {
        match self {
            Self::AttemptTimeout => "no answer within `attempt_timeout`",
            Self::Timeout => "no answer within `timeout`",
            Self::Late => "the deadline passed before the attempt could start",
            Self::Rejected => "the circuit breaker let no attempt pass",
        }
    }
}

/// How late tokio's timer may be: it counts in milliseconds and rounds up twice.
const TIMER_RESOLUTION: Duration = Duration::from_millis(2);

/// What a call has in all, from the start of its clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowed {
    pub(crate) timeout: Duration,
    /// Whether it runs inside an attempt of another annotated call.
    pub(crate) inside_another: bool,
    /// By how much a wait may overrun.
    resolution: Duration,
}

impl Allowed {
    /// For a call whose waits tokio's timer ends, as it stands at the failure of `now`: a future may
    /// be polled inside one call's attempt today and by somebody else tomorrow.
    pub(crate) fn asynchronous(site: &Site, started: Instant, now: Instant) -> Self {
        Self::new(site, started, now, TIMER_RESOLUTION)
    }

    /// For a call whose waits are sleeps of the thread, which stays where it is.
    pub(crate) fn blocking(site: &Site, started: Instant) -> Self {
        Self::new(site, started, started, Duration::ZERO)
    }

    /// The policy's `timeout`, or what the attempts around leave of it.
    fn new(site: &Site, started: Instant, now: Instant, resolution: Duration) -> Self {
        let own = site.policy().timeout();
        let outer = nesting::outer_deadline_at(now);
        Self {
            timeout: outer.map_or(own, |outer| {
                own.min(outer.saturating_duration_since(started))
            }),
            inside_another: outer.is_some(),
            resolution,
        }
    }
}

/// The state of a call that has failed, or been cut off, at least once.
pub(crate) struct Progress {
    allowed: Allowed,
    previous: Duration,
    sequence: Option<Box<dyn WaitSequence + Send>>,
    trace_id: Option<TraceId>,
    pub(crate) last_error: Option<SafeText>,
    last_verdict: Verdict,
    error_type: &'static str,
    // Attempts that were started, and why there was no other, as of the last judgement.
    made: u32,
    stopped: Option<StopReason>,
    // Paid for and asleep; dropped with a call that is cancelled, which gives it back.
    withdrawal: Option<Withdrawal>,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("previous", &self.previous)
            .finish_non_exhaustive()
    }
}

impl Progress {
    pub(crate) fn new(site: &Site, allowed: Allowed) -> Self {
        Self {
            allowed,
            previous: site.policy().initial_wait(),
            sequence: None,
            trace_id: None,
            last_error: None,
            last_verdict: Verdict::Transient,
            error_type: "",
            made: 0,
            stopped: None,
            withdrawal: None,
        }
    }

    /// Takes over what the call is allowed now.
    pub(crate) const fn allow(&mut self, allowed: Allowed) {
        self.allowed = allowed;
    }

    pub(crate) fn trace_id(&mut self) -> TraceId {
        *self
            .trace_id
            .get_or_insert_with(|| TraceId::from_random(random::bits()))
    }

    /// Judges attempt number `attempt`, tells the event, and keeps what the next attempt may ask for.
    pub(crate) fn judge(
        &mut self,
        site: &Site,
        attempt: u32,
        now: Instant,
        elapsed: Duration,
        failure: &Failure<'_>,
    ) -> Judged {
        if self.allowed.inside_another && site.first_time_inside_another() {
            observe::emit(&Event::InsideAnother {
                operation: site.operation(),
                place: site.place(),
                trace_id: self.trace_id(),
                time_allowed: self.allowed.timeout,
            });
        }
        let budget = site.budget();
        if let (1, Some(budget)) = (attempt, &budget) {
            // A call counts once, whatever becomes of it; the clock has been read for the failure.
            budget.deposit_at(now);
        }
        let next = self
            .next(site, attempt, elapsed, failure)
            .and_then(|wait| self.pay(budget, now).map(|()| wait));
        let judged = Judged {
            trace_id: self.trace_id(),
            timeout: self.allowed.timeout,
            elapsed,
            verdict: failure.verdict,
            next,
        };
        let text = match failure.cut {
            Some(cut) => ErrorText::known(cut.text().into()),
            None => ErrorText::of(failure.error),
        };
        observe::emit(&Event::Failed(&Failed {
            told: Told::new(site, &judged, attempt),
            judged: &judged,
            time_left: self.allowed.timeout.saturating_sub(elapsed),
            error_type: failure.error_type,
            error: &text,
            fields: failure.fields,
            refused: match next {
                Err(StopReason::BreakerOpen) => failure.refused.as_ref(),
                _ => None,
            },
        }));
        // Of a call's last failure nobody asks for the text again.
        self.last_error = judged.goes_on().map(|_| text.into_text());
        self.last_verdict = failure.verdict;
        self.error_type = failure.error_type;
        // One that came too late was never started.
        self.made = attempt.saturating_sub(u32::from(failure.cut == Some(Cut::Late)));
        self.stopped = next.err();
        judged
    }

    /// How the call came to its end. One that was to go on and did not was refused by a breaker.
    pub(crate) fn ended(&self, elapsed: Duration) -> Ended {
        Ended {
            attempts: self.made,
            elapsed,
            // Of a call that was rejected before its first attempt only the error tells it.
            trace_id: self.trace_id.filter(|_| self.made > 0),
            reason: self.stopped.map_or(Reason::Rejected, Reason::from),
        }
    }

    /// Tells that the deadline passed during the wait behind attempt number `attempt`.
    pub(crate) fn tell_late(&mut self, site: &Site, attempt: u32, elapsed: Duration) {
        self.stopped = Some(StopReason::Timeout);
        let judged = Judged {
            trace_id: self.trace_id(),
            timeout: self.allowed.timeout,
            elapsed,
            verdict: self.last_verdict,
            next: Err(StopReason::Timeout),
        };
        let known = self.last_error.clone();
        let known = known.unwrap_or_else(|| "the deadline passed during the wait".into());
        observe::emit(&Event::Failed(&Failed {
            told: Told::new(site, &judged, attempt),
            judged: &judged,
            time_left: Duration::ZERO,
            error_type: self.error_type,
            error: &ErrorText::known(known),
            fields: &Fields::new(),
            refused: None,
        }));
    }

    /// What a call says of itself that a breaker stops behind attempt number `attempts`.
    pub(crate) fn rejection(
        &mut self,
        site: &Site,
        attempts: u32,
        elapsed: Duration,
    ) -> RejectedCall {
        RejectedCall {
            operation: Some(site.operation()),
            place: Some(site.place()),
            attempts,
            elapsed,
            trace_id: self.trace_id(),
            last_error: self.last_error.clone(),
            is_news: true,
            has_waited: false,
        }
    }

    fn next(
        &mut self,
        site: &Site,
        attempt: u32,
        elapsed: Duration,
        failure: &Failure<'_>,
    ) -> Result<Duration, StopReason> {
        if matches!(failure.cut, Some(Cut::Timeout | Cut::Late)) {
            return Err(StopReason::Timeout);
        }
        let throttled = matches!(failure.verdict, Verdict::Throttled(Some(_)));
        let (policy, bounds) = (
            site.policy(),
            (self.allowed.timeout, self.allowed.resolution),
        );
        let decision = decide(policy, bounds, attempt, elapsed, failure.verdict, || {
            self.computed(site, attempt, throttled)
        });
        match decision {
            Decision::Wait(wait) if self.is_refused(site, failure, elapsed, wait) => {
                Err(StopReason::BreakerOpen)
            }
            Decision::Wait(wait) => Ok(wait),
            Decision::Stop(reason) => Err(reason),
        }
    }

    /// Whether a breaker is sure to refuse the attempt that would follow after `wait`, or to keep a call that waits for
    /// it until its deadline: then there is nothing to wait for, and nothing to pay.
    fn is_refused(
        &self,
        site: &Site,
        failure: &Failure<'_>,
        elapsed: Duration,
        wait: Duration,
    ) -> bool {
        let Some(refused) = &failure.refused else {
            return false;
        };
        match refused.refusal.retry_in {
            Some(retry_in) if site.waits_when_open() => {
                elapsed.saturating_add(retry_in) >= self.allowed.timeout
            }
            Some(retry_in) => retry_in > wait,
            None => !site.waits_when_open(),
        }
    }

    /// Pays for the retry, where there is a budget.
    fn pay(&mut self, budget: Option<Budget>, now: Instant) -> Result<(), StopReason> {
        if let Some(budget) = budget {
            self.withdrawal = Some(budget.withdraw(now).ok_or(StopReason::Budget)?);
        }
        Ok(())
    }

    /// The wait is over and the next attempt starts.
    pub(crate) fn start_retry(&mut self, now: Instant) {
        if let Some(withdrawal) = self.withdrawal.take() {
            withdrawal.start(now);
        }
    }

    /// The same of a retry that a breaker had to let pass first. One that has waited for it is paid for now; where the
    /// budget is empty by then it goes all the same, because the breaker has chosen it.
    pub(crate) fn start_late(&mut self, site: &Site, now: Instant) {
        match self.withdrawal.take() {
            Some(withdrawal) => withdrawal.start(now),
            None => {
                if let Some(budget) = site.budget() {
                    let _ = budget.try_withdraw(now);
                }
            }
        }
    }

    /// The next attempt waits for a breaker, for nobody knows how long.
    pub(crate) fn put_off_retry(&mut self) {
        self.withdrawal = None;
    }

    /// The strategy's wait before retry number `retry`; after a server's delay only a jittered
    /// `initial_wait`, which spreads the callers that the same delay sent away.
    fn computed(&mut self, site: &Site, retry: u32, throttled: bool) -> Option<Duration> {
        let backoff = site.policy().backoff();
        let draw = random::draw();
        if throttled {
            return Some(backoff.wait(1, backoff.initial_wait(), draw));
        }
        let Some(make) = site.sequence() else {
            self.previous = backoff.wait(retry, self.previous, draw);
            return Some(self.previous);
        };
        let term = self.sequence.get_or_insert_with(make).next_wait(retry)?;
        Some(backoff.shape(term, draw))
    }

    /// The error of an attempt that a deadline cut off.
    pub(crate) fn timed_out(
        &mut self,
        site: &Site,
        attempts: u32,
        elapsed: Duration,
        cut: Cut,
    ) -> Error {
        let (bound, limit) = match (cut, site.policy().attempt_timeout()) {
            (Cut::AttemptTimeout, Some(limit)) => (Bound::AttemptTimeout, limit),
            _ => (Bound::Timeout, site.policy().timeout()),
        };
        Error::TimedOut(TimedOut::new(TimedOutParts {
            operation: site.operation(),
            bound,
            limit,
            in_flight: cut != Cut::Late,
            attempts,
            elapsed,
            trace_id: self.trace_id(),
            last_error: self.last_error.clone(),
        }))
    }
}
