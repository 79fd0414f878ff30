//! What callers want, and what they get.

use super::book::{Draft, Registration};
use super::entry::{Event, Kind};
use super::error::{LedgerError, StoreError};
use super::log::{self, LONGEST_RECORD};

/// What a caller wants.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Change(Event),
    /// Nothing but what other processes have written.
    Refresh,
}

/// What a caller gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Registration(Registration),
    Made,
}

/// The answers of a batch, each in the place of its request.
pub(super) type Answers = Vec<Result<Answer, LedgerError>>;

/// Answers a request from what is saved and what the batch has changed so far; adds its event to the batch's record.
pub(super) fn decide(
    draft: &mut Draft<'_>,
    request: &Request,
    record: &mut Vec<u8>,
) -> Result<Answer, LedgerError> {
    let Request::Change(event) = request else {
        return Ok(Answer::Made);
    };
    let made = if let Kind::Registered { payload } = &event.kind {
        if let Some(found) = draft.registration(&event.id, payload) {
            return Ok(Answer::Registration(found));
        }
        Answer::Registration(Registration::New)
    } else {
        Answer::Made
    };
    let before = record.len();
    let mut added = log::write_event(record, event).map_err(|source| {
        let file = "an event".to_owned();
        let action = "encode";
        LedgerError::from(StoreError::Io {
            action,
            file,
            source,
        })
    });
    if record.len() > LONGEST_RECORD {
        let (len, longest) = (record.len(), LONGEST_RECORD);
        added = Err(LedgerError::TooLong { len, longest });
    }
    let added = added.and_then(|()| draft.apply(event.clone()));
    added.inspect_err(|_| record.truncate(before))?;
    Ok(made)
}
