//! What becomes of a statement whose connection breaks at a certain moment: how often it is sent, how often it is done,
//! and what its caller is told.

mod common;

use common::proxy::{Break, COMMIT, EXECUTE, Moment};
use common::{Bench, INSERT};
use wait_or_die_example_database::{DbError, Key, Once, Transaction, Work};

const BREAKS: [Break; 3] = [Break::Cut, Break::Reset, Break::HalfOpen];

/// Writes one row.
struct Write(&'static str);

impl Work for Write {
    type Output = u64;

    async fn run(&self, transaction: &Transaction<'_>) -> Result<u64, DbError> {
        transaction.execute(INSERT, &[&self.0]).await
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_write_whose_connection_breaks_is_sent_once_and_unknown() {
    let bench = Bench::start(1).await;
    let mut sent = 0;
    for (moment, done) in [(Moment::Before, 0), (Moment::Answered, 1)] {
        for how in BREAKS {
            let what = format!("{moment:?} {how:?}");
            bench.proxy.arm(EXECUTE, moment, how);
            let error = bench.database.execute(INSERT, &[&what]).await.unwrap_err();
            assert!(
                matches!(error, DbError::OutcomeUnknown(_)),
                "{what}: {error}"
            );
            assert!(error.outcome_unknown());
            sent += 1;
            assert_eq!(bench.proxy.counts().1, sent, "{what}");
            assert_eq!(bench.written(&what).await, done, "{what}");
        }
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn an_idempotent_write_is_repeated_until_it_is_answered() {
    let bench = Bench::start(2).await;
    let unique = "CREATE UNIQUE INDEX ON written (what)";
    bench.direct.execute(unique, &[]).await.unwrap();
    let insert = "INSERT INTO written (what) VALUES ($1) ON CONFLICT DO NOTHING";
    let mut sent = 0;
    for (moment, by_the_last) in [(Moment::Before, 1), (Moment::Answered, 0)] {
        for how in BREAKS {
            let what = format!("{moment:?} {how:?}");
            bench.proxy.arm(EXECUTE, moment, how);
            let changed = bench.database.execute_idempotent(insert, &[&what]).await;
            assert_eq!(changed.unwrap(), by_the_last, "{what}");
            sent += 2;
            assert_eq!(bench.proxy.counts().1, sent, "{what}");
            assert_eq!(bench.written(&what).await, 1, "{what}");
        }
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn reads_are_repeated_at_most_three_times() {
    let bench = Bench::start(3).await;
    for how in BREAKS {
        bench.proxy.arm(EXECUTE, Moment::Answered, how);
        let one = bench.database.fetch_value::<i32>("SELECT 1", &[]).await;
        assert_eq!(one.unwrap(), Some(1), "{how:?}");
    }
    let (connections, executed, _) = bench.proxy.counts();
    assert_eq!((connections, executed), (4, 6));
    for _ in 0..4 {
        bench.proxy.arm(EXECUTE, Moment::Before, Break::Cut);
    }
    let error = bench.database.fetch_row("SELECT 1", &[]).await.unwrap_err();
    assert!(matches!(error, DbError::Interrupted(_)), "{error}");
    assert_eq!(bench.proxy.counts().1, 10);
    let rows = bench.database.fetch("SELECT 1 UNION SELECT 2", &[]).await;
    assert_eq!(rows.unwrap().len(), 2);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_transaction_that_breaks_before_commit_is_repeated_as_a_whole() {
    let bench = Bench::start(4).await;
    for how in BREAKS {
        bench.proxy.arm(EXECUTE, Moment::Answered, how);
        let written = bench.database.transaction(&Write("early")).await;
        assert_eq!(written.unwrap(), 1, "{how:?}");
    }
    assert_eq!(bench.written("early").await, 3);
    assert_eq!(bench.proxy.counts(), (4, 6, 3));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_transaction_without_a_key_is_unknown_once_commit_is_out() {
    let bench = Bench::start(5).await;
    for (moment, done) in [(Moment::Before, 0), (Moment::Answered, 1)] {
        bench.proxy.arm(COMMIT, moment, Break::Cut);
        let error = bench
            .database
            .transaction(&Write("late"))
            .await
            .unwrap_err();
        assert!(matches!(error, DbError::OutcomeUnknown(_)), "{error}");
        assert_eq!(bench.written("late").await, done);
    }
    assert_eq!(bench.proxy.counts().2, 2);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_transaction_with_a_key_is_done_once_whatever_breaks() {
    let bench = Bench::start(6).await;
    for (moment, expected) in [
        (Moment::Before, Once::Now(1)),
        (Moment::Answered, Once::Before),
    ] {
        for how in BREAKS {
            let key = Key::new(format!("{moment:?} {how:?}")).unwrap();
            let before = bench.proxy.counts().2;
            bench.proxy.arm(COMMIT, moment, how);
            let once = bench.database.transaction_once(&key, &Write("once")).await;
            // The server holds what a half-open connection left, key and all, until it gives that session up.
            assert_eq!(once.unwrap(), expected, "{key}");
            assert_eq!(bench.proxy.counts().2, before + 2, "{key}");
            let again = bench.database.transaction_once(&key, &Write("once")).await;
            assert_eq!(again.unwrap(), Once::Before, "{key}");
        }
    }
    assert_eq!(bench.written("once").await, 6);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_statement_after_an_idle_restart_is_not_unknown() {
    let mut bench = Bench::start(7).await;
    bench.database.connect().await.unwrap();
    for round in 1..=2 {
        bench.server.stop().await.unwrap();
        bench.server.start_again().await.unwrap();
        // The direct connection does not know either.
        let changed = bench.database.execute(INSERT, &[&"after"]).await;
        assert_eq!(changed.unwrap(), 1);
        assert_eq!(bench.written("after").await, round);
    }
}

/// Writes a row, then passes over an error of the server's.
struct PassesOver;

impl Work for PassesOver {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        transaction.execute(INSERT, &[&"spoilt"]).await?;
        let _ = transaction.fetch("SELECT 1 / 0", &[]).await;
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_spoilt_transaction_is_not_taken_for_committed() {
    let bench = Bench::start(8).await;
    let error = bench.database.transaction(&PassesOver).await.unwrap_err();
    assert!(matches!(error, DbError::Spoilt(_)), "{error}");
    assert!(!error.outcome_unknown());
    assert_eq!(bench.written("spoilt").await, 0);
    // The connection goes on.
    assert_eq!(bench.database.transaction(&Write("next")).await.unwrap(), 1);
    assert_eq!(bench.proxy.counts(), (1, 3, 1));
}

/// Writes a row and then never ends.
struct Hangs;

impl Work for Hangs {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        transaction.execute(INSERT, &[&"hung"]).await?;
        std::future::pending().await
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_dropped_transaction_does_not_go_on_with_the_next_statement() {
    let bench = Bench::start(9).await;
    {
        let hanging = std::pin::pin!(bench.database.transaction(&Hangs));
        let written = async {
            while bench.proxy.counts().1 == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = hanging => unreachable!("it hangs"),
            () = written => {}
        }
    }
    assert_eq!(
        bench.database.execute(INSERT, &[&"other"]).await.unwrap(),
        1
    );
    assert_eq!(bench.written("hung").await, 0);
    assert_eq!(bench.written("other").await, 1);
    assert_eq!(bench.proxy.counts().0, 2);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_lost_connection_is_one_failure_however_many_statements_were_on_it() {
    let bench = Bench::start(10).await;
    bench.database.connect().await.unwrap();
    // Eight at once, more than the five failures that open the breaker.
    bench.proxy.arm(EXECUTE, Moment::Before, Break::Reset);
    let one = || bench.database.fetch_value::<i32>("SELECT 1", &[]);
    let values = tokio::join!(one(), one(), one(), one(), one(), one(), one(), one());
    for value in <[_; 8]>::from(values) {
        assert_eq!(value.unwrap(), Some(1));
    }
    let breaker = wait_or_die::Breaker::find("database").unwrap();
    assert_eq!(breaker.state().as_str(), "closed");
    assert_eq!(bench.proxy.counts().0, 2);
}
