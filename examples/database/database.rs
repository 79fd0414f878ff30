//! The protected calls.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, FromSqlOwned};
use wait_or_die::{Attempt, BreakerPolicy, RetryPolicy, circuit_breaker, wait_or_die};

use crate::error::{DbError, Loss};
use crate::intent::{Intent, Pending};
use crate::key::Key;
use crate::link::{Keep, Limits, Link, Params};
use crate::pace;
use crate::target::Target;
use crate::transaction::{self, Once, Work};
use crate::turns::{FAR, at, now};

/// For the breaker that all statements share, in one place: where two of them named it with different settings, the second
/// would be refused.
const STATEMENTS: BreakerPolicy = BreakerPolicy::new()
    .with_failure_threshold(5)
    .with_recovery_timeout(Duration::from_secs(60));

/// How long before the end of a call its connection is given up.
const MARGIN: Duration = Duration::from_millis(20);

/// A `PostgreSQL` database behind one connection, which is opened when it is first needed, and again when it was lost.
///
/// Statements of several tasks share the connection and are pipelined; a transaction has it to itself meanwhile. Whoever
/// needs more puts several of these in a row, or a pool in the place of the one connection; what is retried stays the same.
///
/// # Bounds
/// Each call makes at most 3 retries within 30 s ([`RetryPolicy::DATABASE`]). Where there is no connection, one is opened with
/// at most 5 retries, of which the last comes 0.3 s to 0.6 s before the end of the call that needs it. The breaker `database.connect` counts what became of connections, `database`
/// what became of statements. Where a breaker is open, the error is [`DbError::Died`], or [`DbError::NoConnection`] with
/// that inside, and says when to come again.
///
/// # Cancellation
/// A call whose future is dropped leaves its statement to the server, which may carry it out. A transaction is dropped
/// with its connection, and so rolled back unless COMMIT was sent.
pub struct Database {
    target: Target,
    limits: Limits,
    link: Mutex<Option<Arc<Link>>>,
}

impl Database {
    /// Does nothing yet.
    pub fn new(target: Target) -> Self {
        Self::with_limits(target, Limits::default())
    }

    /// With other limits for answers, statements and locks.
    pub fn with_limits(target: Target, limits: Limits) -> Self {
        Self {
            target,
            limits,
            link: Mutex::new(None),
        }
    }

    /// Where it is, and as whom; without the password.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// Sees to it that there is a connection. The other calls do so by themselves.
    ///
    /// # Errors
    /// [`DbError::NoConnection`]: none could be had in 6 attempts within 30 s, or the breaker `database.connect` is open.
    pub async fn connect(&self) -> Result<(), DbError> {
        self.link(FAR).await.map(drop)
    }

    /// Runs a write once, and gives how many rows it changed. Retried only where it was certainly not done.
    ///
    /// A procedure that commits by itself may have done a part where it was refused: do not call one with this.
    ///
    /// # Errors
    /// [`DbError::OutcomeUnknown`] if the connection was lost while the write was under way. With any other error, it was
    /// not done.
    pub async fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64, DbError> {
        let pending = Pending::default();
        let done = self.execute_once(sql, params, &pending).await;
        done.map_err(|error| pending.judge(error))
    }

    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(
        name = "database.execute",
        policy = RetryPolicy::DATABASE,
        attempt = attempt,
        // Settings may give it an `attempt_timeout`; what that cuts off may be done all the same.
        abort_on(DbError::Died(_))
    )]
    async fn execute_once(
        &self,
        sql: &str,
        params: Params<'_>,
        pending: &Pending,
    ) -> Result<u64, DbError> {
        let link = self.link(attempt.time_left()).await?;
        let client = link.shared().await;
        link.execute(&client, (sql, params), Intent::Once, pending)
            .await
    }

    /// Runs a write of which doing it twice is doing it once, such as `INSERT .. ON CONFLICT DO NOTHING` with a key of the
    /// client's. Retried also where the answer to it was lost.
    ///
    /// Gives how many rows the last attempt changed: an attempt before it may have changed them already.
    ///
    /// # Errors
    /// Where [`DbError::outcome_unknown`] is true, the write may have been done; it is safe to send it again. With any
    /// other error, it was not done.
    pub async fn execute_idempotent(&self, sql: &str, params: Params<'_>) -> Result<u64, DbError> {
        let pending = Pending::default();
        let done = self.execute_repeatedly(sql, params, &pending).await;
        done.map_err(|error| pending.judge(error))
    }

    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(name = "database.execute_idempotent", policy = RetryPolicy::DATABASE, attempt = attempt)]
    async fn execute_repeatedly(
        &self,
        sql: &str,
        params: Params<'_>,
        pending: &Pending,
    ) -> Result<u64, DbError> {
        let link = self.link(attempt.time_left()).await?;
        let client = link.shared().await;
        link.execute(&client, (sql, params), Intent::Repeatable, pending)
            .await
    }

    /// Runs a write of which doing it twice is doing it once, and reads the first column of the first row that it returns, if
    /// any: `INSERT .. ON CONFLICT .. RETURNING`. Retried as [`execute_idempotent`](Self::execute_idempotent) is.
    ///
    /// # Errors
    /// [`DbError::Misused`] if the column is of another type, which is found out when the write is done. Where
    /// [`DbError::outcome_unknown`] is true, it may have been done, which is also said where the row has more than
    /// [`Limits::most_bytes`]; it is safe to send it again. With any other error, it was not done.
    pub async fn fetch_value_idempotent<T: FromSqlOwned>(
        &self,
        sql: &str,
        params: Params<'_>,
    ) -> Result<Option<T>, DbError> {
        let pending = Pending::default();
        let row = self.write_and_read(sql, params, &pending).await;
        let row = row.map_err(|error| pending.judge(error))?;
        row.map(|row| column(&row, 0)).transpose()
    }

    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(name = "database.fetch_value_idempotent", policy = RetryPolicy::DATABASE, attempt = attempt)]
    async fn write_and_read(
        &self,
        sql: &str,
        params: Params<'_>,
        pending: &Pending,
    ) -> Result<Option<Row>, DbError> {
        let rows = self
            .rows(&attempt, (sql, params), (Keep::First, pending))
            .await?;
        Ok(rows.into_iter().next())
    }

    /// Reads rows, all of which are held in memory, up to [`Limits::most_bytes`]. Whatever the statement does besides may be
    /// done several times.
    ///
    /// # Errors
    /// [`DbError::Misused`] if the rows have more; else as [`DbError`] says.
    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(name = "database.fetch", policy = RetryPolicy::DATABASE, attempt = attempt)]
    pub async fn fetch(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, DbError> {
        let pending = Pending::default();
        self.rows(&attempt, (sql, params), (Keep::All, &pending))
            .await
    }

    /// Reads the first row, if there is any. Those behind it are sent by the server, and dropped one by one: `LIMIT 1` spares
    /// both the work.
    ///
    /// # Errors
    /// As [`DbError`] says.
    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(name = "database.fetch_row", policy = RetryPolicy::DATABASE, attempt = attempt)]
    pub async fn fetch_row(&self, sql: &str, params: Params<'_>) -> Result<Option<Row>, DbError> {
        let pending = Pending::default();
        let rows = self
            .rows(&attempt, (sql, params), (Keep::First, &pending))
            .await?;
        Ok(rows.into_iter().next())
    }

    /// Reads the first column of the first row, if there is any, as [`fetch_row`](Self::fetch_row) does. For a column that may be NULL, ask for an `Option`.
    ///
    /// # Errors
    /// [`DbError::Misused`] if the column is of another type; else as [`DbError`] says.
    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(name = "database.fetch_value", policy = RetryPolicy::DATABASE, attempt = attempt)]
    pub async fn fetch_value<T: FromSqlOwned>(
        &self,
        sql: &str,
        params: Params<'_>,
    ) -> Result<Option<T>, DbError> {
        let pending = Pending::default();
        let rows = self
            .rows(&attempt, (sql, params), (Keep::First, &pending))
            .await?;
        rows.first().map(|row| column(row, 0)).transpose()
    }

    /// Runs `work` in a transaction. Repeated as a whole where it certainly was not committed.
    ///
    /// # Errors
    /// [`DbError::OutcomeUnknown`] if the answer to COMMIT was lost; with any other error, it was rolled back.
    pub async fn transaction<W: Work>(&self, work: &W) -> Result<W::Output, DbError> {
        let pending = Pending::default();
        let done = self.transaction_attempts(work, &pending).await;
        done.map_err(|error| pending.judge(error))
    }

    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(
        name = "database.transaction",
        policy = RetryPolicy::DATABASE,
        attempt = attempt,
        // Settings may give it an `attempt_timeout`; what that cuts off may be done all the same.
        abort_on(DbError::Died(_))
    )]
    async fn transaction_attempts<W: Work>(
        &self,
        work: &W,
        pending: &Pending,
    ) -> Result<W::Output, DbError> {
        let link = self.link(attempt.time_left()).await?;
        transaction::attempt(&link, work, pending).await
    }

    /// Runs `work` in a transaction that is done once under `key`, however often it is asked for, and by however many.
    ///
    /// The key is written down in the same transaction, in the table `wait_or_die_done`
    /// ([`create_keys`](Self::create_keys)). Where the answer to COMMIT is lost, the next attempt finds the key there, or
    /// does the work again. An earlier transaction that has not ended yet makes it wait.
    ///
    /// # Errors
    /// Where [`DbError::outcome_unknown`] is true, it may have been committed; ask again with the same key. With any other
    /// error, it was rolled back.
    pub async fn transaction_once<W: Work>(
        &self,
        key: &Key,
        work: &W,
    ) -> Result<Once<W::Output>, DbError> {
        let pending = Pending::default();
        let done = self.transaction_once_attempts(key, work, &pending).await;
        done.map_err(|error| pending.judge(error))
    }

    #[circuit_breaker(
        name = "database",
        policy = STATEMENTS,
        ignore_if = DbError::counted_elsewhere
    )]
    #[wait_or_die(name = "database.transaction_once", policy = RetryPolicy::DATABASE, attempt = attempt, fields(key = key.as_str()))]
    async fn transaction_once_attempts<W: Work>(
        &self,
        key: &Key,
        work: &W,
        pending: &Pending,
    ) -> Result<Once<W::Output>, DbError> {
        let link = self.link(attempt.time_left()).await?;
        transaction::attempt_once(&link, key, work, pending).await
    }

    /// Creates the table of [`transaction_once`](Self::transaction_once), if it is not there.
    ///
    /// # Errors
    /// As [`DbError`] says.
    pub async fn create_keys(&self) -> Result<(), DbError> {
        self.transaction(&transaction::CreateKeys).await
    }

    /// The connection for a call that has so much time left, opened if there is none. One task opens it, the others wait for
    /// that one.
    ///
    /// Ends a little before the call does: that there is no connection is told as that, and does not count for the breaker of
    /// the statements.
    async fn link(&self, left: Duration) -> Result<Arc<Link>, DbError> {
        let linked = timeout(left.saturating_sub(MARGIN), self.linked(left)).await;
        linked.unwrap_or_else(|_| {
            let loss = Loss::of("not opened while there was time");
            Err(DbError::NoConnection(Box::new(DbError::Unreachable(loss))))
        })
    }

    async fn linked(&self, left: Duration) -> Result<Arc<Link>, DbError> {
        let by = at(now(), left);
        let mut held = self.link.lock().await;
        if let Some(link) = held.as_ref().filter(|link| link.is_alive()) {
            return Ok(Arc::clone(link));
        }
        *held = None;
        let left = by.saturating_duration_since(now());
        let opened = pace::within(left, self.open()).await;
        let link = Arc::new(opened.map_err(|error| DbError::NoConnection(Box::new(error)))?);
        *held = Some(Arc::clone(&link));
        Ok(link)
    }

    #[circuit_breaker(
        name = "database.connect",
        failure_threshold = 10,
        recovery_timeout = "30s"
    )]
    #[wait_or_die(
        name = "database.connect",
        timeout = "30s",
        attempt_timeout = "5s",
        max_retries = 5,
        // Settings that name a strategy take its place.
        strategy = pace::until_the_end,
        jitter = none,
        attempt = attempt,
        fields(server = %self.target)
    )]
    async fn open(&self) -> Result<Link, DbError> {
        pace::bound(attempt.time_left());
        Link::open(&self.target, &self.limits).await
    }

    async fn rows(
        &self,
        attempt: &Attempt,
        (sql, params): (&str, Params<'_>),
        (keep, pending): (Keep, &Pending),
    ) -> Result<Vec<Row>, DbError> {
        let link = self.link(attempt.time_left()).await?;
        let client = link.shared().await;
        let how = (Intent::Repeatable, keep);
        link.query(&client, (sql, params), how, pending).await
    }
}

/// A column of a row.
pub(crate) fn column<'a, T: FromSql<'a>>(row: &'a Row, index: usize) -> Result<T, DbError> {
    row.try_get(index)
        .map_err(|error| DbError::misused(&format_args!("column {}: {error}", index + 1)))
}
