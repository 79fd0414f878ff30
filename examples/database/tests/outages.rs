//! Seeded outages that last: those that end while the retries still go on are outlived, all of them; of the others, the calls
//! say that they were not.
//!
//! The numbers of attempts are as written, the waits are not: those of `connect` are 30 ms each, so that the last of its
//! attempts comes after 150 ms. Waits as written, over all of the deadline, are tested against a simulated server.
#![allow(clippy::print_stdout)] // figures, for whoever runs it with `--nocapture`

mod common;

use std::time::Duration;

use common::proxy::{Break, COMMIT, EXECUTE, Message, Moment};
use common::{Bench, INSERT};
use wait_or_die::settings::{self, CallSettings, Settings};
use wait_or_die::testing;
use wait_or_die_example_database::{DbError, Key, Once, Transaction, Work};

/// Short ones: four times so many.
const OUTAGES: u32 = 250;
/// Longer ones.
const LONGER: u32 = 100;

/// In milliseconds: those that end before the last attempt comes, and those that may end later.
const SHORT: std::ops::Range<u64> = 0..120;
const LONG: std::ops::Range<u64> = 120..600;

/// Waits that a test has time for.
fn short() -> Settings {
    let waits = |first, most| {
        CallSettings::new()
            .with_initial_wait(Duration::from_millis(first))
            .with_max_wait(Duration::from_millis(most))
    };
    [
        "database.execute_idempotent",
        "database.fetch_value",
        "database.transaction_once",
    ]
    .into_iter()
    .fold(Settings::new(), |all, call| {
        all.with_call(call, waits(2, 100))
    })
    .with_call("database.connect", waits(10, 30))
}

/// Writes one row.
struct Row<'a>(&'a str);

impl Work for Row<'_> {
    type Output = u64;

    async fn run(&self, transaction: &Transaction<'_>) -> Result<u64, DbError> {
        transaction.execute(INSERT, &[&self.0]).await
    }
}

/// The outage begins before the call, or under one of its messages.
fn prepare(bench: &Bench, random: &mut fastrand::Rng, message: Message, lasts: Duration) {
    let how = [Break::Cut, Break::Reset][random.usize(..2)];
    match random.u32(..3) {
        0 => bench.proxy.outage(how, lasts),
        1 => bench.proxy.arm_outage(message, Moment::Before, how, lasts),
        _ => bench
            .proxy
            .arm_outage(message, Moment::Answered, how, lasts),
    }
}

/// One call through an outage.
async fn call(
    bench: &Bench,
    random: &mut fastrand::Rng,
    number: u32,
    lasts: Duration,
) -> Result<(), DbError> {
    const KEYED: &str = "INSERT INTO keyed (what) VALUES ($1) ON CONFLICT DO NOTHING";
    let what = format!("outage-{number}");
    let database = &bench.database;
    match number % 4 {
        0 => {
            prepare(bench, random, EXECUTE, lasts);
            let one = database.fetch_value::<i32>("SELECT 1", &[]).await?;
            assert_eq!(one, Some(1));
        }
        1 => {
            prepare(bench, random, EXECUTE, lasts);
            let rows = database.execute_idempotent(KEYED, &[&what]).await?;
            assert!(rows <= 1);
        }
        kind => {
            let message = if kind == 2 { EXECUTE } else { COMMIT };
            prepare(bench, random, message, lasts);
            let key = Key::new(what.as_str()).unwrap();
            let once = database.transaction_once(&key, &Row(&what)).await?;
            assert!(matches!(once, Once::Now(1) | Once::Before));
        }
    }
    Ok(())
}

/// Which of so many outages were not outlived, and what was told of them.
async fn run(
    bench: &Bench,
    seed: u64,
    outages: u32,
    millis: std::ops::Range<u64>,
) -> Vec<(u32, DbError)> {
    let keyed = "CREATE TABLE keyed (what text PRIMARY KEY)";
    bench.direct.execute(keyed, &[]).await.unwrap();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut lost = Vec::new();
    for number in 0..outages {
        // Outages one after the other are more than a retry budget is for: each has one of its own.
        let _scope = testing::scope(seed * 1000 + u64::from(number));
        settings::apply(short()).unwrap();
        bench.database.connect().await.unwrap();
        let lasts = Duration::from_millis(random.u64(millis.clone()));
        if let Err(error) = call(bench, &mut random, number, lasts).await {
            lost.push((number, error));
        }
        bench.proxy.disarm();
        bench.proxy.up().await;
    }
    lost
}

/// How often each outage's write is there.
async fn written(bench: &Bench, number: u32) -> i64 {
    const COUNT: &str = "SELECT (SELECT count(*) FROM keyed WHERE what = $1)
                         + (SELECT count(*) FROM written WHERE what = $1)";
    let what = format!("outage-{number}");
    let count = bench.direct.fetch_value(COUNT, &[&what]).await;
    count.unwrap().unwrap()
}

async fn short_ones_are_outlived(seed: u64) {
    let bench = Bench::start(seed).await;
    let lost = run(&bench, seed, OUTAGES, SHORT).await;
    assert!(lost.is_empty(), "{lost:?}");
    for number in 0..OUTAGES {
        let expected = i64::from(number % 4 != 0);
        assert_eq!(written(&bench, number).await, expected, "{number}");
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_thousand_outages_are_outlived_1() {
    short_ones_are_outlived(60).await;
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_thousand_outages_are_outlived_2() {
    short_ones_are_outlived(61).await;
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_thousand_outages_are_outlived_3() {
    short_ones_are_outlived(62).await;
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_thousand_outages_are_outlived_4() {
    short_ones_are_outlived(63).await;
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_is_told_of_longer_ones_is_what_is_there() {
    let bench = Bench::start(64).await;
    let lost = run(&bench, 64, LONGER, LONG).await;
    println!(
        "{} of {LONGER} longer outages were outlived",
        LONGER - u32::try_from(lost.len()).unwrap()
    );
    assert!(!lost.is_empty());
    let is_lost = |number| lost.iter().find(|(other, _)| *other == number);
    for number in 0..LONGER {
        let count = written(&bench, number).await;
        match is_lost(number) {
            None => assert_eq!(count, i64::from(number % 4 != 0), "{number}"),
            Some((_, error)) if error.outcome_unknown() => assert!(count <= 1, "{number}"),
            Some((_, error)) => {
                assert!(
                    matches!(error, DbError::NoConnection(_)),
                    "{number}: {error}"
                );
                assert_eq!(count, 0, "{number}");
            }
        }
    }
}
