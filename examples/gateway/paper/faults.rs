//! What the paper terminal does wrong, and when.
//!
//! The schedule counts calls, not seconds, so a run meets the same faults however fast it goes.

use std::collections::HashMap;
use std::iter;

#[cfg(test)]
use crate::retcode::Meaning;
use crate::retcode::Retcode;

/// Calls that a seed draws faults for, and the call that its outage begins with.
const FAULTY_CALLS: u64 = 10_000;
const OUTAGE_AT: u64 = 60;

/// What the terminal does instead of answering well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not connected: nothing is taken, nothing answered.
    Refuse,
    /// Does not execute, and answers with this return code.
    Answer(Retcode),
    /// Executes, and answers with this return code all the same.
    ExecuteAndAnswer(Retcode),
    /// Executes, and never says so.
    HangAfterExecuting,
    /// Takes the order, and neither executes nor answers.
    HangBeforeExecuting,
}

/// The parts of the outage, call by call; `None` is a call that goes well, as [`LULL`] calls after each part do.
const OUTAGE: [&[Option<Fault>]; 3] = {
    use Fault::{HangAfterExecuting, HangBeforeExecuting, Refuse};
    [
        // Three in a row open the breaker. The fourth is its first probe, which opens it again; the second
        // one closes it.
        &[Some(Refuse), Some(Refuse), Some(Refuse), Some(Refuse)],
        // An order is executed, its answer is lost, and asking about it fails twice: three in a row.
        &[Some(HangAfterExecuting), Some(Refuse), Some(Refuse)],
        // An order is requoted twice; the next one hangs without being executed, and is asked about.
        &[
            Some(Fault::REQUOTE),
            Some(Fault::REQUOTE),
            None,
            Some(HangBeforeExecuting),
            None,
        ],
    ]
};

/// So many calls that go well give all who wait for the terminal the time to come back.
const LULL: usize = 30;

/// The outage as a whole.
fn outage() -> impl Iterator<Item = Option<Fault>> {
    let with_lull = |part: &'static [_]| part.iter().copied().chain(iter::repeat_n(None, LULL));
    OUTAGE.into_iter().flat_map(with_lull)
}

/// Which call meets which fault; calls are numbered from 0.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schedule(HashMap<u64, Fault>);

impl Fault {
    pub(crate) const REQUOTE: Self = Self::Answer(Retcode(10_004));
    pub(crate) const REJECT: Self = Self::Answer(Retcode(10_006));
    /// The request arrived twice: the answer is to the second one, whose order is no longer what it was.
    pub(crate) const DUPLICATE: Self = Self::ExecuteAndAnswer(Retcode(10_023));
}

impl Schedule {
    /// What the call with this number meets.
    pub(super) fn at(&self, call: u64) -> Option<Fault> {
        self.0.get(&call).copied()
    }

    /// A terminal that never misbehaves.
    pub(crate) fn healthy() -> Self {
        Self::default()
    }

    /// The given faults for the first calls, and none after them.
    #[cfg(test)]
    pub(crate) fn first(faults: &[Fault]) -> Self {
        Self((0..).zip(faults.iter().copied()).collect())
    }

    /// What `serve` was asked for: the schedule of a seed, or one call that loses its answer and two more that have none, or
    /// neither.
    pub(crate) fn asked_for(seed: Option<u64>, lose_answer: Option<u64>) -> Self {
        if let Some(seed) = seed {
            return Self::seeded(seed, FAULTY_CALLS, OUTAGE_AT);
        }
        let silent = lose_answer.into_iter().flat_map(|call| {
            [
                (call, Fault::HangAfterExecuting),
                (call.saturating_add(1), Fault::HangBeforeExecuting),
                (call.saturating_add(2), Fault::HangBeforeExecuting),
            ]
        });
        Self(silent.collect())
    }

    /// Dense faults of every kind for the first `calls` calls, drawn from `seed`: about one call in two goes well.
    ///
    /// Every code is answered without executing. Executed all the same is only what is answered by a code that says so, or
    /// that says nothing: a terminal that executes and says that it certainly did not cannot be dealt with.
    #[cfg(test)]
    pub(crate) fn dense(seed: u64, calls: u64) -> Self {
        use crate::retcode::Meaning::{Done, Later, NewPrice, Partial, Placed, Refused, Unknown};
        let mut random = fastrand::Rng::with_seed(seed);
        let drawn = (0..calls).filter_map(|call| {
            let draw = random.u32(0..100);
            let mut one_of = |meanings: &[Meaning]| {
                let codes = (10_000..10_050).map(Retcode);
                let codes: Vec<_> = codes
                    .filter(|code| meanings.contains(&code.meaning()))
                    .collect();
                codes[random.usize(0..codes.len())]
            };
            let fault = match draw {
                0..8 => Fault::Refuse,
                8..13 => Fault::Answer(one_of(&[NewPrice])),
                13..21 => Fault::Answer(one_of(&[Later])),
                21..26 => Fault::Answer(one_of(&[Refused])),
                26..31 => Fault::Answer(one_of(&[Unknown])),
                31..33 => Fault::Answer(one_of(&[Done, Partial, Placed])),
                33..37 => Fault::ExecuteAndAnswer(one_of(&[Unknown])),
                37..39 => Fault::ExecuteAndAnswer(one_of(&[Done, Partial, Placed])),
                39..41 => Fault::DUPLICATE,
                41..45 => Fault::HangAfterExecuting,
                45..49 => Fault::HangBeforeExecuting,
                _ => return None,
            };
            Some((call, fault))
        });
        Self(drawn.collect())
    }

    /// An outage that begins with call `begin`, and scattered requotes and rejections before and
    /// after it, drawn from `seed` for the first `calls` calls.
    pub(crate) fn seeded(seed: u64, calls: u64, begin: u64) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let scattered = (0..calls).filter_map(|call| {
            let fault = match random.u32(0..100) {
                0..3 => Fault::REQUOTE,
                3..6 => Fault::REJECT,
                6 => Fault::DUPLICATE,
                7 => Fault::Answer(Retcode(10_024)),
                _ => return None,
            };
            Some((call, fault))
        });
        let mut faults: HashMap<u64, Fault> = scattered.collect();
        for (call, fault) in (begin..).zip(outage()) {
            match fault {
                Some(fault) => faults.insert(call, fault),
                None => faults.remove(&call),
            };
        }
        Self(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Schedule, outage};

    #[test]
    fn a_seed_gives_one_schedule() {
        let schedule = Schedule::seeded(7, 400, 60);
        assert_eq!(schedule.0, Schedule::seeded(7, 400, 60).0);
        assert_ne!(schedule.0, Schedule::seeded(8, 400, 60).0);
        assert!(Schedule::healthy().0.is_empty());
    }

    #[test]
    fn the_outage_is_the_same_for_every_seed() {
        for seed in 0..50 {
            let schedule = Schedule::seeded(seed, 400, 60);
            for (call, fault) in (60..).zip(outage()) {
                assert_eq!(schedule.0.get(&call).copied(), fault, "call {call}");
            }
            let scattered = |fault| schedule.0.values().filter(|met| **met == fault).count();
            assert!(scattered(Fault::REQUOTE) > 2 && scattered(Fault::REJECT) > 0);
        }
    }
}
