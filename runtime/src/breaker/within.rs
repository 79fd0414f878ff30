//! Which breakers the attempts around hold a permit of.
//!
//! Two functions that share a breaker may call one another. Were the inner one to ask as well, a failure would count
//! twice, and half-open the one place for a probe would be taken by the outer call, which then fails because the inner
//! one is refused: the breaker would never close again. So an attempt that runs inside another one of the same breaker
//! goes with that one's permit.

use core::cell::Cell;
use core::marker::PhantomData;

use super::Core;

/// How many breakers are known at a time; what is nested deeper is not found.
const DEPTH: usize = 8;

std::thread_local! {
    // The addresses of the breakers, the outermost first; nothing has a destructor.
    static HELD: [Cell<usize>; DEPTH] = const { [const { Cell::new(0) }; DEPTH] };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn address(core: &Core) -> usize {
    core::ptr::from_ref(core).addr()
}

/// Keeps a breaker on the list, around one poll of an attempt or one run of it.
#[derive(Debug)]
#[must_use = "the breaker is on the list only while this value lives"]
pub struct Holding {
    before: usize,
    // The list is the thread's, so the guard must be dropped where it was made.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Holding {
    #[inline]
    fn drop(&mut self) {
        COUNT.set(self.before);
    }
}

/// Puts a breaker on the list.
#[inline]
pub(crate) fn hold(core: &Core) -> Holding {
    let before = COUNT.get();
    HELD.with(|held| {
        if let Some(slot) = held.get(before) {
            slot.set(address(core));
            COUNT.set(before + 1);
        }
    });
    Holding {
        before,
        _not_send: PhantomData,
    }
}

/// Whether no attempt around holds a permit of any breaker.
#[inline]
pub(crate) fn is_nobodys() -> bool {
    COUNT.get() == 0
}

/// Whether an attempt around holds a permit of this breaker.
pub(crate) fn is_held(core: &Core) -> bool {
    let count = COUNT.get();
    HELD.with(|held| {
        held.iter()
            .take(count)
            .any(|slot| slot.get() == address(core))
    })
}
