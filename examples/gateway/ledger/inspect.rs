//! Reading a ledger from outside.

use std::io;
use std::path::Path;

use super::book::Book;
use super::entry::Entry;
use super::error::StoreError;
use super::files::{Disk, Files};
use super::read::{self, LOG, TornTail, failed};

/// A ledger as it stood on disk at one moment.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// One more with each checkpoint.
    pub(crate) generation: u64,
    /// The number that the next record will have; it begins with 1.
    pub(crate) next_sequence: u64,
    /// Every order, the oldest first.
    pub(crate) entries: Vec<Entry>,
    /// What stands behind the last whole record: a batch that is being written, or was when its process died.
    pub(crate) torn: Option<TornTail>,
}

pub(super) fn disk(dir: &Path) -> Result<Inspection, StoreError> {
    files(&Disk::read_only(dir))
}

pub(super) fn files<F: Files>(files: &F) -> Result<Inspection, StoreError> {
    let absent = || Err(io::ErrorKind::NotFound.into());
    let opened = files
        .open(LOG)
        .and_then(|file| file.map_or_else(absent, Ok));
    let mut file = opened.map_err(failed(files, "open", LOG))?;
    let header = read::header(files, &mut file)?;
    // What is added from here on is not looked at, so that no record is read while it is half written and its
    // successor is whole.
    let len = files.len(&file).map_err(failed(files, "measure", LOG))?;
    let range = (read::first(header), header.base, len);
    let found = read::records(files, &mut file, range, &Book::default())?;
    let mut book = Book::default();
    book.merge(found.changes);
    Ok(Inspection {
        generation: header.generation,
        next_sequence: found.end.sequence,
        entries: book.entries(),
        torn: found.torn,
    })
}
