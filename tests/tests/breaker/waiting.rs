//! `when_open = wait`, and the budget of a call behind a breaker.

use std::cell::{Cell, RefCell};
use std::io;
use std::time::Duration;

use wait_or_die::{Breaker, Error, circuit_breaker, testing, wait_or_die};
use wait_or_die_tests::{Starts, refused};

/// Fails so often, and then succeeds.
struct Failing {
    left: Cell<u32>,
    starts: RefCell<Starts>,
}

impl Failing {
    fn new(times: u32) -> Self {
        Self {
            left: Cell::new(times),
            starts: RefCell::default(),
        }
    }

    fn ask(&self) -> io::Result<()> {
        self.starts.borrow_mut().mark();
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Err(refused())
            }
            None => Ok(()),
        }
    }

    fn starts(&self) -> Vec<u128> {
        self.starts.borrow().at.clone()
    }
}

/// Whether each start follows the one before it by `after` milliseconds, and by no more than a twentieth of the
/// recovery time of 10 s besides, over which callers are spread.
#[track_caller]
fn assert_gaps(starts: &[u128], after: &[u128]) {
    let gaps: Vec<_> = starts.windows(2).map(|two| two[1] - two[0]).collect();
    assert_eq!(gaps.len(), after.len(), "{starts:?}");
    for (gap, after) in gaps.iter().zip(after) {
        assert!((*after..=after + 500).contains(gap), "{starts:?}");
    }
}

#[circuit_breaker(name = "waited-for", failure_threshold = 1, recovery_timeout = "10s")]
#[wait_or_die(when_open = wait, max_retries = 2, initial_wait = 0, max_wait = 0)]
async fn above(failing: &Failing) -> io::Result<()> {
    failing.ask()
}

#[wait_or_die(when_open = wait, max_retries = 2, initial_wait = 0, max_wait = 0)]
#[circuit_breaker(name = "waited-for", failure_threshold = 1, recovery_timeout = "10s")]
async fn below(failing: &Failing) -> io::Result<()> {
    failing.ask()
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_until_it_may_probe() {
    for order in 0..2 {
        let scope = testing::scope(1);
        let failing = Failing::new(2);
        let out = if order == 0 {
            above(&failing).await
        } else {
            below(&failing).await
        };
        out.unwrap();
        // Two retries, each of them after the whole recovery time.
        assert_gaps(&failing.starts(), &[10_000, 10_000]);
        assert_eq!(scope.elapsed().as_millis(), failing.starts()[2]);
        assert_eq!(
            Breaker::find("waited-for").unwrap().state().as_str(),
            "closed"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_costs_no_retry() {
    let _scope = testing::scope(1);
    let failing = Failing::new(1);
    // Open before the call begins.
    let opening = Failing::new(9);
    let error = above(&opening).await.unwrap_err();
    assert!(
        error.get_ref().is_none(),
        "the body's own, after the last retry"
    );
    assert_gaps(&opening.starts(), &[10_000, 10_000]);
    above(&failing).await.unwrap();
    let starts = [opening.starts(), failing.starts()].concat();
    assert_gaps(&starts, &[10_000; 4]);
}

#[wait_or_die(
    max_retries = 1000,
    initial_wait = 0,
    max_wait = 0,
    budget = "waited-for"
)]
async fn spends(failing: &Failing) -> io::Result<()> {
    failing.ask()
}

#[tokio::test(start_paused = true)]
async fn waiting_costs_no_budget() {
    let _scope = testing::scope(1);
    above(&Failing::new(9)).await.unwrap_err();
    for _ in 0..20 {
        // The first of them waits for the recovery time.
        above(&Failing::new(0)).await.unwrap();
    }
    let failing = Failing::new(9999);
    spends(&failing).await.unwrap_err();
    // The reserve is full again after 30 s, and 22 calls add a fifth of their number.
    assert_eq!(failing.starts().len(), 1 + 30 + 4);
}

#[circuit_breaker(name = "waited-now", failure_threshold = 1, recovery_timeout = "10s")]
#[wait_or_die(when_open = wait, max_retries = 2, initial_wait = 0, max_wait = 0)]
fn plain(scope: &testing::Scope, starts: &mut Vec<u128>, fails: &mut u32) -> io::Result<()> {
    starts.push(scope.elapsed().as_millis());
    if *fails > 0 {
        *fails -= 1;
        return Err(refused());
    }
    Ok(())
}

#[test]
fn a_plain_function_waits_too() {
    let scope = testing::scope(1);
    let mut starts = Vec::new();
    plain(&scope, &mut starts, &mut 2).unwrap();
    assert_gaps(&starts, &[10_000, 10_000]);
    starts.drain(..2);
    plain(&scope, &mut starts, &mut 9).unwrap_err();
    plain(&scope, &mut starts, &mut 0).unwrap();
    assert_gaps(&starts, &[0, 10_000, 10_000, 10_000]);
}

#[circuit_breaker(name = "too-long", failure_threshold = 1, recovery_timeout = "10s")]
#[wait_or_die(when_open = wait, timeout = "9s", max_retries = 2, initial_wait = 0, max_wait = 0)]
async fn too_long(failing: &Failing) -> io::Result<()> {
    failing.ask()
}

#[circuit_breaker(name = "too-long", failure_threshold = 1, recovery_timeout = "10s")]
#[wait_or_die(when_open = wait, timeout = "9s", max_retries = 2, initial_wait = 0, max_wait = 0)]
fn too_long_now(failing: &Failing) -> io::Result<()> {
    failing.ask()
}

fn rejection(error: &io::Error) -> Error {
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    error
        .get_ref()
        .unwrap()
        .downcast_ref::<Error>()
        .unwrap()
        .clone()
}

#[tokio::test(start_paused = true)]
async fn a_recovery_past_the_deadline_is_not_waited_for() {
    for plain in [false, true] {
        let scope = testing::scope(1);
        let failing = Failing::new(9);
        for attempts in [1, 0] {
            let out = if plain {
                too_long_now(&failing)
            } else {
                too_long(&failing).await
            };
            let error = rejection(&out.unwrap_err());
            assert_eq!(error.attempts(), attempts, "{plain}");
            assert_eq!(error.retry_in().unwrap().as_secs(), 10, "{plain}");
        }
        assert_eq!(failing.starts(), [0], "{plain}");
        assert!(scope.elapsed().is_zero(), "{plain}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_by_hand_wakes_those_who_wait() {
    let _scope = testing::scope(1);
    let failing = Failing::new(1);
    let by_hand = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        Breaker::find("waited-for").unwrap().reset();
    };
    let (out, ()) = tokio::join!(above(&failing), by_hand);
    out.unwrap();
    assert_gaps(&failing.starts(), &[3000]);
}

#[tokio::test(start_paused = true)]
async fn many_wait_and_one_probes() {
    #[circuit_breaker(name = "crowd", failure_threshold = 1, recovery_timeout = "10s")]
    #[wait_or_die(when_open = wait, max_retries = 0, initial_wait = 0, max_wait = 0)]
    async fn crowd(starts: &RefCell<Starts>, fails: bool) -> io::Result<()> {
        starts.borrow_mut().mark();
        tokio::time::sleep(Duration::from_millis(500)).await;
        if fails { Err(refused()) } else { Ok(()) }
    }
    let _scope = testing::scope(1);
    let starts = RefCell::new(Starts::new());
    crowd(&starts, true).await.unwrap_err();
    let call = || crowd(&starts, false);
    let outs = tokio::join!(call(), call(), call(), call());
    assert!(outs.0.is_ok() && outs.1.is_ok() && outs.2.is_ok() && outs.3.is_ok());
    // One probe; the others go once it has closed the breaker.
    let at = starts.borrow().at.clone();
    assert_gaps(&at[..2], &[10_500]);
    for other in &at[2..] {
        assert_gaps(&[at[1], *other], &[500]);
    }
    assert_eq!(at.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_go_one_by_one_within_the_initial_wait() {
    #[circuit_breaker(name = "spread", failure_threshold = 1, recovery_timeout = "10s")]
    #[wait_or_die(when_open = wait, max_retries = 0, initial_wait = "2s", max_wait = "2s")]
    async fn spread(starts: &RefCell<Starts>, fails: bool) -> io::Result<()> {
        starts.borrow_mut().mark();
        if fails { Err(refused()) } else { Ok(()) }
    }
    let _scope = testing::scope(1);
    let starts = RefCell::new(Starts::new());
    spread(&starts, true).await.unwrap_err();
    let call = || spread(&starts, false);
    let outs = tokio::join!(call(), call(), call());
    assert!(outs.0.is_ok() && outs.1.is_ok() && outs.2.is_ok());
    let at = starts.borrow().at.clone();
    assert_eq!(at.len(), 4);
    // The probe up to 2 s after the recovery time, the others up to 2 s after the probe has closed the breaker.
    assert!((10_000..=12_000).contains(&at[1]), "{at:?}");
    assert!(
        at[2..]
            .iter()
            .all(|at_one| (at[1]..=at[1] + 2000).contains(at_one)),
        "{at:?}"
    );
    assert!(at[1] < at[2] && at[2] < at[3], "{at:?}");
}

#[circuit_breaker(name = "shared", failure_threshold = 1_000_000)]
#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0)]
async fn reads(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0)]
#[circuit_breaker(name = "shared")]
fn writes(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[circuit_breaker(name = "shared")]
#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0, budget = "own")]
async fn apart(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[tokio::test(start_paused = true)]
async fn functions_of_one_breaker_share_its_budget() {
    let _scope = testing::scope(1);
    let calls = Cell::new(0);
    reads(&calls).await.unwrap_err();
    // 10 s of 3 retries each in reserve.
    assert_eq!(calls.take(), 1 + 30);
    writes(&calls).unwrap_err();
    assert_eq!(calls.take(), 1, "nothing is left of it");
    apart(&calls).await.unwrap_err();
    assert_eq!(calls.take(), 1 + 30);
}
