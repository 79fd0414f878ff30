//! Telling changes of state: in order, outside the lock, whatever a listener does.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::kept::Kept;
use super::{Core, Transition};
use crate::sync::{MutexGuard, lock};

/// What a listener is.
type Listener = Arc<dyn Fn(&Transition) + Send + Sync>;

/// Stands for a listener, to take it away again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId(u64);

/// The listeners, and what they have not been told yet.
pub(super) struct Listeners {
    list: Vec<(ListenerId, Listener)>,
    queue: VecDeque<Transition>,
    /// Somebody is telling, and will go on until the queue is empty.
    telling: bool,
    next: u64,
}

impl Listeners {
    pub(super) const fn new() -> Self {
        Self {
            list: Vec::new(),
            queue: VecDeque::new(),
            telling: false,
            next: 0,
        }
    }

    pub(super) fn push(&mut self, transition: Transition) {
        if !self.list.is_empty() {
            self.queue.push_back(transition);
        }
    }

    /// The next change, and who is to hear of it; none, and nobody telling, when all is told.
    fn next(&mut self) -> Option<(Transition, Vec<Listener>)> {
        let next = self.queue.pop_front();
        self.telling = next.is_some();
        let listeners = || self.list.iter().map(|(_, each)| Arc::clone(each)).collect();
        next.map(|transition| (transition, listeners()))
    }
}

impl Core {
    /// Calls `listener` at every change of state from now on, in the order of the changes, on the thread that caused
    /// one of them and before its call to the breaker returns, unless another thread is telling already.
    ///
    /// It is called outside any lock and may use this breaker: what that changes is told afterwards. What it panics
    /// with is dropped (the panic hook has seen it) and changes nothing for the call nor for other listeners.
    pub fn listen(&self, listener: impl Fn(&Transition) + Send + Sync + 'static) -> ListenerId {
        let mut kept = lock(&self.kept);
        let id = ListenerId(kept.listeners.next);
        kept.listeners.next += 1;
        kept.listeners.list.push((id, Arc::new(listener)));
        id
    }

    /// Takes a listener away; false if there is none such. A change that is being told may still reach it.
    pub fn unlisten(&self, id: ListenerId) -> bool {
        let mut kept = lock(&self.kept);
        let at = kept.listeners.list.iter().position(|each| each.0 == id);
        let listener = at.map(|at| kept.listeners.list.remove(at));
        // What the listener owns is dropped outside the lock.
        drop(kept);
        listener.is_some()
    }

    /// Gives the lock back, and tells what was changed under it.
    pub(super) fn finish(&self, kept: MutexGuard<'_, Kept>) {
        let silent = kept.listeners.queue.is_empty() || kept.listeners.telling;
        if !silent {
            self.tell(kept);
        }
    }

    #[cold]
    fn tell<'a>(&'a self, mut kept: MutexGuard<'a, Kept>) {
        while let Some((transition, listeners)) = kept.listeners.next() {
            drop(kept);
            for listener in listeners {
                drop(catch_unwind(AssertUnwindSafe(|| {
                    listener(&transition);
                    drop(listener);
                })));
            }
            kept = lock(&self.kept);
        }
    }
}
