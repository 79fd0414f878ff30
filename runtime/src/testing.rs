//! Help for tests of annotated functions (feature `test-util`).
//!
//! ```
//! use wait_or_die::{testing, wait_or_die};
//!
//! #[wait_or_die(max_retries = 3, initial_wait = "1h", max_wait = "1h", timeout = "1 day")]
//! fn always_refused(calls: &mut u32) -> std::io::Result<()> {
//!     *calls += 1;
//!     Err(std::io::ErrorKind::ConnectionRefused.into())
//! }
//!
//! let _scope = testing::scope(7);
//! let mut calls = 0;
//! assert!(always_refused(&mut calls).is_err()); // returns at once: the hours are virtual
//! assert_eq!(calls, 4);
//! ```

use core::cell::RefCell;
use core::marker::PhantomData;
use core::time::Duration;

use crate::clock::{self, Instant};

struct State {
    rng: fastrand::Rng,
    now: Instant,
    #[cfg(not(loom))]
    budgets: crate::budget::Budgets,
    #[cfg(not(loom))]
    breakers: std::sync::Arc<crate::breaker::registry::Breakers>,
}

std::thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Keeps a test scope open on the thread that opened it; the scope before it returns on drop.
///
/// Scopes nest: drop them in the reverse of the order in which they were opened, as variables are.
#[must_use = "the scope ends when this value is dropped"]
pub struct Scope {
    outer: Option<State>,
    // The state is the thread's, so the guard must be dropped where it was made.
    _not_send: PhantomData<*const ()>,
}

impl core::fmt::Debug for Scope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

/// Opens a test scope on this thread: jitter and trace ids are drawn from `seed`, retry budgets
/// start full, circuit breakers closed, and waits of annotated plain functions move a virtual clock instead of sleeping.
///
/// Asynchronous calls are governed by tokio's clock: use `#[tokio::test(start_paused = true)]`
/// for them. The scope covers this thread only, so drive the runtime on it (`current_thread`,
/// which is what `#[tokio::test]` does).
pub fn scope(seed: u64) -> Scope {
    let state = State {
        rng: fastrand::Rng::with_seed(seed),
        now: clock::now(),
        #[cfg(not(loom))]
        budgets: crate::budget::Budgets::new(),
        #[cfg(not(loom))]
        breakers: std::sync::Arc::new(crate::breaker::registry::Breakers::new()),
    };
    Scope {
        outer: STATE.replace(Some(state)),
        _not_send: PhantomData,
    }
}

impl Scope {
    /// Moves the virtual clock of annotated plain functions forward, as work inside an attempt would.
    pub fn advance(&self, by: Duration) {
        advance(by);
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // What listeners of the scope's breakers own is dropped when the state is free again.
        drop(STATE.replace(self.outer.take()));
    }
}

/// Whether a scope is open on this thread.
pub(crate) fn is_open() -> bool {
    STATE.with_borrow(Option::is_some)
}

/// The scope's budget of this name, if a scope is open on this thread.
#[cfg(not(loom))]
pub(crate) fn budget(
    name: impl FnOnce() -> std::borrow::Cow<'static, str>,
) -> Option<crate::Budget> {
    STATE.with_borrow(|state| state.as_ref().map(|state| state.budgets.of_call(name())))
}

/// The scope's breakers, if a scope is open on this thread.
#[cfg(not(loom))]
pub(crate) fn breakers() -> Option<std::sync::Arc<crate::breaker::registry::Breakers>> {
    STATE.with_borrow(|state| {
        let state = state.as_ref()?;
        Some(std::sync::Arc::clone(&state.breakers))
    })
}

/// Runs `draw` on the scope's generator, if a scope is open on this thread.
pub(crate) fn with_rng<T>(draw: impl FnOnce(&mut fastrand::Rng) -> T) -> Option<T> {
    STATE.with_borrow_mut(|state| state.as_mut().map(|state| draw(&mut state.rng)))
}

/// The scope's virtual instant, if a scope is open on this thread.
pub(crate) fn virtual_now() -> Option<Instant> {
    STATE.with_borrow(|state| state.as_ref().map(|state| state.now))
}

/// Moves the virtual clock; false where no scope is open.
pub(crate) fn advance(by: Duration) -> bool {
    STATE.with_borrow_mut(|state| match state {
        Some(state) => {
            state.now = clock::later(state.now, by);
            true
        }
        None => false,
    })
}
