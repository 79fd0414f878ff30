//! The attributes, as users write them.

use wait_or_die::{circuit_breaker, wait_or_die};

use crate::body::{Body, Outcome, Plain};

/// All defaults: 50 retries, a deadline of 300 s, a retry budget.
#[wait_or_die]
pub(crate) async fn retry<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(budget = none)]
pub(crate) async fn retry_without_budget<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(timeout = "30s")]
pub(crate) async fn deadline<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(timeout = "30s", budget = none)]
pub(crate) async fn deadline_without_budget<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

/// A bound for each attempt beside that of the call.
#[wait_or_die(timeout = "30s", attempt_timeout = "5s")]
pub(crate) async fn attempt_deadline<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(initial_wait = "0s", max_wait = "0s")]
pub(crate) async fn at_once<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[wait_or_die(initial_wait = "0s", max_wait = "0s", budget = none)]
pub(crate) async fn at_once_without_budget<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "both")]
#[wait_or_die(timeout = "30s")]
pub(crate) async fn both<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "both without a budget")]
#[wait_or_die(timeout = "30s", budget = none)]
pub(crate) async fn both_without_budget<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "both with a window", failure_rate = 0.5, window = "10s")]
#[wait_or_die(timeout = "30s")]
pub(crate) async fn both_with_window<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

/// Breakers alone; those of one module are apart from those of another.
macro_rules! breakers {
    ($module:ident, $in_a_row:tt, $of_async:tt, $of_time:tt) => {
        pub(crate) mod $module {
            use wait_or_die::circuit_breaker;

            use crate::body::{Body, Outcome, Plain};

            #[circuit_breaker(name = $in_a_row, recovery_timeout = "1h")]
            pub(crate) fn in_a_row<B: Plain>(argument: u32) -> Outcome {
                B::call(argument)
            }

            #[circuit_breaker(name = $of_async, recovery_timeout = "1h")]
            pub(crate) async fn of_async<B: Body>(argument: u32) -> Outcome {
                B::attempt(argument).await
            }

            #[circuit_breaker(name = $of_time, failure_rate = 0.5, window = "10s", recovery_timeout = "1h")]
            pub(crate) fn of_time<B: Plain>(argument: u32) -> Outcome {
                B::call(argument)
            }
        }
    };
}

breakers!(closed, "closed", "closed, async", "closed, time");
breakers!(flaky, "flaky", "flaky, async", "flaky, time");
breakers!(open, "open", "open, async", "open, time");

#[circuit_breaker(name = "closed, calls", failure_rate = 0.5, window = 100)]
pub(crate) fn closed_of_calls<B: Plain>(argument: u32) -> Outcome {
    B::call(argument)
}

#[circuit_breaker(name = "flaky, calls", failure_rate = 0.5, window = 100)]
pub(crate) fn flaky_of_calls<B: Plain>(argument: u32) -> Outcome {
    B::call(argument)
}

#[circuit_breaker(name = "history", failure_rate = 0.5, window = "10s")]
pub(crate) fn history<B: Plain>(argument: u32) -> Outcome {
    B::call(argument)
}

/// A wait of a second between attempts, whatever happens.
#[wait_or_die(strategy = fixed, initial_wait = "1s", jitter = none, budget = none)]
pub(crate) async fn waits<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "waits", failure_threshold = 1_000_000)]
#[wait_or_die(strategy = fixed, initial_wait = "1s", jitter = none, budget = none)]
pub(crate) async fn waits_behind_breaker<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}

#[circuit_breaker(name = "history of both", failure_rate = 0.5, window = "10s")]
#[wait_or_die(timeout = "30s")]
pub(crate) async fn history_of_both<B: Body>(argument: u32) -> Outcome {
    B::attempt(argument).await
}
