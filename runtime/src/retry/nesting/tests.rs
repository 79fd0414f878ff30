mod foreign;

use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use tokio::task::yield_now;

use super::{Within, enter, enter_blocking, enter_unstarted, outer_deadline, outer_deadline_at};
use crate::clock::{Instant, now};

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[derive(Clone, Copy)]
enum Bound {
    At(Instant),
    Unstarted(Duration),
}

/// An attempt as the engine polls it.
struct Attempt<F> {
    bound: Bound,
    body: Pin<Box<F>>,
}

impl<F: Future> Future for Attempt<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        match self.bound {
            Bound::At(deadline) => {
                let _guard = enter(deadline);
                self.body.as_mut().poll(cx)
            }
            Bound::Unstarted(timeout) => {
                let _guard = enter_unstarted(Within::of(timeout));
                self.body.as_mut().poll(cx)
            }
        }
    }
}

fn attempt<F: Future>(deadline: Instant, body: F) -> Attempt<F> {
    Attempt {
        bound: Bound::At(deadline),
        body: Box::pin(body),
    }
}

/// What is seen at each of three polls.
async fn three_times() -> [Option<Instant>; 3] {
    let first = outer_deadline();
    yield_now().await;
    let second = outer_deadline();
    yield_now().await;
    [first, second, outer_deadline()]
}

#[test]
fn a_blocking_call_sees_the_attempt_around_it_and_nothing_after() {
    let deadline = now() + secs(5);
    assert_eq!(outer_deadline(), None);
    {
        let _guard = enter_blocking(deadline);
        assert_eq!(outer_deadline(), Some(deadline));
        assert_eq!(outer_deadline_at(now()), Some(deadline));
    }
    assert_eq!(outer_deadline(), None);
}

#[test]
fn the_tighter_of_nested_deadlines_holds() {
    let (near, far) = (now() + secs(5), now() + secs(50));
    let _outer = enter(near);
    {
        let _inner = enter(far);
        assert_eq!(outer_deadline(), Some(near));
        {
            let _innermost = enter(near - secs(1));
            assert_eq!(outer_deadline(), Some(near - secs(1)));
        }
        assert_eq!(outer_deadline(), Some(near));
    }
    assert_eq!(outer_deadline(), Some(near));
}

#[test]
fn a_call_that_calls_itself_sees_each_level() {
    fn down(levels: u64, start: Instant) {
        if levels == 0 {
            return;
        }
        let deadline = start + secs(levels);
        {
            let _guard = enter_blocking(deadline);
            assert_eq!(outer_deadline(), Some(deadline));
            down(levels - 1, start);
            assert_eq!(outer_deadline(), Some(deadline));
        }
        let above = (levels < 100).then(|| start + secs(levels + 1));
        assert_eq!(outer_deadline(), above);
    }
    down(100, now());
}

#[test]
fn a_call_that_has_read_no_clock_bounds_from_the_time_of_the_asker() {
    let start = now();
    let asked = |after| outer_deadline_at(start + secs(after));
    {
        let _guard = enter_unstarted(Within::of(secs(10)));
        assert_eq!(asked(0), Some(start + secs(10)));
        assert_eq!(asked(3), Some(start + secs(13)));
        {
            let _looser = enter_unstarted(Within::of(secs(30)));
            assert_eq!(asked(0), Some(start + secs(10)));
            let _tighter = enter_unstarted(Within::of(secs(2)));
            assert_eq!(asked(0), Some(start + secs(2)));
        }
        assert_eq!(asked(0), Some(start + secs(10)));
    }
    assert_eq!(asked(0), None);
}

#[test]
fn both_kinds_of_bounds_hold_together() {
    let start = now();
    let _outer = enter(start + secs(5));
    for (timeout, expected) in [(3, 3), (8, 5)] {
        let _inner = enter_unstarted(Within::of(secs(timeout)));
        assert_eq!(outer_deadline_at(start), Some(start + secs(expected)));
    }
    let _unstarted = enter_unstarted(Within::of(secs(4)));
    for (deadline, expected) in [(3, 3), (9, 4)] {
        let _inner = enter(start + secs(deadline));
        assert_eq!(outer_deadline_at(start), Some(start + secs(expected)));
    }
}

#[test]
fn a_timeout_beyond_the_clock_is_a_bound_far_away() {
    let start = now();
    let _guard = enter_unstarted(Within::of(Duration::MAX));
    assert_eq!(outer_deadline_at(start), None);
    let _inner = enter_unstarted(Within::of(secs(u64::from(u32::MAX))));
    assert!(outer_deadline_at(start).is_some_and(|at| at > start + secs(86_400 * 365)));
}

#[tokio::test(start_paused = true)]
async fn the_clock_is_read_for_an_unstarted_call_only() {
    let start = now();
    let asks = async {
        tokio::time::advance(secs(3)).await;
        outer_deadline()
    };
    let seen = Attempt {
        bound: Bound::Unstarted(secs(10)),
        body: Box::pin(asks),
    }
    .await;
    assert_eq!(seen, Some(start + secs(13)));
}

#[test]
fn a_panic_leaves_nothing_behind() {
    let deadline = now() + secs(5);
    let _outer = enter(deadline);
    let panicked = catch_unwind(|| {
        let _inner = enter(deadline - secs(1));
        let _unstarted = enter_unstarted(Within::of(secs(1)));
        resume_unwind(Box::new(()));
    });
    assert!(panicked.is_err());
    assert_eq!(outer_deadline(), Some(deadline));
}

#[tokio::test]
async fn a_body_that_panics_leaves_nothing_behind() {
    let mut body = attempt(now() + secs(5), async {
        yield_now().await;
        resume_unwind(Box::new(()));
    });
    let panicked =
        poll_fn(
            |cx| match catch_unwind(AssertUnwindSafe(|| Pin::new(&mut body).poll(cx))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(())) => Poll::Ready(false),
                Err(_) => Poll::Ready(true),
            },
        );
    assert!(panicked.await);
    assert_eq!(outer_deadline(), None);
}

#[tokio::test]
async fn every_poll_of_a_body_sees_its_attempt() {
    let deadline = now() + secs(5);
    assert_eq!(attempt(deadline, three_times()).await, [Some(deadline); 3]);
    assert_eq!(outer_deadline(), None);
}

#[tokio::test]
async fn an_inner_attempt_shows_its_own_deadline_and_the_outer_shows_again() {
    let (near, far) = (now() + secs(1), now() + secs(5));
    let seen = attempt(far, async {
        let before = outer_deadline();
        let inside = attempt(near, three_times()).await;
        (before, inside, outer_deadline())
    });
    assert_eq!(seen.await, (Some(far), [Some(near); 3], Some(far)));
}

#[tokio::test]
async fn branches_of_join_see_each_its_own_attempt() {
    let (near, far) = (now() + secs(1), now() + secs(5));
    let seen = tokio::join!(
        attempt(near, three_times()),
        three_times(),
        attempt(far, three_times()),
    );
    assert_eq!(seen, ([Some(near); 3], [None; 3], [Some(far); 3]));
    let inside = attempt(far, async {
        tokio::join!(attempt(near, three_times()), three_times())
    });
    assert_eq!(inside.await, ([Some(near); 3], [Some(far); 3]));
}

#[tokio::test]
async fn a_branch_of_select_that_loses_leaves_nothing_behind() {
    let (near, far) = (now() + secs(1), now() + secs(5));
    let seen = attempt(far, async {
        let lost = attempt(near, core::future::pending::<()>());
        let won = tokio::select! {
            biased;
            () = lost => unreachable!("never ready"),
            seen = three_times() => seen,
        };
        (won, outer_deadline())
    });
    assert_eq!(seen.await, ([Some(far); 3], Some(far)));
    assert_eq!(outer_deadline(), None);
}

#[tokio::test]
async fn a_suspended_attempt_that_is_dropped_leaves_nothing_behind() {
    let mut body = attempt(now() + secs(5), core::future::pending::<()>());
    let polled = poll_fn(|cx| Poll::Ready(Pin::new(&mut body).poll(cx)));
    assert!(polled.await.is_pending());
    assert_eq!(outer_deadline(), None);
    drop(body);
    assert_eq!(outer_deadline(), None);
}

async fn spawned_tasks_see_nothing() {
    let deadline = now() + secs(5);
    let seen = attempt(deadline, async {
        let task = tokio::spawn(three_times());
        let blocking = tokio::task::spawn_blocking(outer_deadline);
        let own = three_times().await;
        (own, task.await.unwrap(), blocking.await.unwrap())
    });
    assert_eq!(seen.await, ([Some(deadline); 3], [None; 3], None));
}

#[tokio::test]
async fn spawned_tasks_do_not_inherit_on_one_thread() {
    spawned_tasks_see_nothing().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_tasks_do_not_inherit_on_two_threads() {
    tokio::spawn(spawned_tasks_see_nothing()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_of_many_tasks_do_not_mix_and_may_move_between_threads() {
    let start = now();
    let tasks: Vec<_> = (1..=64)
        .map(|task| {
            let deadline = start + secs(task);
            let body = attempt(deadline, async {
                let mut seen = Vec::new();
                for _ in 0..50 {
                    seen.push(outer_deadline());
                    yield_now().await;
                }
                seen
            });
            (deadline, tokio::spawn(body))
        })
        .collect();
    for (deadline, task) in tasks {
        assert_eq!(task.await.unwrap(), [Some(deadline); 50]);
    }
}

#[test]
fn a_nested_block_on_inherits() {
    let deadline = now() + secs(5);
    let _guard = enter_blocking(deadline);
    assert_eq!(
        current_thread().block_on(three_times()),
        [Some(deadline); 3]
    );
}

#[tokio::test]
async fn a_blocking_call_inside_an_asynchronous_attempt_sees_both() {
    let (near, far) = (now() + secs(1), now() + secs(5));
    let seen = attempt(far, async {
        let inside = {
            let _blocking = enter_blocking(near);
            outer_deadline()
        };
        (inside, outer_deadline())
    });
    assert_eq!(seen.await, (Some(near), Some(far)));
}

fn current_thread() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}
