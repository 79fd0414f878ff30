//! What the server's own error codes lead to, each of them brought about for real.

mod common;

use std::future::Future;
use std::time::Duration;

use common::{Bench, INSERT, LIMITS, code, quick_breakers};
use tokio_postgres::IsolationLevel;
use wait_or_die::redact::Redacted;
use wait_or_die::settings;
use wait_or_die_example_database::{Database, DbError, Key, Once, Target, Transaction, Work};

/// How many rows the table has.
async fn rows(bench: &Bench) -> i64 {
    let count = "SELECT count(*) FROM written";
    bench.direct.fetch_value(count, &[]).await.unwrap().unwrap()
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn an_answer_is_not_retried_and_says_no_more_than_it_may() {
    let bench = Bench::start(20).await;
    let unique = "ALTER TABLE written ADD CONSTRAINT only_once UNIQUE (what)";
    bench.direct.execute(unique, &[]).await.unwrap();
    bench
        .database
        .execute(INSERT, &[&"row-content"])
        .await
        .unwrap();
    let error = bench
        .database
        .execute(INSERT, &[&"row-content"])
        .await
        .unwrap_err();
    assert_eq!(code(&error), Some("23505"));
    let DbError::Refused(refused) = &error else {
        panic!("{error}")
    };
    assert_eq!(refused.constraint(), Some("only_once"));
    // The server's detail repeats the row.
    assert!(
        !format!("{error} {error:?}").contains("row-content"),
        "{error:?}"
    );
    assert_eq!(bench.proxy.counts(), (1, 2, 0));
    for (sql, state) in [
        ("SELECT * FROM nowhere", "42P01"),
        ("SELEC 1", "42601"),
        ("SELECT 1 / 0", "22012"),
        ("SELECT pg_sleep(60)", "57014"),
    ] {
        let error = bench.database.fetch(sql, &[]).await.unwrap_err();
        assert_eq!(code(&error), Some(state), "{sql}");
    }
    // Two of them were refused before anything was executed, and the connection has outlived all.
    assert_eq!(bench.proxy.counts(), (1, 4, 0));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn an_answer_does_not_repeat_values() {
    let bench = Bench::start(31).await;
    let unique = "ALTER TABLE written ADD CONSTRAINT only_once UNIQUE (what)";
    bench.direct.execute(unique, &[]).await.unwrap();
    let raises = "CREATE FUNCTION raises(what text) RETURNS void LANGUAGE plpgsql AS
                  $$ BEGIN RAISE EXCEPTION 'no room for %', what USING ERRCODE = '53100'; END $$";
    bench.direct.execute(raises, &[]).await.unwrap();
    let value = "anna's diagnosis";
    bench.direct.execute(INSERT, &[&value]).await.unwrap();
    for (sql, told) in [
        (
            "SELECT ($1::text)::int",
            "a value was refused (SQLSTATE 22P02)",
        ),
        (
            INSERT,
            "a constraint was violated: only_once (SQLSTATE 23505)",
        ),
        ("SELECT raises($1)", "raised by a function (SQLSTATE 53100)"),
    ] {
        let error = bench.database.fetch(sql, &[&value]).await.unwrap_err();
        assert_eq!(error.to_string(), told);
        assert!(!format!("{error:?}").contains("anna"), "{error:?}");
    }
    // Where there are none, the message is shown.
    let error = bench.database.fetch("SELECT * FROM nowhere", &[]).await;
    let told = "relation \"nowhere\" does not exist (SQLSTATE 42P01)";
    assert_eq!(error.unwrap_err().to_string(), told);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_does_not_fit_together_is_not_sent() {
    let bench = Bench::start(21).await;
    let database = &bench.database;
    let wrong_type = database.execute(INSERT, &[&7_i32]).await.unwrap_err();
    let too_few = database.execute(INSERT, &[]).await.unwrap_err();
    for (error, told) in [
        (wrong_type, "parameter $1: "),
        (too_few, "the statement has 1 parameters, 0 were given"),
    ] {
        assert!(matches!(error, DbError::Misused(_)), "{error}");
        assert!(error.to_string().starts_with(told), "{error}");
    }
    assert_eq!(bench.proxy.counts(), (1, 0, 0));
    let text = database.fetch_value::<i32>("SELECT 'x'", &[]).await;
    assert!(matches!(text.unwrap_err(), DbError::Misused(_)));
    let nothing = database
        .fetch_value::<i32>("SELECT 1 WHERE false", &[])
        .await;
    assert_eq!(nothing.unwrap(), None);
    let null = database
        .fetch_value::<Option<i32>>("SELECT NULL::int", &[])
        .await;
    assert_eq!(null.unwrap(), Some(None));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_wrong_password_is_tried_once_and_never_shown() {
    let bench = Bench::start(22).await;
    let url = format!(
        "postgresql://memory:wrong-pa55word@127.0.0.1:{}/postgres",
        bench.proxy.port()
    );
    let target = Target::parse(&Redacted::new(url)).unwrap();
    let database = Database::new(target);
    let error = database.connect().await.unwrap_err();
    assert!(matches!(error, DbError::NoConnection(_)));
    assert_eq!(code(&error), Some("28P01"));
    assert!(
        !format!("{error} {error:?}").contains("pa55word"),
        "{error:?}"
    );
    assert_eq!(bench.proxy.counts().0, 1);
}

/// Holds a lock on a row until it is let go.
struct Holds<'a>(&'a tokio::sync::Notify, &'a tokio::sync::Notify);

impl Work for Holds<'_> {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        let lock = "SELECT what FROM written FOR UPDATE";
        transaction.fetch(lock, &[]).await?;
        self.0.notify_one();
        self.1.notified().await;
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_lock_that_is_held_is_waited_for_in_four_attempts() {
    const MARK: &str = "UPDATE written SET by = 'x' WHERE what = 'held'";
    let bench = Bench::start(23).await;
    bench.direct.execute(INSERT, &[&"held"]).await.unwrap();
    let (held, let_go) = (tokio::sync::Notify::new(), tokio::sync::Notify::new());
    let holds = Holds(&held, &let_go);
    let blocked = async {
        held.notified().await;
        let error = bench.database.execute(MARK, &[]).await.unwrap_err();
        assert_eq!(code(&error), Some("55P03"));
        let_go.notify_one();
    };
    let (holding, ()) = tokio::join!(bench.direct.transaction(&holds), blocked);
    holding.unwrap();
    assert_eq!(bench.proxy.counts(), (1, 4, 0));
    assert_eq!(bench.database.execute(MARK, &[]).await.unwrap(), 1);
}

/// Adds up what is there, and writes the sum: not serializable where two do so at once.
struct Sums<'a> {
    what: &'static str,
    both_have_read: &'a tokio::sync::Barrier,
    runs: std::sync::atomic::AtomicU32,
}

impl Work for Sums<'_> {
    type Output = ();

    fn isolation(&self) -> IsolationLevel {
        IsolationLevel::Serializable
    }

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        transaction
            .fetch("SELECT count(*) FROM written", &[])
            .await?;
        // The second run has nobody to wait for.
        if self.runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            self.both_have_read.wait().await;
        }
        transaction.execute(INSERT, &[&self.what]).await?;
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_serialization_failure_repeats_the_loser() {
    let bench = Bench::start(24).await;
    let both_have_read = tokio::sync::Barrier::new(2);
    let sums = |what| Sums {
        what,
        both_have_read: &both_have_read,
        runs: 0.into(),
    };
    let (one, other) = (sums("one"), sums("other"));
    let (first, second) = tokio::join!(
        bench.database.transaction(&one),
        bench.direct.transaction(&other)
    );
    first.unwrap();
    second.unwrap();
    let runs = one.runs.into_inner() + other.runs.into_inner();
    assert_eq!((runs, rows(&bench).await), (3, 2));
}

/// Locks two rows, one after the other.
struct Crosses<'a> {
    rows: [&'static str; 2],
    both_have_one: &'a tokio::sync::Barrier,
    runs: std::sync::atomic::AtomicU32,
}

impl Work for Crosses<'_> {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        const MARK: &str = "UPDATE written SET by = coalesce(by, '') || 'x' WHERE what = $1";
        transaction.execute(MARK, &[&self.rows[0]]).await?;
        if self.runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0 {
            self.both_have_one.wait().await;
        }
        transaction.execute(MARK, &[&self.rows[1]]).await?;
        Ok(())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_deadlock_repeats_its_victim() {
    let bench = Bench::start(25).await;
    for what in ["left", "right"] {
        bench.direct.execute(INSERT, &[&what]).await.unwrap();
    }
    let quick = "ALTER SYSTEM SET deadlock_timeout = '100ms'";
    bench.direct.execute(quick, &[]).await.unwrap();
    bench
        .direct
        .fetch("SELECT pg_reload_conf()", &[])
        .await
        .unwrap();
    let both_have_one = tokio::sync::Barrier::new(2);
    let crosses = |rows| Crosses {
        rows,
        both_have_one: &both_have_one,
        runs: 0.into(),
    };
    let (there, back) = (crosses(["left", "right"]), crosses(["right", "left"]));
    let (first, second) = tokio::join!(
        bench.database.transaction(&there),
        bench.direct.transaction(&back)
    );
    first.unwrap();
    second.unwrap();
    let runs = there.runs.into_inner() + back.runs.into_inner();
    let marked = "SELECT count(*) FROM written WHERE by = 'xx'";
    let marked = bench.direct.fetch_value::<i64>(marked, &[]).await;
    assert_eq!((runs, marked.unwrap()), (3, Some(2)));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn connections_that_are_short_are_waited_for() {
    let bench = Bench::start(26).await;
    bench.direct.connect().await.unwrap();
    // 20 in all, of which three are kept for superusers; we are one.
    let mut taken = Vec::new();
    loop {
        let database = Database::with_limits(bench.server.target().unwrap(), LIMITS);
        match database.connect().await {
            Ok(()) => taken.push(database),
            Err(error) => break assert_eq!(code(&error), Some("53300")),
        }
    }
    assert_eq!(taken.len(), 19);
    let connecting = bench.database.connect();
    let freeing = async {
        while bench.proxy.counts().0 < 2 {
            tokio::task::yield_now().await;
        }
        taken.clear();
    };
    let (connected, ()) = tokio::join!(connecting, freeing);
    connected.unwrap();
    assert!((2..=6).contains(&bench.proxy.counts().0));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_server_that_is_gone_opens_the_breaker_of_connections_only() {
    let mut bench = Bench::start(27).await;
    settings::apply(quick_breakers(Duration::from_millis(300))).unwrap();
    bench.server.kill().await.unwrap();
    // Six attempts, then the four that make ten failures.
    for attempts in [6, 10, 10] {
        let error = bench.database.fetch("SELECT 1", &[]).await.unwrap_err();
        assert!(matches!(error, DbError::NoConnection(_)), "{error}");
        assert_eq!(bench.proxy.counts().0, attempts);
    }
    let state = |name| wait_or_die::Breaker::find(name).unwrap().state().as_str();
    assert_eq!(state("database.connect"), "open");
    assert_eq!(state("database"), "closed");
    bench.server.start_again().await.unwrap();
    let back = wait_until(|| async { bench.database.connect().await.is_ok() });
    back.await;
    assert_eq!(state("database.connect"), "closed");
    let one = bench.database.fetch_value::<i32>("SELECT 1", &[]).await;
    assert_eq!(one.unwrap(), Some(1));
}

/// Asks again and again; the test's own time bounds it.
async fn wait_until<F: Future<Output = bool>>(mut is_so: impl FnMut() -> F) {
    while !is_so().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Gives up half-way.
struct GivesUp;

impl Work for GivesUp {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        transaction.execute(INSERT, &[&"given up"]).await?;
        Err(DbError::given_up(
            "not enough in the account, token=hunter2secret",
        ))
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn work_that_gives_up_is_rolled_back_and_its_key_is_free() {
    let bench = Bench::start(28).await;
    let key = Key::new("transfer-1").unwrap();
    let error = bench
        .database
        .transaction_once(&key, &GivesUp)
        .await
        .unwrap_err();
    assert!(matches!(error, DbError::GivenUp(_)));
    assert!(!error.to_string().contains("hunter2"), "{error}");
    assert_eq!(rows(&bench).await, 0);
    let nobody = tokio::sync::Barrier::new(1);
    let work = Crosses {
        rows: ["", ""],
        both_have_one: &nobody,
        runs: 0.into(),
    };
    let once = bench.database.transaction_once(&key, &work).await;
    assert_eq!(once.unwrap(), Once::Now(()));
}
