//! Retries, deadlines, budget and breaker without an attribute.

use core::fmt::Display;
use core::future::Future;
use core::panic::Location;
use std::sync::Arc;

use crate::__private::{classify_attempt, no_fields, no_hook};
use crate::retry::blocking::BlockingCall;
use crate::retry::call::Call;
use crate::retry::engine::Engine;
use crate::retry::guarded::{Guarded, Held};
use crate::retry::outcome::Outcome;
use crate::retry::site::{Payer, Site};
use crate::{Breaker, Budget, Classify, Error, RetryPolicy};

/// What follows an attempt in the expansion of the attributes: returns from the function, unless the attempt has failed
/// and another one follows after the wait.
macro_rules! return_if_settled {
    ($call:ident, $out:ident) => {{
        if $call.passed(&$out) {
            return $out;
        }
        let failed = $out.failure();
        let settled = $call.settle(&failed, classify_attempt, no_fields, no_hook);
        if settled.is_break() {
            return failed;
        }
        failed
    }};
}

/// What the attributes put round a function, put together by hand: for calls that are closures, and for policies that
/// are known only at run time.
///
/// It behaves as an annotated function does: the same deadlines, waits, decisions (by [`Classify`]), events and errors.
/// Only the settings of [`settings`](crate::settings) do not reach it, because whoever holds it has them in hand.
///
/// ```
/// use std::io;
/// use wait_or_die::{Breaker, BreakerPolicy, Protection, RetryPolicy};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let breaker = Breaker::new("prices", BreakerPolicy::NETWORK)?;
/// let prices = Protection::new("prices.fetch", RetryPolicy::NETWORK).with_breaker(breaker);
///
/// let mut attempts = 0;
/// let price = prices.run(|| {
///     attempts += 1;
///     let answer = if attempts < 3 { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(42) };
///     async move { answer }
/// });
/// let price: io::Result<u32> = price.await;
/// assert_eq!((price?, attempts), (42, 3));
/// # Ok(())
/// # }
/// ```
///
/// Its clones are one call site: they share a budget, and what is told once per site.
#[derive(Debug, Clone)]
pub struct Protection {
    site: Arc<Site>,
    payer: Payer,
    breaker: Option<Breaker>,
}

impl Protection {
    /// Retries and deadlines by `policy`, with a retry budget of the operation's own; `operation` names the call in
    /// events and errors. The policy is not checked: see [`RetryPolicy::check`].
    #[must_use]
    #[track_caller]
    pub fn new(operation: &'static str, policy: RetryPolicy) -> Self {
        let place = Location::caller();
        let site = Site::owned(operation, place.file(), place.line(), policy, Payer::Own);
        Self {
            site: Arc::new(site),
            payer: Payer::Own,
            breaker: None,
        }
    }

    /// Pays retries from this budget.
    #[must_use]
    pub fn with_budget(self, budget: Budget) -> Self {
        self.paid_by(Payer::Given(budget))
    }

    /// Retries without a budget: only `max_retries` and `timeout` bound them.
    #[must_use]
    pub fn without_budget(self) -> Self {
        self.paid_by(Payer::Nobody)
    }

    /// Asks this breaker before each attempt, and tells it what became of it.
    ///
    /// Unless a budget is chosen, retries are paid from that of the breaker's name if others find the breaker by it
    /// ([`Breaker::register`]), and from the operation's own if it is private ([`Breaker::new`]).
    #[must_use]
    pub fn with_breaker(self, breaker: Breaker) -> Self {
        let payer = self.payer.clone();
        let with_breaker = Self {
            breaker: Some(breaker),
            ..self
        };
        with_breaker.paid_by(payer)
    }

    /// Waits, within `timeout`, for a breaker that is open, instead of failing at once.
    #[must_use]
    pub fn waiting_when_open(self) -> Self {
        let site = self.site(&self.payer).with_when_open_wait();
        Self {
            site: Arc::new(site),
            ..self
        }
    }

    fn paid_by(self, payer: Payer) -> Self {
        let site = self.site(&payer);
        let site = if self.site.waits_when_open() {
            site.with_when_open_wait()
        } else {
            site
        };
        Self {
            site: Arc::new(site),
            payer,
            ..self
        }
    }

    /// The site with this payer; it waits for no breaker.
    fn site(&self, payer: &Payer) -> Site {
        let payer = match (payer, &self.breaker) {
            (Payer::Own, Some(breaker)) if breaker.is_found_by_name() => {
                Payer::Given(Budget::shared(breaker.name().to_owned().into()))
            }
            (payer, _) => payer.clone(),
        };
        let (file, line) = self.site.place();
        Site::owned(
            self.site.operation(),
            file,
            line,
            *self.site.policy(),
            payer,
        )
    }

    /// Makes attempts until one succeeds, or until there is a reason to stop; `attempt` is called once for each.
    ///
    /// Dropping the future drops the running attempt and leaves nothing behind; for the breaker it is a cancelled call.
    ///
    /// # Errors
    /// The last attempt's own; one made from [`Error`] where a deadline cut it off, or the breaker let none pass.
    ///
    /// # Panics
    /// Outside a tokio runtime with time enabled, where an attempt suspends or a wait is needed. A panic of an attempt
    /// passes through; for the breaker it is a failure.
    pub async fn run<T, E, F, Fut>(&self, mut attempt: F) -> Result<T, E>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: Classify + Display + From<Error>,
    {
        macro_rules! attempts {
            ($call:expr) => {{
                let mut call = $call;
                loop {
                    {
                        // Called when the attempt starts, and not where a breaker refuses it.
                        let out = call.attempt(async { attempt().await }).await;
                        drop(return_if_settled!(call, out));
                    }
                    call.wait().await;
                }
            }};
        }
        let site = &*self.site;
        if let Some(breaker) = &self.breaker {
            let gate = Held::by(breaker.shared());
            attempts!(Guarded::at(Call::of(site), gate));
        }
        attempts!(Call::of(site))
    }

    /// The same on the calling thread: waits put it to sleep, and nothing can stop an attempt, so that `timeout` is
    /// looked at between attempts and `attempt_timeout` not at all.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_blocking<T, E>(&self, mut attempt: impl FnMut() -> Result<T, E>) -> Result<T, E>
    where
        E: Classify + Display + From<Error>,
    {
        let site = &*self.site;
        if let Some(breaker) = &self.breaker {
            let gate = Held::by(breaker.shared());
            let mut call = Guarded::at(BlockingCall::of(site), gate);
            loop {
                let out = call.run(&mut attempt);
                let failed = return_if_settled!(call, out);
                if !call.wait() {
                    return failed;
                }
            }
        }
        let mut call = BlockingCall::of(site);
        loop {
            let inside = call.enter();
            let out = attempt();
            drop(inside);
            let failed = return_if_settled!(call, out);
            if !call.wait() {
                return failed;
            }
        }
    }
}
