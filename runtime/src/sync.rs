//! The only place that imports atomics and locks; under `cfg(loom)` they are loom's.

#[cfg(loom)]
pub(crate) use loom::sync::{Arc, Mutex, MutexGuard, atomic};
#[cfg(not(loom))]
pub(crate) use std::sync::{Arc, Mutex, MutexGuard, atomic};

#[cfg(not(loom))]
pub(crate) use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) use atomic::{AtomicU32, AtomicU64, Ordering};

/// Keeps what it holds on cache lines of its own: two lines of 64 bytes, because processors fetch
/// them in pairs.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Padded<T>(pub(crate) T);

/// Takes the lock, whether or not somebody panicked under it. Nothing that is locked this way is
/// left half written by a panic: no code of a user's runs under a lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Takes a lock that many may have at a time to look; see [`lock`] for panics.
#[cfg(not(loom))]
pub(crate) fn read<T>(shared: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    shared
        .read()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Takes it alone, to change what it guards.
#[cfg(not(loom))]
pub(crate) fn write<T>(shared: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    shared
        .write()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A small number of the calling thread, given out in turn, to spread threads over shards.
#[cfg(not(loom))]
pub(crate) fn thread_number() -> usize {
    use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    static NEXT: AtomicUsize = AtomicUsize::new(0);
    std::thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Relaxed);
    }
    // A thread that is being torn down shares the first shard.
    NUMBER.try_with(|number| *number).unwrap_or(0)
}

/// The same, counted anew in each run of a model: loom repeats a run, so nothing may differ between two of them. The
/// ids of loom's threads do.
#[cfg(loom)]
pub(crate) fn thread_number() -> usize {
    use atomic::{AtomicUsize, Ordering::Relaxed};

    loom::lazy_static! {
        static ref NEXT: AtomicUsize = AtomicUsize::new(0);
    }
    loom::thread_local! {
        static NUMBER: usize = NEXT.fetch_add(1, Relaxed);
    }
    NUMBER.with(|number| *number)
}
