//! What the loss of an answer means for what was asked.

use std::sync::atomic::{AtomicBool, Ordering};

use wait_or_die::SafeText;

use crate::error::{DbError, Loss};

/// What a statement does, as far as its repetition is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Intent {
    /// Changes nothing, or its caller says that doing it twice is doing it once.
    Repeatable,
    /// Is undone with its transaction, which ends with its connection.
    InTransaction,
    /// Changes something each time.
    Once,
}

impl Intent {
    /// The error of a statement that was sent and not answered.
    pub(crate) fn unanswered(self, loss: Loss) -> DbError {
        match self {
            Self::Repeatable => DbError::Interrupted(loss),
            Self::InTransaction => DbError::RolledBack(loss),
            Self::Once => DbError::OutcomeUnknown(loss),
        }
    }
}

/// Whether a write of one call, in whichever attempt, is out without an answer.
///
/// The last attempt's error does not tell: it may say "not sent" where the attempt before it was cut off half-way.
#[derive(Debug, Default)]
pub(crate) struct Pending(AtomicBool);

impl Pending {
    /// The write is about to be sent. Returns whether one of an earlier attempt is out already.
    pub(crate) fn sent(&self) -> bool {
        self.0.swap(true, Ordering::Relaxed)
    }

    /// It is known what became of this write and of all before it.
    pub(crate) fn settled(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Refuses to send once more what is not to be done twice.
    ///
    /// # Errors
    /// [`DbError::OutcomeUnknown`] if that of an earlier attempt is out. Counted when that attempt ended.
    pub(crate) fn refuse_if_sent(&self) -> Result<(), DbError> {
        if self.is_set() {
            return Err(DbError::OutcomeUnknown(Loss {
                text: SafeText::from("an earlier attempt was not answered"),
                is_echo: true,
            }));
        }
        Ok(())
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// The call's error, which says so if the write may have been done.
    pub(crate) fn judge(&self, error: DbError) -> DbError {
        if !self.is_set() || error.outcome_unknown() {
            return error;
        }
        DbError::OutcomeUnknown(Loss {
            text: SafeText::filtered(&error),
            is_echo: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Intent, Pending};
    use crate::error::{DbError, Loss};
    use wait_or_die::{Classify as _, Verdict};

    fn loss() -> Loss {
        Loss::of("reset")
    }

    #[test]
    fn only_what_may_be_repeated_is_retried() {
        let read = Intent::Repeatable.unanswered(loss());
        assert!(matches!(read, DbError::Interrupted(_)));
        assert_eq!(read.classify(), Verdict::Transient);
        let undone = Intent::InTransaction.unanswered(loss());
        assert!(matches!(undone, DbError::RolledBack(_)) && !undone.outcome_unknown());
        assert_eq!(undone.classify(), Verdict::Transient);
        let write = Intent::Once.unanswered(loss());
        assert!(matches!(write, DbError::OutcomeUnknown(_)));
        assert_eq!(write.classify(), Verdict::Fault);
    }

    #[test]
    fn a_call_whose_write_is_out_says_so_whatever_its_last_error() {
        let pending = Pending::default();
        let error = pending.judge(DbError::NotSent(loss()));
        assert!(matches!(error, DbError::NotSent(_)));
        assert!(pending.refuse_if_sent().is_ok());
        assert!(!pending.sent());
        let refusal = pending.refuse_if_sent().unwrap_err();
        assert!(refusal.outcome_unknown() && refusal.counted_elsewhere());
        assert!(pending.sent());
        let error = pending.judge(DbError::NotSent(loss()));
        assert!(matches!(error, DbError::OutcomeUnknown(_)) && error.outcome_unknown());
        let error = pending.judge(DbError::Interrupted(loss()));
        assert!(matches!(error, DbError::Interrupted(_)));
        pending.settled();
        let error = pending.judge(DbError::NotSent(loss()));
        assert!(!error.outcome_unknown());
    }
}
