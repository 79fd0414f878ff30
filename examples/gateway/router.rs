//! From a request to its one reply.

use std::time::Duration;

use tokio::time::timeout;
use wait_or_die::{BreakerPolicy, RetryPolicy, circuit_breaker, redact, wait_or_die};

use crate::protocol::{Action, Body, Name, Order, Reply, Request};
use crate::terminal::{Fill, Terminal, TerminalError};

/// How long the terminal may take over one order or one question.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

/// For orders: 30 s and 5 retries, as [`RetryPolicy::ORDER`] has it. Its waits of 1 s to 10 s are
/// made for a broker's outages; a paper terminal's are over in seconds.
const ORDER: RetryPolicy = RetryPolicy::ORDER
    .with_initial_wait(Duration::from_millis(200))
    .with_max_wait(Duration::from_secs(2));

/// For the breaker that every call to the terminal goes through: three failures in a row open it, one
/// probe that is answered closes it. An outage of minutes deserves [`BreakerPolicy::DEFAULT`]'s recovery
/// time of 60 s; this one grows from 1 s to 4 s while probes fail.
const TERMINAL: BreakerPolicy = BreakerPolicy::new()
    .with_failure_threshold(3)
    .with_recovery_timeout(Duration::from_secs(1))
    .with_max_recovery_timeout(Duration::from_secs(4));

/// Answers requests by way of a terminal.
pub(crate) struct Router<T> {
    terminal: T,
}

/// A fill, and how many attempts it took.
struct Executed {
    fill: Fill,
    attempts: u32,
}

impl<T: Terminal> Router<T> {
    pub(crate) const fn new(terminal: T) -> Self {
        Self { terminal }
    }

    /// The reply to `request`; always exactly one.
    pub(crate) async fn answer(&self, request: Request) -> Reply {
        let body = match &request.action {
            Action::Ping => Body::Ok,
            Action::OrderSend(order) => self.place(order).await,
            Action::OrderStatus(order) => self.status(&order.client_order_id).await,
        };
        Reply {
            id: Some(request.id),
            body,
        }
    }

    async fn place(&self, order: &Order) -> Body {
        match self.execute_order(order).await {
            Ok(executed) => Body::Filled {
                ticket: executed.fill.ticket,
                price: executed.fill.price,
                attempts: executed.attempts,
                reconciled: false,
            },
            Err(TerminalError::Rejected { retcode, reason }) => Body::Rejected {
                retcode,
                message: reason.to_owned(),
            },
            Err(error) if error.outcome_unknown() => self.status(&order.client_order_id).await,
            Err(error) => Body::NotExecuted {
                message: told(&error),
                retry_after_ms: error.retry_after_ms(),
            },
        }
    }

    /// What the terminal knows of an order whose outcome we do not know.
    async fn status(&self, client_order_id: &Name) -> Body {
        match self.find_order(client_order_id).await {
            Ok(Some(fill)) => Body::Filled {
                ticket: fill.ticket,
                price: fill.price,
                attempts: 1,
                reconciled: true,
            },
            // True of this terminal, which executes before it hangs or not at all. One that may
            // still execute an order after it was asked about it needs a longer look.
            Ok(None) => Body::NotExecuted {
                message: "the terminal does not know this order".to_owned(),
                retry_after_ms: None,
            },
            Err(error) => Body::Unknown {
                message: format!("the terminal could not be asked: {}", told(&error)),
                retry_after_ms: error.retry_after_ms(),
            },
        }
    }

    /// One attempt hands the order to the terminal once.
    ///
    /// Its time limit is kept in here, as an error of its own: an order that hangs may have been
    /// executed, and is asked about instead of sent again.
    ///
    /// The breaker sees every attempt. It opens in the middle of a call, which then ends at once: the
    /// next attempt would not be let through.
    #[circuit_breaker(name = "terminal", policy = TERMINAL, failure_if = TerminalError::is_outage)]
    #[wait_or_die(name = "terminal.execute_order", policy = ORDER, attempt = attempt)]
    async fn execute_order(&self, order: &Order) -> Result<Executed, TerminalError> {
        let answer = timeout(ANSWER_WITHIN, self.terminal.execute(order)).await;
        let fill = answer.unwrap_or(Err(TerminalError::NoAnswer))?;
        Ok(Executed {
            fill,
            attempts: attempt.number(),
        })
    }

    /// Asking changes nothing, so here every silence is worth another attempt, also one that
    /// `attempt_timeout` cut off (`Died`). What is wrong with orders is wrong with questions too, so
    /// both share one breaker.
    #[circuit_breaker(name = "terminal", policy = TERMINAL, failure_if = TerminalError::is_outage)]
    #[wait_or_die(
        name = "terminal.find_order",
        policy = ORDER,
        attempt_timeout = ANSWER_WITHIN,
        retry_on(TerminalError::NotConnected(_) | TerminalError::NoAnswer | TerminalError::Died(_))
    )]
    async fn find_order(&self, client_order_id: &Name) -> Result<Option<Fill>, TerminalError> {
        self.terminal.find(client_order_id).await
    }
}

/// What a client hears of an error: nothing that is only for the gateway and the terminal.
fn told(error: &TerminalError) -> String {
    redact::filter(&error.to_string()).into_owned()
}

#[cfg(test)]
mod tests;
