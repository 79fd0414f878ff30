//! A small number per thread, held by one thread at a time, so that it may write its shard without a locked instruction.

use std::collections::BTreeSet;

use crate::sync::{Mutex, lock};

/// The seats of all threads. The lowest free one is given first, so that few shards serve many short threads.
#[derive(Debug)]
pub(super) struct Seats(Mutex<Free>);

#[derive(Debug)]
struct Free {
    next: usize,
    returned: BTreeSet<usize>,
}

impl Free {
    const ALL: Self = Self {
        next: 0,
        returned: BTreeSet::new(),
    };
}

impl Seats {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self(Mutex::new(Free::ALL))
    }

    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self(Mutex::new(Free::ALL))
    }

    /// A seat that nobody else holds.
    pub(super) fn take(&self) -> usize {
        let mut free = lock(&self.0);
        if let Some(seat) = free.returned.pop_first() {
            return seat;
        }
        let seat = free.next;
        free.next += 1;
        seat
    }

    /// Frees a seat. The lock orders all that its holder counted before the next holder's counts.
    pub(super) fn give_back(&self, seat: usize) {
        lock(&self.0).returned.insert(seat);
    }
}

#[cfg(not(loom))]
pub(super) use of_thread::{ask, known};

#[cfg(not(loom))]
mod of_thread {
    use core::cell::Cell;

    use super::Seats;

    /// No shard has these numbers: the slow path tells them apart.
    const NOT_ASKED: usize = usize::MAX;
    const NONE: usize = usize::MAX - 1;

    static SEATS: Seats = Seats::new();

    std::thread_local! {
        // Without a destructor of its own, so that reading it is one instruction.
        static SEAT: Cell<usize> = const { Cell::new(NOT_ASKED) };
        static LEASE: Lease = Lease(SEATS.take());
    }

    struct Lease(usize);

    impl Drop for Lease {
        fn drop(&mut self) {
            // Destructors that run after this one may still count.
            SEAT.set(NONE);
            SEATS.give_back(self.0);
        }
    }

    /// The thread's seat if it has one; otherwise a number that is nobody's.
    #[inline]
    pub(in crate::budget) fn known() -> usize {
        SEAT.get()
    }

    /// The thread's seat; it takes one if it has never asked. A thread that is ending has none.
    #[cold]
    pub(in crate::budget) fn ask() -> usize {
        if SEAT.get() == NOT_ASKED {
            SEAT.set(LEASE.try_with(|lease| lease.0).unwrap_or(NONE));
        }
        SEAT.get()
    }
}

/// Loom's primitives cannot be in statics: under it all threads count without a seat.
#[cfg(loom)]
pub(super) const fn known() -> usize {
    usize::MAX
}

#[cfg(loom)]
pub(super) const fn ask() -> usize {
    usize::MAX
}
