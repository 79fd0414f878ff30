//! From bytes to orders; changes no file.

use std::fmt;
use std::io;

use super::book::{Book, Changes, Draft};
use super::error::StoreError;
use super::files::Files;
use super::log::{self, FORMAT, Header, Next, NoHeader, Position, Reader};

/// The one file that counts.
pub(super) const LOG: &str = "orders.log";

/// What stands behind the last whole record: the end of one that was being written when its process or machine stopped,
/// for which no call had returned. A last record that was damaged later cannot be told from that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TornTail {
    /// Where in the file it begins.
    pub(crate) offset: u64,
    pub(crate) bytes: u64,
}

impl fmt::Display for TornTail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes from byte {} on", self.bytes, self.offset)
    }
}

/// What stands in the log from some position on.
pub(super) struct Found {
    pub(super) changes: Changes,
    pub(super) end: Position,
    pub(super) torn: Option<TornTail>,
}

/// Makes an error of the file system one of the store.
pub(super) fn failed<F: Files>(
    files: &F,
    action: &'static str,
    name: &'static str,
) -> impl Fn(io::Error) -> StoreError {
    let file = files.describe(name);
    move |source| StoreError::Io {
        action,
        file: file.clone(),
        source,
    }
}

pub(super) fn corrupt<F: Files>(files: &F, offset: u64, flaw: &'static str) -> StoreError {
    StoreError::Corrupt {
        file: files.describe(LOG),
        offset,
        flaw,
    }
}

pub(super) fn header<F: Files>(files: &F, file: &mut F::File) -> Result<Header, StoreError> {
    let mut bytes = [0; Header::LEN];
    let read = files.read_at(file, 0, &mut bytes);
    let read = read.map_err(failed(files, "read", LOG))?;
    Header::decode(bytes.get(..read).unwrap_or_default()).map_err(|error| match error {
        NoHeader::Flaw(flaw) => corrupt(files, 0, flaw),
        NoHeader::Format(found) => StoreError::Format {
            file: files.describe(LOG),
            found,
            expected: FORMAT,
        },
    })
}

/// Where the first record stands.
pub(super) const fn first(header: Header) -> Position {
    Position {
        at: Header::LEN as u64,
        sequence: header.first_sequence,
    }
}

/// Reads the records from `from` to byte `len` of the file; what they change, they change on top of `book`.
///
/// # Errors
///
/// A record is damaged that was on disk already: it stands before `base`, or in front of one that is whole. Or it is
/// whole and cannot be true.
pub(super) fn records<F: Files>(
    files: &F,
    file: &mut F::File,
    (from, base, len): (Position, u64, u64),
    book: &Book,
) -> Result<Found, StoreError> {
    let mut reader = Reader::new(files, file, len);
    let mut draft = Draft::on(book);
    let (mut end, mut torn) = (from, None);
    loop {
        match reader.next(end).map_err(failed(files, "read", LOG))? {
            Next::Record(payload, next) => {
                replay(&mut draft, payload).map_err(|flaw| corrupt(files, end.at, flaw))?;
                end = next;
            }
            Next::Torn(bytes) if end.at >= base => {
                let offset = end.at;
                torn = Some(TornTail { offset, bytes });
                break;
            }
            Next::End if end.at >= base => break,
            Next::End | Next::Torn(_) => {
                return Err(corrupt(files, end.at, "the checkpoint is incomplete"));
            }
            Next::Damaged => {
                let flaw = "no valid record stands there, but there is one further on";
                return Err(corrupt(files, end.at, flaw));
            }
        }
    }
    let changes = draft.into_changes();
    Ok(Found { changes, end, torn })
}

fn replay(draft: &mut Draft<'_>, payload: &[u8]) -> Result<(), &'static str> {
    for event in log::events(payload) {
        let applied = draft.apply(event?);
        applied.map_err(|_| "a record with a right checksum has an order do what it cannot")?;
    }
    Ok(())
}
