use core::time::Duration;

use tokio::time::Instant;

use crate::budget::{Budget, BudgetPolicy};
use crate::clock;

fn secs(secs: f64) -> Duration {
    Duration::from_secs_f64(secs)
}

/// A budget and the instant that it began at; all times below are counted from there.
fn budget(policy: BudgetPolicy) -> (Budget, Instant) {
    let start = clock::now();
    (Budget::new_at(policy, start).unwrap(), start)
}

fn deposit(budget: &Budget, calls: u32) {
    for _ in 0..calls {
        budget.deposit();
    }
}

/// Retries that are allowed at one instant until the first refusal.
fn drain(budget: &Budget, now: Instant) -> u64 {
    let mut retries = 0;
    while budget.try_withdraw(now) {
        retries += 1;
    }
    retries
}

const NO_RESERVE: BudgetPolicy = BudgetPolicy::new().with_reserve_per_second(0);
const NO_CALLS: BudgetPolicy = BudgetPolicy::new().with_ratio(0.0);

#[test]
fn ten_thousand_calls_at_one_instant_allow_a_fifth_and_the_reserve() {
    let (budget, start) = budget(BudgetPolicy::DEFAULT);
    deposit(&budget, 10_000);
    assert_eq!(budget.snapshot(start).balance, 2_030);
    assert_eq!(drain(&budget, start), 2_030);
    let after = budget.snapshot(start);
    assert_eq!((after.balance, after.calls), (0, 10_000));
    assert_eq!((after.withdrawn, after.refused), (2_030, 1));
}

#[test]
fn the_oracle_holds_for_other_ratios_and_reserves() {
    // ratio, reserve per second, calls, retries: calls * ratio + 10 s * reserve, rounded down.
    let table = [
        (0.0, 10, 10_000, 100),
        (0.2, 0, 10_000, 2_000),
        (0.1, 3, 10_000, 1_030),
        (1.0 / 3.0, 0, 10_000, 3_333),
        (0.7, 1, 999, 709),
        (1.0, 0, 7, 7),
        (2.5, 0, 3, 7),
        (1_000.0, 0, 2, 2_000),
        (0.2, 0, 4, 0),
        (0.0, 0, 10_000, 0),
    ];
    for (ratio, reserve, calls, retries) in table {
        let policy = BudgetPolicy::new()
            .with_ratio(ratio)
            .with_reserve_per_second(reserve);
        let (budget, start) = budget(policy);
        deposit(&budget, calls);
        assert_eq!(drain(&budget, start), retries, "{policy:?}, {calls} calls");
    }
}

#[test]
fn ten_thousand_calls_that_all_fail_get_as_many_retries() {
    let (budget, start) = budget(BudgetPolicy::DEFAULT);
    let now = start + secs(3_600.0);
    let allowed = (0..10_000).filter(|_| {
        budget.deposit_at(now);
        budget.try_withdraw(now)
    });
    // The first retries are paid by the reserve, so that none of it is lost.
    assert_eq!(allowed.count(), 2_030);
}

#[test]
fn calls_are_spent_before_the_reserve() {
    let (budget, start) = budget(BudgetPolicy::DEFAULT);
    deposit(&budget, 5);
    assert!(budget.try_withdraw(start));
    let after = budget.snapshot(start);
    assert_eq!((after.calls_left, after.reserve_left), (0, 30));
    assert!(budget.try_withdraw(start));
    assert_eq!(budget.snapshot(start).reserve_left, 29);
}

#[test]
fn calls_are_remembered_for_ten_seconds() {
    let (budget, start) = budget(NO_RESERVE);
    deposit(&budget, 10_000);
    assert_eq!(budget.snapshot(start).balance, 2_000);
    assert_eq!(budget.snapshot(start + secs(9.999)).balance, 2_000);
    assert_eq!(budget.snapshot(start + secs(10.0)).balance, 0);
}

#[test]
fn the_memory_slides() {
    let (budget, start) = budget(NO_RESERVE);
    for second in 0..10_u32 {
        let now = start + secs(f64::from(second));
        for _ in 0..100 * (second + 1) {
            budget.deposit_at(now);
        }
    }
    // 20 retries of second 0, 40 of second 1, up to 200 of second 9; one second leaves after the other.
    let left = [1_100, 1_080, 1_040, 980, 900, 800, 680, 540, 380, 200, 0];
    for (second, left) in (0_u32..).zip(left) {
        let now = start + secs(9.999 + f64::from(second));
        assert_eq!(budget.snapshot(now).balance, left, "second {second}");
    }
}

#[test]
fn the_oldest_calls_are_spent_first() {
    let (budget, start) = budget(NO_RESERVE);
    for _ in 0..10 {
        budget.deposit_at(start);
    }
    for _ in 0..20 {
        budget.deposit_at(start + secs(5.0));
    }
    assert_eq!(budget.snapshot(start + secs(5.0)).balance, 6);
    assert!(budget.try_withdraw(start + secs(5.0)));
    assert!(budget.try_withdraw(start + secs(5.0)));
    // What is left is the four of second 5: nothing more leaves at second 10.
    assert_eq!(budget.snapshot(start + secs(10.0)).balance, 4);
    assert_eq!(budget.snapshot(start + secs(15.0)).balance, 0);
}

#[test]
fn the_reserve_comes_back_ten_seconds_after_it_was_used() {
    let (budget, start) = budget(NO_CALLS);
    assert_eq!(drain(&budget, start), 30);
    assert_eq!(drain(&budget, start + secs(9.999)), 0);
    assert_eq!(drain(&budget, start + secs(10.0)), 30);
}

#[test]
fn a_steady_failure_gets_three_retries_per_second() {
    let (budget, start) = budget(NO_CALLS);
    // Twenty failures per second for a hundred seconds: the reserve at once, then what comes back.
    let retries = (0..2_000_u32).filter(|tick| budget.try_withdraw(start + secs(0.05) * *tick));
    assert_eq!(retries.count(), 300);
}

#[test]
fn the_balance_is_never_negative_and_a_burst_leaves_the_reserve_alone() {
    let (budget, start) = budget(BudgetPolicy::DEFAULT);
    deposit(&budget, 10_000);
    budget.deposit_at(start);
    assert_eq!(drain(&budget, start + secs(9.0)), 2_030);
    for tenths in 90..190_u32 {
        let now = start + secs(0.1) * tenths;
        assert_eq!(budget.snapshot(now).balance, 0, "{tenths} tenths");
    }
    // The reserve of second 9 is back at second 19; the calls of second 0 left no debt behind.
    assert_eq!(budget.snapshot(start + secs(19.0)).balance, 30);
}

#[test]
fn what_a_long_calm_has_gathered_does_not_pay_for_the_storm() {
    let (budget, start) = budget(NO_RESERVE);
    // 36,000 untimed calls in an hour are 100 in ten seconds. The first slot of the memory is not whole: 9.8 s count.
    deposit(&budget, 36_000);
    let left = budget.snapshot(start + secs(3_600.0));
    assert_eq!((left.calls, left.balance), (36_000, 19));
}

#[test]
fn untimed_calls_are_taken_to_have_come_evenly() {
    let (budget, start) = budget(NO_RESERVE);
    deposit(&budget, 1_000);
    assert_eq!(budget.snapshot(start + secs(5.0)).balance, 200);
    // 200 calls in each second from 0 to 5, and none after.
    assert_eq!(budget.snapshot(start + secs(10.999)).balance, 160);
    assert_eq!(budget.snapshot(start + secs(13.999)).balance, 40);
    assert_eq!(budget.snapshot(start + secs(15.0)).balance, 0);
}

#[test]
fn a_burst_long_after_the_beginning_counts_whole_where_its_time_is_known() {
    let (budget, start) = budget(BudgetPolicy::DEFAULT);
    for minute in 1..4 {
        let now = start + secs(60.0) * minute;
        for _ in 0..10_000 {
            budget.deposit_at(now);
        }
        assert_eq!(drain(&budget, now), 2_030);
    }
}

#[test]
fn callers_who_know_the_time_are_counted_at_their_time() {
    let (budget, start) = budget(NO_RESERVE);
    let now = start + secs(3_600.0);
    for _ in 0..1_000 {
        budget.deposit_at(now);
    }
    assert_eq!(budget.snapshot(now + secs(9.999)).balance, 200);
    assert_eq!(budget.snapshot(now + secs(10.0)).balance, 0);
}

#[test]
fn a_clock_that_goes_backwards_stands_still() {
    let (budget, start) = budget(BudgetPolicy::DEFAULT);
    let late = start + secs(60.0);
    for _ in 0..500 {
        budget.deposit_at(late);
    }
    assert_eq!(budget.snapshot(late).balance, 130);
    for before in [1.0, 30.0, 60.0] {
        assert_eq!(budget.snapshot(late - secs(before)).balance, 130);
    }
    assert!(budget.try_withdraw(start));
    let early = Budget::new_at(BudgetPolicy::DEFAULT, late).unwrap();
    assert_eq!(drain(&early, start), 30);
    assert_eq!(drain(&early, late + secs(10.0)), 30);
}

#[test]
fn times_and_counts_beyond_all_reason_break_nothing() {
    let policy = BudgetPolicy::new()
        .with_ratio(1_000.0)
        .with_reserve_per_second(u32::MAX)
        .with_memory(Duration::from_secs(3_600));
    let mut bucket = crate::budget::bucket::Bucket::new(&policy);
    for now in [0, 1, u64::MAX / 2, u64::MAX - 1, u64::MAX, u64::MAX, 0] {
        bucket.fold(now, u64::MAX, u64::MAX);
        assert!(bucket.try_withdraw());
        assert!(bucket.calls_left() < 50 << 32);
    }
    assert_eq!(bucket.reserve_left(), 3_600 * u64::from(u32::MAX));
    assert_eq!(bucket.totals().calls, u64::MAX);
}

#[test]
fn a_memory_that_does_not_divide_evenly_is_not_exceeded() {
    let memory = Duration::from_nanos(1_000_000_007);
    let (budget, start) = budget(NO_CALLS.with_memory(memory));
    assert_eq!(drain(&budget, start), 3);
    assert_eq!(drain(&budget, start + memory - secs(0.001)), 0);
    assert_eq!(drain(&budget, start + memory + Duration::from_nanos(50)), 3);
}

#[tokio::test(start_paused = true)]
async fn a_budget_begins_with_the_paused_clock() {
    let begin: [fn() -> Budget; 2] = [Budget::default, || {
        Budget::new(BudgetPolicy::DEFAULT).unwrap()
    }];
    for begin in begin {
        let budget = begin();
        deposit(&budget, 10_000);
        assert_eq!(drain(&budget, clock::now()), 2_030);
        tokio::time::advance(secs(10.0)).await;
        assert_eq!(drain(&budget, clock::now()), 30);
    }
}

#[test]
fn clones_share_one_balance() {
    let (budget, start) = budget(NO_RESERVE);
    let other = budget.clone();
    deposit(&budget, 5);
    assert!(other.try_withdraw(start));
    assert!(!budget.try_withdraw(start));
}
