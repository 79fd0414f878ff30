//! Settings by name, changed while the program runs.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use wait_or_die::settings::{self, CallSettings, Settings, SettingsRule};
use wait_or_die::{Bound, Budget, Error, testing, wait_or_die};
use wait_or_die_tests::events::{Capture, Event};
use wait_or_die_tests::{Starts, refused};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

thread_local! {
    static TOLD: RefCell<Option<Capture>> = const { RefCell::new(None) };
}

/// What was told since it was last asked, as far as it is about settings.
fn told() -> Vec<String> {
    let text = |event: &Event| {
        let fields = ["message", "name", "rule"];
        let shown = fields.iter().filter_map(|field| event.get(*field));
        shown.cloned().collect::<Vec<_>>().join("; ")
    };
    TOLD.with_borrow(|told| told.as_ref().map(Capture::take).unwrap_or_default())
        .iter()
        .map(text)
        .collect()
}

/// Begins to listen on this thread.
fn listen() {
    TOLD.set(Some(Capture::begin()));
}

fn scope() -> testing::Scope {
    listen();
    testing::scope(1)
}

fn set(operation: &str, call: CallSettings) {
    settings::apply(Settings::new().with_call(operation, call)).unwrap();
}

/// For tests of the program's own settings, which are one set for all of them.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    listen();
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[wait_or_die(name = "fetch", timeout = "60s", max_retries = 3, strategy = fixed, jitter = none)]
async fn fetch(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

#[wait_or_die(name = "load", timeout = "60s", max_retries = 3, strategy = fixed, jitter = none)]
fn load(calls: &Cell<u32>) -> io::Result<()> {
    calls.set(calls.get() + 1);
    Err(refused())
}

/// Attempts of one call of `fetch`.
async fn fetched() -> u32 {
    let calls = Cell::new(0);
    fetch(&calls).await.unwrap_err();
    calls.get()
}

/// Attempts of one call of `load`.
fn loaded() -> u32 {
    let calls = Cell::new(0);
    load(&calls).unwrap_err();
    calls.get()
}

#[tokio::test(start_paused = true)]
async fn what_is_set_goes_over_what_is_written_and_returns() {
    let scope = scope();
    assert_eq!((fetched().await, scope.elapsed()), (4, secs(3)));
    set("fetch", CallSettings::new().with_max_retries(1));
    assert_eq!((fetched().await, scope.elapsed()), (2, secs(4)));
    set("fetch", CallSettings::new().with_initial_wait(secs(5)));
    assert_eq!((fetched().await, scope.elapsed()), (4, secs(19)));
    settings::apply(Settings::new()).unwrap();
    assert_eq!((fetched().await, scope.elapsed()), (4, secs(22)));
}

#[test]
fn a_plain_function_follows_them_too() {
    let scope = scope();
    assert_eq!((loaded(), scope.elapsed()), (4, secs(3)));
    set("load", CallSettings::new().with_max_retries(1));
    assert_eq!((loaded(), scope.elapsed()), (2, secs(4)));
    let bounded = CallSettings::new().with_attempt_timeout(secs(1));
    let error = settings::apply(Settings::new().with_call("load", bounded)).unwrap_err();
    assert_eq!(error.rule(), SettingsRule::AttemptTimeoutOfPlainFn);
    assert_eq!(loaded(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_running_call_keeps_its_settings_and_the_next_has_the_new_ones() {
    #[wait_or_die(name = "hangs", timeout = "60s", max_retries = 0)]
    async fn hangs() -> io::Result<()> {
        std::future::pending().await
    }
    async fn limit() -> Option<Duration> {
        let error = hangs().await.unwrap_err();
        let told: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
        assert_eq!(told.bound(), Some(Bound::Timeout));
        told.limit()
    }
    let scope = scope();
    let starts = Starts::new();
    let change = async {
        tokio::time::sleep(secs(1)).await;
        set("hangs", CallSettings::new().with_timeout(secs(5)));
        limit().await
    };
    let (running, next) = tokio::join!(limit(), change);
    assert_eq!((running, next), (Some(secs(60)), Some(secs(5))));
    assert_eq!((starts.elapsed(), scope.elapsed()), (60_000, secs(60)));
}

#[tokio::test(start_paused = true)]
async fn a_running_call_that_fails_keeps_its_retries() {
    #[wait_or_die(name = "changes", timeout = "60s", max_retries = 3, strategy = fixed, jitter = none)]
    async fn changes(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        set("changes", CallSettings::new().with_enabled(false));
        Err(refused())
    }
    let _scope = scope();
    let calls = Cell::new(0);
    changes(&calls).await.unwrap_err();
    assert_eq!(calls.take(), 4);
    changes(&calls).await.unwrap_err();
    assert_eq!(calls.take(), 1);
}

#[test]
fn a_budget_that_a_call_with_other_settings_has_made_counts_all() {
    #[wait_or_die(name = "counts", initial_wait = 0, max_wait = 0)]
    fn counts(fails: bool) -> io::Result<()> {
        if fails { Err(refused()) } else { Ok(()) }
    }
    #[wait_or_die(name = "counts too", initial_wait = 0, max_wait = 0)]
    fn counts_too(fails: bool) -> io::Result<()> {
        if fails { Err(refused()) } else { Ok(()) }
    }
    let _alone = alone();
    let one = CallSettings::new().with_max_retries(1);
    let settings = || {
        Settings::new()
            .with_call("counts", one)
            .with_call("counts too", one)
    };
    counts(false).unwrap();
    settings::apply(settings()).unwrap();
    counts(true).unwrap_err();
    counts_too(false).unwrap();
    settings::apply(Settings::new()).unwrap();
    counts(false).unwrap();
    counts_too(true).unwrap_err();
    settings::apply(settings()).unwrap();
    counts_too(false).unwrap();
    settings::apply(Settings::new()).unwrap();
    let budgets = Budget::all(wait_or_die_tests::now());
    let counted = ["counts (", "counts too ("].map(|name| {
        let own = budgets.iter().find(|(own, _)| own.starts_with(name));
        own.unwrap().1.calls
    });
    // From the failures on.
    assert_eq!(counted, [2, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_switched_off_is_the_plain_function() {
    let scope = scope();
    let off = CallSettings::new().with_enabled(false);
    settings::apply(
        Settings::new()
            .with_call("fetch", off)
            .with_call("load", off),
    )
    .unwrap();
    assert_eq!(
        (fetched().await, loaded(), scope.elapsed()),
        (1, 1, secs(0))
    );
    assert_eq!(told(), Vec::<String>::new());
    let on = CallSettings::new().with_enabled(true);
    settings::apply(Settings::new().with_call("fetch", on)).unwrap();
    assert_eq!(
        (fetched().await, loaded(), scope.elapsed()),
        (4, 4, secs(6))
    );
    assert_eq!(told().len(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_switched_off_bounds_nothing_inside_it() {
    #[wait_or_die(name = "outer", timeout = "1s", initial_wait = 0, max_wait = 0)]
    async fn outer(calls: &Cell<u32>, plain: bool) -> io::Result<()> {
        if plain {
            load(calls)
        } else {
            fetch(calls).await
        }
    }
    let scope = scope();
    set("outer", CallSettings::new().with_enabled(false));
    TOLD.with_borrow(|told| told.as_ref().map(Capture::take));
    for (plain, seconds) in [(false, 3), (true, 6)] {
        let calls = Cell::new(0);
        outer(&calls, plain).await.unwrap_err();
        assert_eq!((calls.get(), scope.elapsed()), (4, secs(seconds)));
    }
    let inside = "retries inside another call's attempt";
    assert!(told().iter().all(|text| !text.contains(inside)), "{inside}");
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_switched_off_has_no_deadline() {
    #[wait_or_die(name = "slow", timeout = "5s", max_retries = 0)]
    async fn slow() -> io::Result<u32> {
        tokio::time::sleep(secs(3600)).await;
        Ok(7)
    }
    let _scope = scope();
    slow().await.unwrap_err();
    set("slow", CallSettings::new().with_enabled(false));
    assert_eq!(slow().await.unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn settings_of_a_call_that_has_not_run_wait_for_it() {
    let _scope = scope();
    let misfit = CallSettings::new().with_timeout(Duration::from_millis(500));
    settings::apply(
        Settings::new()
            .with_call("load", CallSettings::new().with_max_retries(1))
            .with_call("fetch", misfit),
    )
    .unwrap();
    assert_eq!(settings::calls(), Vec::new());
    assert_eq!(loaded(), 2);
    assert_eq!(told().len(), 2);
    // The first wait is a second: told once, and what is written holds.
    assert_eq!(fetched().await, 4);
    let events = told();
    assert_eq!(events.len(), 5);
    assert!(events[0].contains("settings left out") && events[0].contains("`initial_wait`"));
    assert!(events[0].contains("fetch"));
    assert_eq!(fetched().await, 4);
    assert_eq!(told().len(), 4);
    let listed: Vec<_> = settings::calls()
        .into_iter()
        .map(|call| {
            (
                call.operation,
                call.policy.unwrap().max_retries(),
                call.enabled,
            )
        })
        .collect();
    assert_eq!(listed, [("fetch", 3, true), ("load", 1, true)]);
}

#[tokio::test(start_paused = true)]
async fn one_entry_that_is_refused_leaves_all_as_it_was() {
    let _scope = scope();
    assert_eq!((fetched().await, loaded()), (4, 4));
    set("load", CallSettings::new().with_max_retries(2));
    let before = settings::current();
    let refused = Settings::new()
        .with_call("fetch", CallSettings::new().with_enabled(false))
        .with_call("load", CallSettings::new().with_max_wait(secs(0)));
    let error = settings::apply(refused).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the settings of the call `load`: `max_wait` is less than `initial_wait`; write a `max_wait` of at least `initial_wait`"
    );
    assert_eq!(settings::current(), before);
    assert_eq!((fetched().await, loaded()), (4, 3));
}

#[test]
fn a_strategy_that_is_set_replaces_a_custom_one() {
    fn tens(retry: u32) -> Duration {
        Duration::from_secs(10 * u64::from(retry))
    }
    #[wait_or_die(name = "custom", timeout = "1h", max_retries = 2, jitter = none, strategy = tens)]
    fn custom() -> io::Result<()> {
        Err(refused())
    }
    let scope = scope();
    custom().unwrap_err();
    assert_eq!(scope.elapsed(), secs(30));
    set("custom", CallSettings::new().with_max_retries(1));
    custom().unwrap_err();
    assert_eq!(scope.elapsed(), secs(40));
    set(
        "custom",
        CallSettings::new().with_strategy(wait_or_die::Strategy::Fixed),
    );
    custom().unwrap_err();
    assert_eq!(scope.elapsed(), secs(42));
}

#[test]
fn a_scope_neither_sees_nor_touches_the_programs_settings() {
    #[wait_or_die(name = "outside", max_retries = 3, initial_wait = 0, max_wait = 0, budget = none)]
    fn outside(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    fn attempts() -> u32 {
        let calls = Cell::new(0);
        outside(&calls).unwrap_err();
        calls.get()
    }
    let _alone = alone();
    set("outside", CallSettings::new().with_max_retries(1));
    assert_eq!(attempts(), 2);
    {
        let _scope = scope();
        assert_eq!(attempts(), 4);
        set("outside", CallSettings::new().with_max_retries(5));
        assert_eq!(attempts(), 6);
        assert_eq!(std::thread::spawn(attempts).join().unwrap(), 2);
    }
    assert_eq!(attempts(), 2);
    settings::apply(Settings::new()).unwrap();
    assert_eq!(attempts(), 4);
}

#[test]
fn eight_threads_call_while_settings_flip() {
    const CALLS: u32 = 2000;

    #[wait_or_die(name = "flips", max_retries = 3, initial_wait = 0, max_wait = 0, budget = none)]
    fn flips(calls: &Cell<u32>) -> io::Result<()> {
        calls.set(calls.get() + 1);
        Err(refused())
    }
    let _alone = alone();
    let (done, start) = (AtomicU32::new(0), Barrier::new(9));
    let kinds = std::thread::scope(|threads| {
        let callers: Vec<_> = (0..8)
            .map(|_| {
                threads.spawn(|| {
                    start.wait();
                    let mut kinds = [0; 3];
                    for _ in 0..CALLS {
                        let calls = Cell::new(0);
                        flips(&calls).unwrap_err();
                        // As it is written, with one retry, or switched off: never anything between.
                        match calls.get() {
                            4 => kinds[0] += 1,
                            2 => kinds[1] += 1,
                            1 => kinds[2] += 1,
                            other => panic!("{other} attempts"),
                        }
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                    kinds
                })
            })
            .collect();
        start.wait();
        while done.load(Ordering::Relaxed) < 8 {
            set("flips", CallSettings::new().with_max_retries(1));
            set("flips", CallSettings::new().with_enabled(false));
            settings::apply(Settings::new()).unwrap();
        }
        callers
            .into_iter()
            .map(|caller| caller.join().unwrap())
            .fold([0; 3], |sum, kinds| {
                [sum[0] + kinds[0], sum[1] + kinds[1], sum[2] + kinds[2]]
            })
    });
    assert_eq!(kinds.iter().sum::<u32>(), 8 * CALLS);
    // What was applied last holds for every thread from now on.
    set("flips", CallSettings::new().with_max_retries(1));
    let attempts = std::thread::spawn(|| {
        let calls = Cell::new(0);
        flips(&calls).unwrap_err();
        calls.get()
    });
    assert_eq!(attempts.join().unwrap(), 2);
    settings::apply(Settings::new()).unwrap();
}
