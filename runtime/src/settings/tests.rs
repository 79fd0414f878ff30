mod breakers;
mod rules;
#[cfg(feature = "test-util")]
mod scopes;
#[cfg(feature = "serde")]
mod serial;

use core::time::Duration;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{ASKED, BreakerSettings, CallSettings, Settings, SettingsRule, apply, calls, current};
use crate::backoff::WaitSequence;
use crate::retry::site::{COMPARED, Change, Payer, Site};
use crate::{
    BreakerPolicy, BreakerPolicyError, Budget, BudgetPolicy, Jitter, OnCancel, PolicyError,
    RetryPolicy, Strategy, Window,
};

/// A custom strategy.
struct Never;

impl WaitSequence for Never {
    fn next_wait(&mut self, _: u32) -> Option<Duration> {
        None
    }
}

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// For tests of the program's own settings, which are one set for all of them. Gives them back empty.
struct Alone(#[allow(dead_code)] MutexGuard<'static, ()>);

fn alone() -> Alone {
    static ONE: Mutex<()> = Mutex::new(());
    Alone(ONE.lock().unwrap_or_else(PoisonError::into_inner))
}

impl Drop for Alone {
    fn drop(&mut self) {
        apply(Settings::new()).unwrap();
    }
}

fn set(name: &str, call: CallSettings) {
    apply(Settings::new().with_call(name, call)).unwrap();
}

fn change(policy: RetryPolicy) -> Change {
    Change {
        enabled: true,
        policy,
        keeps_sequence: true,
    }
}

#[test]
fn neither_the_happy_path_nor_a_changed_site_asks_for_settings() {
    static SITE: Site = Site::new("asks", "a.rs", 1, RetryPolicy::DEFAULT);
    let _alone = alone();
    let asked = |calls: u32| {
        let before = ASKED.get();
        for _ in 0..calls {
            SITE.current();
        }
        ASKED.get() - before
    };
    assert_eq!(asked(1), 1);
    assert_eq!(asked(1000), 0);
    set("asks", CallSettings::new().with_max_retries(2));
    assert_eq!(SITE.current().policy().max_retries(), 2);
    assert_eq!(asked(1000), 0);
    apply(Settings::new()).unwrap();
    assert!(core::ptr::eq(SITE.current(), &raw const SITE));
    assert_eq!(asked(1000), 0);
}

#[test]
fn going_to_and_fro_makes_no_more_sites() {
    static SITE: Site = Site::new("to and fro", "a.rs", 1, RetryPolicy::DEFAULT);
    let _alone = alone();
    SITE.current();
    let in_turn = |retries: u32| {
        set("to and fro", CallSettings::new().with_max_retries(retries));
        SITE.current()
    };
    let (one, two) = (in_turn(1), in_turn(2));
    assert!(!core::ptr::eq(one, two));
    for _ in 0..10 {
        assert!(core::ptr::eq(in_turn(1), one));
        assert!(core::ptr::eq(in_turn(2), two));
    }
    // What is set as it is written changes nothing.
    assert!(core::ptr::eq(in_turn(50), &raw const SITE));
    // A changed site is itself, whoever asks.
    assert!(core::ptr::eq(one.current(), one));
}

#[test]
fn a_changed_site_is_found_in_one_step_however_many_there_were() {
    static SITE: Site = Site::new("one step", "a.rs", 1, RetryPolicy::DEFAULT);
    let _alone = alone();
    SITE.current();
    let compared = |act: &dyn Fn()| {
        let before = COMPARED.get();
        act();
        COMPARED.get() - before
    };
    let put = |retries: u32| set("one step", CallSettings::new().with_max_retries(retries));
    for retries in 100..1100 {
        assert_eq!(compared(&|| put(retries)), 0, "{retries} is new");
    }
    assert_eq!(compared(&|| put(100)), 1);
    assert_eq!(compared(&|| put(1099)), 1);
    let holds = || assert_eq!(SITE.current().policy().max_retries(), 1099);
    assert_eq!(compared(&holds), 0);
}

#[test]
fn a_changed_site_keeps_all_else() {
    static SITE: Site = Site::new("all else", "a.rs", 7, RetryPolicy::DEFAULT)
        .with_when_open_wait()
        .with_sequence(|| Box::new(Never));
    let changed = SITE.with_change(&change(RetryPolicy::ORDER));
    assert_eq!(
        (changed.operation(), changed.place()),
        ("all else", ("a.rs", 7))
    );
    assert!(changed.waits_when_open() && changed.sequence().is_some() && !changed.is_plain());
    assert_eq!(changed.policy(), &RetryPolicy::ORDER);
    // The two tell one event between them.
    assert!(changed.first_time_inside_another());
    assert!(!SITE.first_time_inside_another());
    let named = Change {
        keeps_sequence: false,
        ..change(RetryPolicy::ORDER)
    };
    let named = SITE.with_change(&named);
    assert!(named.sequence().is_none() && !core::ptr::eq(named, changed));
}

#[test]
fn a_changed_site_pays_from_the_same_budget_whoever_asks_first() {
    static EARLY: Site = Site::new("early", "a.rs", 1, RetryPolicy::DEFAULT);
    static LATE: Site = Site::new("late", "a.rs", 2, RetryPolicy::DEFAULT);
    static NONE: Site = Site::new("none", "a.rs", 3, RetryPolicy::DEFAULT).without_budget();
    let drain = |site: &Site| {
        let (budget, now) = (site.budget().unwrap(), crate::clock::now());
        (0..1000).filter(|_| budget.try_withdraw(now)).count()
    };
    let changed = EARLY.with_change(&change(RetryPolicy::ORDER));
    assert_eq!((drain(changed), drain(&EARLY)), (30, 0));
    assert_eq!(drain(&LATE), 30);
    let changed = LATE.with_change(&change(RetryPolicy::ORDER));
    assert_eq!(drain(changed), 0);
    let none = NONE.with_change(&change(RetryPolicy::ORDER));
    assert!(none.budget().is_none());
}

#[test]
fn a_site_that_is_no_static_pays_as_it_is_told() {
    let policy = BudgetPolicy::new()
        .with_ratio(0.0)
        .with_reserve_per_second(0);
    let given = Budget::new(policy).unwrap();
    let owned = |payer| Site::owned("owned", "a.rs", 1, RetryPolicy::ORDER, payer);
    let spent = |site: &Site| {
        site.budget()
            .map(|budget| budget.try_withdraw(crate::clock::now()))
    };
    assert_eq!(spent(&owned(Payer::Given(given))), Some(false));
    assert_eq!(spent(&owned(Payer::Own)), Some(true));
    assert_eq!(spent(&owned(Payer::Nobody)), None);
    assert_eq!(owned(Payer::Own).policy(), &RetryPolicy::ORDER);
}
