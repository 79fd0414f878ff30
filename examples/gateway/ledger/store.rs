//! Saving: what is done under the lock, in which order, and what is done when it fails.
//!
//! What holds whenever the lock is free:
//!
//! 1. The log is whole, or ends in one torn record, left by a process that died while it wrote.
//! 2. All of its records but the last are on disk. Who finds records of another process syncs before adding to them: the
//!    other one may have died between writing and syncing.
//! 3. Nothing is in the book that was not synced, and no call has returned before that.
//!
//! A batch that cannot be saved is cut off again under the same lock. If even that fails, the lock is kept until it has
//! been done, so that no other process takes a refused order for a registered one.
//!
//! After a failed sync the system may take pages for clean that never reached the disk, and the next sync says that all is
//! well. So the file is not trusted again. Everything is written to a new one: from memory, where there is only what was
//! synced before, and from what other processes have added since.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use wait_or_die::{Jitter, RetryPolicy, wait_or_die};

use super::Settings;
use super::batch::{self, Answers, Request};
use super::book::{Book, Changes, Draft};
use super::checkpoint::{self, Plan, Written};
use super::error::StoreError;
use super::files::Files;
use super::log::{self, Header, Position};
use super::read::{self, Found, LOG, TornTail, failed};

/// For the few moments in which callers can wait: three more attempts within two seconds.
const SAVING: RetryPolicy = RetryPolicy::new()
    .with_timeout(Duration::from_secs(2))
    .with_max_retries(3)
    .with_initial_wait(Duration::from_millis(5))
    .with_max_wait(Duration::from_millis(100))
    .with_jitter(Jitter::None);

/// The log, as far as the book has it.
#[derive(Debug, Clone, Copy)]
struct Known {
    header: Header,
    end: Position,
}

pub(super) struct Store<F: Files> {
    files: F,
    settings: Settings,
    book: Arc<RwLock<Book>>,
    known: Option<Known>,
    /// The generation whose file failed to sync. No other file ever has its number.
    distrusted: Option<u64>,
    locked: bool,
    /// The log with a batch of ours behind what is known, which could not be cut off yet.
    uncut: Option<F::File>,
    /// Length of the log, in bytes, from which on a checkpoint is due.
    due: u64,
    /// The torn tail that was cut off last.
    torn: Option<TornTail>,
}

impl<F: Files> Store<F> {
    /// Reads the ledger, and makes an empty one if there is none.
    pub(super) fn open(files: F, settings: Settings) -> Result<Self, StoreError> {
        let mut store = Self {
            files,
            settings,
            book: Arc::default(),
            known: None,
            distrusted: None,
            locked: false,
            uncut: None,
            due: u64::MAX,
            torn: None,
        };
        store.commit(&[])?;
        Ok(store)
    }

    pub(super) fn shared(&self) -> Arc<RwLock<Book>> {
        Arc::clone(&self.book)
    }

    pub(super) fn torn(&self) -> Option<TornTail> {
        self.torn
    }

    pub(super) fn generation(&self) -> u64 {
        self.known.map_or(0, |known| known.header.generation)
    }

    /// Where the log is, for messages.
    pub(super) fn describe(&self) -> String {
        self.files.describe(LOG)
    }

    /// Makes those of the changes that can be made, all in one record. When it returns they are on disk.
    ///
    /// On an error none of them is made.
    pub(super) fn commit(&mut self, requests: &[Request]) -> Result<Answers, StoreError> {
        let saved = self.save(requests);
        self.unlock();
        saved
    }

    /// Writes a checkpoint if the log has grown enough: whether it did. On an error the log goes on as it is.
    pub(super) fn tidy(&mut self) -> Result<bool, StoreError> {
        let Some(known) = self.known.filter(|known| known.end.at >= self.due) else {
            return Ok(false);
        };
        // If this one fails, the next is due when the log has grown as much again.
        self.due = known.end.at.saturating_add(self.settings.checkpoint_at);
        self.checkpoint().map(|()| true)
    }

    /// Writes what is live to a new log, which takes the place of the old one.
    pub(super) fn checkpoint(&mut self) -> Result<(), StoreError> {
        let done = self.lock().and_then(|()| {
            let (_, known) = self.catch_up()?;
            let book = self.shared();
            let written = self.rewrite(&read_book(&book), known)?;
            let retain = self.settings.retain;
            self.change(|book| book.forget(retain));
            self.know(written.header, written.end);
            Ok(())
        });
        self.unlock();
        done
    }

    /// One attempt to save. Each finds out anew what is on disk, so it does not matter how far the one before came.
    #[wait_or_die(name = "ledger.save", policy = SAVING, retry_if = StoreError::verdict)]
    fn save(&mut self, requests: &[Request]) -> Result<Answers, StoreError> {
        self.lock()?;
        let (file, known) = self.catch_up()?;
        let book = self.shared();
        let book = read_book(&book);
        let (mut draft, mut payload) = (Draft::on(&book), Vec::new());
        let decided = requests
            .iter()
            .map(|request| batch::decide(&mut draft, request, &mut payload));
        let answers = decided.collect();
        let changes = draft.into_changes();
        drop(book);
        if !payload.is_empty() {
            self.append(file, known, &payload)?;
            self.change(|book| book.merge(changes));
        }
        Ok(answers)
    }

    /// Brings the book up to the log, and gives the log to go on with.
    fn catch_up(&mut self) -> Result<(F::File, Known), StoreError> {
        self.cut_own()?;
        let (mut file, header) = self.open_log()?;
        let known = self.known.filter(|known| known.header == header);
        let distrusted = self.distrusted == Some(header.generation);
        let len = self.files.len(&file);
        let len = len.map_err(failed(&self.files, "measure", LOG))?;
        if let Some(known) = known.filter(|known| known.end.at == len && !distrusted) {
            return Ok((file, known));
        }
        let found = self.read(&mut file, header, len)?;
        if distrusted {
            return self.replace(header, found);
        }
        self.make_durable(&mut file, header, &found)?;
        let end = found.end;
        self.take_in(known.is_none(), found.changes);
        Ok((file, self.know(header, end)))
    }

    fn open_log(&mut self) -> Result<(F::File, Header), StoreError> {
        let opened = self.files.open(LOG);
        if let Some(mut file) = opened.map_err(failed(&self.files, "open", LOG))? {
            let header = read::header(&self.files, &mut file)?;
            return Ok((file, header));
        }
        if self.known.is_some() {
            let file = self.describe();
            return Err(StoreError::Gone { file });
        }
        let first = Plan {
            generation: 1,
            first_sequence: 1,
            retain: None,
        };
        let written = checkpoint::write(&self.files, &Book::default(), first)?;
        Ok((written.file, written.header))
    }

    /// Reads what the book has not: the rest of the log that is known, the whole of any other one.
    fn read(&self, file: &mut F::File, header: Header, len: u64) -> Result<Found, StoreError> {
        let acknowledged = self.known.map_or(0, |known| known.end.sequence);
        let lost = "records that calls have returned for are missing";
        let found = match self.known.filter(|known| known.header == header) {
            Some(known) if len < known.end.at => {
                return Err(read::corrupt(&self.files, len, lost));
            }
            Some(known) => {
                let range = (known.end, header.base, len);
                read::records(&self.files, file, range, &read_book(&self.book))?
            }
            None => {
                let range = (read::first(header), header.base, len);
                read::records(&self.files, file, range, &Book::default())?
            }
        };
        if found.end.sequence < acknowledged {
            return Err(read::corrupt(&self.files, found.end.at, lost));
        }
        Ok(found)
    }

    /// Cuts a torn tail off, and sees to it that what was found is on disk: whoever wrote it may have died before that.
    fn make_durable(
        &mut self,
        file: &mut F::File,
        header: Header,
        found: &Found,
    ) -> Result<(), StoreError> {
        if let Some(torn) = found.torn {
            let cut = self.files.truncate(file, torn.offset);
            cut.map_err(failed(&self.files, "cut the torn tail off", LOG))?;
            self.note(torn);
        }
        self.sync(file, header)?;
        if self.known.is_none_or(|known| known.header != header) {
            let synced = self.files.sync_dir();
            synced.map_err(failed(&self.files, "sync the directory of", LOG))?;
        }
        Ok(())
    }

    fn note(&mut self, torn: TornTail) {
        let TornTail { offset, bytes } = torn;
        tracing::warn!(file = %self.describe(), offset, bytes, "cut a torn tail off the order ledger");
        self.torn = Some(torn);
    }

    /// Puts a new log in the place of one that is not trusted.
    fn replace(&mut self, header: Header, found: Found) -> Result<(F::File, Known), StoreError> {
        if let Some(torn) = found.torn {
            self.note(torn);
        }
        let anew = self.known.is_none_or(|known| known.header != header);
        let book = self.shared();
        let mut fresh = if anew {
            Book::default()
        } else {
            read_book(&book).clone()
        };
        fresh.merge(found.changes);
        let end = found.end;
        let written = self.rewrite(&fresh, Known { header, end })?;
        fresh.forget(self.settings.retain);
        self.change(|book| *book = fresh);
        let known = self.know(written.header, written.end);
        Ok((written.file, known))
    }

    fn rewrite(&self, book: &Book, known: Known) -> Result<Written<F>, StoreError> {
        let plan = Plan {
            generation: known.header.generation.saturating_add(1),
            first_sequence: known.end.sequence,
            retain: self.settings.retain,
        };
        checkpoint::write(&self.files, book, plan)
    }

    fn append(
        &mut self,
        mut file: F::File,
        known: Known,
        payload: &[u8],
    ) -> Result<(), StoreError> {
        let record = log::record(known.end.sequence, payload);
        let written = self.files.write_at(&mut file, known.end.at, &record);
        let written = written.map_err(failed(&self.files, "write", LOG));
        let saved = written.and_then(|()| self.sync(&mut file, known.header));
        if let Err(error) = saved {
            self.uncut = Some(file);
            // If this fails as well, it is the first thing that the next attempt does.
            let _ = self.cut_own();
            return Err(error);
        }
        let end = Position {
            at: known.end.at + record.len() as u64,
            sequence: known.end.sequence.saturating_add(1),
        };
        self.know(known.header, end);
        Ok(())
    }

    /// Cuts off what could not be saved.
    fn cut_own(&mut self) -> Result<(), StoreError> {
        let (Some(mut file), Some(known)) = (self.uncut.take(), self.known) else {
            return Ok(());
        };
        if let Err(error) = self.files.truncate(&mut file, known.end.at) {
            self.uncut = Some(file);
            return Err(failed(&self.files, "cut a failed batch off", LOG)(error));
        }
        self.sync(&mut file, known.header)
    }

    fn sync(&mut self, file: &mut F::File, header: Header) -> Result<(), StoreError> {
        self.files.sync(file).map_err(|error| {
            self.distrusted = Some(header.generation);
            failed(&self.files, "sync", LOG)(error)
        })
    }

    fn take_in(&self, anew: bool, changes: Changes) {
        self.change(|book| {
            if anew {
                *book = Book::default();
            }
            book.merge(changes);
        });
    }

    fn change(&self, change: impl FnOnce(&mut Book)) {
        change(&mut self.book.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn know(&mut self, header: Header, end: Position) -> Known {
        let known = Known { header, end };
        if self.known.is_none_or(|before| before.header != header) {
            // Twice what it began with, so that a large ledger is not written anew for little.
            let twice = header.base.saturating_mul(2);
            self.due = twice.max(self.settings.checkpoint_at);
        }
        self.known = Some(known);
        known
    }

    fn lock(&mut self) -> Result<(), StoreError> {
        if !self.locked {
            let locked = self.files.lock();
            locked.map_err(failed(&self.files, "lock", LOG))?;
            self.locked = true;
        }
        Ok(())
    }

    fn unlock(&mut self) {
        if self.uncut.is_none() && self.locked {
            self.files.unlock();
            self.locked = false;
        }
    }
}

/// Nothing that holds the lock can leave a book half changed.
pub(super) fn read_book(book: &RwLock<Book>) -> RwLockReadGuard<'_, Book> {
    book.read().unwrap_or_else(PoisonError::into_inner)
}
