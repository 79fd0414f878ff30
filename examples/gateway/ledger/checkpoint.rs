//! A new generation of the log: what is live, in a file that takes the place of the old one.

use std::time::Duration;

use super::book::Book;
use super::error::StoreError;
use super::files::Files;
use super::log::{self, Header, Position};
use super::read::{self, LOG, failed};

/// The new file until it is whole and on disk. One that is left behind by a crash is written over.
const TEMPORARY: &str = "orders.tmp";
/// Payload from which on a record is closed, in bytes.
const RECORD: usize = 64 << 10;

/// A log that has just been made.
pub(super) struct Written<F: Files> {
    pub(super) file: F::File,
    pub(super) header: Header,
    pub(super) end: Position,
}

/// Which log is to be made.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    pub(super) generation: u64,
    pub(super) first_sequence: u64,
    pub(super) retain: Option<Duration>,
}

/// Writes `book` to a new file and puts it in the place of the log.
///
/// On an error either log may stand there. Both hold the same, and whoever opens the new one syncs the directory before
/// adding to it.
pub(super) fn write<F: Files>(
    files: &F,
    book: &Book,
    plan: Plan,
) -> Result<Written<F>, StoreError> {
    let file = files.create(TEMPORARY);
    let mut file = file.map_err(failed(files, "create", TEMPORARY))?;
    let filled = fill(files, &mut file, book, plan).and_then(|filled| {
        let renamed = files.rename(TEMPORARY, LOG);
        renamed.map_err(failed(files, "rename", TEMPORARY))?;
        Ok(filled)
    });
    let (header, end) = filled.inspect_err(|_| {
        // Gives its room back, which a full disk may be in want of. If it stays, the next one is written over it.
        let _ = files.remove(TEMPORARY);
    })?;
    let synced = files.sync_dir();
    synced.map_err(failed(files, "sync the directory of", LOG))?;
    Ok(Written { file, header, end })
}

fn fill<F: Files>(
    files: &F,
    file: &mut F::File,
    book: &Book,
    plan: Plan,
) -> Result<(Header, Position), StoreError> {
    let mut header = Header {
        generation: plan.generation,
        first_sequence: plan.first_sequence,
        base: 0,
    };
    let mut end = read::first(header);
    let mut payload = Vec::with_capacity(RECORD);
    let cannot_write = failed(files, "write", TEMPORARY);
    for event in book.kept(plan.retain) {
        log::write_event(&mut payload, &event).map_err(&cannot_write)?;
        if payload.len() >= RECORD {
            end = add(files, file, end, &payload)?;
            payload.clear();
        }
    }
    if !payload.is_empty() {
        end = add(files, file, end, &payload)?;
    }
    header.base = end.at;
    let written = files.write_at(file, 0, &header.encode());
    written.map_err(&cannot_write)?;
    let synced = files.sync(file);
    synced.map_err(failed(files, "sync", TEMPORARY))?;
    Ok((header, end))
}

fn add<F: Files>(
    files: &F,
    file: &mut F::File,
    at: Position,
    payload: &[u8],
) -> Result<Position, StoreError> {
    let record = log::record(at.sequence, payload);
    let written = files.write_at(file, at.at, &record);
    written.map_err(failed(files, "write", TEMPORARY))?;
    Ok(Position {
        at: at.at + record.len() as u64,
        sequence: at.sequence.saturating_add(1),
    })
}
