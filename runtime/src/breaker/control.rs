//! Changes of state: the one place where they happen, and the hands that may ask for them.

use core::time::Duration;

use super::kept::{Held, Kept, Wake};
use super::recovery::{longest, open_for};
use super::ticks::{Now, Span};
use super::word::Word;
use super::{Cause, Core, State, Transition};
use crate::policy::{BreakerPolicy, BreakerPolicyError};
use crate::sync::lock;

/// By hand. Every change begins a new generation, so that results of calls under way count as nothing.
impl Core {
    /// Refuses every call until [`reset`](Self::reset) or another hand.
    pub fn force_open(&self, now: impl Now) {
        self.by_hand(State::ForcedOpen, now);
    }

    /// Lets every call pass until [`reset`](Self::reset) or another hand. Outcomes are counted, from zero, and open
    /// nothing.
    pub fn force_closed(&self, now: impl Now) {
        self.by_hand(State::ForcedClosed, now);
    }

    /// Lets every call pass, and counts nothing, until [`reset`](Self::reset) or another hand.
    pub fn disable(&self, now: impl Now) {
        self.by_hand(State::Disabled, now);
    }

    /// Closes the breaker and forgets all counts, from whatever state. It works as its settings say from then on.
    pub fn reset(&self, now: impl Now) {
        self.by_hand(State::Closed, now);
    }

    fn by_hand(&self, to: State, now: impl Now) {
        let now = now.ticks();
        let mut kept = lock(&self.kept);
        self.turn(&mut kept, to, now);
        self.finish(kept);
    }

    fn turn(&self, kept: &mut Kept, to: State, now: u64) {
        loop {
            let word = self.hot.0.word();
            let stays = word.state() == to && to != State::Closed;
            if stays || self.shift(kept, word, to, Cause::Manual, now) {
                break;
            }
        }
    }

    /// The same breaker, of which `held` is said from the start. Before anybody listens.
    #[cfg(not(loom))]
    pub(super) fn held(self, held: Held, now: impl Now) -> Self {
        lock(&self.kept).held = held;
        if !held.enabled {
            self.disable(now);
        }
        self
    }

    /// Whether it has settings other than those that it was told to hold, or more than so many listeners.
    #[cfg(not(loom))]
    pub(super) fn is_made_ones_own(&self, listeners: usize) -> bool {
        let kept = lock(&self.kept);
        kept.policy != kept.held.policy || kept.listeners.count() > listeners
    }

    /// Puts settings that have been checked in force, and switches the breaker off or on if they say other than
    /// before. All at once, so that of two who come together the one who says the newer thing has the last word, and
    /// each thing is done once.
    #[cfg(not(loom))]
    pub(super) fn hold(&self, held: Held, now: impl Now) {
        let now = now.ticks();
        let mut kept = lock(&self.kept);
        if held.number > kept.held.number {
            let was = core::mem::replace(&mut kept.held, held);
            self.adapt(&mut kept, held.policy, now);
            match (was.enabled, held.enabled) {
                (true, false) => self.turn(&mut kept, State::Disabled, now),
                (false, true) => self.turn(&mut kept, State::Closed, now),
                _ => {}
            }
        }
        self.finish(kept);
    }

    /// The settings in force.
    pub fn policy(&self) -> BreakerPolicy {
        lock(&self.kept).policy
    }

    /// Puts other settings in force. State, generation, probes under way and counts stay; nothing opens or closes a
    /// closed breaker before the next result.
    ///
    /// A window keeps what fits in it; it starts empty if it changes between calls and time, or if there was none. A
    /// recovery time under way is cut to the longest that the new settings know, and never lengthened. Results that a
    /// half-open breaker already has may be enough under the new settings, and then decide.
    ///
    /// # Errors
    /// Settings that [`BreakerPolicy::check`] refuses; the old ones stay in force.
    pub fn reconfigure(
        &self,
        policy: BreakerPolicy,
        now: impl Now,
    ) -> Result<(), BreakerPolicyError> {
        policy.check()?;
        let now = now.ticks();
        let mut kept = lock(&self.kept);
        self.adapt(&mut kept, policy, now);
        self.finish(kept);
        Ok(())
    }

    fn adapt(&self, kept: &mut Kept, policy: BreakerPolicy, now: u64) {
        let hot = &self.hot.0;
        let generation = hot.word().generation();
        kept.policy = policy;
        // There may be more places, or a shorter recovery time.
        kept.wake = Some(Wake::All);
        kept.window.adapt(&policy, hot, generation, now);
        kept.wait.cut(longest(&policy));
        hot.take_over(&policy);
        loop {
            let word = hot.word();
            if hot.replace(word, word.under(&policy)) {
                break;
            }
        }
        let word = hot.word();
        match word.state() {
            State::Open => hot.gate().close(&kept.wait),
            State::HalfOpen => self.conclude(kept, word, now),
            _ => {}
        }
    }

    /// Goes from the word `from` to the state `to`; false if the word has changed meanwhile, and then nothing has
    /// happened. What calls read without the lock is made ready first, the word goes last.
    pub(super) fn shift(
        &self,
        kept: &mut Kept,
        from: Word,
        to: State,
        cause: Cause,
        now: u64,
    ) -> bool {
        let hot = &self.hot.0;
        let next = from.moved(to);
        let mut retry_in = None;
        match to {
            State::Open => {
                let reopened = from.state() == State::HalfOpen;
                let reopenings = kept.reopenings.saturating_add(u32::from(reopened));
                let wait = open_for(&kept.policy, reopenings, self.seams.draw);
                retry_in = Some(Duration::from_nanos(wait));
                kept.reopenings = reopenings;
                kept.wait = Span::new(now, wait);
                hot.gate().close(&kept.wait);
            }
            State::HalfOpen => hot.gate().open(),
            State::Closed | State::ForcedClosed => kept.window.reset(next.generation(), now),
            State::ForcedOpen | State::Disabled => {}
        }
        if !hot.replace(from, next) {
            return false;
        }
        if !matches!(to, State::Open | State::HalfOpen) {
            kept.reopenings = 0;
        }
        kept.since = now;
        kept.trial.clear();
        // Half-open comes of a caller who has the place already; whoever else waits sees when it falls free.
        kept.wake = (to != State::HalfOpen).then_some(Wake::All).or(kept.wake);
        if from.state() != to {
            kept.listeners.push(Transition {
                from: from.state(),
                to,
                cause,
                generation: next.generation(),
                at: now,
                retry_in,
            });
        }
        true
    }
}
