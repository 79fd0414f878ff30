//! The boundary to the trading terminal, and what its failures mean for an order.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wait_or_die::{Classify, Error};

use crate::amount::{Amount, Money};
use crate::protocol::{Name, Order, Side};
use crate::retcode::{Meaning, Retcode};

/// How far an order got that the terminal took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Taken {
    /// It waits to be filled (10008).
    Placed,
    /// Filled as a whole (10009).
    Done,
    /// Filled in part (10010); what becomes of the rest depends on how the order is to be filled.
    Partial,
}

/// An order that the terminal took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Deal {
    pub(crate) ticket: u64,
    pub(crate) taken: Taken,
    /// How much was filled; of an order that waits, how much is asked for.
    pub(crate) volume: Amount,
    /// For this price; of an order that waits, the price that it waits for.
    pub(crate) price: Amount,
}

/// The prices at which a symbol is sold and bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) bid: Amount,
    pub(crate) ask: Amount,
}

impl Quote {
    /// The price of an order: what is bought costs the ask, what is sold brings the bid.
    pub(crate) const fn of(self, side: Side) -> Amount {
        match side {
            Side::Buy => self.ask,
            Side::Sell => self.bid,
        }
    }
}

/// An open position, as the terminal sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) ticket: u64,
    pub(crate) client_order_id: Name,
    pub(crate) magic: u64,
    pub(crate) symbol: Name,
    pub(crate) side: Side,
    pub(crate) volume: Amount,
    pub(crate) price_open: Amount,
    /// The price at which its loss is taken, and its gain.
    pub(crate) sl: Option<Amount>,
    pub(crate) tp: Option<Amount>,
    pub(crate) price_current: Amount,
    pub(crate) profit: Money,
    /// Milliseconds since 1970.
    pub(crate) opened_at: u64,
}

/// What one magic number holds, all at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holdings {
    pub(crate) account: Account,
    pub(crate) positions: Vec<Position>,
    /// One more with each order that is taken, filled or closed; never goes back.
    pub(crate) version: u64,
}

/// The account, as the terminal sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) balance: Money,
    pub(crate) equity: Money,
    pub(crate) margin_used: Money,
    pub(crate) margin_free: Money,
    pub(crate) leverage: u32,
}

/// Why the terminal did not take an order, or did not answer a question.
///
/// What decides is not whether the failure may pass, but whether the order may have been executed.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum TerminalError {
    /// The price has moved; certainly not executed. Worth another attempt with a fresh price.
    #[error("another price ({0})")]
    #[classify(transient)]
    NewPrice(Retcode),
    /// The terminal could not take it now; certainly not executed.
    #[error("not now ({0})")]
    #[classify(transient)]
    Later(Retcode),
    /// The order never left for the terminal. As errors of clients often do, it tells the whole address, password and
    /// all; whoever shows it filters it.
    #[error("no connection to {0}")]
    #[classify(transient)]
    NotConnected(String),
    /// The market has gone further from the order's price than it allows; not sent. It may come back.
    #[error("the price has moved too far, to {0}")]
    #[classify(transient)]
    TooFar(Amount),
    /// There is no price to send it at; not sent. There may be one again.
    #[error("there are no quotes")]
    #[classify(transient)]
    NoQuotes,
    /// The order's time had passed before it was sent.
    #[error("its time had passed before it was sent")]
    #[classify(permanent)]
    TooLate,
    /// The terminal's last word; certainly not executed.
    #[error("rejected ({0})")]
    #[classify(permanent)]
    Refused(Retcode),
    /// A code that may mean anything for the order. The terminal answers, so it is not sick.
    #[error("the outcome is unknown ({0})")]
    #[classify(permanent)]
    Unknown(Retcode),
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
    /// What the terminal took the order as, or why it did not.
    pub(crate) fn of(retcode: Retcode) -> Result<Taken, Self> {
        match retcode.meaning() {
            Meaning::Placed => Ok(Taken::Placed),
            Meaning::Done => Ok(Taken::Done),
            Meaning::Partial => Ok(Taken::Partial),
            Meaning::NewPrice => Err(Self::NewPrice(retcode)),
            Meaning::Later => Err(Self::Later(retcode)),
            Meaning::Refused => Err(Self::Refused(retcode)),
            Meaning::Unknown => Err(Self::Unknown(retcode)),
        }
    }

    /// Whether the order may have been executed all the same.
    ///
    /// Not where the breaker rejected it: the terminal was not asked, and what attempts there were before
    /// it were followed by another one only because they certainly did nothing.
    pub(crate) const fn outcome_unknown(&self) -> bool {
        matches!(
            self,
            Self::Unknown(_) | Self::NoAnswer | Self::Died(Error::TimedOut(_))
        )
    }

    /// Whether the breaker counts it. Every return code is an answer: the terminal is well. That an
    /// attempt was cut off the breaker sees for itself.
    pub(crate) const fn is_outage(&self) -> bool {
        matches!(self, Self::NotConnected(_) | Self::NoAnswer)
    }

    /// Whether the breaker leaves it out: nothing was sent, so it says nothing of the terminal, neither well nor sick.
    pub(crate) const fn is_unsent(&self) -> bool {
        matches!(self, Self::TooFar(_) | Self::NoQuotes | Self::TooLate)
    }

    /// Whether a question is worth another attempt: after every silence. One that a time limit cut off has no error.
    pub(crate) const fn ask_again(&self) -> bool {
        matches!(self, Self::NotConnected(_) | Self::NoAnswer)
    }

    /// When to come again, if the breaker rejected the call.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Died(error) => error.retry_in().map(whole_millis),
            _ => None,
        }
    }
}

/// Not rounded down, so that nobody comes too early.
pub(crate) fn whole_millis(wait: Duration) -> u64 {
    u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX)
}

/// An MT5-like terminal. Every call may hang.
pub(crate) trait Terminal: Send + Sync {
    /// Hands one order over at `price`, with its client order id as the comment. Executes it as often as it is called:
    /// it is the caller who sees to it that an order is sent once.
    fn send(
        &self,
        order: &Order,
        price: Amount,
    ) -> impl Future<Output = Result<Deal, TerminalError>> + Send;

    /// The prices of a symbol as they came last; none for one that is not traded. Terminals have them at hand, so nobody is asked.
    fn quote(&self, symbol: &Name) -> Option<Quote>;

    /// How long an order may be under way after it was handed over and its answer given up: one that is not found by a
    /// question which was asked after that was not executed, and never will be.
    fn settles_within(&self) -> Duration;

    /// Looks an order up by its magic number and its comment.
    fn find(
        &self,
        magic: u64,
        client_order_id: &Name,
    ) -> impl Future<Output = Result<Option<Deal>, TerminalError>> + Send;

    /// Every order that was executed or waits, of every magic number and as far back as it is kept: as the order was asked
    /// for, and what came of it.
    fn history(&self) -> impl Future<Output = Result<Vec<(Order, Deal)>, TerminalError>> + Send;

    /// The open positions of one magic number, and the account that they are of.
    fn holdings(&self, magic: u64) -> impl Future<Output = Result<Holdings, TerminalError>> + Send;

    fn account(&self) -> impl Future<Output = Result<Account, TerminalError>> + Send;
}

impl<T: Terminal> Terminal for Arc<T> {
    fn send(
        &self,
        order: &Order,
        price: Amount,
    ) -> impl Future<Output = Result<Deal, TerminalError>> + Send {
        T::send(self, order, price)
    }

    fn quote(&self, symbol: &Name) -> Option<Quote> {
        T::quote(self, symbol)
    }

    fn settles_within(&self) -> Duration {
        T::settles_within(self)
    }

    fn find(
        &self,
        magic: u64,
        client_order_id: &Name,
    ) -> impl Future<Output = Result<Option<Deal>, TerminalError>> + Send {
        T::find(self, magic, client_order_id)
    }

    fn history(&self) -> impl Future<Output = Result<Vec<(Order, Deal)>, TerminalError>> + Send {
        T::history(self)
    }

    fn holdings(&self, magic: u64) -> impl Future<Output = Result<Holdings, TerminalError>> + Send {
        T::holdings(self, magic)
    }

    fn account(&self) -> impl Future<Output = Result<Account, TerminalError>> + Send {
        T::account(self)
    }
}
