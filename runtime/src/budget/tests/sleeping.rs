use core::time::Duration;

use tokio::time::Instant;

use crate::budget::{Budget, BudgetPolicy, Withdrawal};
use crate::clock;

const SECOND: Duration = Duration::from_secs(1);

fn budget(ratio: f64, reserve: u32) -> (Budget, Instant) {
    let start = clock::now();
    let policy = BudgetPolicy::new()
        .with_ratio(ratio)
        .with_reserve_per_second(reserve);
    (Budget::new_at(policy, start).unwrap(), start)
}

fn sleepers(budget: &Budget, now: Instant) -> Vec<Withdrawal> {
    core::iter::from_fn(|| budget.withdraw(now)).collect()
}

#[test]
fn sleeping_retries_count_however_long_they_sleep() {
    let (budget, start) = budget(0.0, 10);
    let asleep = sleepers(&budget, start);
    assert_eq!(asleep.len(), 100);
    for seconds in [0, 10, 60, 3_600] {
        let now = start + seconds * SECOND;
        let seen = budget.snapshot(now);
        assert_eq!((seen.sleeping, seen.balance), (100, 0));
        assert!(!budget.try_withdraw(now));
        assert!(budget.withdraw(now).is_none());
    }
}

#[test]
fn a_retry_on_the_reserve_occupies_it_for_the_memory_after_it_has_started() {
    let (budget, start) = budget(0.0, 10);
    let started = start + 60 * SECOND;
    for retry in sleepers(&budget, start) {
        retry.start(started);
    }
    let seen = budget.snapshot(started);
    assert_eq!((seen.sleeping, seen.balance), (0, 0));
    assert!(!budget.try_withdraw(started + 9 * SECOND));
    assert_eq!(budget.snapshot(started + 10 * SECOND).balance, 100);
}

#[test]
fn a_retry_that_never_starts_is_given_back() {
    let (budget, start) = budget(1.0, 1);
    for _ in 0..3 {
        budget.deposit();
    }
    let asleep = sleepers(&budget, start);
    assert_eq!(asleep.len(), 13);
    drop(asleep);
    let seen = budget.snapshot(start);
    assert_eq!((seen.calls_left, seen.reserve_left), (3, 10));
    assert_eq!((seen.withdrawn, seen.returned), (13, 13));
    assert_eq!(seen.sleeping, 0);
}

#[test]
fn what_is_given_back_keeps_its_age() {
    let (budget, start) = budget(1.0, 0);
    budget.deposit();
    let asleep = budget.withdraw(start).unwrap();
    assert_eq!(budget.snapshot(start + 9 * SECOND).balance, 0);
    drop(asleep);
    assert_eq!(budget.snapshot(start + 9 * SECOND).balance, 1);
    assert_eq!(budget.snapshot(start + 10 * SECOND).balance, 0);
}

#[test]
fn what_is_given_back_too_late_is_gone() {
    let (budget, start) = budget(1.0, 0);
    budget.deposit();
    let asleep = budget.withdraw(start).unwrap();
    assert_eq!(budget.snapshot(start + 10 * SECOND).sleeping, 1);
    drop(asleep);
    let seen = budget.snapshot(start + 10 * SECOND);
    assert_eq!((seen.sleeping, seen.balance, seen.returned), (0, 0, 1));
}

#[test]
fn what_was_gathered_from_two_slots_returns_to_the_older() {
    let (budget, start) = budget(0.5, 0);
    budget.deposit_at(start);
    budget.deposit_at(start + 5 * SECOND);
    let asleep = budget.withdraw(start + 5 * SECOND).unwrap();
    drop(asleep);
    assert_eq!(budget.snapshot(start + 9 * SECOND).balance, 1);
    assert_eq!(budget.snapshot(start + 10 * SECOND).balance, 0);
}

#[test]
fn a_retry_that_started_is_not_given_back() {
    let (budget, start) = budget(1.0, 0);
    budget.deposit();
    budget.withdraw(start).unwrap().start(start);
    let seen = budget.snapshot(start);
    assert_eq!((seen.sleeping, seen.balance, seen.returned), (0, 0, 0));
}

#[test]
fn a_panic_in_the_wait_gives_the_retry_back() {
    let (budget, start) = budget(0.0, 1);
    let inner = budget.clone();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _asleep = inner.withdraw(start).unwrap();
        std::panic::resume_unwind(Box::new(()));
    }));
    assert!(panicked.is_err());
    assert_eq!(budget.snapshot(start).balance, 10);
}

#[test]
fn a_withdrawal_and_a_budget_can_be_moved_and_shared_between_threads() {
    fn both<T: Send + Sync + core::fmt::Debug>() {}
    both::<Budget>();
    both::<Withdrawal>();
}
