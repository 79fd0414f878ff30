//! The boundary to the trading terminal, and what its failures mean for an order.

use std::future::Future;

use wait_or_die::{Classify, Error};

use crate::amount::Amount;
use crate::protocol::{Name, Order};

/// An executed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fill {
    pub(crate) ticket: u64,
    pub(crate) price: Amount,
}

/// Why the terminal did not answer with a fill.
///
/// What decides is not whether the failure may pass, but whether the order may have been executed.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum TerminalError {
    /// The price has moved; the order was not executed.
    #[error("requote (10004)")]
    #[classify(transient)]
    Requote,
    /// The order never reached the terminal. As errors of clients often do, it tells the whole address, password and
    /// all; whoever shows it filters it.
    #[error("no connection to {0} (10031)")]
    #[classify(transient)]
    NotConnected(String),
    /// The terminal's last word.
    #[error("rejected ({retcode}): {reason}")]
    #[classify(permanent)]
    Rejected { retcode: u32, reason: &'static str },
    /// The order was handed over and nothing came back. It may have been executed, so it must not be
    /// sent again; and the terminal is sick, which is why this is not merely permanent.
    #[error("the terminal did not answer, the outcome is unknown")]
    #[classify(fault)]
    NoAnswer,
    /// The call ended without a word of the terminal's: its own time was used up while an attempt was
    /// running, or the breaker did not let it through.
    #[error(transparent)]
    #[classify(source)]
    Died(#[from] Error),
}

impl TerminalError {
    /// Whether the order may have been executed all the same.
    ///
    /// Not where the breaker rejected it: the terminal was not asked, and what attempts there were before
    /// it were followed by another one only because they certainly did nothing.
    pub(crate) const fn outcome_unknown(&self) -> bool {
        matches!(self, Self::NoAnswer | Self::Died(Error::TimedOut(_)))
    }

    /// Whether the breaker counts it. A requote and a rejection are answers: the terminal is well. That
    /// an attempt was cut off the breaker sees for itself.
    pub(crate) const fn is_outage(&self) -> bool {
        matches!(self, Self::NotConnected(_) | Self::NoAnswer)
    }

    /// When to come again, if the breaker rejected the call: in whole milliseconds, not rounded down, so
    /// that nobody comes too early.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        let Self::Died(error) = self else {
            return None;
        };
        let millis = error.retry_in()?.as_nanos().div_ceil(1_000_000);
        Some(u64::try_from(millis).unwrap_or(u64::MAX))
    }
}

/// An MT5-like terminal.
pub(crate) trait Terminal: Send + Sync {
    /// Executes an order, at most once per client order id: an id that was executed before gives
    /// its first fill again. May hang.
    fn execute(&self, order: &Order) -> impl Future<Output = Result<Fill, TerminalError>> + Send;

    /// Looks an order up; reading it changes nothing, so it may be asked as often as one likes. May hang.
    fn find(
        &self,
        client_order_id: &Name,
    ) -> impl Future<Output = Result<Option<Fill>, TerminalError>> + Send;
}

impl<T: Terminal> Terminal for std::sync::Arc<T> {
    fn execute(&self, order: &Order) -> impl Future<Output = Result<Fill, TerminalError>> + Send {
        T::execute(self, order)
    }

    fn find(
        &self,
        client_order_id: &Name,
    ) -> impl Future<Output = Result<Option<Fill>, TerminalError>> + Send {
        T::find(self, client_order_id)
    }
}
