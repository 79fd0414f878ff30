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

use core::cell::{Cell, RefCell};
use core::marker::PhantomData;
use core::time::Duration;
use std::rc::Rc;
#[cfg(feature = "http")]
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::runtime::{self, Handle};

use crate::clock::{self, Instant};

/// What a scope has in place of the program's.
///
/// Shared, so that nothing is borrowed while others ask for the time or for a budget.
pub(crate) struct State {
    rng: RefCell<fastrand::Rng>,
    timeline: Timeline,
    budgets: crate::budget::Budgets,
    breakers: std::sync::Arc<crate::breaker::registry::Breakers>,
    halt: crate::halt::Halt,
    pub(crate) settings: RefCell<crate::settings::Book>,
}

/// The one time of a scope: it goes on with tokio's clock while the thread is in a runtime, and with all that is slept
/// and advanced.
///
/// Outside a runtime tokio's clock is the system's, which a test does not want to see. Each runtime has a clock of its
/// own, so that only what one of them has gone on since it was last looked at counts.
struct Timeline {
    opened: Instant,
    now: Cell<Instant>,
    seen: Cell<Option<(runtime::Id, Instant)>>,
    #[cfg(feature = "http")]
    wall: Cell<Wall>,
}

/// What the wall clock showed, since 1970, and when.
#[cfg(feature = "http")]
#[derive(Clone, Copy)]
struct Wall {
    showed: Duration,
    at: Instant,
}

impl Timeline {
    fn new() -> Self {
        let now = clock::base();
        let timeline = Self {
            opened: now,
            now: Cell::new(now),
            seen: Cell::new(None),
            #[cfg(feature = "http")]
            wall: Cell::new(Wall {
                showed: clock::base_wall(),
                at: now,
            }),
        };
        timeline.look();
        timeline
    }

    fn now(&self) -> Instant {
        self.look();
        self.now.get()
    }

    /// What tokio's clock shows when it is `at` here.
    fn tokios(&self, at: Instant) -> Instant {
        let now = self.now();
        let base = self.seen.get().map_or(now, |(_, base)| base);
        if let Some(left) = at.checked_duration_since(now) {
            return clock::later(base, left);
        }
        let past = now.saturating_duration_since(at);
        base.checked_sub(past).unwrap_or(base)
    }

    /// Takes in how far the runtime's clock has gone on.
    fn look(&self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        let (id, base) = (runtime.id(), clock::base());
        if let Some((before, seen)) = self.seen.replace(Some((id, base)))
            && before == id
        {
            self.advance(base.saturating_duration_since(seen));
        }
    }

    #[cfg(feature = "http")]
    fn wall(&self) -> Duration {
        let Wall { showed, at } = self.wall.get();
        showed.saturating_add(self.now().saturating_duration_since(at))
    }

    #[cfg(feature = "http")]
    fn set_wall(&self, showed: Duration) {
        let at = self.now();
        self.wall.set(Wall { showed, at });
    }

    fn advance(&self, by: Duration) {
        self.now.set(clock::later(self.now.get(), by));
    }
}

std::thread_local! {
    static STATE: RefCell<Option<Rc<State>>> = const { RefCell::new(None) };
}

/// Keeps a test scope open on the thread that opened it; the scope before it returns on drop.
///
/// Scopes nest: drop them in the reverse of the order in which they were opened, as variables are.
#[must_use = "the scope ends when this value is dropped"]
pub struct Scope {
    state: Rc<State>,
    outer: Option<Rc<State>>,
    // The state is the thread's, so the guard must be dropped where it was made.
    _not_send: PhantomData<*const ()>,
}

impl core::fmt::Debug for Scope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

/// Opens a test scope on this thread: jitter and trace ids are drawn from `seed`, retry budgets start full, circuit
/// breakers closed, no [`settings`](crate::settings) are in force, the system's [`halt`](mod@crate::halt) is not stopped, and
/// plain functions sleep virtually.
///
/// A scope has one time, which asynchronous and plain functions see, whichever calls the other. It goes on with tokio's
/// clock while the thread is in a runtime, with the virtual sleeps of plain functions, and by
/// [`Scope::advance`]. Outside a runtime it stands still but for these: what a runtime's clock went on before it was left
/// is seen if anybody asked in the runtime, or when it is entered again. In a runtime whose clock is not paused it goes on by itself: use
/// `#[tokio::test(start_paused = true)]` for asynchronous calls. A virtual sleep moves no timers but those of annotated
/// calls, and these at their next poll.
///
/// The scope covers this thread only, so drive the runtime on it (`current_thread`, which is what `#[tokio::test]`
/// does).
pub fn scope(seed: u64) -> Scope {
    let state = Rc::new(State {
        rng: RefCell::new(fastrand::Rng::with_seed(seed)),
        timeline: Timeline::new(),
        budgets: crate::budget::Budgets::new(),
        breakers: std::sync::Arc::new(crate::breaker::registry::Breakers::new()),
        halt: crate::halt::Halt::new(),
        settings: RefCell::new(crate::settings::Book::of_a_scope()),
    });
    Scope {
        outer: STATE.replace(Some(Rc::clone(&state))),
        state,
        _not_send: PhantomData,
    }
}

impl Scope {
    /// Moves the scope's time forward, as work inside an attempt would.
    ///
    /// A deadline or a wait of an annotated `async fn` that this passes is seen at its next poll; nothing is woken.
    pub fn advance(&self, by: Duration) {
        self.state.timeline.advance(by);
    }

    /// Sets the wall clock, which the dates in HTTP headers are held against where the response has no date of its own
    /// (feature `http`). It then goes on with the scope's time, as it does from the machine's clock until it is set. A time
    /// before 1970 sets it to the beginning of 1970.
    #[cfg(feature = "http")]
    pub fn set_wall_clock(&self, now: SystemTime) {
        let showed = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.state.timeline.set_wall(showed);
    }

    /// The scope's time since it was opened.
    pub fn elapsed(&self) -> Duration {
        let timeline = &self.state.timeline;
        timeline.now().saturating_duration_since(timeline.opened)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // What listeners of the scope's breakers own is dropped when the state is free again.
        drop(STATE.replace(self.outer.take()));
    }
}

/// The scope that is open on this thread.
pub(crate) fn current() -> Option<Rc<State>> {
    // A thread that is being torn down has none.
    STATE.try_with(|state| state.borrow().clone()).ok()?
}

/// Whether a scope is open on this thread.
pub(crate) fn is_open() -> bool {
    STATE
        .try_with(|state| state.borrow().is_some())
        .unwrap_or(false)
}

impl State {
    pub(crate) const fn budgets(&self) -> &crate::budget::Budgets {
        &self.budgets
    }
}

/// The scope's breakers, if a scope is open on this thread.
pub(crate) fn breakers() -> Option<std::sync::Arc<crate::breaker::registry::Breakers>> {
    Some(std::sync::Arc::clone(&current()?.breakers))
}

/// The scope's halt, if a scope is open on this thread.
pub(crate) fn halt() -> Option<crate::halt::Halt> {
    Some(current()?.halt.clone())
}

/// Runs `draw` on the scope's generator, if a scope is open on this thread.
pub(crate) fn with_rng<T>(draw: impl FnOnce(&mut fastrand::Rng) -> T) -> Option<T> {
    Some(draw(&mut current()?.rng.borrow_mut()))
}

/// The scope's time, if a scope is open on this thread.
pub(crate) fn now() -> Option<Instant> {
    Some(current()?.timeline.now())
}

/// The scope's wall clock, since 1970, if a scope is open on this thread.
#[cfg(feature = "http")]
pub(crate) fn wall() -> Option<Duration> {
    Some(current()?.timeline.wall())
}

/// What tokio's clock shows when it is `at` in the scope, if one is open on this thread.
pub(crate) fn tokios(at: Instant) -> Option<Instant> {
    Some(current()?.timeline.tokios(at))
}

/// Moves the scope's time; false where no scope is open.
pub(crate) fn advance(by: Duration) -> bool {
    match current() {
        Some(scope) => {
            scope.timeline.advance(by);
            true
        }
        None => false,
    }
}
