//! Eight threads at one breaker: one change of state for a storm of calls, and no probe above the cap.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use wait_or_die::breaker::State;
use wait_or_die::{Breaker, circuit_breaker, wait_or_die};
use wait_or_die_tests::refused;

const THREADS: u32 = 8;
const ROUNDS: usize = 100;
const LONG: Duration = Duration::from_secs(3600);

/// Runs `call` on all threads at once, over and over; gives what `between` saw on one of them after each round.
///
/// Nothing is asserted there: a thread that panics leaves the others waiting for it.
fn storms<T: Send>(call: impl Fn() + Sync, between: impl Fn() -> T + Sync) -> Vec<T> {
    let barrier = Barrier::new(THREADS as usize);
    let seen = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..ROUNDS {
                    barrier.wait();
                    call();
                    if barrier.wait().is_leader() {
                        seen.lock().unwrap().push(between());
                    }
                }
            });
        }
    });
    seen.into_inner().unwrap()
}

/// The outcome of a call that never suspends.
fn ready<T>(call: impl Future<Output = T>) -> T {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(out) => out,
        Poll::Pending => panic!("the body does not suspend"),
    }
}

#[circuit_breaker(name = "storm", failure_threshold = 3, recovery_timeout = LONG)]
fn fails(ran: &AtomicU32) -> io::Result<()> {
    ran.fetch_add(1, Ordering::Relaxed);
    Err(refused())
}

#[circuit_breaker(name = "storm", failure_threshold = 3, recovery_timeout = LONG)]
#[wait_or_die(max_retries = 0)]
async fn fails_fused(ran: &AtomicU32) -> io::Result<()> {
    ran.fetch_add(1, Ordering::Relaxed);
    Err(refused())
}

#[circuit_breaker(name = "storm")]
fn succeeds() -> io::Result<()> {
    Ok(())
}

fn told(breaker: &Breaker) -> Arc<Mutex<Vec<(State, State)>>> {
    let told: Arc<Mutex<Vec<_>>> = Arc::default();
    let listener = Arc::clone(&told);
    breaker.listen(move |change| listener.lock().unwrap().push((change.from, change.to)));
    told
}

#[test]
fn a_storm_of_failures_opens_once_and_a_storm_of_calls_closes_once() {
    let ran = AtomicU32::new(0);
    succeeds().unwrap();
    let breaker = Breaker::find("storm").unwrap();
    let told = told(&breaker);
    let rounds = storms(
        || {
            // More calls than open it; the forms share the breaker.
            for _ in 0..4 {
                let _ = fails(&ran);
                let _ = ready(fails_fused(&ran));
            }
        },
        || {
            let changes = std::mem::take(&mut *told.lock().unwrap());
            breaker.reset();
            told.lock().unwrap().clear();
            (changes, ran.swap(0, Ordering::Relaxed))
        },
    );
    assert_eq!(rounds.len(), ROUNDS);
    for (changes, ran) in rounds {
        assert_eq!(changes, [(State::Closed, State::Open)]);
        // The third failure opens it; no more than one call of each other thread had been let pass by then.
        assert!((3..3 + THREADS).contains(&ran), "{ran} bodies ran");
    }

    let policy = breaker
        .policy()
        .with_recovery_timeout(Duration::from_nanos(1));
    breaker.reconfigure(policy).unwrap();
    let open = || {
        for _ in 0..3 {
            let _ = fails(&ran);
        }
        std::mem::take(&mut *told.lock().unwrap())
    };
    open();
    let rounds = storms(|| while succeeds().is_err() {}, open);
    let opened = (State::Closed, State::Open);
    let probed = (State::Open, State::HalfOpen);
    let closed = (State::HalfOpen, State::Closed);
    assert_eq!(rounds, vec![[probed, closed, opened]; ROUNDS]);
}

/// Who has come, and how far.
#[derive(Default)]
struct Crowd {
    admitted: AtomicU32,
    rejected: AtomicU32,
}

impl Crowd {
    /// Holds a probe's place until all others have been told.
    fn hold(&self) {
        self.admitted.fetch_add(1, Ordering::SeqCst);
        while self.admitted.load(Ordering::SeqCst) + self.rejected.load(Ordering::SeqCst) < THREADS
        {
            thread::yield_now();
        }
    }

    fn count<T>(&self, out: &io::Result<T>) {
        if out.is_err() {
            self.rejected.fetch_add(1, Ordering::SeqCst);
        }
    }
}

#[circuit_breaker(name = "probed")]
fn probes(crowd: &Crowd) -> io::Result<()> {
    crowd.hold();
    Ok(())
}

#[wait_or_die(max_retries = 0)]
#[circuit_breaker(name = "probed")]
async fn probes_fused(crowd: &Crowd) -> io::Result<()> {
    crowd.hold();
    Ok(())
}

#[circuit_breaker(
    name = "probed",
    failure_threshold = 1,
    recovery_timeout = "1ns",
    half_open_calls = 3,
    success_threshold = 1_000_000
)]
fn opens() -> io::Result<()> {
    Err(refused())
}

#[test]
fn no_more_probes_at_a_time_than_half_open_calls() {
    let crowd = Crowd::default();
    opens().unwrap_err();
    let turn = AtomicU32::new(0);
    let rounds = storms(
        || {
            let out = if turn.fetch_add(1, Ordering::Relaxed).is_multiple_of(2) {
                probes(&crowd)
            } else {
                ready(probes_fused(&crowd))
            };
            crowd.count(&out);
        },
        || [&crowd.admitted, &crowd.rejected].map(|count| count.swap(0, Ordering::SeqCst)),
    );
    assert_eq!(rounds, [[3, 5]; ROUNDS]);
    let probed = Breaker::find("probed").unwrap().snapshot().core;
    assert_eq!((probed.state, probed.probes), (State::HalfOpen, 0));
    assert_eq!(probed.calls, 3 * ROUNDS as u64);
}
