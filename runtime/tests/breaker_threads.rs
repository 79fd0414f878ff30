//! Many threads at one breaker.
#![cfg(not(loom))]

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use wait_or_die::breaker::{Core, Outcome, Permit, Seams, State, Transition};
use wait_or_die::{BreakerPolicy, Window};

const THREADS: u32 = 8;
const SECOND: u64 = 1_000_000_000;

fn core(policy: BreakerPolicy) -> Core {
    let seams = Seams::new(|| 0, || 0.5);
    Core::new(policy, seams, 0).unwrap()
}

fn policies() -> [BreakerPolicy; 3] {
    let rated = BreakerPolicy::new()
        .with_failure_rate(0.5)
        .with_minimum_calls(20);
    [
        BreakerPolicy::new(),
        rated,
        rated.with_window(Window::Time(Duration::from_secs(10))),
    ]
}

/// Runs `body` on all threads at once, with the number of the thread.
fn together(body: impl Fn(u32) + Sync) {
    let barrier = Barrier::new(THREADS as usize);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (barrier, body) = (&barrier, &body);
            scope.spawn(move || {
                barrier.wait();
                body(thread);
            });
        }
    });
}

fn told(core: &Core) -> Arc<Mutex<Vec<Transition>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&told);
    core.listen(move |transition| list.lock().unwrap().push(*transition));
    told
}

#[test]
fn a_storm_of_failures_opens_once_and_probes_stay_below_the_cap() {
    for policy in policies() {
        for cap in [1, 3] {
            let core = core(policy.with_half_open_calls(cap).with_success_threshold(cap));
            let told = told(&core);
            for round in 0..20_u64 {
                let now = round * 100 * SECOND;
                storm(&core, now);
                assert_eq!(core.state(), State::Open);
                let most = probe(&core, now + 60 * SECOND, cap);
                assert_eq!(most, cap, "probes at a time");
                assert_eq!(core.state(), State::Closed);
            }
            check_order(&told.lock().unwrap(), 20);
        }
    }
}

/// Everybody fails until everybody is refused.
fn storm(core: &Core, now: u64) {
    together(|_| {
        while let Ok(permit) = core.try_acquire(now) {
            permit.record(Outcome::Failure, now);
        }
    });
}

/// All threads ask for probes, hold what they get until everybody has asked, and succeed; gives the most held at once.
fn probe(core: &Core, now: u64, cap: u32) -> u32 {
    let (running, most) = (AtomicU32::new(0), AtomicU32::new(0));
    let asked = Barrier::new(THREADS as usize);
    together(|_| {
        let mut held = Vec::new();
        for _ in 0..100 {
            if let Ok(permit) = core.try_acquire(now) {
                assert!(permit.is_probe());
                most.fetch_max(running.fetch_add(1, SeqCst) + 1, SeqCst);
                held.push(permit);
            }
        }
        asked.wait();
        for permit in held {
            running.fetch_sub(1, SeqCst);
            permit.record(Outcome::Success, now);
        }
    });
    assert!(most.load(SeqCst) <= cap);
    most.load(SeqCst)
}

/// Exactly open, half-open, closed in each round, and each change told once and in order.
fn check_order(told: &[Transition], rounds: usize) {
    assert_eq!(told.len(), 3 * rounds);
    for (at, transition) in told.iter().enumerate() {
        let to = [State::Open, State::HalfOpen, State::Closed][at % 3];
        assert_eq!(transition.to, to);
        assert_eq!(transition.generation as usize, at + 1);
    }
}

#[test]
fn probes_that_come_and_go_never_exceed_the_cap() {
    for cap in [1, 2, 5] {
        let policy = BreakerPolicy::new()
            .with_failure_threshold(1)
            .with_half_open_calls(cap);
        let core = core(policy);
        core.try_acquire(0).unwrap().record(Outcome::Failure, 0);
        let (running, admitted) = (AtomicU32::new(0), AtomicU64::new(0));
        let now = 60 * SECOND;
        together(|thread| {
            for call in 0..2_000 {
                let Ok(permit) = Permit::acquire(&core, Duration::ZERO, now) else {
                    std::thread::yield_now();
                    continue;
                };
                assert!(running.fetch_add(1, SeqCst) < cap);
                admitted.fetch_add(1, SeqCst);
                running.fetch_sub(1, SeqCst);
                if (thread + call) % 2 == 0 {
                    permit.cancel(now);
                } else {
                    permit.record(Outcome::Ignore, now);
                }
            }
        });
        assert_eq!(core.state(), State::HalfOpen);
        assert_eq!(core.snapshot(now).probes, 0);
        assert!(admitted.load(SeqCst) > 0);
    }
}

#[test]
fn every_call_is_counted_once() {
    const EACH: u64 = 20_000;
    let base = BreakerPolicy::new().with_failure_rate(1.0);
    for window in [
        Window::Calls(1_000_000),
        Window::Time(Duration::from_secs(10)),
    ] {
        let core = core(base.with_window(window));
        // The clock stands for a while and then goes on by a bucket's width.
        let calls = AtomicU64::new(0);
        together(|thread| {
            for call in 0..EACH {
                let now = calls.fetch_add(1, SeqCst) / 40_000 * SECOND;
                let outcome = match (call + u64::from(thread)) % 100 {
                    0 => Outcome::Failure,
                    1 => Outcome::Ignore,
                    _ => Outcome::Success,
                };
                core.try_acquire(now).unwrap().record(outcome, now);
            }
        });
        let seen = core.snapshot(4 * SECOND);
        let all = EACH * u64::from(THREADS);
        assert_eq!((seen.calls, seen.failures), (all / 100 * 99, all / 100));
    }
}

#[test]
fn late_results_of_many_threads_change_nothing() {
    for policy in policies() {
        let core = core(policy);
        let permits: Vec<_> = (0..64).map(|_| core.try_acquire(0).unwrap()).collect();
        let permits = Mutex::new(permits);
        core.reset(0);
        together(|_| {
            loop {
                let Some(permit) = permits.lock().unwrap().pop() else {
                    break;
                };
                permit.record(Outcome::Failure, 0);
            }
        });
        let seen = core.snapshot(0);
        assert_eq!((seen.state, seen.generation), (State::Closed, 1));
        assert_eq!((seen.calls, seen.consecutive_failures), (0, 0));
    }
}
