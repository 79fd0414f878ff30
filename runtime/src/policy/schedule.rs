//! The waits of a policy, laid out.

use core::fmt;
use core::iter::FusedIterator;
use core::time::Duration;

use super::{RetryPolicy, total};
use crate::backoff::Backoff;

/// Rows of the printed table, at most; a schedule that still grows after them is cut short.
const MAX_ROWS: usize = 24;

/// One wait of a [`Schedule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ScheduledWait {
    /// The retry that follows the wait, from 1.
    pub retry: u32,
    /// The shortest wait that jitter can make.
    pub min: Duration,
    /// The longest wait that jitter can make.
    pub max: Duration,
}

/// The waits of a policy in order, as [`RetryPolicy::schedule`] gives them.
///
/// An iterator; totals are those of the waits not yet taken. They count waits alone, and the waits that the numbers
/// of the policy allow: the call's `timeout` bounds attempts and waits together, so that later waits of a long
/// schedule never come about ([`certain_retries`](Self::certain_retries),
/// [`possible_retries`](Self::possible_retries)). A delay that a server asks for is not in it either.
///
/// `Display` prints a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    backoff: Backoff,
    timeout: Duration,
    /// The next retry. Above `last` when the schedule is exhausted, hence wider than the count.
    next: u64,
    last: u32,
}

impl Schedule {
    pub(super) fn new(policy: &RetryPolicy) -> Self {
        Self {
            backoff: *policy.backoff(),
            timeout: policy.timeout(),
            next: 1,
            last: policy.max_retries(),
        }
    }

    /// The sum of the shortest waits, saturating at `Duration::MAX`.
    ///
    /// Quick for any number of retries. Exact when no more than 256 waits differ, as for every schedule that reaches
    /// `max_wait` by then; beyond, within a nanosecond per wait and, with a fractional multiplier, one part in 10^9.
    pub fn min_total(&self) -> Duration {
        self.first().map_or(Duration::ZERO, |first| {
            total::shortest(&self.backoff, first, self.last)
        })
    }

    /// The sum of the longest waits, saturating at `Duration::MAX`; as exact as [`min_total`](Self::min_total).
    pub fn max_total(&self) -> Duration {
        self.first().map_or(Duration::ZERO, |first| {
            total::longest(&self.backoff, first, self.last)
        })
    }

    /// How many of the retries start within `timeout` even if every wait is the longest and attempts take no time.
    pub fn certain_retries(&self) -> u32 {
        self.fitting(total::longest)
    }

    /// How many of the retries start within `timeout` if every wait is the shortest and attempts take no time.
    pub fn possible_retries(&self) -> u32 {
        self.fitting(total::shortest)
    }

    fn first(&self) -> Option<u32> {
        u32::try_from(self.next)
            .ok()
            .filter(|first| *first <= self.last)
    }

    fn fitting(&self, total: fn(&Backoff, u32, u32) -> Duration) -> u32 {
        let Some(first) = self.first() else { return 0 };
        let (mut fits, mut beyond) = (u64::from(first) - 1, u64::from(self.last) + 1);
        while beyond - fits > 1 {
            let middle = fits.midpoint(beyond);
            let last = u32::try_from(middle).unwrap_or(u32::MAX);
            if total(&self.backoff, first, last) < self.timeout {
                fits = middle;
            } else {
                beyond = middle;
            }
        }
        u32::try_from(fits + 1 - u64::from(first)).unwrap_or(u32::MAX)
    }

    fn at(&self, retry: u32) -> ScheduledWait {
        let (min, max) = self.backoff.bounds(retry);
        ScheduledWait { retry, min, max }
    }
}

impl Iterator for Schedule {
    type Item = ScheduledWait;

    fn next(&mut self) -> Option<ScheduledWait> {
        self.nth(0)
    }

    fn nth(&mut self, n: usize) -> Option<ScheduledWait> {
        self.next = self
            .next
            .saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        let retry = self.first()?;
        self.next += 1;
        Some(self.at(retry))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (u64::from(self.last) + 1).saturating_sub(self.next);
        match usize::try_from(left) {
            Ok(left) => (left, Some(left)),
            Err(_) => (usize::MAX, None),
        }
    }

    fn count(self) -> usize {
        self.size_hint().0
    }

    fn last(self) -> Option<ScheduledWait> {
        self.first().map(|_| self.at(self.last))
    }
}

impl FusedIterator for Schedule {}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = Spread(self.min_total(), self.max_total());
        let mut rows = vec![("retry".to_owned(), "wait".to_owned())];
        rows.extend(self.rows());
        rows.push((
            "total".to_owned(),
            format!("{total}, within a timeout of {}", Seconds(self.timeout)),
        ));
        let width = rows.iter().map(|(retry, _)| retry.len()).max().unwrap_or(0);
        for (at, (retry, wait)) in rows.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(f, "{line}{retry:width$}  {wait}")?;
        }
        Ok(())
    }
}

impl Schedule {
    /// One row per wait; those that are all alike are one row, and so is what comes after `MAX_ROWS`.
    fn rows(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let mut left = self.clone();
        while let Some(retry) = left.first() {
            let (wait, end) = (self.at(retry), self.at(self.last));
            let alike = (wait.min, wait.max) == (end.min, end.max);
            let spread = Spread(end.min, end.max);
            if alike {
                rows.push((span(retry, self.last), spread.to_string()));
                break;
            }
            if rows.len() == MAX_ROWS {
                rows.push((span(retry, self.last), format!("growing to {spread}")));
                break;
            }
            rows.push((retry.to_string(), Spread(wait.min, wait.max).to_string()));
            left.next();
        }
        rows
    }
}

fn span(from: u32, to: u32) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from} to {to}")
    }
}

struct Spread(Duration, Duration);

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(min, max) = *self;
        if min == max {
            return Seconds(min).fmt(f);
        }
        write!(f, "{} to {}", Seconds(min), Seconds(max))
    }
}

/// As `Debug`, but no time at all is `0s`, not `0ns`.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_zero() {
            return f.write_str("0s");
        }
        write!(f, "{:?}", self.0)
    }
}
