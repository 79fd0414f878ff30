//! Every interleaving of the few operations that threads race in.

use loom::thread;

use crate::budget::BudgetPolicy;
use crate::budget::ledger::Ledger;
use crate::budget::seat::Seats;
use crate::budget::shards::Kind;
use crate::sync::Arc;

/// One retry per call, `reserve` retries in a second's memory.
fn ledger(reserve: u32) -> Arc<Ledger> {
    let policy = BudgetPolicy::new()
        .with_ratio(1.0)
        .with_reserve_per_second(reserve)
        .with_memory(core::time::Duration::from_secs(1));
    Arc::new(Ledger::new(&policy, 2))
}

fn both<T: Send + 'static>(
    one: impl FnOnce() -> T + Send + 'static,
    other: impl FnOnce() -> T + Send + 'static,
) -> (T, T) {
    let other = thread::spawn(other);
    let one = one();
    (one, other.join().unwrap())
}

#[test]
fn a_thread_can_spend_what_it_has_counted() {
    loom::model(|| {
        let ledger = ledger(0);
        let call = |ledger: &Arc<Ledger>, seat| {
            let ledger = Arc::clone(ledger);
            move || {
                assert!(ledger.shards().add_own(seat, Kind::Untimed));
                ledger.try_withdraw(0)
            }
        };
        let paid = both(call(&ledger, 0), call(&ledger, 1));
        assert_eq!(paid, (true, true));
        let seen = ledger.snapshot(0);
        assert_eq!((seen.calls, seen.balance), (2, 0));
    });
}

#[test]
fn the_last_retry_is_given_once() {
    loom::model(|| {
        let ledger = ledger(1);
        let (one, other) = (Arc::clone(&ledger), Arc::clone(&ledger));
        let paid = both(move || one.try_withdraw(0), move || other.try_withdraw(0));
        assert_ne!(paid.0, paid.1);
        assert_eq!(ledger.snapshot(0).refused, 1);
    });
}

#[test]
fn calls_counted_while_they_are_folded_in_are_not_lost() {
    loom::model(|| {
        let ledger = ledger(0);
        let (one, other) = (Arc::clone(&ledger), Arc::clone(&ledger));
        let (_, paid) = both(
            move || {
                one.shards().add_own(0, Kind::Untimed);
                one.shards().add_own(0, Kind::Untimed);
                false
            },
            move || other.try_withdraw(0),
        );
        let seen = ledger.snapshot(0);
        assert_eq!((seen.calls, seen.balance), (2, 2 - u64::from(paid)));
    });
}

#[test]
fn a_retry_given_back_is_there_for_another() {
    loom::model(|| {
        let ledger = ledger(1);
        let (one, other) = (Arc::clone(&ledger), Arc::clone(&ledger));
        let (slept, paid) = both(
            move || {
                let source = one.put_to_sleep(0);
                source.map(|source| one.give_back(source)).is_some()
            },
            move || other.try_withdraw(0),
        );
        assert!(slept || paid);
        let seen = ledger.snapshot(0);
        assert_eq!((seen.sleeping, seen.balance), (0, 1 - u64::from(paid)));
    });
}

#[test]
fn a_retry_that_wakes_while_another_asks_is_counted_throughout() {
    loom::model(|| {
        let ledger = ledger(1);
        let source = ledger.put_to_sleep(0).unwrap();
        let (one, other) = (Arc::clone(&ledger), Arc::clone(&ledger));
        let (_, paid) = both(
            move || {
                one.wake(0, source);
                false
            },
            move || other.try_withdraw(0),
        );
        assert!(!paid);
        assert_eq!(ledger.snapshot(0).balance, 0);
    });
}

#[test]
fn a_slot_that_ends_under_two_threads_is_folded_in_once() {
    loom::model(|| {
        let ledger = ledger(0);
        assert!(ledger.shards().add_own(0, Kind::Untimed));
        let pass = |ledger: &Arc<Ledger>, seat| {
            let ledger = Arc::clone(ledger);
            move || {
                ledger.pass(500_000_000);
                ledger.shards().add_own(seat, Kind::Timed)
            }
        };
        both(pass(&ledger, 0), pass(&ledger, 1));
        let seen = ledger.snapshot(500_000_000);
        assert_eq!((seen.calls, seen.calls_left), (3, 3));
    });
}

#[test]
fn a_seat_that_changes_hands_loses_nothing() {
    loom::model(|| {
        let ledger = ledger(0);
        let seats = Arc::new(Seats::new());
        let sit = |ledger: &Arc<Ledger>| {
            let (ledger, seats) = (Arc::clone(ledger), Arc::clone(&seats));
            move || {
                let seat = seats.take();
                assert!(ledger.shards().add_own(seat, Kind::Untimed));
                seats.give_back(seat);
            }
        };
        both(sit(&ledger), sit(&ledger));
        assert_eq!(ledger.snapshot(0).calls, 2);
    });
}

#[test]
fn threads_without_a_seat_share_one_counter() {
    loom::model(|| {
        let ledger = ledger(0);
        let (one, other) = (Arc::clone(&ledger), Arc::clone(&ledger));
        both(
            move || one.shards().add_shared(2, Kind::Untimed),
            move || other.shards().add_shared(4, Kind::Untimed),
        );
        assert_eq!(ledger.snapshot(0).calls, 2);
    });
}

/// Why seats are held by one thread at a time; and that these models can fail.
#[test]
#[should_panic(expected = "lost")]
fn two_threads_on_one_seat_would_lose_a_call() {
    loom::model(|| {
        let ledger = ledger(0);
        let (one, other) = (Arc::clone(&ledger), Arc::clone(&ledger));
        both(
            move || one.shards().add_own(0, Kind::Untimed),
            move || other.shards().add_own(0, Kind::Untimed),
        );
        assert_eq!(ledger.snapshot(0).calls, 2, "lost");
    });
}
