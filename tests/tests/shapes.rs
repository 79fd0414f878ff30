//! Every shape of function that can be annotated: each compiles, is `Send` where the plain function
//! would be, fails once, waits, and succeeds with the same result as the plain function.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[path = "shapes/arguments.rs"]
mod arguments;
#[path = "shapes/bodies.rs"]
mod bodies;
#[path = "shapes/places.rs"]
mod places;
#[path = "shapes/receivers.rs"]
mod receivers;
#[path = "shapes/returns.rs"]
mod returns;
#[path = "shapes/traits.rs"]
mod traits;

/// Refuses the first attempt and answers the number of every later one; suspends before it does.
#[derive(Debug, Default)]
struct Flaky {
    attempts: AtomicU32,
}

impl Flaky {
    fn shared() -> Arc<Self> {
        Arc::default()
    }

    fn ask_now(&self) -> io::Result<u32> {
        match self.attempts.fetch_add(1, Ordering::Relaxed) + 1 {
            1 => Err(io::ErrorKind::ConnectionRefused.into()),
            attempt => Ok(attempt),
        }
    }

    async fn ask(&self) -> io::Result<u32> {
        tokio::task::yield_now().await;
        self.ask_now()
    }

    fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }
}

/// The future itself, if it may be moved to another thread.
fn sent<F: Future + Send>(future: F) -> F {
    future
}
