//! Outages that last, with all waits as written.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use wait_or_die::redact::Redacted;
use wait_or_die::settings::{self, CallSettings, Settings};
use wait_or_die::{Breaker, testing};

use super::{Gone, Simulated};
use crate::pace::{ROOM, SPREAD};
use crate::turns::now;
use crate::{Database, DbError, Target};

/// Of `connect` and of the statements.
const DEADLINE: Duration = Duration::from_secs(30);

/// An outage that ends before this is outlived, whatever was drawn.
const REACH: Duration = Duration::from_millis(29_400);

const OUTAGES: u64 = 1000;

const WAYS: [Gone; 3] = [Gone::Refusing, Gone::Silent, Gone::Replaced];

/// The message of a statement with which the outage begins: none, Parse, Execute.
const MOMENTS: [u8; 3] = [0, b'P', b'E'];

fn database() -> Database {
    let url = Redacted::new("postgresql://anna@simulated/notes".to_owned());
    Database::new(Target::parse(&url).unwrap())
}

async fn write(database: &Database) -> Result<(), DbError> {
    let changed = database.execute_idempotent("UPDATE x", &[]).await?;
    assert_eq!(changed, 1);
    Ok(())
}

/// What became of a call that an outage came upon.
#[derive(Debug)]
struct Outcome {
    moment: u8,
    began: Instant,
    ended: Instant,
    /// When the server was back.
    back: Instant,
    last_dial: Instant,
    dials: usize,
    error: Option<DbError>,
}

/// One call through one outage; without a moment it is `connect`, else a write on a connection that is open.
async fn outlast(seed: u64, how: Gone, moment: u8, lasts: Duration) -> Outcome {
    // A budget, breakers and draws of its own.
    let _scope = testing::scope(seed);
    fastrand::seed(seed);
    let (server, database) = (Simulated::start(), database());
    if moment != 0 {
        database.connect().await.unwrap();
    }
    let before = server.dials().len();
    server.leave(how, lasts, moment);
    let began = now();
    let result = match moment {
        0 => database.connect().await,
        _ => write(&database).await,
    };
    let dials = server.dials();
    Outcome {
        moment,
        began,
        ended: now(),
        back: began + lasts,
        last_dial: *dials.last().unwrap(),
        dials: dials.len() - before,
        error: result.err(),
    }
}

/// A thousand, of each kind as many, whose ends are drawn evenly from so much time.
async fn thousand(seed: u64, within: Duration) -> Vec<Outcome> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut outcomes = Vec::new();
    for number in 0..OUTAGES {
        let lasts = within.mul_f64(random.f64());
        let how = WAYS[random.usize(..WAYS.len())];
        let moment = MOMENTS[random.usize(..MOMENTS.len())];
        outcomes.push(outlast(seed * OUTAGES + number, how, moment, lasts).await);
    }
    outcomes
}

#[tokio::test(start_paused = true)]
async fn of_a_thousand_outages_inside_the_deadline_all_are_outlived_but_those_that_end_with_it() {
    let outcomes = thousand(70, DEADLINE).await;
    let mut lost = 0;
    for outcome in &outcomes {
        assert!(outcome.ended - outcome.began <= DEADLINE, "{outcome:?}");
        assert!(outcome.dials <= 6, "{outcome:?}");
        let Some(error) = &outcome.error else {
            continue;
        };
        lost += 1;
        let is_known = matches!(error, DbError::NoConnection(_));
        assert_eq!(is_known, outcome.moment != b'E', "{outcome:?}");
        assert_eq!(error.outcome_unknown(), !is_known, "{outcome:?}");
        // The last attempt was made in the outage, and so late that none could follow.
        assert!(outcome.last_dial < outcome.back, "{outcome:?}");
        let left = outcome.began + DEADLINE - outcome.last_dial;
        assert!(left <= ROOM + SPREAD, "{outcome:?}");
    }
    assert_eq!((outcomes.len(), lost), (1000, 19));
}

#[tokio::test(start_paused = true)]
async fn every_outage_that_ends_earlier_is_outlived() {
    let outcomes = thousand(71, REACH).await;
    let lost: Vec<_> = outcomes.iter().filter(|one| one.error.is_some()).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    assert_eq!(outcomes.len(), 1000);
}

#[tokio::test(start_paused = true)]
async fn an_outage_of_a_second_is_left_within_half_a_second() {
    for seed in 0..OUTAGES {
        let second = Duration::from_secs(1);
        let outcome = outlast(seed, Gone::Refusing, 0, second).await;
        assert!(outcome.error.is_none(), "{outcome:?}");
        assert!(
            outcome.last_dial <= outcome.back + second / 2,
            "{outcome:?}"
        );
        assert_eq!(outcome.dials, 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_longer_timeout_moves_the_last_attempt() {
    let longer = CallSettings::new().with_timeout(2 * DEADLINE);
    let settings = ["database.connect", "database.execute_idempotent"]
        .into_iter()
        .fold(Settings::new(), |all, call| all.with_call(call, longer));
    for (seed, how) in (20..).zip(WAYS) {
        let _scope = testing::scope(seed);
        settings::apply(settings.clone()).unwrap();
        let (server, database) = (Simulated::start(), database());
        let lasts = DEADLINE + REACH;
        server.leave(how, lasts, 0);
        database.connect().await.unwrap();
        server.leave(how, lasts, b'P');
        write(&database).await.unwrap();
    }
}

/// Eight calls at a time share one connection, and so one opening of it.
async fn eight(seed: u64, how: Gone, lasts: Duration) -> Vec<Result<(), DbError>> {
    fastrand::seed(seed);
    let (server, database) = (Simulated::start(), Arc::new(database()));
    database.connect().await.unwrap();
    server.leave(how, lasts, b'P');
    let writing = |database: Arc<Database>| tokio::spawn(async move { write(&database).await });
    let writes: Vec<_> = (0..8).map(|_| writing(Arc::clone(&database))).collect();
    let mut done = Vec::new();
    for write in writes {
        done.push(write.await.unwrap());
    }
    done
}

#[tokio::test(start_paused = true)]
async fn eight_calls_outlive_it_together() {
    for (seed, how) in (0..).zip(WAYS) {
        let _scope = testing::scope(seed);
        let done = eight(seed, how, Duration::from_secs(29)).await;
        assert!(done.iter().all(Result::is_ok), "{how:?}: {done:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn that_there_is_no_connection_leaves_the_breaker_of_the_statements_alone() {
    for (seed, how) in (10..).zip(WAYS) {
        let _scope = testing::scope(seed);
        for result in eight(seed, how, 2 * DEADLINE).await {
            let error = result.unwrap_err();
            assert!(
                matches!(error, DbError::NoConnection(_)),
                "{how:?}: {error}"
            );
        }
        let state = Breaker::find("database").unwrap().state();
        assert_eq!(state.as_str(), "closed", "{how:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_frozen_connection_is_let_go_however_many_callers_went_away() {
    let _scope = testing::scope(2);
    let (server, database) = (Simulated::start(), database());
    database.connect().await.unwrap();
    server.leave(Gone::Frozen, 100 * DEADLINE, 0);
    for _ in 0..6 {
        let read = database.fetch("SELECT x", &[]);
        let second = Duration::from_secs(1);
        assert!(tokio::time::timeout(second, read).await.is_err());
    }
    assert_eq!(server.dials().len(), 1);
    let began = now();
    let value = database.fetch_value::<i32>("SELECT x", &[]).await;
    assert_eq!(value.unwrap(), None);
    // 10 s of silence, a wait that was drawn, and what the server takes to let one in and to answer.
    let waited = (now() - began).as_millis();
    assert_eq!((waited, server.dials().len()), (10_061, 2));
}

#[tokio::test(start_paused = true)]
async fn the_bounds_are_those_that_the_guide_tells() {
    let _scope = testing::scope(1);
    let (_server, database) = (Simulated::start(), database());
    write(&database).await.unwrap();
    let _ = database.fetch("SELECT x", &[]).await;
    let recovery = |name| Breaker::find(name).unwrap().policy().recovery_timeout();
    assert_eq!(recovery("database.connect"), Duration::from_secs(30));
    assert_eq!(recovery("database"), Duration::from_secs(60));
    let retries = |name| {
        let calls = settings::calls();
        let call = calls.into_iter().find(|call| call.operation == name);
        call.unwrap().policy.unwrap().max_retries()
    };
    assert_eq!(retries("database.connect"), 5);
    assert_eq!(retries("database.execute_idempotent"), 3);
    assert_eq!(retries("database.fetch"), 3);
}
