//! Counts what a thread allocates. A test that counts makes [`Counting`] its allocator:
//!
//! ```
//! use wait_or_die_tests::allocations::{Counting, allocations};
//!
//! #[global_allocator]
//! static ALLOCATOR: Counting = Counting;
//!
//! assert_eq!(allocations(|| Box::new(1)), (1, Box::new(1)));
//! ```
#![allow(unsafe_code)] // the trait of an allocator is unsafe; this one adds a counter and nothing else

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u32> = const { Cell::new(0) };
}

/// The system's allocator, which counts for each thread.
#[derive(Debug)]
pub struct Counting;

// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// How often `run` allocates on this thread, and what it gives.
pub fn allocations<T>(run: impl FnOnce() -> T) -> (u32, T) {
    let before = ALLOCATIONS.get();
    let out = run();
    (ALLOCATIONS.get() - before, out)
}
