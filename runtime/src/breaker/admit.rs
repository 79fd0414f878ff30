//! Who may pass.

use core::time::Duration;

use super::kept::Kept;
use super::permit::{Pass, Permit};
use super::recovery::lease;
use super::ticks::{Now, Span};
use super::word::Word;
use super::{Cause, Core, Refusal, State};
use crate::sync::lock;

impl Core {
    /// Asks for the right to make one call. Closed, it reads one word; open, three, and the time.
    ///
    /// # Errors
    /// A breaker that is open, or half-open with every place taken.
    #[inline]
    pub fn try_acquire(&self, now: impl Now) -> Result<Permit<&Self>, Refusal> {
        Permit::acquire(self, Duration::ZERO, now)
    }

    /// What a caller would be told now, if that is surely a refusal. Nothing is changed, and no lock is taken.
    ///
    /// None where a permit might be had, and in half-open, where it depends on who comes first.
    pub fn refusal(&self, now: impl Now) -> Option<Refusal> {
        match self.hot.0.word().state() {
            state @ State::Open => Some(refusal(state, self.hot.0.gate().left(now.ticks())?)),
            state @ State::ForcedOpen => Some(Refusal {
                state,
                retry_in: None,
            }),
            _ => None,
        }
    }

    /// The refusal of a state that time ends, if it is certain without the lock. Inlined: an open breaker is asked as
    /// often as a closed one.
    #[inline]
    pub(super) fn refuses(&self, word: Word, now: u64) -> Option<Refusal> {
        let left = self.hot.0.gate().left(now)?;
        Some(refusal(word.state(), left))
    }

    /// In states that time alone does not end.
    #[inline(never)]
    pub(super) fn admit_steadily<N: Now>(word: Word, now: N) -> Result<Pass, Refusal> {
        match word.state() {
            state @ State::ForcedOpen => Err(Refusal {
                state,
                retry_in: None,
            }),
            _ => Ok(Self::pass(word, now)),
        }
    }

    /// For states in which anybody may pass.
    fn pass<N: Now>(word: Word, now: N) -> Pass {
        let started = if word.is_timed() { now.ticks() } else { 0 };
        Pass {
            started,
            ..Pass::untimed(word.tag())
        }
    }

    /// In states that time ends, once it may have.
    #[cold]
    #[inline(never)]
    pub(super) fn admit_locked(&self, bound: Duration, now: u64) -> Result<Pass, Refusal> {
        let mut kept = lock(&self.kept);
        let word = self.hot.0.word();
        let admitted = match word.state() {
            State::Open => self.admit_after_wait(&mut kept, word, bound, now),
            State::HalfOpen => self.admit_probe(&mut kept, bound, now),
            _ => Self::admit_steadily(word, now),
        };
        self.finish(kept);
        admitted
    }

    fn admit_after_wait(
        &self,
        kept: &mut Kept,
        word: Word,
        bound: Duration,
        now: u64,
    ) -> Result<Pass, Refusal> {
        let left = kept.wait.left(now);
        if left > 0 {
            self.hot.0.gate().close(&kept.wait);
            return Err(refusal(State::Open, left));
        }
        self.shift(kept, word, State::HalfOpen, Cause::Recovery, now);
        self.admit_probe(kept, bound, now)
    }

    fn admit_probe(&self, kept: &mut Kept, bound: Duration, now: u64) -> Result<Pass, Refusal> {
        kept.trial.expire(now);
        if !kept.trial.has_place(&kept.policy) {
            let left = self.show_places(kept, now);
            return Err(refusal(State::HalfOpen, left));
        }
        let span = Span::new(now, lease(&kept.policy, bound));
        let ticket = kept.trial.start(span);
        self.show_places(kept, now);
        Ok(Pass {
            tag: self.hot.0.word().tag(),
            ticket,
            started: now,
        })
    }

    /// Closes the gate while every place is taken; gives the time until one falls free by itself.
    pub(super) fn show_places(&self, kept: &mut Kept, now: u64) -> u64 {
        let gate = self.hot.0.gate();
        if kept.trial.has_place(&kept.policy) {
            gate.open();
            return 0;
        }
        let Some(mut first) = kept.trial.first_to_expire(now) else {
            gate.open();
            return 0;
        };
        gate.close(&first);
        first.left(now)
    }
}

#[inline]
fn refusal(state: State, left: u64) -> Refusal {
    Refusal {
        state,
        retry_in: Some(Duration::from_nanos(left)),
    }
}
