//! What results do.

use core::time::Duration;

use super::kept::{Kept, Wake};
use super::permit::Pass;
use super::ticks::{Now, age, ticks};
use super::window::Entry;
use super::within;
use super::word::{self, Word};
use super::{Cause, Core, Outcome, State, rules};
use crate::sync::lock;

impl Core {
    /// Everything but a success that changes nothing.
    #[inline(never)]
    pub(super) fn record<N: Now>(
        &self,
        pass: Pass,
        outcome: Outcome,
        elapsed: Option<Duration>,
        now: N,
    ) {
        let word = self.hot.0.word();
        if word.generation() != pass.generation() {
            return;
        }
        if outcome == Outcome::Ignore {
            self.give_back(pass);
            return;
        }
        let failure = outcome == Outcome::Failure;
        match word.state() {
            State::Closed | State::ForcedClosed if word.is_windowed() => {
                self.count(pass, failure, elapsed, now);
            }
            State::Closed | State::ForcedClosed if failure => self.count_failure(pass, now),
            State::Closed | State::ForcedClosed => self.clear_failures(pass),
            State::HalfOpen => {
                let now = now.ticks();
                let slow = self.is_slow(pass, elapsed, now);
                self.count_probe(pass, Entry { failure, slow }, now);
            }
            State::Open | State::ForcedOpen | State::Disabled => {}
        }
    }

    /// A permit that was dropped.
    #[cold]
    #[inline(never)]
    pub(super) fn cancelled<N: Now>(&self, pass: Pass, now: N) {
        // No caller has given it up where the deadline of an annotated call around it has.
        if self.hot.0.word().cancel_fails() || within::is_cut_off() {
            self.record(pass, Outcome::Failure, None, now);
        } else {
            self.give_back(pass);
        }
    }

    /// A success among failures in a row.
    fn clear_failures(&self, pass: Pass) {
        let hot = &self.hot.0;
        let mut word = hot.word();
        while counts_in_a_row(word, pass) && word.failures() > 0 {
            if hot.replace(word, word.with_failures(0)) {
                return;
            }
            word = hot.word();
        }
    }

    /// One more failure in a row. The one that opens the breaker goes under the lock, and is counted there by the very
    /// exchange that opens: a success beside it comes either before or too late.
    fn count_failure<N: Now>(&self, pass: Pass, now: N) {
        let hot = &self.hot.0;
        let mut word = hot.word();
        while counts_in_a_row(word, pass) {
            let failures = word.failures().saturating_add(1);
            if word.state() == State::Closed && failures >= hot.failure_threshold() {
                self.count_last_failure(pass, now.ticks());
                return;
            }
            if hot.replace(word, word.with_failures(failures)) {
                return;
            }
            word = hot.word();
        }
    }

    #[cold]
    fn count_last_failure(&self, pass: Pass, now: u64) {
        let hot = &self.hot.0;
        let mut kept = lock(&self.kept);
        let mut word = hot.word();
        while counts_in_a_row(word, pass) {
            let failures = word.failures().saturating_add(1);
            let done = if failures >= hot.failure_threshold() {
                self.shift(&mut kept, word, State::Open, Cause::FailureThreshold, now)
            } else {
                hot.replace(word, word.with_failures(failures))
            };
            if done {
                break;
            }
            word = hot.word();
        }
        self.finish(kept);
    }

    /// A result for the window. One of calls asks for the time only when it opens the breaker, and then outside the
    /// lock: the clock may be anybody's.
    fn count<N: Now>(&self, pass: Pass, failure: bool, elapsed: Option<Duration>, now: N) {
        if self.hot.0.shards.get().is_none() && !word::is_timed(pass.tag) {
            let slow = self.is_slow(pass, elapsed, 0);
            match self.count_untimed(pass, Entry { failure, slow }) {
                Counted::Done => {}
                Counted::Trips(cause) => self.open(pass, cause, now.ticks()),
                Counted::NeedsTime => self.count_at(pass, failure, elapsed, now.ticks()),
            }
        } else {
            self.count_at(pass, failure, elapsed, now.ticks());
        }
    }

    fn count_untimed(&self, pass: Pass, entry: Entry) -> Counted {
        let mut kept = lock(&self.kept);
        let word = self.hot.0.word();
        if word.generation() != pass.generation() || !word.is_windowed() {
            return Counted::Done;
        }
        let Some(tally) = kept.window.push_untimed(entry) else {
            return Counted::NeedsTime;
        };
        match rules::trips(&kept.policy, &tally) {
            Some(cause) if word.state() == State::Closed => Counted::Trips(cause),
            _ => Counted::Done,
        }
    }

    /// Opens a closed breaker, unless its state has changed since the call was counted.
    #[cold]
    fn open(&self, pass: Pass, cause: Cause, now: u64) {
        let mut kept = lock(&self.kept);
        let word = self.hot.0.word();
        if word.generation() == pass.generation() && word.state() == State::Closed {
            self.shift(&mut kept, word, State::Open, cause, now);
        }
        self.finish(kept);
    }

    fn count_at(&self, pass: Pass, failure: bool, elapsed: Option<Duration>, now: u64) {
        let slow = self.is_slow(pass, elapsed, now);
        if !failure
            && !slow
            && let Some(shards) = self.hot.0.shards.get()
            && shards.count(pass.generation(), now)
        {
            return;
        }
        self.count_locked(pass, Entry { failure, slow }, now);
    }

    fn count_locked(&self, pass: Pass, entry: Entry, now: u64) {
        let mut kept = lock(&self.kept);
        let word = self.hot.0.word();
        if word.generation() == pass.generation() && word.is_windowed() {
            let tally = kept.window.push(entry, now);
            let cause = rules::trips(&kept.policy, &tally);
            let settled = cause.is_none() && rules::is_enough(&kept.policy, &tally);
            kept.window.settle(settled);
            if let Some(cause) = cause
                && word.state() == State::Closed
            {
                // Failures in a row are not counted beside a window, so the word cannot have changed.
                self.shift(&mut kept, word, State::Open, cause, now);
            }
        }
        self.finish(kept);
    }

    fn count_probe(&self, pass: Pass, entry: Entry, now: u64) {
        let mut kept = lock(&self.kept);
        let word = self.hot.0.word();
        if word.generation() == pass.generation() {
            kept.trial.finish(pass.ticket, entry);
            wake_one(&mut kept);
            self.conclude(&mut kept, word, now);
        }
        self.finish(kept);
    }

    /// Ends the half-open state if its results say so.
    pub(super) fn conclude(&self, kept: &mut Kept, word: Word, now: u64) {
        match rules::conclusion(&kept.policy, kept.trial.tally()) {
            Some((to, cause)) => {
                self.shift(kept, word, to, cause, now);
            }
            None => {
                self.show_places(kept, now);
            }
        }
    }

    /// Gives a probe's place back.
    fn give_back(&self, pass: Pass) {
        if pass.ticket == 0 {
            return;
        }
        let mut kept = lock(&self.kept);
        if self.hot.0.word().generation() == pass.generation() {
            kept.trial.give_back(pass.ticket);
            // Whether a place is free, the next caller finds out under the lock.
            self.hot.0.gate().open();
            wake_one(&mut kept);
        }
        self.finish(kept);
    }

    fn is_slow(&self, pass: Pass, elapsed: Option<Duration>, now: u64) -> bool {
        let took = match elapsed {
            Some(elapsed) => ticks(elapsed),
            None if word::is_timed(pass.tag) => age(pass.started, now),
            None => return false,
        };
        took >= self.hot.0.slow_after()
    }
}

/// A place has fallen free, unless one of the results that are in stands for it.
fn wake_one(kept: &mut Kept) {
    if kept.trial.has_place(&kept.policy) {
        kept.wake = Some(Wake::One);
    }
}

/// What came of counting a call without knowing the time.
enum Counted {
    Done,
    /// It is enough to open the breaker.
    Trips(Cause),
    /// Nothing: the window is one of time by now.
    NeedsTime,
}

/// Whether failures in a row are still counted for this permit.
fn counts_in_a_row(word: Word, pass: Pass) -> bool {
    word.generation() == pass.generation()
        && !word.is_windowed()
        && matches!(word.state(), State::Closed | State::ForcedClosed)
}
