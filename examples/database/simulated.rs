//! A server without a network, for tests with a paused clock: it understands as much of the protocol as a statement without
//! parameters needs, and can be gone for a time.

use std::cell::RefCell;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::time::{Instant, sleep};

use crate::turns::now;

mod tests;

/// What a round trip to the server takes.
const ROUND_TRIP: Duration = Duration::from_millis(10);

/// How the server is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    /// Connections are lost at once, and refused.
    Refusing,
    /// Nothing is answered. What was begun meanwhile is not answered later either.
    Silent,
    /// Connections that there are hang, new ones are refused: another machine has taken the address over.
    Replaced,
    /// Connections that there are hang, new ones work.
    Frozen,
}

#[derive(Debug, Clone, Copy)]
struct Outage {
    how: Gone,
    since: Instant,
    until: Instant,
    /// Begins with the first message of this kind; zero where it has begun.
    begins_at: u8,
}

#[derive(Debug, Default)]
struct State {
    outage: Option<Outage>,
    dials: Vec<Instant>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Simulated(Arc<Mutex<State>>);

thread_local! {
    static HERE: RefCell<Option<Simulated>> = const { RefCell::new(None) };
}

/// The server that this thread's connections lead to, if there is one.
pub(crate) fn here() -> Option<Simulated> {
    HERE.with_borrow(Clone::clone)
}

impl Simulated {
    /// In the place of the one before.
    pub(crate) fn start() -> Self {
        let server = Self::default();
        HERE.set(Some(server.clone()));
        server
    }

    /// Is gone for so long from now on, though the first to notice is a message of the kind `begins_at`; zero: anything.
    pub(crate) fn leave(&self, how: Gone, lasts: Duration, begins_at: u8) {
        let since = now();
        self.state().outage = Some(Outage {
            how,
            since,
            until: since + lasts,
            begins_at,
        });
    }

    /// When connections were asked for.
    pub(crate) fn dials(&self) -> Vec<Instant> {
        self.state().dials.clone()
    }

    pub(crate) fn dial(&self) -> DuplexStream {
        let (near, far) = duplex(1 << 16);
        self.state().dials.push(now());
        match self.gone(0, now()) {
            Some(Gone::Refusing | Gone::Replaced) => {}
            Some(Gone::Silent) => {
                tokio::spawn(keep(far));
            }
            Some(Gone::Frozen) | None => {
                tokio::spawn(self.clone().serve(far));
            }
        }
        near
    }

    /// Whether the server is gone when a message of this kind comes, on a connection of that moment.
    fn gone(&self, kind: u8, dialled: Instant) -> Option<Gone> {
        let mut state = self.state();
        let outage = state.outage.as_mut()?;
        if outage.begins_at == kind {
            outage.begins_at = 0;
        }
        let is_gone = outage.begins_at == 0 && now() < outage.until;
        let is_spared = outage.how == Gone::Frozen && dialled >= outage.since;
        (is_gone && !is_spared).then_some(outage.how)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    async fn serve(self, mut stream: DuplexStream) -> io::Result<()> {
        let dialled = now();
        read(&mut stream, 0).await?;
        stream.write_all(b"R\0\0\0\x08\0\0\0\0").await?;
        self.answer(b'S', &mut stream).await?;
        loop {
            let kind = stream.read_u8().await?;
            read(&mut stream, kind).await?;
            match self.gone(kind, dialled) {
                Some(Gone::Refusing) => return Ok(()),
                Some(Gone::Silent | Gone::Replaced | Gone::Frozen) => return keep(stream).await,
                None => self.answer(kind, &mut stream).await?,
            }
        }
    }

    async fn answer(&self, kind: u8, stream: &mut DuplexStream) -> io::Result<()> {
        const DONE: &[u8] = b"C\0\0\0\x0dUPDATE 1\0";
        const READY: &[u8] = b"Z\0\0\0\x05I";
        if matches!(kind, b'S' | b'Q') {
            sleep(ROUND_TRIP).await;
        }
        let answer: &[&[u8]] = match kind {
            b'P' => &[b"1\0\0\0\x04"],
            b'B' => &[b"2\0\0\0\x04"],
            b'C' => &[b"3\0\0\0\x04"],
            b'D' => &[b"t\0\0\0\x06\0\0", b"n\0\0\0\x04"],
            b'E' => &[DONE],
            b'Q' => &[DONE, READY],
            b'S' => &[READY],
            _ => &[],
        };
        for message in answer {
            stream.write_all(message).await?;
        }
        Ok(())
    }
}

/// The rest of a message, whose length counts itself.
async fn read(stream: &mut DuplexStream, kind: u8) -> io::Result<Vec<u8>> {
    let length = stream.read_u32().await?;
    assert!((4..1 << 16).contains(&length), "{kind}: {length}");
    let mut rest = vec![0; usize::try_from(length).unwrap() - 4];
    stream.read_exact(&mut rest).await?;
    Ok(rest)
}

/// Neither answers nor goes.
async fn keep(mut stream: DuplexStream) -> io::Result<()> {
    let mut unread = [0; 1 << 10];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
