//! Operations whose death stops the program.
#![allow(clippy::unused_async, clippy::needless_pass_by_value)] // fallbacks are called as they must be

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use wait_or_die::halt::{self, Halt, Reason, SystemHalt};
use wait_or_die::testing;

#[path = "halt/calls.rs"]
mod calls;
#[path = "halt/deaths.rs"]
mod deaths;
#[path = "halt/forms.rs"]
mod forms;
#[path = "halt/panics.rs"]
mod panics;
#[path = "halt/program.rs"]
mod program;
#[path = "halt/token.rs"]
mod token;

fn refused() -> io::Error {
    wait_or_die_tests::refused()
}

fn by_hand(operation: &'static str) -> SystemHalt {
    SystemHalt::new(operation, "for the test")
}

/// What the scope's halt was stopped with; each test opens its own scope.
fn system_report() -> SystemHalt {
    halt::system().report().expect("a report")
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicU32);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Woken {
    fn times(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}
