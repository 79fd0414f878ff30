//! Hands, listeners and clocks.

use super::*;

#[test]
fn promise_7_manual_control() {
    let core = new(threshold(1));
    let told = told(&core);
    core.force_closed(0);
    calls(&core, Outcome::Failure, 3, 0);
    assert_eq!(core.snapshot(0).consecutive_failures, 3);
    core.disable(0);
    core.disable(0);
    calls(&core, Outcome::Failure, 3, 0);
    assert_eq!(core.snapshot(0).consecutive_failures, 0);
    core.force_open(0);
    assert!(core.try_acquire(DAY).is_err());
    core.reset(SECOND);
    let seen = core.snapshot(3 * SECOND);
    assert_eq!(
        (seen.state, seen.generation, seen.since),
        (State::Closed, 4, seconds(2))
    );
    core.reset(0);
    assert_eq!(
        states(&told),
        [
            State::ForcedClosed,
            State::Disabled,
            State::ForcedOpen,
            State::Closed
        ]
    );
    assert!(
        told.lock()
            .unwrap()
            .iter()
            .all(|each| each.cause == Cause::Manual)
    );
    call(&core, Outcome::Failure, 0);
    assert_eq!(core.state(), State::Open);
}

#[test]
fn promise_7_a_change_of_settings_keeps_state_and_counts() {
    let core = new(threshold(5));
    calls(&core, Outcome::Failure, 3, 0);
    core.reconfigure(threshold(4), 0).unwrap();
    assert_eq!(
        (core.snapshot(0).consecutive_failures, core.state()),
        (3, State::Closed)
    );
    call(&core, Outcome::Failure, 0);
    core.reconfigure(threshold(9), 0).unwrap();
    assert_eq!(core.try_acquire(0).unwrap_err().retry_in, Some(seconds(60)));
    core.reconfigure(threshold(9).with_recovery_timeout(seconds(20)), 0)
        .unwrap();
    assert_eq!(core.try_acquire(0).unwrap_err().retry_in, Some(seconds(20)));
    core.reconfigure(threshold(9), 0).unwrap();
    assert_eq!(core.try_acquire(0).unwrap_err().retry_in, Some(seconds(20)));
    assert!(core.reconfigure(threshold(0), 0).is_err());
    assert_eq!(core.policy(), threshold(9));

    for (from, to) in [
        (Window::Calls(10), Window::Calls(100)),
        (Window::Calls(100), Window::Calls(6)),
        (Window::Time(seconds(10)), Window::Time(seconds(3))),
        (Window::Time(seconds(3)), Window::Time(seconds(10))),
    ] {
        let core = new(rated(from));
        calls(&core, Outcome::Success, 4, 0);
        calls(&core, Outcome::Failure, 2, 0);
        core.reconfigure(rated(to), 0).unwrap();
        let seen = core.snapshot(0);
        assert_eq!((seen.calls, seen.failures), (6, 2));
    }
}

#[test]
fn promise_8_listeners_hear_everything_in_order() {
    let core = new(threshold(1));
    let told = told(&core);
    // Re-enters: forces whatever opens to stay open, then asks and looks.
    let inner = Arc::downgrade(&core);
    core.listen(move |transition| {
        let core = inner.upgrade().unwrap();
        if transition.to == State::Open {
            core.force_open(0);
            assert!(core.try_acquire(0).is_err());
            assert_eq!(core.snapshot(0).state, State::ForcedOpen);
        }
    });
    let after = self::told(&core);
    call(&core, Outcome::Failure, 0);
    assert_eq!(states(&told), [State::Open, State::ForcedOpen]);
    assert_eq!(states(&after), [State::Open, State::ForcedOpen]);
    let first = told.lock().unwrap()[0];
    assert_eq!(
        (first.from, first.cause, first.generation),
        (State::Closed, Cause::FailureThreshold, 1)
    );
    assert_eq!((first.at, first.retry_in), (0, Some(seconds(60))));
}

#[test]
fn promise_8_a_listener_that_panics_breaks_nothing() {
    let core = new(threshold(1).with_on_cancel(OnCancel::Failure));
    let panicking = core.listen(|_| panic!("of a listener"));
    let told = told(&core);
    call(&core, Outcome::Failure, 0);
    core.reset(0);
    // Even where the call is panicking already.
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let _permit = core.try_acquire(0).unwrap();
        panic!("of the call");
    }));
    assert_eq!(
        panic.unwrap_err().downcast_ref::<&str>(),
        Some(&"of the call")
    );
    assert_eq!(states(&told), [State::Open, State::Closed, State::Open]);
    assert!(core.unlisten(panicking));
    assert!(!core.unlisten(panicking));
    core.reset(0);
    assert_eq!(told.lock().unwrap().len(), 4, "the other one still listens");
}

#[test]
fn promise_9_a_clock_that_rolls_over_breaks_nothing() {
    let policies = [
        threshold(4),
        rated(Window::Calls(4)),
        rated(Window::Time(seconds(10))),
    ];
    for policy in policies {
        for ahead in [0, 1, SECOND, 59 * SECOND, 61 * SECOND] {
            let start = 0_u64.wrapping_sub(ahead);
            let core = at(policy, start);
            for call in 0..4_u64 {
                let now = start.wrapping_add(call * SECOND);
                self::call(&core, Outcome::Failure, now);
            }
            let failed = start.wrapping_add(3 * SECOND);
            assert_eq!(core.state(), State::Open);
            assert!(core.try_acquire(failed.wrapping_add(MINUTE - 1)).is_err());
            call(&core, Outcome::Success, failed.wrapping_add(MINUTE));
            assert_eq!(core.state(), State::Closed);
        }
    }
}

#[test]
fn promise_9_a_clock_that_steps_back_breaks_nothing() {
    // The recovery time is at most doubled.
    for back in [SECOND, MINUTE, 2 * MINUTE, DAY, 20_000 * DAY] {
        let core = at(threshold(1), 30_000 * DAY);
        call(&core, Outcome::Failure, 30_000 * DAY);
        let now = 30_000 * DAY - back;
        let left = core.try_acquire(now).unwrap_err().retry_in.unwrap();
        let held_up = if back <= MINUTE {
            Duration::from_nanos(back)
        } else {
            Duration::ZERO
        };
        assert_eq!(left, seconds(60) + held_up);
        call(&core, Outcome::Success, now + 2 * MINUTE);
        assert_eq!(core.state(), State::Closed);
    }
    // A window goes on sliding from where the clock stands now.
    let core = at(rated(Window::Time(seconds(10))), DAY);
    calls(&core, Outcome::Success, 5, DAY);
    calls(&core, Outcome::Success, 5, SECOND);
    assert_eq!(core.snapshot(SECOND).calls, 10);
    assert_eq!(core.snapshot(12 * SECOND).calls, 0);
    // It holds its calls up by its length and a bucket; after a longer step they start anew.
    for (back, left) in [(12 * SECOND, 5), (12 * SECOND + 1, 0)] {
        let core = at(rated(Window::Time(seconds(11))), DAY);
        calls(&core, Outcome::Success, 5, DAY);
        assert_eq!(core.snapshot(DAY - back).calls, 5);
        assert_eq!(core.snapshot(DAY).calls, left);
    }
}

#[tokio::test(start_paused = true)]
#[allow(clippy::disallowed_methods)] // the clock that is read here is paused
async fn promise_9_works_under_a_paused_clock() {
    let start = tokio::time::Instant::now();
    let now = || u64::try_from(start.elapsed().as_nanos()).unwrap();
    let policy = rated(Window::Time(seconds(11))).with_recovery_timeout(seconds(30));
    let core = new(policy);
    for _ in 0..3 {
        core.try_acquire(now).unwrap().record(Outcome::Failure, now);
        tokio::time::advance(seconds(1)).await;
    }
    // The first one leaves with its bucket, so that three are too few.
    tokio::time::advance(seconds(9)).await;
    assert_eq!(core.snapshot(now).calls, 2);
    core.try_acquire(now).unwrap().record(Outcome::Failure, now);
    assert_eq!(core.state(), State::Closed);
    core.try_acquire(now).unwrap().record(Outcome::Failure, now);
    assert_eq!(core.state(), State::Open);
    tokio::time::advance(seconds(29)).await;
    let refusal = core.try_acquire(now).unwrap_err();
    assert_eq!(refusal.retry_in, Some(seconds(1)));
    tokio::time::advance(seconds(1)).await;
    core.try_acquire(now).unwrap().record(Outcome::Success, now);
    assert_eq!(core.state(), State::Closed);
}

#[test]
fn a_window_that_its_buckets_do_not_divide_evenly_keeps_an_entry_for_its_length_and_a_tenth() {
    for window in [1_000_000, 1_000_003, 4_999_999_999, 7_919_000_001] {
        let length = Duration::from_nanos(window);
        let core = new(rated(Window::Time(length)));
        // At the beginning of a bucket, so that it stays for the longest; a bucket is an eleventh, rounded up.
        call(&core, Outcome::Failure, 0);
        let bucket = window.div_ceil(11);
        assert!(bucket * 11 >= window && bucket <= window / 10);
        assert_eq!(core.snapshot(12 * bucket - 1).failures, 1);
        assert_eq!(core.snapshot(12 * bucket).failures, 0);
        // At its end, so that it stays for the shortest.
        let core = new(rated(Window::Time(length)));
        call(&core, Outcome::Failure, bucket - 1);
        assert_eq!(core.snapshot(bucket - 1 + window).failures, 1);
        assert_eq!(core.snapshot(12 * bucket).failures, 0);
    }
}

#[test]
fn recovery_times_grow_with_each_reopening_and_start_anew_after_closing() {
    let policy = BreakerPolicy::new()
        .with_recovery_timeout(seconds(8))
        .with_max_recovery_timeout(seconds(60));
    let core = opened(policy);
    let mut now = 0;
    // Half way between a half of the term and the term: 8, 16, 32, 60, 60.
    for wait in [8_000, 12_000, 24_000, 45_000, 45_000] {
        let left = core.snapshot(now).retry_in.unwrap();
        assert_eq!(left, Duration::from_millis(wait));
        now += wait * 1_000_000;
        call(&core, Outcome::Failure, now);
    }
    now += MINUTE;
    call(&core, Outcome::Success, now);
    call(&core, Outcome::Failure, now);
    assert_eq!(core.snapshot(now).retry_in, Some(seconds(8)));
}

#[test]
fn a_call_that_succeeds_while_all_is_well_asks_for_no_time() {
    let never = || -> u64 { panic!("asked for the time") };
    let core = new(threshold(5));
    core.try_acquire(never)
        .unwrap()
        .record(Outcome::Success, never);
    call(&core, Outcome::Failure, 0);
    core.try_acquire(never)
        .unwrap()
        .record(Outcome::Success, never);
    core.try_acquire(never)
        .unwrap()
        .record(Outcome::Failure, never);
    core.try_acquire(never)
        .unwrap()
        .record(Outcome::Ignore, never);
    assert_eq!(core.snapshot(0).consecutive_failures, 1);
}
