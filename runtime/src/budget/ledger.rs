//! A bucket that threads share: counters in front of a lock that only failures take.

use super::BudgetPolicy;
use super::bucket::{Bucket, Source};
use super::shards::{Kind, Shards};
use super::snapshot::BudgetSnapshot;
use crate::sync::{AtomicU64, Mutex, Ordering, lock};

/// Times are nanoseconds since the budget began.
#[derive(Debug)]
pub(super) struct Ledger {
    shards: Shards,
    /// When the bucket's newest slot ends: read by all, written once per slot.
    slot_end: AtomicU64,
    books: Mutex<Books>,
}

/// On cache lines of its own: callers that only count must not see it written.
#[derive(Debug)]
#[repr(align(128))]
struct Books {
    bucket: Bucket,
    /// The totals of the shards at the last fold.
    untimed: u64,
    timed: u64,
}

impl Ledger {
    /// `policy` has been checked.
    pub(super) fn new(policy: &BudgetPolicy, shards: usize) -> Self {
        let bucket = Bucket::new(policy);
        Self {
            shards: Shards::new(shards),
            slot_end: AtomicU64::new(bucket.slot_end()),
            books: Mutex::new(Books {
                bucket,
                untimed: 0,
                timed: 0,
            }),
        }
    }

    #[inline]
    pub(super) const fn shards(&self) -> &Shards {
        &self.shards
    }

    /// Folds in what has been counted if a slot has ended since that was last done.
    #[inline]
    pub(super) fn pass(&self, now: u64) {
        if now >= self.slot_end.load(Ordering::Relaxed) {
            self.with(now, |_| ());
        }
    }

    /// Runs `act` on the bucket as it is at `now`.
    fn with<T>(&self, now: u64, act: impl FnOnce(&mut Bucket) -> T) -> T {
        let mut books = lock(&self.books);
        let untimed = self.shards.total(Kind::Untimed);
        let timed = self.shards.total(Kind::Timed);
        let calls = untimed.wrapping_sub(books.untimed);
        let newest = timed.wrapping_sub(books.timed);
        (books.untimed, books.timed) = (untimed, timed);
        books.bucket.fold(now, calls, newest);
        self.slot_end
            .store(books.bucket.slot_end(), Ordering::Relaxed);
        act(&mut books.bucket)
    }

    pub(super) fn try_withdraw(&self, now: u64) -> bool {
        self.with(now, Bucket::try_withdraw)
    }

    pub(super) fn put_to_sleep(&self, now: u64) -> Option<Source> {
        self.with(now, Bucket::put_to_sleep)
    }

    pub(super) fn wake(&self, now: u64, source: Source) {
        self.with(now, |bucket| bucket.wake(source));
    }

    /// Needs no time: a slot that should have been forgotten is so at the next fold.
    pub(super) fn give_back(&self, source: Source) {
        lock(&self.books).bucket.give_back(source);
    }

    pub(super) fn snapshot(&self, now: u64) -> BudgetSnapshot {
        self.with(now, |bucket| BudgetSnapshot::of(bucket))
    }
}
