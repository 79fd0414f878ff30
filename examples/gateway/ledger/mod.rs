//! The order ledger: which orders there are and what has become of them, on disk before anything is done about it.
//!
//! ```text
//! check_and_register    mark_sent          settle
//!        -> RESERVED -----------> SENT -----------> DONE | REJECTED    final
//!              |  ^                | |                   ^
//!              |  +---- release ---+ +---> UNKNOWN ------+
//!              |                               |
//!              +--> REJECTED (never sent)      +--- release ---> RESERVED
//!
//! adopt         -> DONE, for an order that was executed without the ledger knowing of it
//! ```
//!
//! An order is known by its client order id. Whoever gets [`Registration::New`] for an id is the only one who does, among
//! all threads and all processes that have the directory open. [`Ledger::mark_sent`] succeeds for one of them, and has to
//! return before the order leaves. A RESERVED order that is found when the ledger is opened therefore was not sent since
//! it was last reserved; one that is SENT or UNKNOWN has to be asked about.
//!
//! The directory holds `orders.log` (see [`log`] for its format), `lock`, and for moments `orders.tmp`. It has to be on a
//! file system of this machine: locks and syncs over a network are what the server makes of them.

mod batch;
mod book;
mod checkpoint;
mod dir;
mod entry;
mod error;
mod files;
mod inspect;
mod log;
mod read;
mod store;
mod writer;

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

pub(crate) use self::book::Registration;
pub(crate) use self::dir::make_all;
pub(crate) use self::entry::{Entry, Outcome, State};
pub(crate) use self::error::{LedgerError, StoreError};
pub(crate) use self::inspect::Inspection;
pub(crate) use self::read::TornTail;

use self::batch::{Answer, Request};
use self::book::Book;
use self::entry::{Event, Kind};
use self::files::{Disk, Files};
use self::store::{Store, read_book};
use self::writer::Call;

/// Longest id, in bytes.
const LONGEST_ID: usize = 64;
/// Longest payload and longest answer, in bytes.
const LONGEST_BLOB: usize = 64 << 10;

/// How a ledger is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Length of the log, in bytes, from which on it is written anew with what is live; never before it is twice as long
    /// as it was when it began. By default 32 MiB.
    pub(crate) checkpoint_at: u64,
    /// How long a DONE or REJECTED order is kept at least, by the times that callers give; it goes with the first
    /// checkpoint after that. By default for ever: who comes back with the id of an order that is gone has it executed
    /// again.
    pub(crate) retain: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            checkpoint_at: 32 << 20,
            retain: None,
        }
    }
}

/// What was found when the ledger was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recovery {
    /// The log, for messages.
    pub(crate) file: String,
    /// Orders in the ledger.
    pub(crate) entries: usize,
    /// What was cut off the end of the log; no call had returned for it, unless it was damaged later.
    pub(crate) torn: Option<TornTail>,
    /// The orders that are RESERVED, SENT or UNKNOWN, the oldest first.
    pub(crate) unsettled: Vec<Entry>,
}

/// An open ledger. Share it in an [`Arc`].
///
/// The asynchronous calls return when what they say is on disk. One that is dropped while it waits may or may not take
/// effect, as a whole; nothing tells the caller which, so a dropped [`check_and_register`](Self::check_and_register) can
/// leave an order RESERVED that nobody is at. A change that was refused with [`LedgerError::NotSaved`] is not in effect.
///
/// Calls wait as long as another process has the lock; one that is stopped while it has it holds up all others. Bound
/// the wait where that matters.
#[derive(Debug)]
pub(crate) struct Ledger {
    calls: mpsc::Sender<Call>,
    book: Arc<RwLock<Book>>,
    ended: oneshot::Receiver<()>,
}

impl Ledger {
    /// Opens the ledger in `dir`, which is made if it is not there; its parent has to be. Blocks the thread while it
    /// reads, about a quarter of a second for 100,000 orders.
    ///
    /// # Errors
    ///
    /// The directory cannot be used, or what is in it is damaged other than at its end. Nothing is changed then.
    pub(crate) fn open(dir: &Path, settings: Settings) -> Result<(Self, Recovery), LedgerError> {
        let disk = Disk::open(dir).map_err(|source| StoreError::Io {
            action: "make the directory",
            file: format!("`{}`", dir.display()),
            source,
        })?;
        Self::on(disk, settings)
    }

    fn on<F: Files>(files: F, settings: Settings) -> Result<(Self, Recovery), LedgerError> {
        let store = Store::open(files, settings)?;
        let book = store.shared();
        let recovery = {
            let book = read_book(&book);
            Recovery {
                file: store.describe(),
                entries: book.len(),
                torn: store.torn(),
                unsettled: book.unsettled(),
            }
        };
        let (calls, line) = mpsc::channel(writer::LINE);
        let ended = writer::start(store, line).map_err(|source| StoreError::Io {
            action: "start the thread that writes",
            file: recovery.file.clone(),
            source,
        })?;
        Ok((Self { calls, book, ended }, recovery))
    }

    /// Reads the ledger in `dir` without taking part: no lock, no change, also while others write. Blocks the thread.
    ///
    /// # Errors
    ///
    /// There is none, or it is damaged other than at its end. A process whose disk fails may be cutting something off at
    /// this moment, which can look like damage: look again.
    pub(crate) fn inspect(dir: &Path) -> Result<Inspection, LedgerError> {
        Ok(inspect::disk(dir)?)
    }

    /// Registers an order as RESERVED, unless its id is taken: both in one step.
    ///
    /// `payload` is what a second call has to bring as well to be about the same order, byte for byte. An answer that can
    /// not change any more comes from memory at once.
    ///
    /// # Errors
    ///
    /// `id` is empty or longer than 64 bytes, `payload` longer than 64 KiB, or the registration could not be saved.
    pub(crate) async fn check_and_register(
        &self,
        id: &str,
        payload: &[u8],
        now: u64,
    ) -> Result<Registration, LedgerError> {
        let found = self.registration(id, payload);
        if let Some(found) = found.filter(Registration::is_for_ever) {
            return Ok(found);
        }
        fits(payload)?;
        let payload = payload.into();
        match self.change(id, now, Kind::Registered { payload }).await? {
            Answer::Registration(registration) => Ok(registration),
            // A registration has no other answer.
            Answer::Made => Err(LedgerError::Closed),
        }
    }

    /// RESERVED becomes SENT. The order may leave when this has returned `Ok`, once: a second call is an error.
    ///
    /// # Errors
    ///
    /// The order is not RESERVED, or the change could not be saved.
    pub(crate) async fn mark_sent(&self, id: &str, now: u64) -> Result<(), LedgerError> {
        self.change(id, now, Kind::Sent).await.map(|_| ())
    }

    /// SENT becomes what came of it; UNKNOWN becomes DONE or REJECTED; RESERVED becomes REJECTED; DONE stays so with another
    /// answer.
    ///
    /// # Errors
    ///
    /// The order is in another state, `answer` is longer than 64 KiB, or the change could not be saved.
    pub(crate) async fn settle(
        &self,
        id: &str,
        outcome: Outcome,
        answer: &[u8],
        now: u64,
    ) -> Result<(), LedgerError> {
        fits(answer)?;
        let answer = answer.into();
        let kind = Kind::Settled { outcome, answer };
        self.change(id, now, kind).await.map(|_| ())
    }

    /// Takes in an order as DONE that was executed without this ledger knowing of it, in one step.
    ///
    /// # Errors
    ///
    /// The id is taken or of the wrong length, `payload` or `answer` is longer than 64 KiB, or it could not be saved.
    pub(crate) async fn adopt(
        &self,
        id: &str,
        payload: &[u8],
        answer: &[u8],
        now: u64,
    ) -> Result<(), LedgerError> {
        fits(payload)?;
        fits(answer)?;
        let kind = Kind::Kept {
            payload: payload.into(),
            state: State::Done,
            answer: Some(answer.into()),
            registered_at: now,
        };
        self.change(id, now, kind).await.map(|_| ())
    }

    /// SENT or UNKNOWN becomes RESERVED: the order certainly was not executed, and may be sent again.
    ///
    /// # Errors
    ///
    /// The order is in another state, or the change could not be saved.
    pub(crate) async fn release(&self, id: &str, now: u64) -> Result<(), LedgerError> {
        self.change(id, now, Kind::Released).await.map(|_| ())
    }

    /// Takes in what other processes have written, for [`get`](Self::get) and [`unsettled`](Self::unsettled). Every other
    /// asynchronous call that reaches the disk does so as well.
    ///
    /// # Errors
    ///
    /// The ledger could not be read.
    pub(crate) async fn refresh(&self) -> Result<(), LedgerError> {
        self.call(Request::Refresh).await.map(|_| ())
    }

    /// What a registration finds under the id, from memory; `None` if it is free. For when the disk cannot be asked.
    pub(crate) fn registration(&self, id: &str, payload: &[u8]) -> Option<Registration> {
        read_book(&self.book).registration(id, payload)
    }

    /// The order, from memory.
    pub(crate) fn get(&self, id: &str) -> Option<Entry> {
        read_book(&self.book).get(id)
    }

    /// Where the order stands, from memory.
    pub(crate) fn state(&self, id: &str) -> Option<State> {
        read_book(&self.book).state(id)
    }

    /// The orders that are RESERVED, SENT or UNKNOWN, the oldest first, from memory. Looks at every order: not for each
    /// request.
    pub(crate) fn unsettled(&self) -> Vec<Entry> {
        read_book(&self.book).unsettled()
    }

    /// The orders that are DONE or REJECTED, the oldest first, from memory. Looks at every order.
    pub(crate) fn settled(&self) -> Vec<Entry> {
        read_book(&self.book).settled()
    }

    /// Waits until what was asked for is saved and the files are closed. Dropping the ledger does not wait.
    pub(crate) async fn close(self) {
        let Self { calls, ended, .. } = self;
        drop(calls);
        // It ends by being dropped, which is all that is waited for.
        let _ = ended.await;
    }

    async fn change(&self, id: &str, at: u64, kind: Kind) -> Result<Answer, LedgerError> {
        let (len, longest) = (id.len(), LONGEST_ID);
        if !(1..=longest).contains(&len) {
            return Err(LedgerError::Id { len, longest });
        }
        let id = id.into();
        self.call(Request::Change(Event { id, at, kind })).await
    }

    async fn call(&self, request: Request) -> Result<Answer, LedgerError> {
        #[cfg(test)]
        let _still = StillClock::hold();
        let (reply, answer) = oneshot::channel();
        let sent = self.calls.send(Call { request, reply }).await;
        sent.map_err(|_| LedgerError::Closed)?;
        answer.await.unwrap_or(Err(LedgerError::Closed))
    }
}

const fn fits(blob: &[u8]) -> Result<(), LedgerError> {
    let (len, longest) = (blob.len(), LONGEST_BLOB);
    if len > longest {
        return Err(LedgerError::TooLong { len, longest });
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod memory;
#[cfg(test)]
mod still;
#[cfg(test)]
pub(crate) use self::still::StillClock;
#[cfg(test)]
mod tests;
