//! Which request meets which step.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::time::{Duration, SystemTime};

use http::{Method, StatusCode};

use crate::retry_after::RetryAfter;
use crate::step::{Answer, Step};

/// What the server does with the requests, in the order in which they arrive.
///
/// A request meets the first outage that it falls into; else the first step that is left and that matches it, which is
/// thereby used up; else nothing. When all steps are used up and all outages over, the server is healthy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
    outages: Vec<Outage>,
    date: Option<SystemTime>,
}

/// A period in which every request that matches meets the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Outage {
    period: Period,
    step: Step,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Period {
    /// By number, from 0, as they arrive.
    Requests(Range<usize>),
    /// Since the plan was set, on tokio's clock.
    Time(Range<Duration>),
}

impl Plan {
    /// No faults.
    pub fn healthy() -> Self {
        Self::default()
    }

    /// These steps, then healthy.
    pub fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        Self::healthy().then(steps)
    }

    /// So many steps, drawn from [`Step::catalogue`]; the same seed gives the same plan. It has hangs, and bodies without
    /// an end: clients need a bound for each attempt, and one for what they read.
    pub fn seeded(seed: u64, steps: usize) -> Self {
        Self::drawn(seed, steps, &Step::catalogue())
    }

    /// So many steps, drawn from those given; none if none are given.
    pub fn drawn(seed: u64, steps: usize, from: &[Step]) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        Self::of((0..steps).filter_map(|_| random.choice(from)).cloned())
    }

    /// These steps after those that are there.
    #[must_use]
    pub fn then(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// An outage by requests: those of these numbers meet the step, if it matches them. The first request is number 0;
    /// all that arrive are counted, since the plan was set.
    #[must_use]
    pub fn outage_of_requests(self, which: Range<usize>, step: Step) -> Self {
        self.outage(Period::Requests(which), step)
    }

    /// An outage by time: requests whose head arrives within it meet the step, if it matches them. Counted since the plan
    /// was set, on tokio's clock; the end is not within it.
    #[must_use]
    pub fn outage_between(self, when: Range<Duration>, step: Step) -> Self {
        self.outage(Period::Time(when), step)
    }

    fn outage(mut self, period: Period, step: Step) -> Self {
        self.outages.push(Outage { period, step });
        self
    }

    /// What the server's calendar shows when it is started with this plan, in place of the machine's: a clock that is
    /// wrong, or one that is the same in every run. It goes on with tokio's clock.
    #[must_use]
    pub fn with_date(mut self, start: SystemTime) -> Self {
        self.date = Some(start);
        self
    }

    /// The steps that are left, without the outages.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(crate) fn date(&self) -> Option<SystemTime> {
        self.date
    }

    /// What this request meets. A step of the list is used up, an outage is not.
    pub(crate) fn meet(
        &mut self,
        number: usize,
        at: Duration,
        method: &Method,
        path: &str,
    ) -> Option<Step> {
        let holds = |outage: &&Outage| {
            outage.period.contains(number, at) && outage.step.matches(method, path)
        };
        if let Some(outage) = self.outages.iter().find(holds) {
            return Some(outage.step.clone());
        }
        let place = self
            .steps
            .iter()
            .position(|step| step.matches(method, path))?;
        Some(self.steps.remove(place))
    }
}

impl Period {
    fn contains(&self, number: usize, at: Duration) -> bool {
        match self {
            Self::Requests(which) => which.contains(&number),
            Self::Time(when) => when.contains(&at),
        }
    }
}

impl Step {
    /// One of each fault, and more of those that are frequent: what [`Plan::seeded`] draws from. None takes longer than two
    /// seconds by itself, but for the hangs and the bodies that do not end.
    pub fn catalogue() -> Vec<Self> {
        let throttled = [
            RetryAfter::Seconds(1),
            RetryAfter::Millis(250),
            RetryAfter::ImfFixdate(Duration::from_secs(2)),
            RetryAfter::Rfc850(Duration::from_secs(2)),
            RetryAfter::Asctime(Duration::from_secs(2)),
        ];
        let overloaded = StatusCode::from_u16(529).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        let unavailable = Answer::status(StatusCode::SERVICE_UNAVAILABLE);
        let statuses = [
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::INTERNAL_SERVER_ERROR,
            StatusCode::BAD_GATEWAY,
            StatusCode::SERVICE_UNAVAILABLE,
            StatusCode::GATEWAY_TIMEOUT,
            overloaded,
        ];
        let others = [
            Self::answer(unavailable.with_retry_after(RetryAfter::Seconds(1))),
            Self::status(StatusCode::INTERNAL_SERVER_ERROR).after_work(),
            Self::slow_headers(Duration::from_millis(1500)),
            Self::slow_body(Duration::from_millis(1500)),
            Self::reset_unread(),
            Self::reset(),
            Self::reset().after_work(),
            Self::truncated_json(),
            Self::truncated_transfer(),
            Self::garbage(),
            Self::redirect_loop(),
            Self::wrong_content_type(),
            Self::long_body(1 << 30),
            Self::endless_body(),
            Self::hang(),
            Self::hang().after_work(),
        ];
        let throttled = throttled
            .into_iter()
            .chain(RetryAfter::absurd())
            .map(Self::retry_after);
        throttled
            .chain(statuses.map(Self::status))
            .chain(others)
            .collect()
    }
}
