//! The end of a program, declared by one of its operations.
//!
//! Some operations must not fail while the rest goes on: a program that cannot reconcile its state, or cannot write its
//! ledger, has to stop. Such an operation writes `halt`, and when a call of it ends in an error, the [`Halt`] is stopped
//! with a report, a [`SystemHalt`]. Whoever runs the program watches it:
//!
//! ```
//! use std::io;
//! use std::process::ExitCode;
//! use wait_or_die::{halt, wait_or_die};
//!
//! #[wait_or_die(halt, max_retries = 2, initial_wait = "1ms")]
//! async fn reconcile() -> io::Result<()> {
//!     Err(io::ErrorKind::PermissionDenied.into())
//! }
//!
//! async fn program() -> io::Result<()> {
//!     reconcile().await?;
//!     unreachable!("nothing behind a gate that failed is run")
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // async fn main() -> ExitCode
//! let code: ExitCode = halt::system().run(program()).await;
//! assert_eq!(code, ExitCode::from(halt::EXIT_CODE));
//! # }
//! ```
//!
//! A halt is for failures that nothing inside the program can repair. It does not undo itself; a supervisor outside
//! starts the program anew.

mod report;
mod run;

use core::fmt;
use core::future::Future;
use std::sync::OnceLock;

use tokio::sync::Notify;

pub(crate) use report::Parts;
pub use report::{EXIT_CODE, Reason, SystemHalt};

use crate::contain::contain;
use crate::observe::{self, Event};
use crate::sync::{Arc, Mutex, lock};

/// What stops a program: a token that is stopped once and for all, and keeps the report of why.
///
/// A clone is the same halt. [`system`] gives the one of the process; one of a part of a program is made by [`new`](Self::new), also in
/// a `static`. Nothing is allocated until it is cloned, watched or stopped.
///
/// It may be watched and stopped from any thread and from several runtimes. Stopping it cancels nothing by itself: who
/// watches it, ends.
pub struct Halt(OnceLock<Arc<Core>>);

#[derive(Default)]
struct Core {
    first: OnceLock<SystemHalt>,
    // The same once its event has been told, for those who wait: the program may end with them.
    told: OnceLock<SystemHalt>,
    later: Mutex<Later>,
    stopped: Notify,
}

#[derive(Default)]
struct Later {
    count: u64,
    reports: Vec<SystemHalt>,
}

/// The process's halt, which `#[wait_or_die(halt)]` stops; inside a `testing::scope` that of the scope.
pub fn system() -> Halt {
    static SYSTEM: Halt = Halt::new();
    #[cfg(feature = "test-util")]
    if let Some(scoped) = crate::testing::halt() {
        return scoped;
    }
    SYSTEM.clone()
}

impl Halt {
    /// How many of the reports behind the first are kept.
    pub const KEPT: usize = 16;

    /// A halt that is not stopped. Shares nothing with any other.
    pub const fn new() -> Self {
        Self(OnceLock::new())
    }

    /// Stops it with this report. The first report is what the program ends with; later ones are counted, and the first
    /// 16 of them kept. Gives whether it was the first.
    ///
    /// Tells an event `system halt` at ERROR, whichever report it is, and then wakes everybody who waits: what is told
    /// is told before the program ends. A subscriber that panics keeps nobody from waking up.
    pub fn stop(&self, report: SystemHalt) -> bool {
        let core = self.core();
        let is_first = core.first.set(report.clone()).is_ok();
        contain(|| {
            observe::emit(&Event::Halted {
                report: report.parts(),
                is_first,
            });
        });
        if is_first {
            let _ = core.told.set(report);
            core.stopped.notify_waiters();
        } else {
            let mut later = lock(&core.later);
            later.count = later.count.saturating_add(1);
            if later.reports.len() < Self::KEPT {
                later.reports.push(report);
            }
        }
        is_first
    }

    /// Whether it has been stopped, be its event told or not. Takes no lock.
    pub fn is_stopped(&self) -> bool {
        self.seen().is_some()
    }

    /// The first report, if it has been stopped, be its event told or not. Takes no lock.
    pub fn report(&self) -> Option<SystemHalt> {
        self.seen().cloned()
    }

    /// The reports behind the first, at most [`KEPT`](Self::KEPT) of them, in the order in which they came.
    pub fn later_reports(&self) -> Vec<SystemHalt> {
        lock(&self.core().later).reports.clone()
    }

    /// How often it was stopped again, kept or not.
    pub fn later_count(&self) -> u64 {
        lock(&self.core().later).count
    }

    /// Waits until it is stopped and the event of that has been told; at once if it has. Wakes every waiter, in whatever
    /// runtime.
    ///
    /// May be dropped at any time and called anew: a stop is never missed. Needs no tokio runtime. The future owns its
    /// share of the halt, and can be moved into a task.
    pub fn stopped(&self) -> impl Future<Output = SystemHalt> + Send + 'static + use<> {
        let core = Arc::clone(self.core());
        async move {
            loop {
                // Made before the look: it hears of every stop from here on, polled or not.
                let notified = core.stopped.notified();
                if let Some(report) = core.told.get() {
                    return report.clone();
                }
                notified.await;
            }
        }
    }

    /// Blocks the thread until it is stopped and the event of that has been told, for programs without a runtime. In an
    /// `async fn` write [`stopped`](Self::stopped).
    pub fn blocking_stopped(&self) -> SystemHalt {
        self.core().told.wait().clone()
    }

    fn core(&self) -> &Arc<Core> {
        self.0.get_or_init(Arc::default)
    }

    fn seen(&self) -> Option<&SystemHalt> {
        self.0.get()?.first.get()
    }
}

/// The same halt.
impl Clone for Halt {
    fn clone(&self) -> Self {
        Self(OnceLock::from(Arc::clone(self.core())))
    }
}

impl Default for Halt {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Halt")
            .field("report", &self.seen())
            .finish_non_exhaustive()
    }
}
