//! Under `halt`.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use wait_or_die::halt::Halt;
use wait_or_die::{circuit_breaker, wait_or_die};

use crate::functions::ask;

static HALT: Halt = Halt::new();

#[allow(clippy::unused_async, reason = "a fallback of an `async fn` is one")]
async fn cached(_: &mut u32, _: String, error: io::Error) -> io::Result<usize> {
    Err(error)
}

/// The system's, with what moves arguments.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(halt, timeout = "30s", clone(page), fields(page), fallback = cached)]
pub async fn system(count: &mut u32, page: String) -> io::Result<usize> {
    *count = ask(true).await?;
    Ok(page.into_bytes().len())
}

/// One's own, by a reference that needs none.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(halt = &HALT)]
#[circuit_breaker(name = "halting", key = fine)]
pub fn own(fine: bool) -> io::Result<u32> {
    if fine {
        return Ok(1);
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// Opaque and borrowed.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(halt = HALT)]
pub async fn opaque(bytes: &[u8]) -> io::Result<impl Iterator<Item = u8> + '_> {
    let first = usize::from(ask(true).await? > 0);
    Ok(bytes.iter().copied().skip(first))
}

/// Has one.
#[derive(Debug)]
#[non_exhaustive]
pub struct Gate {
    halt: Arc<Halt>,
    opened: u32,
}

/// Opens.
#[async_trait]
pub trait Opens {
    /// Opens.
    ///
    /// # Errors
    /// Those of the attempt.
    async fn open(&mut self) -> io::Result<u32>;
}

#[async_trait]
impl Opens for Gate {
    #[wait_or_die(halt = Arc::clone(&self.halt))]
    async fn open(&mut self) -> io::Result<u32> {
        self.opened = ask(true).await?;
        Ok(self.opened)
    }
}

impl Gate {
    /// Waits.
    ///
    /// # Errors
    /// Those of the attempt.
    #[wait_or_die(halt = if self.opened > 0 { &HALT } else { &*self.halt })]
    pub async fn wait(&self) -> io::Result<u32> {
        ask(self.opened > 0).await
    }
}
