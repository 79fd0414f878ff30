//! How much of an answer is kept, and what becomes of a write that gives one.

mod common;

use common::proxy::{Break, EXECUTE, Moment};
use common::{Bench, LIMITS, code};
use wait_or_die_example_database::{Database, DbError, Limits};

#[tokio::test]
#[ignore = "needs postgres"]
async fn rows_are_kept_up_to_a_bound() {
    const MANY: &str = "SELECT repeat('x', 1024) FROM generate_series(1, $1)";
    let bench = Bench::start(29).await;
    let database = &bench.database;
    // The bound is 1 MiB.
    let some = database.fetch(MANY, &[&1000]).await.unwrap();
    assert_eq!(some.len(), 1000);
    let error = database.fetch(MANY, &[&1025]).await.unwrap_err();
    assert!(matches!(error, DbError::Misused(_)), "{error}");
    assert!(error.to_string().contains("1048576 bytes"), "{error}");
    // Of these only the first is kept, and an error behind it is not overlooked.
    let first = database.fetch_row(MANY, &[&20_000]).await.unwrap().unwrap();
    assert_eq!(first.get::<_, &str>(0).len(), 1024);
    let value = database.fetch_value::<String>(MANY, &[&20_000]).await;
    assert_eq!(value.unwrap().unwrap().len(), 1024);
    let late = "SELECT 1 / (3 - number) FROM generate_series(1, 3) AS number";
    let error = database.fetch_value::<i32>(late, &[]).await.unwrap_err();
    assert_eq!(code(&error), Some("22012"));
    assert_eq!(bench.proxy.counts(), (1, 5, 0));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_write_whose_value_is_too_large_is_not_told_as_undone() {
    const ADD: &str = "INSERT INTO written (what) VALUES ('large') RETURNING repeat('x', 1024)";
    let bench = Bench::start(32).await;
    let limits = Limits {
        most_bytes: 10,
        ..LIMITS
    };
    let database = Database::with_limits(bench.server.target().unwrap(), limits);
    let value = database.fetch_value_idempotent::<String>(ADD, &[]).await;
    let error = value.unwrap_err();
    assert!(matches!(error, DbError::OutcomeUnknown(_)), "{error}");
    assert!(error.to_string().contains("10 bytes"), "{error}");
    assert_eq!(bench.written("large").await, 1);
    // A read changes nothing.
    let read = "SELECT repeat('x', 1024)";
    let error = database.fetch_value::<String>(read, &[]).await.unwrap_err();
    assert!(matches!(error, DbError::Misused(_)), "{error}");
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_write_that_returns_a_value_is_repeated_until_it_is_answered() {
    const ADD: &str = "INSERT INTO written (what) VALUES ($1) ON CONFLICT (what)
                       DO UPDATE SET by = 'again' RETURNING by";
    let bench = Bench::start(30).await;
    let unique = "CREATE UNIQUE INDEX ON written (what)";
    bench.direct.execute(unique, &[]).await.unwrap();
    bench.proxy.arm(EXECUTE, Moment::Answered, Break::Reset);
    let by = bench.database.fetch_value_idempotent(ADD, &[&"value"]);
    assert_eq!(by.await.unwrap(), Some(Some("again".to_owned())));
    assert_eq!(bench.proxy.counts(), (2, 2, 0));
    // Done, and then out of reach.
    bench.proxy.arm(EXECUTE, Moment::Answered, Break::Cut);
    bench.proxy.refuse(6);
    let by = bench
        .database
        .fetch_value_idempotent::<String>(ADD, &[&"lost"]);
    let error = by.await.unwrap_err();
    assert!(matches!(error, DbError::OutcomeUnknown(_)), "{error}");
    assert_eq!(bench.written("lost").await, 1);
}
