//! A client on real sockets, with a pool of connections and redirects. What it counts is exact; its time is the machine's
//! and not looked at.

use std::sync::atomic::Ordering;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reqwest::redirect;
use tokio::runtime;
use wait_or_die::settings::{self, Settings};
use wait_or_die::{Strategy as Growth, testing, wait_or_die};
use wait_or_die_example_faults::{Fault, Plan, Server, Step};

use crate::judge::{self, CallError, EXCHANGE, LIMIT};
use crate::oracle::{self, Ruling};
use crate::plans::{self, Course, Policy};
use crate::{PATH, counting, worked};

/// Redirects that the client follows.
const REDIRECTS: usize = 5;

#[wait_or_die(name = "sockets.post", budget = none, jitter = none)]
async fn post(client: &reqwest::Client, url: &str) -> Result<serde_json::Value, CallError> {
    let mut response = client
        .post(url)
        .body("{}")
        .send()
        .await
        .map_err(|error| failed(&error))?;
    judge::accept(response.status(), response.headers())?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() + chunk.len() > LIMIT {
            return Err(CallError::Answer("too long"));
        }
        body.extend(&chunk);
    }
    judge::read(&body)
}

fn failed(error: &reqwest::Error) -> CallError {
    CallError::Transport {
        what: error.to_string(),
        verdict: EXCHANGE.error(error),
    }
}

/// No waits: nothing here depends on time.
fn policy(max_retries: u32) -> Policy {
    Policy {
        timeout: Duration::from_secs(300),
        attempt_timeout: None,
        max_retries,
        initial_wait: Duration::ZERO,
        max_wait: Duration::ZERO,
        growth: Growth::Fixed,
    }
}

/// Whether the step takes no time, its own or that which it asks for.
fn at_once(step: &Step) -> bool {
    match step.fault() {
        Fault::SlowHeaders(_) | Fault::SlowBody(_) | Fault::Hang => false,
        Fault::Answer(answer) => answer.retry_after().is_none(),
        _ => true,
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Counted {
    requests: usize,
    worked: usize,
    redirects: usize,
    ruling: Ruling,
}

async fn run(steps: Vec<Step>) -> Counted {
    let (application, done) = counting();
    let server = Server::start(application, Plan::of(steps)).await.unwrap();
    let redirects = redirect::Policy::limited(REDIRECTS);
    // Built together with programs that use TLS, reqwest asks for it without need too; where there is one, it stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(redirects)
        .no_proxy()
        .build()
        .unwrap();
    let outcome = post(&client, &format!("{}{PATH}", server.url())).await;
    let requests = server.requests();
    assert_eq!(done.load(Ordering::Relaxed), worked(&requests));
    Counted {
        requests: requests
            .iter()
            .filter(|request| request.path() == PATH)
            .count(),
        worked: worked(&requests),
        redirects: requests
            .iter()
            .filter(|request| request.path() != PATH)
            .count(),
        ruling: match outcome {
            Ok(_) => Ruling::Answered,
            Err(CallError::WaitOrDie(_)) => Ruling::CutOff,
            Err(_) => Ruling::LastError,
        },
    }
}

fn observe(policy: &Policy, steps: Vec<Step>) -> Counted {
    let _scope = testing::scope(1);
    settings::apply(Settings::new().with_call("sockets.post", policy.settings())).unwrap();
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(run(steps))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        rng_seed: RngSeed::Fixed(6),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn requests_are_what_plan_and_policy_say(max_retries in 0_u32..25, steps in plans::steps(20)) {
        let policy = policy(max_retries);
        let steps: Vec<Step> = steps.into_iter().filter(at_once).collect();
        let course = Course { steps, outage: None };
        let expected = oracle::expect(&policy, &course);
        let in_loop = course.steps.get(expected.requests - 1).is_some_and(|step| *step.fault() == Fault::RedirectLoop);
        let expected = Counted {
            requests: expected.requests,
            worked: expected.worked,
            redirects: if in_loop { REDIRECTS } else { 0 },
            ruling: expected.ruling,
        };
        prop_assert_eq!(observe(&policy, course.steps), expected);
    }
}
