//! The calls to the terminal, protected.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use wait_or_die::{BreakerPolicy, RetryPolicy, circuit_breaker, wait_or_die};

use super::Router;
use crate::amount::Amount;
use crate::clock;
use crate::protocol::{Name, Order, Timestamp};
use crate::terminal::{Account, Deal, Holdings, Terminal, TerminalError};

/// How long the terminal may take over one order or one question.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// How long it may take over all that it has ever done.
const HISTORY_WITHIN: Duration = Duration::from_secs(10);

/// For the breaker that every call to the terminal goes through: three failures in a row open it, one probe that is
/// answered closes it. It is left alone for 10 s, and up to a minute while probes fail.
const TERMINAL: BreakerPolicy = BreakerPolicy::new()
    .with_failure_threshold(3)
    .with_recovery_timeout(Duration::from_secs(10))
    .with_max_recovery_timeout(Duration::from_secs(60));

/// An order that the terminal took, and how many attempts that took.
pub(super) struct Executed {
    pub(super) deal: Deal,
    pub(super) attempts: u32,
}

impl<T: Terminal> Router<T> {
    /// One attempt hands the order to the terminal once; another one only where it certainly was not executed. It has the
    /// client's price, unless the terminal said that this has moved: then that of the market. `has_moved` is told from one
    /// attempt to the next.
    ///
    /// Its time limit is kept in here, as an error of its own: an order that hangs may have been
    /// executed, and is asked about instead of sent again. That is what `abort_on` is for, too: settings may give the call an
    /// `attempt_timeout`, after which it would be sent again.
    ///
    /// The breaker sees every attempt, and counts those that the terminal heard of. It opens in the middle of a call, which
    /// then ends at once: the next attempt would not be let through.
    #[circuit_breaker(
        name = "terminal",
        policy = TERMINAL,
        failure_if = TerminalError::is_outage,
        ignore_if = TerminalError::is_unsent
    )]
    #[wait_or_die(
        name = "terminal.execute_order",
        timeout = 30,
        max_retries = 5,
        initial_wait = 1,
        max_wait = 10,
        attempt = attempt,
        abort_on(TerminalError::Died(_))
    )]
    pub(super) async fn execute_order(
        &self,
        order: &Order,
        has_moved: &AtomicBool,
    ) -> Result<Executed, TerminalError> {
        let price = self.price_now(order, has_moved)?;
        self.pending.handed_over(&order.client_order_id);
        let answer = timeout(ANSWER_WITHIN, self.terminal.send(order, price)).await;
        let answer = answer.unwrap_or(Err(TerminalError::NoAnswer));
        if matches!(answer, Err(TerminalError::NewPrice(_))) {
            has_moved.store(true, Ordering::Relaxed);
        }
        let deal = answer?;
        Ok(Executed {
            deal,
            attempts: attempt.number(),
        })
    }

    /// The price at which the order may leave now.
    ///
    /// # Errors
    /// Its time has passed, the price has moved too far, or there is none.
    fn price_now(&self, order: &Order, has_moved: &AtomicBool) -> Result<Amount, TerminalError> {
        let is_over = |until: Timestamp| clock::unix_millis() >= until.millis();
        if order.valid_until.is_some_and(is_over) {
            return Err(TerminalError::TooLate);
        }
        if !has_moved.load(Ordering::Relaxed) {
            return Ok(order.price);
        }
        let quote = self.terminal.quote(&order.symbol);
        let market = quote.ok_or(TerminalError::NoQuotes)?.of(order.side);
        order.follows(market).ok_or(TerminalError::TooFar(market))
    }

    /// Asking changes nothing, so here every silence is worth another attempt, also one that
    /// `attempt_timeout` cut off. What is wrong with orders is wrong with questions too, so
    /// all share one breaker.
    #[circuit_breaker(name = "terminal", policy = TERMINAL, failure_if = TerminalError::is_outage)]
    #[wait_or_die(
        name = "terminal.find_order",
        policy = RetryPolicy::ORDER,
        attempt_timeout = ANSWER_WITHIN,
        retry_if = TerminalError::ask_again
    )]
    pub(super) async fn find_order(
        &self,
        magic: u64,
        client_order_id: &Name,
    ) -> Result<Option<Deal>, TerminalError> {
        self.terminal.find(magic, client_order_id).await
    }

    #[circuit_breaker(name = "terminal", policy = TERMINAL, failure_if = TerminalError::is_outage)]
    #[wait_or_die(
        name = "terminal.history",
        policy = RetryPolicy::ORDER,
        attempt_timeout = HISTORY_WITHIN,
        retry_if = TerminalError::ask_again
    )]
    pub(super) async fn history(&self) -> Result<Vec<(Order, Deal)>, TerminalError> {
        self.terminal.history().await
    }

    #[circuit_breaker(name = "terminal", policy = TERMINAL, failure_if = TerminalError::is_outage)]
    #[wait_or_die(
        name = "terminal.holdings",
        policy = RetryPolicy::ORDER,
        attempt_timeout = ANSWER_WITHIN,
        retry_if = TerminalError::ask_again
    )]
    pub(super) async fn holdings(&self, magic: u64) -> Result<Holdings, TerminalError> {
        self.terminal.holdings(magic).await
    }

    #[circuit_breaker(name = "terminal", policy = TERMINAL, failure_if = TerminalError::is_outage)]
    #[wait_or_die(
        name = "terminal.account",
        policy = RetryPolicy::ORDER,
        attempt_timeout = ANSWER_WITHIN,
        retry_if = TerminalError::ask_again
    )]
    pub(super) async fn account(&self) -> Result<Account, TerminalError> {
        self.terminal.account().await
    }
}
