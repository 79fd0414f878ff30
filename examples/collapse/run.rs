//! One minute under one policy.

use std::io;
use std::ops::Range;
use std::rc::Rc;

use tokio::runtime::Builder;
use tokio::task::{JoinSet, LocalSet};
use wait_or_die::{Budget, BudgetPolicy, testing};

use crate::clock::Stopwatch;
use crate::policies::Policy;
use crate::server::{Server, exponential};

/// How long clients come, in seconds.
pub(crate) const SECONDS: usize = 60;
/// When there are too many of them.
pub(crate) const SPIKE: Range<usize> = 10..15;
/// Requests per second, and during the spike.
const USUAL: f64 = 40.0;
const MANY: f64 = 80.0;
/// The seconds by which a run is judged, and the share of requests that must be answered then.
const JUDGED: Range<usize> = 50..60;
const RECOVERED: f64 = 0.95;

/// What came of the requests of each second.
#[derive(PartialEq, Eq)]
pub(crate) struct Run {
    asked: [u32; SECONDS],
    answered: [u32; SECONDS],
    attempts: u32,
}

impl Run {
    /// Whether the server is as well at the end as it was at the beginning.
    fn recovered(&self) -> bool {
        self.share(JUDGED) >= RECOVERED
    }

    fn share(&self, seconds: Range<usize>) -> f64 {
        let sum = |counts: &[u32]| f64::from(counts[seconds.clone()].iter().sum::<u32>());
        sum(&self.answered) / sum(&self.asked)
    }
}

/// The share of the runs that recovered.
pub(crate) fn recovered(runs: &[Run]) -> f64 {
    let recovered = runs.iter().filter(|run| run.recovered()).count();
    recovered as f64 / runs.len() as f64
}

/// The share of all requests that were answered.
pub(crate) fn answered(runs: &[Run]) -> f64 {
    runs.iter().map(|run| run.share(0..SECONDS)).sum::<f64>() / runs.len() as f64
}

/// Attempts per request.
pub(crate) fn attempts(runs: &[Run]) -> f64 {
    let asked: u32 = runs.iter().flat_map(|run| run.asked).sum();
    f64::from(runs.iter().map(|run| run.attempts).sum::<u32>()) / f64::from(asked)
}

/// The share of each second's requests that were answered, over all runs.
pub(crate) fn curve(runs: &[Run]) -> Vec<f64> {
    let mean = |second| {
        runs.iter()
            .map(|run| run.share(second..second + 1))
            .sum::<f64>()
            / runs.len() as f64
    };
    (0..SECONDS).map(mean).collect()
}

/// # Errors
/// No runtime could be made, or a budget of that name was there already.
pub(crate) fn run(policy: Policy, seed: u64) -> io::Result<Run> {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    LocalSet::new().block_on(&runtime, minute(policy, seed))
}

async fn minute(policy: Policy, seed: u64) -> io::Result<Run> {
    // Jitter from the seed, budgets and breakers of this run alone.
    let _scope = testing::scope(seed);
    let ten_percent = BudgetPolicy::new()
        .with_ratio(0.1)
        .with_reserve_per_second(0);
    let large = BudgetPolicy::DEFAULT.with_reserve_per_second(10);
    let _server = Budget::named("server", ten_percent).map_err(io::Error::other)?;
    let _large = Budget::named("large", large).map_err(io::Error::other)?;
    let since = Stopwatch::start();
    let server = Rc::new(Server::new(since, seed));
    let mut random = fastrand::Rng::with_seed(!seed);
    let mut run = Run {
        asked: [0; SECONDS],
        answered: [0; SECONDS],
        attempts: 0,
    };
    let mut calls = JoinSet::new();
    loop {
        let rate = if SPIKE.contains(&second(since)) {
            MANY
        } else {
            USUAL
        };
        tokio::time::sleep(exponential(&mut random, rate)).await;
        let second = second(since);
        let Some(asked) = run.asked.get_mut(second) else {
            break;
        };
        *asked += 1;
        let call = (policy.call)(Rc::clone(&server));
        calls.spawn_local(async move { (second, call.await.is_ok()) });
    }
    while let Some(called) = calls.join_next().await {
        let (second, is_answered) = called.map_err(io::Error::other)?;
        run.answered[second] += u32::from(is_answered);
    }
    run.attempts = server.attempts();
    Ok(run)
}

fn second(since: Stopwatch) -> usize {
    usize::try_from(since.elapsed().as_secs()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Run, run};
    use crate::policies::{LARGE_RESERVE, POLICIES, Policy};

    fn runs(policy: Policy) -> Vec<Run> {
        let runs = (0..6).map(|seed| run(policy, seed));
        runs.collect::<Result<_, _>>().unwrap()
    }

    /// How many of the six recover.
    fn recovered(policy: Policy) -> usize {
        runs(policy).iter().filter(|run| run.recovered()).count()
    }

    #[test]
    fn a_seed_gives_one_run() {
        for policy in [1, 5] {
            assert!(runs(POLICIES[policy]) == runs(POLICIES[policy]));
        }
    }

    #[test]
    fn retries_without_a_budget_keep_a_server_down_that_the_others_let_recover() {
        assert_eq!(POLICIES.map(recovered), [6, 1, 1, 6, 6, 6]);
    }

    #[test]
    fn a_reserve_that_is_large_beside_what_the_server_can_spare_keeps_it_down_too() {
        assert_eq!(recovered(LARGE_RESERVE), 1);
    }
}
