//! Which budget pays for the retries of a call with a breaker, and when.

use std::cell::Cell;
use std::future::ready;

use wait_or_die::budget::BudgetSnapshot;
use wait_or_die::{Budget, BudgetPolicy, Protection, testing};
use wait_or_die_tests::now;

use super::*;

/// Retries without a wait, as many as the budget has.
const STORM: RetryPolicy = RETRIES
    .with_initial_wait(Duration::ZERO)
    .with_max_wait(Duration::ZERO)
    .with_max_retries(1_000);

/// The program's budgets whose names begin so. Names are used by one test each: outside a scope they are shared.
fn budgets(prefix: &str) -> Vec<BudgetSnapshot> {
    let all = Budget::all(now()).into_iter();
    all.filter(|(name, _)| name.starts_with(prefix))
        .map(|(_, budget)| budget)
        .collect()
}

/// Attempts of one call that always fails.
async fn attempts_of(protection: &Protection) -> u32 {
    let calls = Cell::new(0);
    let out = protection.run(|| {
        calls.set(calls.get() + 1);
        ready(answer(true))
    });
    out.await.unwrap_err();
    calls.get()
}

#[tokio::test(start_paused = true)]
async fn successes_of_a_protection_add_to_what_it_may_retry() {
    // In a scope a budget is looked up by name at each call, which would hide one that a call does not find.
    let protection = Protection::new("successes.ask", STORM.with_max_retries(1));
    assert_eq!(attempts_of(&protection).await, 2);
    for _ in 0..500 {
        protection.run(|| ready(answer(false))).await.unwrap();
        protection.run_blocking(|| answer(false)).unwrap();
    }
    let [budget] = budgets("successes.ask")[..] else {
        panic!("one budget");
    };
    assert_eq!((budget.calls, budget.withdrawn), (1_001, 1));
    // 30 in reserve and a fifth of 1001 calls, less the one that is paid.
    assert_eq!(budget.balance, 229);
}

#[tokio::test(start_paused = true)]
async fn the_breaker_that_was_given_last_names_the_budget() {
    let policy = BreakerPolicy::new().with_failure_threshold(1_000);
    let first = Breaker::register("rebound.first", policy).unwrap();
    let second = Breaker::register("rebound.second", policy).unwrap();
    let base = Protection::new("rebound.ask", STORM.with_max_retries(3)).with_breaker(first);
    let protection = base.clone().with_breaker(second);
    assert_eq!(attempts_of(&protection).await, 4);
    let paid = |prefix| budgets(prefix).iter().map(|budget| budget.withdrawn).sum();
    let paid: [u64; 3] = ["rebound.first", "rebound.second", "rebound.ask"].map(paid);
    assert_eq!(paid, [0, 3, 0]);
}

#[tokio::test(start_paused = true)]
async fn a_private_breaker_leaves_the_operation_its_own_budget() {
    let policy = BreakerPolicy::new().with_failure_threshold(1_000);
    let private = Breaker::new("private.breaker", policy).unwrap();
    let base = Protection::new("private.ask", STORM.with_max_retries(3));
    let protection = base
        .with_breaker(Breaker::register("private.registered", policy).unwrap())
        .with_breaker(private);
    assert_eq!(attempts_of(&protection).await, 4);
    let [own] = budgets("private.ask")[..] else {
        panic!("one budget");
    };
    assert_eq!(own.withdrawn, 3);
    assert!(budgets("private.breaker").is_empty());
    let others: u64 = budgets("private.registered")
        .iter()
        .map(|it| it.withdrawn)
        .sum();
    assert_eq!(others, 0);
}

#[tokio::test(start_paused = true)]
async fn private_breakers_of_one_name_do_not_share_and_leave_nothing_behind() {
    for tenant in 0..100 {
        let breaker = Breaker::new(format!("tenant {tenant}"), BreakerPolicy::DEFAULT).unwrap();
        let protection = Protection::new("tenants.ask", STORM.with_max_retries(1));
        attempts_of(&protection.with_breaker(breaker)).await;
    }
    assert!(budgets("tenant ").is_empty());
    // One call site.
    assert_eq!(budgets("tenants.ask").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_chosen_budget_stays_whatever_breaker_comes_after_it() {
    let _scope = testing::scope(1);
    let chosen = Budget::new(BudgetPolicy::DEFAULT).unwrap();
    let registered = Breaker::register("chosen", BreakerPolicy::DEFAULT).unwrap();
    let protection = Protection::new("ask", STORM.with_max_retries(3))
        .with_budget(chosen.clone())
        .with_breaker(registered)
        .waiting_when_open();
    assert_eq!(attempts_of(&protection).await, 4);
    assert_eq!(chosen.snapshot(now()).withdrawn, 3);
}

/// What a budget has paid, got back, and has asleep.
fn books(budget: &Budget) -> (u64, u64, u64) {
    let seen = budget.snapshot(now());
    (seen.withdrawn, seen.returned, seen.sleeping)
}

/// A call whose first failure opens the breaker, and which then waits for it.
fn waiting(budget: &Budget) -> (Breaker, Protection) {
    let breaker = Breaker::new("backend", FRAGILE).unwrap();
    let protection = Protection::new("ask", RETRIES)
        .with_breaker(breaker.clone())
        .with_budget(budget.clone())
        .waiting_when_open();
    (breaker, protection)
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_waits_for_a_breaker_holds_nothing_of_the_budget() {
    let _scope = testing::scope(1);
    let budget = Budget::new(BudgetPolicy::DEFAULT).unwrap();
    let (breaker, protection) = waiting(&budget);
    let call = async {
        let mut asked = 0;
        let out = protection.run(|| {
            asked += 1;
            if asked == 2 {
                assert_eq!(books(&budget), (2, 1, 0), "taken at admission");
            }
            ready(answer(asked == 1))
        });
        out.await.unwrap();
        asked
    };
    let look = async {
        tokio::time::sleep(SECOND / 2).await;
        assert_eq!(books(&budget), (1, 0, 1), "the back-off");
        tokio::time::sleep(SECOND).await;
        assert_eq!(books(&budget), (1, 1, 0), "the wait for the breaker");
        tokio::time::sleep(58 * SECOND).await;
        assert_eq!(books(&budget), (1, 1, 0), "until it may be asked");
    };
    let (asked, ()) = tokio::join!(call, look);
    assert_eq!((asked, breaker.state()), (2, State::Closed));
    assert_eq!(books(&budget), (2, 1, 0));
}

#[test]
fn nor_does_one_of_a_plain_function() {
    let _scope = testing::scope(1);
    let budget = Budget::new_at(BudgetPolicy::DEFAULT, now()).unwrap();
    let (breaker, protection) = waiting(&budget);
    let mut asked = 0;
    let out = protection.run_blocking(|| {
        asked += 1;
        answer(asked == 1)
    });
    out.unwrap();
    assert_eq!((asked, breaker.state()), (2, State::Closed));
    assert_eq!(books(&budget), (2, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn ten_calls_that_wait_for_a_breaker_hold_nothing_together() {
    let _scope = testing::scope(1);
    let budget = Budget::new(BudgetPolicy::DEFAULT).unwrap();
    let (_, protection) = waiting(&budget);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let protection = protection.clone();
        calls.spawn(async move {
            let mut asked = 0;
            let out = protection.run(|| {
                asked += 1;
                let first = asked == 1;
                async move {
                    if first {
                        // All are admitted before the first of them fails.
                        tokio::time::sleep(SECOND).await;
                    }
                    answer(first)
                }
            });
            out.await.map(|_| asked)
        });
    }
    tokio::time::sleep(50 * SECOND).await;
    assert_eq!(books(&budget), (10, 10, 0));
    while let Some(asked) = calls.join_next().await {
        assert_eq!(asked.unwrap().unwrap(), 2);
    }
    assert_eq!(books(&budget), (20, 10, 0));
}

#[tokio::test(start_paused = true)]
async fn the_call_that_the_breaker_lets_pass_goes_though_the_budget_is_empty() {
    let _scope = testing::scope(1);
    // Each call pays for one retry.
    let policy = BudgetPolicy::new()
        .with_ratio(1.0)
        .with_reserve_per_second(0);
    let budget = Budget::new(policy).unwrap();
    let (breaker, protection) = waiting(&budget);
    let mut asked = 0;
    let call = protection.run(|| {
        asked += 1;
        ready(answer(asked == 1))
    });
    let spend = async {
        tokio::time::sleep(2 * SECOND).await;
        assert!(budget.try_withdraw(now()), "what was given back");
        assert!(!budget.try_withdraw(now()), "there is no more");
    };
    let (out, ()) = tokio::join!(call, spend);
    out.unwrap();
    assert_eq!((asked, breaker.state()), (2, State::Closed));
    // The call's own, given back, and the other's; nothing at admission.
    let seen = budget.snapshot(now());
    assert_eq!((seen.withdrawn, seen.returned, seen.refused), (2, 1, 2));
}
