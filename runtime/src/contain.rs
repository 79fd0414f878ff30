//! Running what is a user's where a panic of it must not get out.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `act`; `None` if it panicked. What it panics with is dropped; what that drop panics with in its turn is not,
/// for it might never end.
pub(crate) fn contain<T>(act: impl FnOnce() -> T) -> Option<T> {
    let payload = match catch_unwind(AssertUnwindSafe(act)) {
        Ok(done) => return Some(done),
        Err(payload) => payload,
    };
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        core::mem::forget(again);
    }
    None
}
