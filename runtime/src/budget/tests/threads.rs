use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;

use crate::budget::ledger::Ledger;
use crate::budget::seat::{self, Seats};
use crate::budget::shards::Kind;
use crate::budget::{Budget, BudgetPolicy};
use crate::clock;

const THREADS: usize = 8;

/// What `body` answers on each of eight threads that start together, summed.
fn on_threads(body: impl Fn(usize) -> u64 + Sync) -> u64 {
    let start = Barrier::new(THREADS);
    let run = |number| {
        start.wait();
        body(number)
    };
    let run = &run;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|number| scope.spawn(move || run(number)))
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).sum()
    })
}

#[test]
fn eight_threads_lose_no_call_and_spend_no_token_twice() {
    let now = clock::now();
    let budget = Budget::new_at(BudgetPolicy::DEFAULT, now).unwrap();
    let during = on_threads(|_| {
        let mut retries = 0;
        for call in 0..10_000 {
            budget.deposit();
            if call % 3 == 0 && budget.try_withdraw(now) {
                retries += 1;
            }
        }
        retries
    });
    let mut after = 0;
    while budget.try_withdraw(now) {
        after += 1;
    }
    // 80,000 * 0.2 + 30
    assert_eq!(during + after, 16_030);
    let seen = budget.snapshot(now);
    assert_eq!((seen.calls, seen.balance), (80_000, 0));
    assert_eq!(seen.withdrawn, 16_030);
}

#[test]
fn eight_threads_share_out_a_balance_exactly() {
    let now = clock::now();
    let budget = Budget::new_at(BudgetPolicy::DEFAULT, now).unwrap();
    (0..10_000).for_each(|_| budget.deposit());
    let retries = on_threads(|_| {
        (0..1_000)
            .map(|_| u64::from(budget.try_withdraw(now)))
            .sum()
    });
    assert_eq!(retries, 2_030);
    assert_eq!(budget.snapshot(now).refused, 8_000 - 2_030);
}

#[test]
fn threads_beyond_the_shards_are_counted_too() {
    let ledger = Ledger::new(&BudgetPolicy::DEFAULT, 2);
    on_threads(|seat| {
        for _ in 0..10_000 {
            if !ledger.shards().add_own(seat, Kind::Untimed) {
                ledger.shards().add_shared(seat, Kind::Untimed);
            }
        }
        0
    });
    assert_eq!(ledger.snapshot(0).calls, 80_000);
}

#[test]
fn retries_that_sleep_wake_and_are_dropped_on_eight_threads_balance() {
    let now = clock::now();
    let policy = BudgetPolicy::new()
        .with_ratio(0.0)
        .with_reserve_per_second(10);
    let budget = Budget::new_at(policy, now).unwrap();
    let started = on_threads(|number| {
        let mut started = 0;
        for round in 0..1_000 {
            let Some(asleep) = budget.withdraw(now) else {
                continue;
            };
            if (round + number) % 50 == 0 {
                asleep.start(now);
                started += 1;
            }
        }
        started
    });
    let seen = budget.snapshot(now);
    assert_eq!(seen.sleeping, 0);
    assert_eq!(seen.balance, 100 - started);
    assert_eq!(seen.withdrawn - seen.returned, started);
}

#[test]
fn threads_that_come_and_go_lose_nothing() {
    let now = clock::now();
    let budget = Budget::new_at(BudgetPolicy::DEFAULT, now).unwrap();
    for _ in 0..50 {
        on_threads(|_| {
            (0..100).for_each(|_| budget.deposit());
            0
        });
    }
    assert_eq!(budget.snapshot(now).calls, 40_000);
}

#[test]
fn no_two_threads_hold_one_seat_and_the_lowest_is_given_first() {
    let seats = Seats::new();
    let held = Mutex::new(Vec::new());
    on_threads(|_| {
        held.lock().unwrap().push(seats.take());
        0
    });
    let mut held = held.into_inner().unwrap();
    held.sort_unstable();
    assert_eq!(held, [0, 1, 2, 3, 4, 5, 6, 7]);
    seats.give_back(5);
    seats.give_back(2);
    assert_eq!([seats.take(), seats.take(), seats.take()], [2, 5, 8]);
}

/// Counts a call when its thread ends.
struct AtTheEnd(Budget);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        self.0.deposit();
    }
}

thread_local! {
    static AT_THE_END: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
}

#[test]
fn calls_in_destructors_of_an_ending_thread_are_counted() {
    let now = clock::now();
    let budget = Budget::new_at(BudgetPolicy::DEFAULT, now).unwrap();
    let counted = |before: bool, after: bool| {
        let budget = budget.clone();
        let thread = thread::spawn(move || {
            // Destructors run in an order that is not promised: both orders, and a thread that never asked.
            if before {
                budget.deposit();
            }
            AT_THE_END.set(Some(AtTheEnd(budget.clone())));
            if after {
                budget.deposit();
            }
        });
        thread.join().unwrap();
    };
    counted(true, false);
    counted(false, true);
    counted(false, false);
    assert_eq!(budget.snapshot(now).calls, 5);
}

#[test]
fn a_thread_that_ends_frees_its_seat() {
    let seats: BTreeSet<usize> = (0..500)
        .map(|_| thread::spawn(seat::ask).join().unwrap())
        .collect();
    // Other tests hold some, but never five hundred.
    assert!(seats.len() < 500, "{} seats", seats.len());
}

/// Tells which seat is known when its thread ends.
struct Tell(mpsc::Sender<usize>);

impl Drop for Tell {
    fn drop(&mut self) {
        self.0.send(seat::known()).unwrap();
    }
}

thread_local! {
    static TELL: RefCell<Option<Tell>> = const { RefCell::new(None) };
}

#[test]
fn a_seat_that_has_been_freed_is_not_used_again() {
    // One of the two orders runs the destructor after that of the seat, whichever the platform has.
    let told = [true, false].map(|seat_first| {
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            if seat_first {
                seat::ask();
            }
            TELL.set(Some(Tell(tell)));
            seat::ask();
        });
        thread.join().unwrap();
        told.recv().unwrap()
    });
    let without = told.iter().filter(|seat| **seat >= usize::MAX - 1);
    assert_eq!(without.count(), 1, "{told:?}");
}
