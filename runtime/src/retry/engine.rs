//! What the expansion drives: how an attempt is settled, whatever engine made it.

use core::ops::ControlFlow;
use core::time::Duration;

use super::attempt::{Judged, Retry};
use super::caller::{Unwinding, Unwinds};
use super::decide::StopReason;
use super::outcome::{Outcome, Tells};
use super::progress::{Cut, Failure};
use super::watch::Ended;
use crate::Verdict;
use crate::breaker::{self, Refused};
use crate::observe::Fields;

/// What was found of a failed attempt.
#[derive(Debug, Clone, Copy)]
pub struct Assessed {
    verdict: Verdict,
    outcome: Option<breaker::Outcome>,
}

impl Assessed {
    /// A verdict, and what the attempt is for the breaker where that does not follow from it.
    #[inline]
    pub(crate) const fn new(verdict: Verdict, outcome: Option<breaker::Outcome>) -> Self {
        Self { verdict, outcome }
    }
}

impl From<Verdict> for Assessed {
    #[inline]
    fn from(verdict: Verdict) -> Self {
        Self::new(verdict, None)
    }
}

/// What the expansion drives: the asynchronous and the blocking call settle attempts alike, with
/// and without a breaker.
pub trait Engine: Unwinds + Sized {
    /// The operation's name.
    fn operation(&self) -> &'static str;

    /// The number of the attempt that is running; zero where protection is switched off.
    fn number(&self) -> u32;

    /// What cut the attempt off, once.
    fn take_cut(&mut self) -> Option<Cut>;

    /// Tells a breaker what became of the attempt; gives what it would say to the next one, if that is no.
    #[inline]
    fn answered(&mut self, _: breaker::Outcome) -> Option<Refused> {
        None
    }

    /// Judges a failure; moves on to the next attempt if there is one.
    fn failed(&mut self, failure: &Failure<'_>) -> Judgement;

    /// How a call that has failed came to its end.
    fn ended(&self) -> Ended;

    /// The attempt has succeeded: counts the call, or tells that it has recovered.
    fn succeeded(&mut self);

    /// Settles an attempt that has succeeded; false of one that has not.
    #[inline]
    fn passed<R: Outcome>(&mut self, out: &R) -> bool {
        let has_succeeded = out.error().is_none();
        if has_succeeded {
            self.succeeded();
        }
        has_succeeded
    }

    /// Settles an attempt that has not [`passed`](Self::passed): `Break` where `out` is the call's outcome, `Continue`
    /// where the next attempt follows after the wait.
    #[inline]
    fn settle<R, Kind, A: Into<Assessed>>(
        &mut self,
        out: &R,
        verdict: impl FnOnce(&R::Error, bool) -> A,
        fields: impl FnOnce(&mut Fields),
        hook: impl FnOnce(&Retry<'_, R::Error>),
    ) -> ControlFlow<()>
    where
        R: Outcome,
        R::Error: Tells<Kind>,
    {
        match out.error() {
            Some(error) => self.settle_failure::<R, Kind, A>(error, verdict, fields, hook),
            None => ControlFlow::Break(()),
        }
    }

    /// What [`settle`](Self::settle) does, kept out of the caller's code.
    #[cold]
    #[inline(never)]
    fn settle_failure<R, Kind, A: Into<Assessed>>(
        &mut self,
        error: &R::Error,
        verdict: impl FnOnce(&R::Error, bool) -> A,
        fields: impl FnOnce(&mut Fields),
        hook: impl FnOnce(&Retry<'_, R::Error>),
    ) -> ControlFlow<()>
    where
        R: Outcome,
        R::Error: Tells<Kind>,
    {
        let (attempt, cut) = (self.number(), self.take_cut());
        if attempt == 0 || cut == Some(Cut::Rejected) {
            return ControlFlow::Break(());
        }
        let mut recorded = Fields::new();
        // A panic in here is the function's own, and for a breaker a failure as one in the body is.
        let unwinding = Unwinding::watch(self);
        fields(&mut recorded);
        let Assessed { verdict, outcome } = verdict(error, cut.is_some()).into();
        unwinding.disarm();
        let failure = Failure {
            verdict,
            cut,
            error_type: core::any::type_name::<R::Error>(),
            error: error.text(),
            fields: &recorded,
            refused: self.answered(for_breaker(verdict, outcome, cut)),
        };
        let Judgement(judged) = self.failed(&failure);
        match judged.next {
            Ok(wait) => {
                hook(&judged.retry(self.operation(), attempt, wait, error));
                ControlFlow::Continue(())
            }
            // The next attempt is the one that the breaker refuses.
            Err(StopReason::BreakerOpen) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

/// What a failed attempt is for a breaker; our own time-out is a failure, whoever else decides.
fn for_breaker(
    verdict: Verdict,
    outcome: Option<breaker::Outcome>,
    cut: Option<Cut>,
) -> breaker::Outcome {
    match cut {
        Some(_) => breaker::Outcome::Failure,
        None => outcome.unwrap_or_else(|| verdict.into()),
    }
}

/// The judgement of a failure, opaque to the expansion.
#[derive(Debug)]
pub struct Judgement(pub(crate) Judged);

impl Judgement {
    /// The refusal that ended the call, if one did.
    pub(crate) fn refused<'a>(&self, failure: &'a Failure<'_>) -> Option<&'a Refused> {
        match self.0.next {
            Err(StopReason::BreakerOpen) => failure.refused.as_ref(),
            _ => None,
        }
    }
}

impl Judged {
    /// The wait, if the call goes on to another attempt, be it to be refused at once.
    pub(crate) fn goes_on(&self) -> Option<Duration> {
        match self.next {
            Ok(wait) => Some(wait),
            Err(StopReason::BreakerOpen) => Some(Duration::ZERO),
            Err(_) => None,
        }
    }

    fn retry<'a, E>(
        &self,
        operation: &'static str,
        attempt: u32,
        wait: Duration,
        error: &'a E,
    ) -> Retry<'a, E> {
        let spent = self.elapsed.saturating_add(wait);
        Retry {
            operation,
            trace_id: self.trace_id,
            attempt,
            verdict: self.verdict,
            wait,
            elapsed: self.elapsed,
            time_left: self.timeout.saturating_sub(spent),
            error,
        }
    }
}
