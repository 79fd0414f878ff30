//! How long to wait for an answer that stands behind others.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// Longer than anybody waits.
pub(crate) const FAR: Duration = Duration::from_secs(86_400);

/// What one connection has been asked, in the order in which the server answers.
///
/// The server does one thing after the other. What stands behind another waits for that first, which says nothing about the
/// health of the connection; so the time of each runs from when it was sent or from the last answer to anybody, whichever is
/// later. An answer that nobody waits for any more is not seen: those behind it wait for twice as long. They wait no longer than
/// that, however many there are: a frozen connection collects callers that went away, and must be let go all the same.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<Queue>);

#[derive(Debug, Default)]
struct Queue {
    /// How many were asked.
    asked: u64,
    /// When the last answer was seen.
    heard: Option<Instant>,
    /// Which are without an answer because nobody waits for it, in order.
    given_up: VecDeque<u64>,
}

impl Queue {
    /// Whether any stands before this one that nobody waits for.
    fn is_behind_given_up(&self, number: u64) -> bool {
        self.given_up.front().is_some_and(|&first| first < number)
    }

    /// The server has come to this one, and is done with all before it.
    fn answered(&mut self, number: u64) {
        self.heard = Some(now());
        let done = self.given_up.partition_point(|&other| other < number);
        self.given_up.drain(..done);
    }
}

/// The place of one that waits. Whoever leaves it before the answer is there gives it up.
struct Place<'a> {
    turns: &'a Turns,
    number: u64,
    sent: Instant,
    is_over: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            let mut queue = self.turns.queue();
            let at = queue.given_up.partition_point(|&other| other < self.number);
            queue.given_up.insert(at, self.number);
        }
    }
}

impl Turns {
    /// The answer, or none if the connection was silent for too long: for `limit` since this was sent or since the last
    /// answer to anybody, and for `limit` more if any stands before it that nobody waits for.
    ///
    /// # Cancellation
    /// Dropped, it is taken for one that the server still has to do.
    pub(crate) async fn wait<T>(
        &self,
        limit: Duration,
        answer: impl Future<Output = T>,
    ) -> Option<T> {
        let mut place = self.join();
        let mut answer = pin!(answer);
        let mut until = self.until(&place, limit);
        loop {
            if let Ok(value) = timeout_at(until, answer.as_mut()).await {
                place.is_over = true;
                self.queue().answered(place.number);
                return Some(value);
            }
            let later = self.until(&place, limit);
            if later <= until {
                return None;
            }
            until = later;
        }
    }

    fn join(&self) -> Place<'_> {
        let mut queue = self.queue();
        queue.asked += 1;
        Place {
            turns: self,
            number: queue.asked,
            sent: now(),
            is_over: false,
        }
    }

    /// When the patience of this one ends, if there is no other answer until then.
    fn until(&self, place: &Place<'_>, limit: Duration) -> Instant {
        let queue = self.queue();
        let since = queue
            .heard
            .map_or(place.sent, |heard| heard.max(place.sent));
        let turns = 1 + u32::from(queue.is_behind_given_up(place.number));
        at(since, limit.saturating_mul(turns))
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// tokio's clock, which tests can pause.
#[allow(clippy::disallowed_methods)] // the one place of this example that reads a clock
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// So much later, or a day later at most.
pub(crate) fn at(since: Instant, later: Duration) -> Instant {
    since.checked_add(later.min(FAR)).unwrap_or(since)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::{Turns, now};

    const LIMIT: Duration = Duration::from_millis(1500);

    /// An answer that is there so many milliseconds from now.
    async fn after(millis: u64) -> u64 {
        sleep(Duration::from_millis(millis)).await;
        millis
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_stand_behind_others_wait_for_them() {
        let turns = Turns::default();
        let wait = |millis| turns.wait(LIMIT, after(millis));
        // 0.8 s each, one after the other.
        let answers = tokio::join!(wait(800), wait(1600), wait(2400), wait(3200));
        assert_eq!(answers, (Some(800), Some(1600), Some(2400), Some(3200)));
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_measured_from_the_last_answer() {
        let turns = Turns::default();
        let start = now();
        let (first, hung) = tokio::join!(
            turns.wait(LIMIT, after(700)),
            turns.wait(LIMIT, std::future::pending::<u64>())
        );
        assert_eq!((first, hung), (Some(700), None));
        let waited = (now() - start).as_millis();
        // tokio's timer has a millisecond's grain.
        assert!((2200..=2202).contains(&waited), "{waited}");
        let start = now();
        let hung = turns.wait(LIMIT, std::future::pending::<u64>()).await;
        assert_eq!(hung, None);
        // The one before was given up, and may still be done.
        let waited = (now() - start).as_millis();
        assert!((3000..=3002).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_nobody_waits_for_still_takes_its_time() {
        let turns = Turns::default();
        let brief = Duration::from_millis(10);
        assert!(
            timeout(brief, turns.wait(LIMIT, after(1400)))
                .await
                .is_err()
        );
        // The answers to both, 1.4 s each.
        assert_eq!(turns.wait(LIMIT, after(2790)).await, Some(2790));
        // With its answer the one before is done as well.
        let late = turns.wait(LIMIT, after(1600)).await;
        assert_eq!(late, None);
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_went_away_silence_ends_the_wait() {
        let turns = Turns::default();
        let second = Duration::from_secs(1);
        let hung = || turns.wait(LIMIT, std::future::pending::<u64>());
        for _ in 0..6 {
            assert!(timeout(second, hung()).await.is_err());
        }
        let start = now();
        assert_eq!(hung().await, None);
        let waited = (now() - start).as_millis();
        assert!((3000..=3002).contains(&waited), "{waited}");
    }
}
