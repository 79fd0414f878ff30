//! Telling changes of state: in order, outside the lock, whatever a listener does.

use std::collections::VecDeque;
use std::sync::Arc;

use super::kept::Kept;
use super::{Core, Transition};
use crate::contain::contain;
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

    pub(super) fn count(&self) -> usize {
        self.list.len()
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

    /// Gives the lock back, wakes those who wait and tells what was changed under it: in this order, so that a listener
    /// that takes its time holds up nobody who waits.
    pub(super) fn finish(&self, mut kept: MutexGuard<'_, Kept>) {
        let wake = kept.wake.take();
        let tells = !kept.listeners.queue.is_empty() && !kept.listeners.telling;
        // Under the same lock as the change, so that nobody who comes next tells it in its place.
        kept.listeners.telling |= tells;
        drop(kept);
        let telling = tells.then(|| Telling(self));
        if let (Some(wake), Some(waker)) = (wake, &self.waker) {
            waker(wake);
        }
        if let Some(telling) = telling {
            self.tell(telling);
        }
    }

    #[cold]
    fn tell(&self, telling: Telling<'_>) {
        while let Some((transition, listeners)) = self.next_to_tell() {
            for listener in listeners {
                tell_one(listener, &transition);
            }
        }
        // Nobody tells since the queue was found empty, or else another does by now.
        core::mem::forget(telling);
    }

    fn next_to_tell(&self) -> Option<(Transition, Vec<Listener>)> {
        lock(&self.kept).listeners.next()
    }
}

/// Stands for the one who tells. However he stops before all is told, another goes on at the next change.
struct Telling<'a>(&'a Core);

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        lock(&self.0.kept).listeners.telling = false;
    }
}

/// Tells a listener, and lets go of it: it may be the last one who holds it.
fn tell_one(listener: Listener, transition: &Transition) {
    let _ = contain(|| {
        listener(transition);
        drop(listener);
    });
}
