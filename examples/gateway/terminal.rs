//! The boundary to the trading terminal, and what its failures mean for an order.

use std::future::Future;

use wait_or_die::Classify;

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
    /// The order never reached the terminal.
    #[error("the terminal is not connected")]
    #[classify(transient)]
    NotConnected,
    /// The terminal's last word.
    #[error("rejected ({retcode}): {reason}")]
    #[classify(permanent)]
    Rejected { retcode: u32, reason: &'static str },
    /// The order was handed over and nothing came back. It may have been executed, so it must not be
    /// sent again; and the terminal is sick, which is why this is not merely permanent.
    #[error("the terminal did not answer; the outcome is unknown")]
    #[classify(fault)]
    NoAnswer,
    /// The call's own time was used up while an attempt was running: unknown as well.
    #[error(transparent)]
    #[classify(fault)]
    Died(#[from] wait_or_die::Error),
}

impl TerminalError {
    /// Whether the order may have been executed all the same.
    pub(crate) const fn outcome_unknown(&self) -> bool {
        matches!(self, Self::NoAnswer | Self::Died(_))
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
