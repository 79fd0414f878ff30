//! What can go wrong with the ledger, and what each of it deserves.

use std::io;
use std::sync::Arc;

use wait_or_die::{Classify, Verdict};

use super::entry::State;

/// Why a call to the ledger changed nothing.
#[derive(Debug, Clone, thiserror::Error, Classify)]
#[classify(permanent)]
pub(crate) enum LedgerError {
    /// The order is in a state in which this may not happen to it.
    #[error("order `{id}` is {state}, so it cannot be {event}")]
    Transition {
        id: String,
        state: State,
        /// "sent", "settled as DONE", ..
        event: &'static str,
    },
    #[error("order `{id}` is not in the ledger")]
    NotRegistered { id: String },
    #[error("the id of an order has 1 to {longest} bytes, this one has {len}")]
    Id { len: usize, longest: usize },
    #[error("a payload or an answer has at most {longest} bytes, this one has {len}")]
    TooLong { len: usize, longest: usize },
    /// Saving was retried where that could help. The change is not in effect; if the program dies before the next
    /// call has gone well, it may be found in effect when the ledger is opened again.
    #[error("not saved: {0}")]
    #[classify(fault)]
    NotSaved(Arc<StoreError>),
    /// The thread that writes has ended.
    #[error("the ledger is closed")]
    Closed,
}

impl From<StoreError> for LedgerError {
    fn from(error: StoreError) -> Self {
        Self::NotSaved(Arc::new(error))
    }
}

/// What the disk, or what is on it, does not allow.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("cannot {action} {file}: {source}")]
    Io {
        action: &'static str,
        file: String,
        source: io::Error,
    },
    /// Nothing was changed, so that whatever can still be read is there to be read.
    #[error(
        "{file} is damaged at byte {offset}: {flaw}. The file was left as it is. Stop what uses it and keep a copy; then \
         restore it from a backup, or settle the orders since then by the terminal's log and begin a new ledger in an \
         empty directory"
    )]
    Corrupt {
        file: String,
        offset: u64,
        flaw: &'static str,
    },
    #[error(
        "{file} was written by another version of this program (format {found}, this one reads {expected})"
    )]
    Format {
        file: String,
        found: u32,
        expected: u32,
    },
    #[error("{file} is gone; what was in it cannot be vouched for any more")]
    Gone { file: String },
    /// Saving took longer than it may, without an error of its own.
    #[error(transparent)]
    Died(#[from] wait_or_die::Error),
}

impl StoreError {
    /// Whether saving again may help while the callers wait.
    ///
    /// A full disk or a missing right lasts for longer than that. Of the rest many have no kind of their own in `std`
    /// (`EIO` is one), so what is not known to last is worth a few attempts; each of them starts from a file that is
    /// known to be whole.
    pub(super) fn verdict(&self) -> Verdict {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull
                | io::ErrorKind::QuotaExceeded
                | io::ErrorKind::FileTooLarge
                | io::ErrorKind::ReadOnlyFilesystem
                | io::ErrorKind::PermissionDenied
                | io::ErrorKind::NotFound
                | io::ErrorKind::NotADirectory
                | io::ErrorKind::IsADirectory
                | io::ErrorKind::Unsupported => Verdict::Permanent,
                _ => Verdict::Transient,
            },
            Self::Corrupt { .. } | Self::Format { .. } | Self::Gone { .. } | Self::Died(_) => {
                Verdict::Permanent
            }
        }
    }
}
