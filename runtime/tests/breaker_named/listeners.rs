//! Listeners, through a breaker with a name.

use std::sync::{Arc, Mutex};

use wait_or_die::Breaker;
use wait_or_die::breaker::{Cause, State};

use super::threshold;

fn states(breaker: &Breaker) -> Arc<Mutex<Vec<State>>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&told);
    breaker.listen(move |transition| list.lock().unwrap().push(transition.to));
    told
}

#[test]
fn they_hear_of_every_change_in_order_whatever_one_of_them_does() {
    let breaker = Breaker::new("listeners", threshold(1)).unwrap();
    breaker.listen(|_| panic!("of a listener"));
    let before = states(&breaker);
    // Re-enters: whatever opens is forced to stay open, and the same breaker is asked.
    let own = breaker.clone();
    let reentrant = breaker.listen(move |transition| {
        if transition.to == State::Open {
            assert_eq!(transition.cause, Cause::FailureThreshold);
            own.force_open();
            assert!(own.acquire().is_err());
            assert_eq!(own.snapshot().core.state, State::ForcedOpen);
        }
    });
    let after = states(&breaker);
    breaker.acquire().unwrap().failure();
    assert_eq!(breaker.state(), State::ForcedOpen);
    breaker.reset();
    let expected = [State::Open, State::ForcedOpen, State::Closed];
    assert_eq!(*before.lock().unwrap(), expected);
    assert_eq!(*after.lock().unwrap(), expected);
    // It owns the breaker that owns it.
    assert!(breaker.unlisten(reentrant));
}

#[test]
fn one_that_is_taken_away_hears_no_more() {
    let breaker = Breaker::new("listeners", threshold(1)).unwrap();
    let heard = Arc::new(Mutex::new(0));
    let count = Arc::clone(&heard);
    let id = breaker.listen(move |_| *count.lock().unwrap() += 1);
    breaker.force_open();
    assert!(breaker.unlisten(id));
    assert!(!breaker.unlisten(id));
    breaker.reset();
    assert_eq!(*heard.lock().unwrap(), 1);
    assert_eq!(Arc::strong_count(&heard), 1);
}

#[test]
fn each_key_is_listened_to_by_itself() {
    let breaker = Breaker::new("listeners", threshold(1)).unwrap();
    let told = states(&breaker.for_key("heard"));
    breaker.for_key("silent").force_open();
    breaker.force_open();
    breaker.for_key("heard").disable();
    assert_eq!(*told.lock().unwrap(), [State::Disabled]);
}

/// What panics again when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::panic::panic_any(Bomb);
    }
}

#[test]
fn a_panic_that_panics_when_it_is_dropped_makes_nobody_deaf() {
    let breaker = Breaker::new("listeners", threshold(1)).unwrap();
    breaker.listen(|transition| {
        if transition.to == State::Open {
            std::panic::panic_any(Bomb);
        }
    });
    let told = states(&breaker);
    breaker.acquire().unwrap().failure();
    breaker.reset();
    assert_eq!(*told.lock().unwrap(), [State::Open, State::Closed]);
}

#[test]
fn those_of_a_name_hear_of_all_its_keys() {
    let breaker = Breaker::new("listeners", threshold(1)).unwrap();
    let known = breaker.for_key("known");
    known.listen_all(|_, _| std::panic::panic_any(Bomb));
    let told = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&told);
    breaker.listen_all(move |key, transition| {
        list.lock().unwrap().push((key.is_some(), transition.to));
    });
    known.force_open();
    breaker.disable();
    breaker.for_key("to come").force_closed();
    let expected = [
        (true, State::ForcedOpen),
        (false, State::Disabled),
        (true, State::ForcedClosed),
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}
