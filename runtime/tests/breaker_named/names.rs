//! Names, keys, settings and snapshots.

use std::sync::Barrier;
use std::thread;

use wait_or_die::breaker::{MAX_KEYS, Place, State};
use wait_or_die::{Breaker, BreakerPolicy, BreakerPolicyError, Classify, Error, SafeText, Verdict};

use super::{seconds, threshold};

const HERE: &str = file!();

fn open(breaker: &Breaker) {
    breaker.acquire().unwrap().failure();
    assert_eq!(breaker.state(), State::Open);
}

const fn written(place: Place) -> (&'static str, u32) {
    (place.file, place.line)
}

fn text(key: Option<&SafeText>) -> Option<&str> {
    key.map(SafeText::as_str)
}

#[test]
fn one_name_is_one_breaker() {
    let first = Breaker::register("names.one", threshold(1)).unwrap();
    let second = Breaker::register(String::from("names.one"), threshold(1)).unwrap();
    let found = Breaker::find("names.one").unwrap();
    open(&first);
    assert_eq!((second.state(), found.state()), (State::Open, State::Open));
    assert_eq!((found.name(), text(found.key())), ("names.one", None));
    assert!(Breaker::find("names.none").is_none());
}

#[cfg(feature = "test-util")]
#[tokio::test(start_paused = true)]
async fn looking_for_a_name_makes_no_breaker() {
    use wait_or_die::__private::{BreakerCall, BreakerSite, Site};

    static JOINS: BreakerSite = BreakerSite::new("names.keyed", "a.rs", 1);
    static SITE: Site = Site::unbounded("names.keyed", "a.rs", 1);
    let _scope = wait_or_die::testing::scope(1);
    let listed = || Breaker::list().len();
    let mut call = BreakerCall::keyed(&SITE, &JOINS, &7);
    assert_eq!(call.attempt(async { Ok::<_, Error>(1) }).await, Ok(1));
    assert!(Breaker::find("names.keyed").is_none());
    assert_eq!(listed(), 1, "that of the key");
    Breaker::register("names.keyed", threshold(3)).unwrap();
    assert_eq!(Breaker::find("names.keyed").unwrap().policy(), threshold(3));
    assert_eq!(listed(), 2);
}

#[test]
fn a_private_breaker_is_shared_by_its_clones_alone() {
    let first = Breaker::new("names.private", threshold(1)).unwrap();
    let second = Breaker::new("names.private", threshold(1)).unwrap();
    open(&first.clone());
    assert_eq!(
        (first.state(), second.state()),
        (State::Open, State::Closed)
    );
    assert!(Breaker::find("names.private").is_none());
    assert_eq!(
        Breaker::new("names.private", threshold(0)).unwrap_err(),
        BreakerPolicyError::FailureThresholdZero
    );
}

#[test]
fn eight_threads_that_register_one_name_get_one_breaker() {
    const THREADS: u32 = 8;
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                start.wait();
                let breaker = Breaker::register("names.threads", threshold(100)).unwrap();
                assert_eq!(breaker.policy(), threshold(100));
                breaker.acquire().unwrap().failure();
                breaker.for_key(&1).acquire().unwrap().failure();
            });
        }
    });
    let breaker = Breaker::find("names.threads").unwrap();
    assert_eq!(breaker.snapshot().core.consecutive_failures, THREADS);
    assert_eq!(
        breaker.for_key(&1).snapshot().core.consecutive_failures,
        THREADS
    );
    let named = |each: &Breaker| each.name() == "names.threads";
    assert_eq!(Breaker::list().into_iter().filter(named).count(), 2);
}

#[test]
fn different_settings_for_one_name_are_refused() {
    let line = line!() + 1;
    let first = Breaker::register("names.conflict", threshold(5)).unwrap();
    let longer = threshold(3).with_recovery_timeout(seconds(30));
    let other = line!() + 1;
    let error = Error::from(Breaker::register("names.conflict", longer).unwrap_err());
    assert_eq!(
        error.to_string(),
        format!(
            "circuit breaker `names.conflict` is declared at {HERE}:{line} and, differently, at {HERE}:{other}: \
             `failure_threshold` is 5 and 3, `recovery_timeout` is 60s and 30s; write the same settings in both \
             places, or `name` alone in one of them"
        )
    );
    let Error::Config(config) = &error else {
        panic!("settings are at fault");
    };
    assert_eq!(config.breaker().as_str(), "names.conflict");
    assert_eq!(config.first_place().map(written), Some((HERE, line)));
    assert_eq!(written(config.place()), (HERE, other));
    assert_eq!(config.rule_broken(), None);
    assert_eq!(error.breaker(), Some("names.conflict"));
    assert_eq!((error.attempts(), error.elapsed()), (0, seconds(0)));
    assert_eq!(
        (error.operation(), error.trace_id(), error.last_error()),
        (None, None, None)
    );
    assert_eq!(
        (error.state(), error.retry_in(), error.bound()),
        (None, None, None)
    );
    assert_eq!(error.classify(), Verdict::Ignore);
    assert_eq!(
        std::io::Error::from(error).kind(),
        std::io::ErrorKind::InvalidInput
    );
    assert_eq!(first.policy(), threshold(5));
    assert_eq!(
        first.snapshot().declared_at.map(written),
        Some((HERE, line))
    );
}

#[test]
fn settings_that_break_a_rule_are_refused() {
    let line = line!() + 1;
    let config = Breaker::register("names.rule", threshold(0)).unwrap_err();
    assert_eq!(
        config.to_string(),
        format!(
            "circuit breaker `names.rule` at {HERE}:{line}: {}",
            BreakerPolicyError::FailureThresholdZero
        )
    );
    assert_eq!(
        config.rule_broken(),
        Some(BreakerPolicyError::FailureThresholdZero)
    );
    assert_eq!((config.first_place(), config.place().line), (None, line));
    assert!(Breaker::find("names.rule").is_none());
}

#[test]
fn settings_change_and_counts_stay() {
    let breaker = Breaker::register("names.change", threshold(5)).unwrap();
    breaker.acquire().unwrap().failure();
    breaker.reconfigure(threshold(2)).unwrap();
    assert_eq!(breaker.policy(), threshold(2));
    assert!(breaker.reconfigure(threshold(0)).is_err());
    open(&breaker);
    // What was declared is what counts.
    assert!(Breaker::register("names.change", threshold(5)).is_ok());
    assert!(Breaker::register("names.change", threshold(2)).is_err());
    assert_eq!(breaker.policy(), threshold(2));
}

#[test]
fn settings_change_for_one_or_for_all_of_a_name() {
    for breaker in [
        Breaker::new("names.all", threshold(5)).unwrap(),
        Breaker::register("names.all", threshold(5)).unwrap(),
    ] {
        let known = breaker.for_key("known");
        known.acquire().unwrap().failure();
        known.reconfigure(threshold(9)).unwrap();
        assert_eq!(breaker.for_key("new").policy(), threshold(5));
        known.reconfigure_all(threshold(2)).unwrap();
        for key in ["known", "new", "newer"] {
            assert_eq!(breaker.for_key(key).policy(), threshold(2));
        }
        assert_eq!(breaker.policy(), threshold(2));
        assert!(breaker.reconfigure_all(threshold(0)).is_err());
        open(&known);
    }
}

#[test]
fn by_hand() {
    let breaker = Breaker::new("names.hand", threshold(1)).unwrap();
    breaker.disable();
    breaker.acquire().unwrap().failure();
    assert_eq!(breaker.state(), State::Disabled);
    breaker.force_closed();
    breaker.acquire().unwrap().failure();
    assert_eq!(breaker.state(), State::ForcedClosed);
    breaker.force_open();
    assert!(breaker.acquire().is_err());
    breaker.reset();
    open(&breaker);
}

#[test]
fn each_key_has_a_breaker_of_its_own() {
    let breaker = Breaker::register("names.keys", threshold(1)).unwrap();
    let (one, two) = (breaker.for_key(&1), breaker.for_key("2"));
    open(&one);
    assert_eq!(
        (breaker.state(), two.state()),
        (State::Closed, State::Closed)
    );
    // By its text, from whichever of them.
    assert_eq!(two.for_key("1").state(), State::Open);
    assert_eq!(one.name(), "names.keys");
    assert_eq!(text(one.key()), Some("1"));
    assert_eq!(one.policy(), threshold(1));
    assert_eq!(
        format!("{one:?}"),
        r#"Breaker { name: "names.keys", key: Some("1"), state: Open, .. }"#
    );
}

#[test]
fn a_handle_of_an_evicted_key_goes_on_working() {
    let breaker = Breaker::new("names.evicted", threshold(2)).unwrap();
    let first = breaker.for_key("first");
    for key in 0..MAX_KEYS {
        // Worth more than a handle.
        breaker.for_key(&key).force_open();
    }
    let again = breaker.for_key("first");
    first.acquire().unwrap().failure();
    open(&first);
    assert_eq!(again.state(), State::Closed);
}

#[test]
fn the_list_is_in_the_order_of_names_and_keys() {
    for (name, failures) in [("list.b", 3), ("list.a", 2)] {
        let breaker = Breaker::register(name, threshold(failures)).unwrap();
        breaker.for_key("z").reconfigure(threshold(30)).unwrap();
        breaker.for_key("a").reconfigure(threshold(20)).unwrap();
    }
    let listed: Vec<_> = Breaker::list()
        .into_iter()
        .filter(|each| each.name().starts_with("list."))
        .map(|each| {
            (
                each.name().to_owned(),
                each.policy().failure_threshold().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("list.a", 2),
        ("list.a", 20),
        ("list.a", 30),
        ("list.b", 3),
        ("list.b", 20),
        ("list.b", 30),
    ];
    let expected = expected.map(|(name, failures)| (name.to_owned(), failures));
    assert_eq!(listed, expected);
}

#[test]
fn a_name_that_is_made_at_run_time_is_filtered() {
    let name = String::from("db password=hunter2secret");
    let breaker = Breaker::new(name, BreakerPolicy::DEFAULT).unwrap();
    breaker.force_open();
    let error = breaker.acquire().unwrap_err();
    for shown in [
        format!("{breaker:?} {:?}", breaker.snapshot()),
        format!("{error} {error:?}"),
    ] {
        assert!(
            shown.contains("db password=[REDACTED]") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
    assert_eq!(breaker.name(), "db password=hunter2secret");
}

#[cfg(feature = "serde")]
#[tokio::test(start_paused = true)]
async fn snapshots_as_json() {
    let breaker = Breaker::register("names.json", threshold(2)).unwrap();
    let line = line!() - 1;
    let key = breaker.for_key("eu");
    breaker.acquire().unwrap().failure();
    key.acquire().unwrap().failure();
    open(&key);
    tokio::time::advance(seconds(15)).await;
    let json = |breaker: &Breaker| serde_json::to_string(&breaker.snapshot()).unwrap();
    assert_eq!(
        json(&breaker),
        format!(
            r#"{{"name":"names.json","declared_at":"{HERE}:{line}","state":"closed","generation":0,"since":"15s","retry_in":null,"consecutive_failures":1,"calls":0,"failures":0,"slow_calls":0,"probes":0}}"#
        )
    );
    assert_eq!(
        json(&key),
        format!(
            r#"{{"name":"names.json","key":"eu","declared_at":"{HERE}:{line}","state":"open","generation":1,"since":"15s","retry_in":"45s","consecutive_failures":0,"calls":0,"failures":0,"slow_calls":0,"probes":0}}"#
        )
    );
    let private = Breaker::new("names.json", threshold(2)).unwrap();
    assert!(json(&private).starts_with(r#"{"name":"names.json","state":"closed","#));
}
