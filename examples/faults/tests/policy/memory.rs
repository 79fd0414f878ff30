//! A client in memory, under the paused clock.

use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::RngSeed;
use tokio::runtime;
use tokio::time::Instant;
use wait_or_die::settings::{self, Settings};
use wait_or_die::{Verdict, testing, wait_or_die};
use wait_or_die_example_faults::{Plan, Server, Step};

use crate::judge::{self, CallError, LIMIT};
use crate::oracle::{self, Expected, Ruling};
use crate::{PATH, counting, plans, worked};

/// One request on a connection of its own.
#[wait_or_die(name = "memory.post", budget = none, jitter = none)]
async fn post(server: &Server) -> Result<serde_json::Value, CallError> {
    // What happens to a connection without reqwest the runtime has no verdict on.
    let lost = |what: String| CallError::Transport {
        what,
        verdict: Verdict::Transient,
    };
    let transport = |error: hyper::Error| lost(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(server.connect()))
        .await
        .map_err(transport)?;
    let _connection = AbortOnDrop(tokio::spawn(connection));
    let request = Request::post(PATH).header("host", "faults.test");
    let request = request.body(Full::new(Bytes::from_static(b"{}"))).unwrap();
    let (head, body) = sender
        .send_request(request)
        .await
        .map_err(transport)?
        .into_parts();
    judge::accept(head.status, &head.headers)?;
    match Limited::new(body, LIMIT).collect().await {
        Ok(body) => judge::read(&body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(CallError::Answer("too long")),
        Err(error) => Err(lost(error.to_string())),
    }
}

/// An attempt that is cut off leaves its connection.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What happened: requests, those that the application worked on, the time, and how it ended.
async fn run(plan: Plan) -> Expected {
    let (application, done) = counting();
    let server = Server::in_memory(application, plan);
    #[allow(clippy::disallowed_methods)] // the clock is tokio's and stands still
    let start = Instant::now();
    let outcome = post(&server).await;
    let elapsed = start.elapsed();
    assert_eq!(done.load(Ordering::Relaxed), worked(&server.requests()));
    Expected {
        requests: server.count(),
        worked: done.load(Ordering::Relaxed),
        elapsed,
        ruling: match outcome {
            Ok(_) => Ruling::Answered,
            Err(CallError::WaitOrDie(_)) => Ruling::CutOff,
            Err(_) => Ruling::LastError,
        },
    }
}

fn observe(policy: &plans::Policy, plan: Plan) -> Expected {
    let _scope = testing::scope(1);
    settings::apply(Settings::new().with_call("memory.post", policy.settings())).unwrap();
    let mut builder = runtime::Builder::new_current_thread();
    let runtime = builder.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(run(plan))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        rng_seed: RngSeed::Fixed(6),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn requests_and_time_are_what_plan_and_policy_say(policy in plans::policy(), course in plans::course(20)) {
        prop_assert_eq!(observe(&policy, course.plan()), oracle::expect(&policy, &course));
    }
}

/// The property above is worth what its cases are: each way to end, and each bound, has to come up often.
#[test]
fn the_cases_end_in_every_way() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        rng_seed: RngSeed::Fixed(6),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let strategy = (plans::policy(), plans::course(20));
    let mut counts = [0; 3];
    let mut longest = (0, Duration::ZERO);
    for _ in 0..2000 {
        let (policy, course) = strategy.new_tree(&mut runner).unwrap().current();
        let expected = oracle::expect(&policy, &course);
        counts[expected.ruling as usize] += 1;
        longest = (
            longest.0.max(expected.requests),
            longest.1.max(expected.elapsed),
        );
    }
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
    assert!(
        longest.0 > 15 && longest.1 > Duration::from_secs(100),
        "{longest:?}"
    );
}

/// A second before each retry; a server that is away for good.
fn seconds(timeout: u64) -> Expected {
    let policy = plans::Policy {
        timeout: Duration::from_millis(timeout),
        attempt_timeout: None,
        max_retries: 50,
        initial_wait: Duration::from_secs(1),
        max_wait: Duration::from_secs(1),
        growth: wait_or_die::Strategy::Fixed,
    };
    let away = Step::status(StatusCode::SERVICE_UNAVAILABLE);
    let course = plans::Course {
        steps: away.times(20),
        outage: None,
    };
    let observed = observe(&policy, course.plan());
    assert_eq!(observed, oracle::expect(&policy, &course));
    observed
}

/// Worked out by hand, for property and oracle alike: the third wait ends at three seconds, and a deadline within two
/// milliseconds of that counts as reached.
#[test]
fn a_wait_is_started_if_it_ends_more_than_two_milliseconds_before_the_deadline() {
    for (timeout, requests) in [(2999, 3), (3000, 3), (3001, 3), (3002, 3), (3003, 4)] {
        let observed = seconds(timeout);
        let elapsed = Duration::from_secs(requests - 1);
        assert_eq!(
            (observed.requests as u64, observed.elapsed),
            (requests, elapsed),
            "{timeout}"
        );
        assert_eq!((observed.worked, observed.ruling), (0, Ruling::LastError));
    }
}
