//! Where the threads of a sample wait for each other, so that they run at the same time.

#[cfg(test)]
mod tests;

use std::hint::spin_loop;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};

use crate::clock::nanos;

/// How often threads meet to see whether they run at the same time.
const MEETINGS: usize = 20;
/// No more nanoseconds than that take if they do: a quarter of the time after which a thread stops spinning.
const TOGETHER: u64 = 50_000;
/// How often they try.
const TRIES: usize = 20;
/// So many nanoseconds a task waits for the others before it gives way.
const PATIENCE: u64 = 1_000_000;

/// Threads leave their processors only where they wait for long, which one must that has another's processor.
pub(super) struct Gate {
    threads: usize,
    /// How many tasks run and wait for the others.
    arrived: AtomicUsize,
    /// How often somebody came.
    came: AtomicUsize,
    /// How often somebody waited for one that did not run.
    waited: AtomicUsize,
    /// Somebody has panicked, and will not come.
    broken: AtomicBool,
}

/// Tells the others when its thread panics.
pub(super) struct Watch<'a>(&'a Gate);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.broken.store(true, SeqCst);
        }
    }
}

impl Gate {
    pub(super) fn new(threads: usize) -> Self {
        Self {
            threads,
            arrived: AtomicUsize::new(0),
            came: AtomicUsize::new(0),
            waited: AtomicUsize::new(0),
            broken: AtomicBool::new(false),
        }
    }

    /// To be held by each thread for as long as others may wait for it.
    pub(super) fn watch(&self) -> Watch<'_> {
        Watch(self)
    }

    /// # Panics
    /// If another thread has panicked.
    fn assert_whole(&self) {
        assert!(!self.broken.load(SeqCst), "another thread has panicked");
    }

    /// Waits until every task runs on a worker of its own. Two may be in the queue of one worker, while another one sleeps:
    /// who waits for long gives way, so that the worker runs the other one, or wakes somebody who takes it.
    pub(super) async fn arrive(&self) {
        loop {
            self.arrived.fetch_add(1, SeqCst);
            let begun = nanos();
            while self.arrived.load(SeqCst) < self.threads && nanos() - begun < PATIENCE {
                self.assert_whole();
                spin_loop();
            }
            let leave = |arrived| (arrived < self.threads).then(|| arrived - 1);
            if self.arrived.fetch_update(SeqCst, SeqCst, leave).is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Waits until every thread has come as often as this one.
    pub(super) fn meet(&self) {
        let before = self.came.fetch_add(1, SeqCst);
        let all = (before / self.threads + 1) * self.threads;
        for spins in 0_u32.. {
            if self.came.load(SeqCst) >= all {
                break;
            }
            self.assert_whole();
            if spins > 10_000 {
                std::thread::yield_now();
            }
            spin_loop();
        }
    }

    /// Waits until each thread has a processor to itself. Threads that have just been woken are often put on the same one,
    /// and the scheduler needs longer than a sample takes to move one of them to another that is idle.
    pub(super) fn settle(&self) {
        self.meet();
        if self.threads > processors() {
            return;
        }
        let mut waited = 0;
        for _ in 0..TRIES {
            let begun = nanos();
            for _ in 0..MEETINGS {
                self.meet();
            }
            let late = nanos() - begun > TOGETHER;
            self.waited.fetch_add(usize::from(late), SeqCst);
            self.meet();
            // The same for all: nobody adds to it before everybody has been at the next meeting.
            let now = self.waited.load(SeqCst);
            if now == waited {
                break;
            }
            waited = now;
        }
    }

    /// The first that is done would wake the thread that asked for the sample, which could take another's processor.
    /// Where there are fewer processors than threads, one that waited would be in the way itself.
    pub(super) fn leave(&self) {
        if self.threads <= processors() {
            self.meet();
        }
    }
}

pub(super) fn processors() -> usize {
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    *PROCESSORS.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}
