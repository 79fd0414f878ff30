//! Statements whose answer nobody waits for: what their transaction and their call are told.

mod common;

use std::time::Duration;

use common::proxy::{Break, COMMIT, Moment};
use common::{Bench, INSERT, quick};
use wait_or_die::settings::{self, CallSettings};
use wait_or_die_example_database::{DbError, Key, Transaction, Work};

/// Fails after 200 ms.
const FAILS_LATE: &str = "SELECT 1 / (pg_sleep(0.2) IS NULL)::int";

/// Writes a row, then sends a statement that will fail, and does not wait for its answer.
struct LooksAway;

impl Work for LooksAway {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        transaction.execute(INSERT, &[&"away"]).await?;
        let slow = transaction.fetch(FAILS_LATE, &[]);
        let cut_off = tokio::time::timeout(Duration::from_millis(50), slow).await;
        assert!(cut_off.is_err());
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_statement_that_was_not_waited_for_is_not_taken_for_done() {
    let bench = Bench::start(70).await;
    let error = bench.database.transaction(&LooksAway).await.unwrap_err();
    assert!(matches!(error, DbError::Spoilt(_)), "{error}");
    assert!(!error.outcome_unknown());
    let key = Key::new("away").unwrap();
    let once = bench.database.transaction_once(&key, &LooksAway).await;
    assert!(matches!(once.unwrap_err(), DbError::Spoilt(_)));
    assert_eq!(bench.written("away").await, 0);
    // The key is free, and the connection goes on.
    let keys = "SELECT count(*) FROM wait_or_die_done";
    let keys = bench.database.fetch_value::<i64>(keys, &[]).await;
    assert_eq!(keys.unwrap(), Some(0));
    assert_eq!((bench.proxy.counts().0, bench.proxy.counts().2), (1, 0));
}

/// Two statements at once, both of which are answered.
struct Both;

impl Work for Both {
    type Output = (u64, u64);

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(u64, u64), DbError> {
        let write = || transaction.execute(INSERT, &[&"both"]);
        tokio::try_join!(write(), write())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn statements_side_by_side_are_committed() {
    let bench = Bench::start(71).await;
    assert_eq!(bench.database.transaction(&Both).await.unwrap(), (1, 1));
    assert_eq!(bench.written("both").await, 2);
}

/// Writes a row, and ends the transaction by a statement of its own.
struct EndsItself;

impl Work for EndsItself {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        transaction.execute(INSERT, &[&"ended"]).await?;
        transaction.execute("ROLLBACK", &[]).await?;
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn commit_is_believed_only_inside_a_transaction() {
    let bench = Bench::start(72).await;
    let error = bench.database.transaction(&EndsItself).await.unwrap_err();
    assert!(matches!(error, DbError::OutcomeUnknown(_)), "{error}");
    assert_eq!(bench.written("ended").await, 0);
    assert_eq!(bench.proxy.counts().0, 1);
}

/// As settings may have it.
fn cut_off_after_200_ms(call: &str) {
    let cut_off = CallSettings::new()
        .with_initial_wait(Duration::from_millis(10))
        .with_max_wait(Duration::from_millis(50))
        .with_attempt_timeout(Duration::from_millis(200));
    settings::apply(quick().with_call(call, cut_off)).unwrap();
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_write_that_settings_cut_off_is_sent_once() {
    const SLOW: &str = "INSERT INTO written (what) SELECT 'cut off' FROM pg_sleep(0.5)";
    let bench = Bench::start(73).await;
    bench.database.connect().await.unwrap();
    cut_off_after_200_ms("database.execute");
    let error = bench.database.execute(SLOW, &[]).await.unwrap_err();
    assert!(matches!(error, DbError::OutcomeUnknown(_)), "{error}");
    // Asked on the same connection, which is answered in turn.
    let count = "SELECT count(*) FROM written";
    let count = bench.database.fetch_value::<i64>(count, &[]).await;
    assert_eq!(count.unwrap(), Some(1));
    assert_eq!(bench.proxy.counts(), (1, 2, 0));
}

/// Writes one row.
struct Write;

impl Work for Write {
    type Output = u64;

    async fn run(&self, transaction: &Transaction<'_>) -> Result<u64, DbError> {
        transaction.execute(INSERT, &[&"commit"]).await
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_commit_that_settings_cut_off_is_sent_once() {
    let bench = Bench::start(74).await;
    bench.database.connect().await.unwrap();
    cut_off_after_200_ms("database.transaction");
    bench.proxy.arm(COMMIT, Moment::Answered, Break::HalfOpen);
    let error = bench.database.transaction(&Write).await.unwrap_err();
    assert!(matches!(error, DbError::OutcomeUnknown(_)), "{error}");
    assert_eq!(bench.written("commit").await, 1);
    assert_eq!(bench.proxy.counts(), (1, 1, 1));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_write_behind_slow_reads_waits_for_them() {
    let bench = Bench::start(75).await;
    bench.database.connect().await.unwrap();
    // 0.8 s each, where no answer for 1.5 s is too long.
    let slow = || bench.database.fetch("SELECT pg_sleep(0.8)", &[]);
    let write = bench.database.execute(INSERT, &[&"behind"]);
    let (first, second, third, written) = tokio::join!(slow(), slow(), slow(), write);
    for rows in [first, second, third] {
        assert_eq!(rows.unwrap().len(), 1);
    }
    assert_eq!(written.unwrap(), 1);
    assert_eq!(bench.written("behind").await, 1);
    assert_eq!(bench.proxy.counts(), (1, 4, 0));
}
