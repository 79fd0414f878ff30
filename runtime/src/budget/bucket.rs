//! The arithmetic of a budget: no clock, no lock, no atomics.
//!
//! Times are nanoseconds since the budget began.

use super::BudgetPolicy;

/// Slots that the memory is divided into: an entry leaves with its slot, at most a fiftieth of the memory early.
pub(super) const SLOTS: u64 = RING as u64;

const RING: usize = 50;

/// Tokens are counted in millionths of a retry.
pub(super) const RETRY: u64 = 1_000_000;

/// More than this a slot does not hold: four billion retries. Keeps every sum within 64 bits.
const FULL: u64 = RETRY << 32;

/// What happened in one slot of time and still counts.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// Tokens that calls added and no retry has spent.
    tokens: u64,
    /// Retries that started on the reserve.
    reserve: u64,
}

/// What a retry was paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Tokens; the oldest of them are of this slot.
    Calls(u64),
    Reserve,
}

/// What a budget has counted since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) calls: u64,
    pub(super) withdrawn: u64,
    pub(super) returned: u64,
    pub(super) refused: u64,
}

/// Tokens with an age, and a reserve.
///
/// A retry spends the oldest tokens, and the reserve only where there are none. Tokens die with
/// their slot, unspent; what was spent is gone, so that the balance cannot become negative.
/// A retry on the reserve occupies it while it sleeps and for the memory after it has started.
#[derive(Debug)]
pub(super) struct Bucket {
    per_call: u64,
    reserve: u64,
    width: u64,
    slots: [Slot; RING],
    /// The number of the newest slot.
    newest: u64,
    /// When calls were last folded in.
    folded: u64,
    /// Sums over the slots.
    tokens: u64,
    reserve_started: u64,
    /// Retries that sleep, on tokens and on the reserve.
    sleeping: u64,
    reserve_sleeping: u64,
    totals: Totals,
}

impl Bucket {
    /// A bucket with a full reserve; `policy` has been checked.
    pub(super) fn new(policy: &BudgetPolicy) -> Self {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        // 0 to 1000 after the check
        let per_call = (policy.ratio() * 1e6).round() as u64;
        let memory = u64::try_from(policy.memory().as_nanos()).unwrap_or(u64::MAX);
        Self {
            per_call,
            reserve: policy.reserve(),
            width: memory.div_ceil(SLOTS).max(1),
            slots: [Slot::default(); RING],
            newest: 0,
            folded: 0,
            tokens: 0,
            reserve_started: 0,
            sleeping: 0,
            reserve_sleeping: 0,
            totals: Totals::default(),
        }
    }

    /// When the newest slot ends.
    pub(super) const fn slot_end(&self) -> u64 {
        (self.newest + 1).saturating_mul(self.width)
    }

    fn slot(&mut self, number: u64) -> &mut Slot {
        #[allow(clippy::cast_possible_truncation)] // less than `SLOTS`
        &mut self.slots[(number % SLOTS) as usize]
    }

    /// Forgets the slots that are out of memory at `now`. A clock that went backwards stands still.
    fn advance(&mut self, now: u64) -> u64 {
        let now = now.max(self.folded);
        let newest = now / self.width;
        let gone = (newest - self.newest).min(SLOTS);
        for number in newest - gone..newest {
            // The slot of the number to come holds what is as old as the memory.
            let old = core::mem::take(self.slot(number + 1));
            self.tokens -= old.tokens;
            self.reserve_started -= old.reserve;
        }
        self.newest = newest;
        now
    }

    /// Folds in the calls since the last fold: `calls` that were counted without their time, and
    /// `in_newest` that are known to belong to the slot that was newest then.
    ///
    /// The former are taken to have come evenly: what a long calm has gathered must not pay for the storm after it.
    pub(super) fn fold(&mut self, now: u64, calls: u64, in_newest: u64) {
        self.grant(self.newest, in_newest);
        let since = self.folded;
        let now = self.advance(now);
        self.folded = now;
        let counted = &mut self.totals.calls;
        *counted = counted.saturating_add(calls).saturating_add(in_newest);
        let first = since / self.width;
        if calls == 0 || first == self.newest {
            return self.grant(self.newest, calls);
        }
        let elapsed = u128::from(now - since);
        let came_by = |time: u64| {
            let came = u128::from(calls) * u128::from(time.clamp(since, now) - since) / elapsed;
            u64::try_from(came).unwrap_or(u64::MAX)
        };
        for number in first.max((self.newest + 1).saturating_sub(SLOTS))..=self.newest {
            let (begin, end) = (number * self.width, (number + 1).saturating_mul(self.width));
            self.grant(number, came_by(end) - came_by(begin));
        }
    }

    fn grant(&mut self, number: u64, calls: u64) {
        let tokens = calls.saturating_mul(self.per_call);
        let slot = self.slot(number);
        let granted = tokens.min(FULL.saturating_sub(slot.tokens));
        slot.tokens += granted;
        self.tokens += granted;
    }

    /// Pays for a retry that starts now. Calls must have been folded in up to now.
    pub(super) fn try_withdraw(&mut self) -> bool {
        match self.pay() {
            Some(Source::Reserve) => {
                self.start_on_reserve();
                true
            }
            Some(Source::Calls(_)) => true,
            None => false,
        }
    }

    /// Pays for a retry that sleeps first.
    pub(super) fn put_to_sleep(&mut self) -> Option<Source> {
        let source = self.pay()?;
        self.sleeping += 1;
        if source == Source::Reserve {
            self.reserve_sleeping += 1;
        }
        Some(source)
    }

    /// The retry has slept and starts now.
    pub(super) fn wake(&mut self, source: Source) {
        self.sleeping -= 1;
        if source == Source::Reserve {
            self.reserve_sleeping -= 1;
            self.start_on_reserve();
        }
    }

    /// The retry will never start: its tokens return to their slot, if that is still remembered.
    pub(super) fn give_back(&mut self, source: Source) {
        self.sleeping -= 1;
        self.totals.returned = self.totals.returned.saturating_add(1);
        match source {
            Source::Reserve => self.reserve_sleeping -= 1,
            Source::Calls(number) if number + SLOTS > self.newest => {
                self.slot(number).tokens += RETRY;
                self.tokens += RETRY;
            }
            Source::Calls(_) => {}
        }
    }

    fn start_on_reserve(&mut self) {
        self.slot(self.newest).reserve += 1;
        self.reserve_started += 1;
    }

    fn pay(&mut self) -> Option<Source> {
        let source = if self.tokens >= RETRY {
            Source::Calls(self.spend())
        } else if self.reserve_left() > 0 {
            Source::Reserve
        } else {
            self.totals.refused = self.totals.refused.saturating_add(1);
            return None;
        };
        self.totals.withdrawn = self.totals.withdrawn.saturating_add(1);
        Some(source)
    }

    /// Spends the oldest tokens; the slot of the very oldest. There is at least one retry's worth.
    fn spend(&mut self) -> u64 {
        let (mut owed, mut oldest) = (RETRY, None);
        for number in (self.newest + 1).saturating_sub(SLOTS)..=self.newest {
            let slot = self.slot(number);
            let spent = slot.tokens.min(owed);
            slot.tokens -= spent;
            owed -= spent;
            if spent > 0 {
                oldest.get_or_insert(number);
            }
            if owed == 0 {
                break;
            }
        }
        self.tokens -= RETRY;
        oldest.unwrap_or(self.newest)
    }

    /// Retries that the tokens of calls would pay for.
    pub(super) const fn calls_left(&self) -> u64 {
        self.tokens / RETRY
    }

    /// Retries that the reserve would pay for.
    pub(super) const fn reserve_left(&self) -> u64 {
        self.reserve - self.reserve_started - self.reserve_sleeping
    }

    pub(super) const fn sleeping(&self) -> u64 {
        self.sleeping
    }

    pub(super) const fn totals(&self) -> Totals {
        self.totals
    }
}
