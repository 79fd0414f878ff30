//! What a breaker may know of the attempts around: which breakers they hold a permit of, and whether a deadline has cut
//! one off.
//!
//! Two functions that share a breaker may call one another. Were the inner one to ask as well, a failure would count
//! twice, and half-open the one place for a probe would be taken by the outer call, which then fails because the inner
//! one is refused: the breaker would never close again. So an attempt that runs inside another one of the same breaker
//! goes with that one's permit.

use core::cell::Cell;
use core::marker::PhantomData;

use tokio::task::Id;

use super::Core;

/// How many breakers are known at a time; what is nested deeper is not found.
const DEPTH: usize = 8;

std::thread_local! {
    // The addresses of the breakers, the outermost first; nothing has a destructor.
    static HELD: [Cell<usize>; DEPTH] = const { [const { Cell::new(0) }; DEPTH] };
    static COUNT: Cell<usize> = const { Cell::new(0) };
    // What stood on the list, and in which task, when a plain function began to run: it may drive a runtime, whose
    // tasks are not nested in it.
    static FENCE: Cell<Fence> = const { Cell::new(Fence::NONE) };
}

#[derive(Debug, Clone, Copy)]
struct Fence {
    // What was not the function's own either: it may run in a task of a runtime that another one drives.
    foreign: usize,
    count: usize,
    task: Option<Id>,
}

impl Fence {
    const NONE: Self = Self {
        foreign: 0,
        count: 0,
        task: None,
    };
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

/// As [`Holding`], around a run.
#[derive(Debug)]
#[must_use = "the breaker is on the list only while this value lives"]
pub(crate) struct BlockingHolding {
    before: Fence,
    _holding: Holding,
}

impl Drop for BlockingHolding {
    fn drop(&mut self) {
        FENCE.set(self.before);
    }
}

/// Puts a breaker on the list for as long as a plain function runs.
pub(crate) fn hold_blocking(core: &Core) -> BlockingHolding {
    let task = tokio::task::try_id();
    let foreign = foreign_to(task);
    let holding = hold(core);
    let fence = Fence {
        foreign,
        count: COUNT.get(),
        task,
    };
    BlockingHolding {
        before: FENCE.replace(fence),
        _holding: holding,
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
#[inline]
pub(crate) fn is_held(core: &Core) -> bool {
    !is_nobodys() && is_listed(core)
}

/// How many on the list are not around what runs in this task.
fn foreign_to(task: Option<Id>) -> usize {
    let fence = FENCE.get();
    if fence.task == task {
        fence.foreign
    } else {
        fence.count
    }
}

fn is_listed(core: &Core) -> bool {
    let foreign = foreign_to(tokio::task::try_id());
    let count = COUNT.get();
    HELD.with(|held| {
        let mut own = held.iter().take(count).skip(foreign);
        own.any(|slot| slot.get() == address(core))
    })
}

std::thread_local! {
    /// A deadline has cut an attempt off, whose body is about to be dropped.
    static CUT_OFF: Cell<bool> = const { Cell::new(false) };
}

/// Tells what is dropped with the body of an attempt that a deadline has cut off why it is dropped: for a breaker
/// inside it that is no caller's cancellation.
pub(crate) fn set_cut_off(cut_off: bool) {
    CUT_OFF.set(cut_off);
}

/// Whether what is being dropped now was cut off by a deadline around it.
pub(crate) fn is_cut_off() -> bool {
    CUT_OFF.get()
}
