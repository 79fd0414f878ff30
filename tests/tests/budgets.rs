//! What the retries of many calls may add together.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::time::Duration;

use wait_or_die::{Budget, BudgetPolicy, testing, wait_or_die};
use wait_or_die_tests::{now, refused};

#[tokio::test(start_paused = true)]
async fn ten_thousand_calls_at_one_instant_retry_a_fifth_and_the_reserve() {
    #[wait_or_die(max_retries = 9, initial_wait = 0, max_wait = 0)]
    async fn call(attempts: &Cell<u32>) -> io::Result<()> {
        attempts.set(attempts.get() + 1);
        Err(refused())
    }
    let _scope = testing::scope(1);
    let attempts = Cell::new(0);
    for _ in 0..10_000 {
        let error = call(&attempts).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }
    let retries = attempts.get() - 10_000;
    // 20 % of the calls and 3 per second for 10 s.
    assert!(retries.abs_diff(10_000 / 5 + 30) <= 1, "{retries} retries");
}

/// Outside a scope: in one, a budget is made by the first call.
mod shared {
    use super::*;

    macro_rules! sharing {
        ($budget:literal, $reads:ident, $writes:ident) => {
            #[wait_or_die(budget = $budget)]
            async fn $reads() -> io::Result<()> {
                Ok(())
            }

            #[wait_or_die(max_retries = 500, initial_wait = 0, max_wait = 0, budget = $budget)]
            async fn $writes(attempts: &Cell<u32>) -> io::Result<()> {
                attempts.set(attempts.get() + 1);
                Err(refused())
            }
        };
    }

    sharing!("made before", reads, writes);
    sharing!("made meanwhile", reads_too, writes_too);

    #[tokio::test(start_paused = true)]
    async fn a_budget_that_is_there_counts_calls_of_a_function_that_never_failed() {
        let policy = BudgetPolicy::new().with_reserve_per_second(0);
        let budget = Budget::named("made before", policy).unwrap();
        for _ in 0..1000 {
            reads().await.unwrap();
        }
        let attempts = Cell::new(0);
        writes(&attempts).await.unwrap_err();
        // A fifth of 1001 calls.
        assert_eq!(budget.snapshot(now()).calls, 1001);
        assert_eq!(attempts.get(), 1 + 200);
    }

    #[tokio::test(start_paused = true)]
    async fn so_does_one_that_another_function_has_made_from_then_on() {
        reads_too().await.unwrap();
        let attempts = Cell::new(0);
        writes_too(&attempts).await.unwrap_err();
        // The reserve.
        assert_eq!(attempts.get(), 1 + 30);
        for _ in 0..500 {
            reads_too().await.unwrap();
        }
        let budget = Budget::named("made meanwhile", BudgetPolicy::DEFAULT).unwrap();
        assert_eq!(budget.snapshot(now()).calls, 501);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_only_max_retries_bounds_them() {
    #[wait_or_die(max_retries = 9, initial_wait = 0, max_wait = 0, budget = none)]
    async fn call(attempts: &Cell<u32>) -> io::Result<()> {
        attempts.set(attempts.get() + 1);
        Err(refused())
    }
    let _scope = testing::scope(1);
    let attempts = Cell::new(0);
    for _ in 0..1000 {
        call(&attempts).await.unwrap_err();
    }
    assert_eq!(attempts.get(), 10_000);
}

#[tokio::test(start_paused = true)]
async fn successes_add_to_what_may_be_retried() {
    #[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0)]
    async fn call(fails: bool, attempts: &Cell<u32>) -> io::Result<()> {
        attempts.set(attempts.get() + 1);
        if fails { Err(refused()) } else { Ok(()) }
    }
    let _scope = testing::scope(1);
    let attempts = Cell::new(0);
    for _ in 0..500 {
        call(false, &attempts).await.unwrap();
    }
    attempts.set(0);
    call(true, &attempts).await.unwrap_err();
    // 30 in reserve; a fifth of 501 calls is 100.2.
    assert_eq!(attempts.get(), 1 + 130);
}

#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0, budget = "shared")]
async fn reads(attempts: &Cell<u32>) -> io::Result<()> {
    attempts.set(attempts.get() + 1);
    Err(refused())
}

#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0, budget = "shared")]
fn writes(attempts: &Cell<u32>) -> io::Result<()> {
    attempts.set(attempts.get() + 1);
    Err(refused())
}

#[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0)]
fn apart(attempts: &Cell<u32>) -> io::Result<()> {
    attempts.set(attempts.get() + 1);
    Err(refused())
}

#[tokio::test(start_paused = true)]
async fn one_name_is_one_budget_and_each_scope_and_each_call_has_its_own() {
    for seed in 0..2 {
        let _scope = testing::scope(seed);
        let (first, second, third) = (Cell::new(0), Cell::new(0), Cell::new(0));
        reads(&first).await.unwrap_err();
        writes(&second).unwrap_err();
        apart(&third).unwrap_err();
        assert_eq!((first.get(), second.get(), third.get()), (31, 1, 31));
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_gives_its_retry_back() {
    #[wait_or_die(budget = "dropped", jitter = none)]
    async fn call() -> io::Result<()> {
        Err(refused())
    }
    // Outside a scope, where the budget can be looked at by its name.
    let budget = Budget::named("dropped", BudgetPolicy::DEFAULT).unwrap();
    tokio::time::timeout(Duration::from_millis(500), call())
        .await
        .unwrap_err();
    let after = budget.snapshot(now());
    assert_eq!((after.withdrawn, after.returned, after.sleeping), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_retry_counts_as_sleeping_until_its_attempt_starts() {
    #[wait_or_die(budget = "sleeping", jitter = none)]
    async fn call(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        if calls.get() == 1 {
            return Err(refused());
        }
        pending().await
    }
    let budget = Budget::named("sleeping", BudgetPolicy::DEFAULT).unwrap();
    let calls = Cell::new(0);
    let mut running = Box::pin(call(&calls));
    for (after, sleeping) in [(500, 1), (600, 0)] {
        tokio::time::timeout(Duration::from_millis(after), &mut running)
            .await
            .unwrap_err();
        assert_eq!(budget.snapshot(now()).sleeping, sleeping);
    }
    assert_eq!(calls.get(), 2);
}

#[test]
fn a_counter_counts_what_the_budget_refused() {
    #[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0, budget = "counted")]
    fn counted() -> io::Result<()> {
        Err(refused())
    }
    let budget = Budget::named("counted", BudgetPolicy::DEFAULT).unwrap();
    counted().unwrap_err();
    assert_eq!(budget.snapshot(now()).refused, 1);
}

#[test]
fn a_budget_that_is_named_in_a_scope_is_the_scopes() {
    #[wait_or_die(max_retries = 1000, initial_wait = 0, max_wait = 0, budget = "scoped")]
    fn scoped(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let three = BudgetPolicy::new()
        .with_ratio(0.0)
        .with_reserve_per_second(3)
        .with_memory(Duration::from_secs(1));
    {
        let _scope = testing::scope(7);
        let budget = Budget::named("scoped", three).unwrap();
        let calls = Cell::new(0);
        scoped(&calls).unwrap_err();
        assert_eq!((calls.get(), budget.snapshot(now()).refused), (4, 1));
        assert_eq!(Budget::all(now()).len(), 1);
    }
    // The program has none of this name yet.
    let outside = Budget::named("scoped", BudgetPolicy::DEFAULT).unwrap();
    assert_eq!(outside.policy(), BudgetPolicy::DEFAULT);
}
