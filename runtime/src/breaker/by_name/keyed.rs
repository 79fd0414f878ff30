//! The breakers of one name by key: found by text, bounded, the least useful ones evicted.

use core::cell::Cell;
use core::fmt::{self, Display, Write as _};
use core::hash::BuildHasher;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::RandomState;
use std::sync::{Arc, OnceLock};

use super::named::Named;
use super::{Now, State};

/// The most keys that a name keeps at a time; one more evicts an eighth of them.
pub const MAX_KEYS: usize = 1024;

/// How many are evicted at once, so that a flood of new keys does not look at all the others each time.
const BATCH: usize = MAX_KEYS / 8;

/// The longest text that the scratch space is kept for.
const KEPT_SCRATCH: usize = 1024;

/// Breakers by the text of their key.
pub(super) struct Keyed {
    slots: BTreeMap<Box<str>, Slot>,
    /// Counts uses.
    uses: u64,
}

struct Slot {
    named: Arc<Named>,
    last_used: u64,
}

/// Without the keys, which nobody has redacted.
impl fmt::Debug for Keyed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyed")
            .field("keys", &self.slots.len())
            .finish_non_exhaustive()
    }
}

impl Keyed {
    pub(super) const fn new() -> Self {
        Self {
            slots: BTreeMap::new(),
            uses: 0,
        }
    }

    /// The breaker of a key that is known.
    pub(super) fn get(&mut self, key: &str) -> Option<Arc<Named>> {
        let slot = self.slots.get_mut(key)?;
        self.uses += 1;
        slot.last_used = self.uses;
        Some(Arc::clone(&slot.named))
    }

    /// Keeps the breaker of a key that is new; gives those that had to make room, which are to be dropped outside the
    /// lock.
    #[must_use]
    pub(super) fn insert(
        &mut self,
        key: &str,
        named: Arc<Named>,
        now: impl Now,
    ) -> Vec<Arc<Named>> {
        let evicted = if self.slots.len() >= MAX_KEYS {
            self.evict(now.ticks())
        } else {
            Vec::new()
        };
        self.uses += 1;
        let last_used = self.uses;
        self.slots.insert(key.into(), Slot { named, last_used });
        evicted
    }

    fn evict(&mut self, now: u64) -> Vec<Arc<Named>> {
        let mut order: Vec<_> = self
            .slots
            .iter()
            .map(|(key, slot)| (worth(&slot.named, now), slot.last_used, key.clone()))
            .collect();
        order.sort_unstable();
        order
            .into_iter()
            .take(BATCH)
            .filter_map(|(.., key)| self.slots.remove(&key))
            .map(|slot| slot.named)
            .collect()
    }

    /// All of them, in the order of the keys.
    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<Named>> {
        self.slots.values().map(|slot| &slot.named)
    }
}

/// How much would be lost with a breaker: nothing of a closed one without failures that nobody has in hand; what others
/// made of it, settings of its own and listeners, does not come back by itself; that it is not closed matters most.
fn worth(named: &Arc<Named>, now: u64) -> u8 {
    let seen = named.core().snapshot(now);
    let clean = seen.consecutive_failures == 0 && seen.failures == 0 && seen.slow_calls == 0;
    // A handle, a permit, or a call that has one.
    let in_hand = Arc::strong_count(named) > 1;
    match seen.state {
        State::Closed if named.is_made_ones_own() => 2,
        State::Closed if clean && !in_hand => 0,
        State::Closed => 1,
        _ => 3,
    }
}

/// The longest text of a key, in bytes, that is kept as it is.
pub(super) const LONGEST_KEY: usize = 256;

/// What a key is kept under: its text, or of a long one the beginning and a hash of 128 bits that nobody can foresee.
/// Longer than any text that is kept as it is, so that the two cannot be taken for each other.
pub(super) fn bounded(key: &str) -> Cow<'_, str> {
    static STATES: OnceLock<[RandomState; 2]> = OnceLock::new();
    if key.len() <= LONGEST_KEY {
        return Cow::Borrowed(key);
    }
    let states = STATES.get_or_init(|| [RandomState::new(), RandomState::new()]);
    let [one, two] = states.each_ref().map(|state| state.hash_one(key));
    let beginning = key.get(..beginning(key)).unwrap_or_default();
    Cow::Owned(format!("{beginning}{one:016x}{two:016x}"))
}

/// How many bytes of a long key are whole characters and fit.
fn beginning(key: &str) -> usize {
    (0..=LONGEST_KEY)
        .rev()
        .find(|&at| key.is_char_boundary(at))
        .unwrap_or(0)
}

/// Calls `found` with the text of a key, without allocating once the thread has scratch space.
///
/// The space is taken out while it is in use, so that a `Display` that itself leads to a key gets another. A
/// `Display` that gives up stands for what it has written.
pub(super) fn with_text<T>(key: &dyn Display, found: impl FnOnce(&str) -> T) -> T {
    std::thread_local! {
        static SCRATCH: Cell<String> = const { Cell::new(String::new()) };
    }
    let mut text = SCRATCH.try_with(Cell::take).unwrap_or_default();
    text.clear();
    let _ = write!(text, "{key}");
    let result = found(&text);
    if text.capacity() <= KEPT_SCRATCH {
        // A thread that is being torn down keeps nothing.
        let _ = SCRATCH.try_with(|scratch| scratch.set(text));
    }
    result
}
