//! The same call under six policies, as a program would write them.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use wait_or_die::{RetryPolicy, circuit_breaker, wait_or_die};

use crate::server::Server;

type Called = Pin<Box<dyn Future<Output = io::Result<()>>>>;

/// A way to call the server.
#[derive(Clone, Copy)]
pub(crate) struct Policy {
    pub(crate) name: &'static str,
    pub(crate) call: fn(Rc<Server>) -> Called,
}

pub(crate) const POLICIES: [Policy; 6] = [
    Policy {
        name: "no retry",
        call: |server| Box::pin(async move { once(&server).await }),
    },
    Policy {
        name: "three tries, 100 ms apart",
        call: |server| Box::pin(async move { three_tries(&server).await }),
    },
    Policy {
        name: "three tries, full jitter from 1 s",
        call: |server| Box::pin(async move { full_jitter(&server).await }),
    },
    Policy {
        name: "the default budget",
        call: |server| Box::pin(async move { by_default(&server).await }),
    },
    Policy {
        name: "budget of 10 %",
        call: |server| Box::pin(async move { budgeted(&server).await }),
    },
    Policy {
        name: "budget of 10 %, breaker",
        call: |server| Box::pin(async move { guarded(&server).await }),
    },
];

/// Three tries, up to one and up to two seconds apart: full jitter is the default.
const SLOW: RetryPolicy = RetryPolicy::new()
    .with_timeout(Duration::from_secs(60))
    .with_attempt_timeout(Duration::from_secs(1))
    .with_max_retries(2)
    .with_initial_wait(Duration::from_secs(1))
    .with_max_wait(Duration::from_secs(10));

#[wait_or_die(timeout = 60, attempt_timeout = 1, max_retries = 0)]
async fn once(server: &Server) -> io::Result<()> {
    server.answer().await
}

#[wait_or_die(
    timeout = 60,
    attempt_timeout = 1,
    max_retries = 2,
    strategy = fixed,
    initial_wait = "100ms",
    jitter = none,
    budget = none
)]
async fn three_tries(server: &Server) -> io::Result<()> {
    server.answer().await
}

#[wait_or_die(policy = SLOW, budget = none)]
async fn full_jitter(server: &Server) -> io::Result<()> {
    server.answer().await
}

/// Not in the picture: `the default budget`, but for its reserve.
pub(crate) const LARGE_RESERVE: Policy = Policy {
    name: "default, 10/s in reserve",
    call: |server| Box::pin(async move { with_large_reserve(&server).await }),
};

#[wait_or_die(policy = SLOW)]
async fn by_default(server: &Server) -> io::Result<()> {
    server.answer().await
}

#[wait_or_die(policy = SLOW, budget = "large")]
async fn with_large_reserve(server: &Server) -> io::Result<()> {
    server.answer().await
}

#[wait_or_die(policy = SLOW, budget = "server")]
async fn budgeted(server: &Server) -> io::Result<()> {
    server.answer().await
}

#[circuit_breaker(
    name = "server",
    failure_rate = 0.5,
    window = "10s",
    minimum_calls = 20,
    recovery_timeout = "2s"
)]
#[wait_or_die(policy = SLOW, budget = "server")]
async fn guarded(server: &Server) -> io::Result<()> {
    server.answer().await
}
