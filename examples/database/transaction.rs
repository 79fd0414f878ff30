//! Transactions that are repeated as a whole, and those that are done once under a key.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, IsolationLevel, Row};
use wait_or_die::SafeText;

use crate::error::{DbError, Loss, Refused};
use crate::intent::{Intent, Pending};
use crate::key::Key;
use crate::link::{Failure, Keep, Link, Params, not_sent};

/// The statements of a transaction. May be run several times; only one run is committed.
pub trait Work: Sync {
    /// What it gives.
    type Output: Send;

    /// How it is kept apart from other transactions.
    fn isolation(&self) -> IsolationLevel {
        IsolationLevel::ReadCommitted
    }

    /// Runs the statements, and nothing that cannot be rolled back. They all go through `transaction`: a call of the
    /// [`Database`](crate::Database) would wait for the end of this one. None of them is COMMIT or ROLLBACK.
    ///
    /// # Errors
    /// Any error rolls back; [`DbError::given_up`] is for reasons of its own.
    fn run(
        &self,
        transaction: &Transaction<'_>,
    ) -> impl Future<Output = Result<Self::Output, DbError>> + Send;
}

/// What [`Database::transaction_once`](crate::Database::transaction_once) found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once<T> {
    /// It was done by this call, in its last attempt.
    Now(T),
    /// It was done before: by an earlier call, or by an attempt of this one whose answer was lost.
    Before,
}

/// A transaction that is under way.
pub struct Transaction<'a> {
    link: &'a Link,
    client: &'a Client,
    statements: Mutex<Statements>,
}

/// What is known of the statements of a transaction.
#[derive(Default)]
struct Statements {
    /// The first error of one: from then on the server does nothing and rolls back at COMMIT.
    failed: Option<SafeText>,
    /// How many were begun whose answer has not been seen. One whose future was dropped stays here: it may have failed.
    unanswered: u32,
}

impl Transaction<'_> {
    /// Runs a statement, and gives how many rows it changed.
    ///
    /// # Errors
    /// As [`DbError`] says. Whatever it is, the transaction is not committed any more.
    ///
    /// # Cancellation
    /// A statement whose future is dropped may still fail at the server, which nobody would hear of: the transaction is not
    /// committed any more.
    pub async fn execute(&self, sql: &str, params: Params<'_>) -> Result<u64, DbError> {
        let pending = Pending::default();
        let intent = Intent::InTransaction;
        let done = self
            .link
            .execute(self.client, (sql, params), intent, &pending);
        self.watch(done).await
    }

    /// Reads rows, up to [`Limits::most_bytes`](crate::Limits::most_bytes).
    ///
    /// # Errors
    /// As [`execute`](Self::execute).
    ///
    /// # Cancellation
    /// As [`execute`](Self::execute).
    pub async fn fetch(&self, sql: &str, params: Params<'_>) -> Result<Vec<Row>, DbError> {
        let pending = Pending::default();
        let how = (Intent::InTransaction, Keep::All);
        let rows = self.link.query(self.client, (sql, params), how, &pending);
        self.watch(rows).await
    }

    /// Counts a statement as unanswered before anything of it is sent, until its answer is here.
    async fn watch<T>(
        &self,
        statement: impl Future<Output = Result<T, DbError>>,
    ) -> Result<T, DbError> {
        self.statements().unanswered += 1;
        let answer = statement.await;
        let mut statements = self.statements();
        statements.unanswered -= 1;
        if let Err(error) = &answer {
            let failed = &mut statements.failed;
            failed.get_or_insert_with(|| SafeText::filtered(error));
        }
        answer
    }

    /// The error that was passed over, if one was, or the answer that was not waited for.
    fn spoilt(&self) -> Result<(), DbError> {
        let statements = self.statements();
        match &statements.failed {
            Some(text) => Err(DbError::Spoilt(text.clone())),
            None if statements.unanswered > 0 => {
                let text = "the answer to it was not waited for";
                Err(DbError::Spoilt(SafeText::from(text)))
            }
            None => Ok(()),
        }
    }

    fn statements(&self) -> MutexGuard<'_, Statements> {
        let statements = self.statements.lock();
        statements.unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the connection of a transaction that is dropped half-way: it must not go on with the next caller's statements.
struct HalfDone<'a> {
    link: &'a Link,
    over: bool,
}

impl Drop for HalfDone<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.link.discard();
        }
    }
}

/// One attempt. None after one that has sent COMMIT: settings may give the call an `attempt_timeout`.
pub(crate) async fn attempt<W: Work>(
    link: &Link,
    work: &W,
    pending: &Pending,
) -> Result<W::Output, DbError> {
    pending.refuse_if_sent()?;
    let client = link.alone().await;
    let mut half_done = HalfDone { link, over: false };
    let transaction = begin(link, &client, work.isolation()).await?;
    let done = match work.run(&transaction).await {
        Ok(output) => transaction.spoilt().map(|()| output),
        Err(error) => Err(error),
    };
    let ended = end(link, &client, done, (pending, DbError::OutcomeUnknown)).await;
    half_done.over = true;
    ended
}

/// One attempt of what is done once.
pub(crate) async fn attempt_once<W: Work>(
    link: &Link,
    key: &Key,
    work: &W,
    pending: &Pending,
) -> Result<Once<W::Output>, DbError> {
    let client = link.alone().await;
    let mut half_done = HalfDone { link, over: false };
    let transaction = begin(link, &client, work.isolation()).await?;
    let claimed = claim(&transaction, key).await;
    if claimed.is_ok() {
        // Either way it is known what became of the attempts before: had one been committed, or could it still be, the
        // key would be taken.
        pending.settled();
    }
    let done = match claimed {
        Ok(true) => work.run(&transaction).await.map(Once::Now),
        Ok(false) => Ok(Once::Before),
        Err(error) => Err(error),
    };
    let done = done.and_then(|done| transaction.spoilt().map(|()| done));
    let ended = end(link, &client, done, (pending, DbError::CommitUnknown)).await;
    half_done.over = true;
    ended
}

async fn begin<'a>(
    link: &'a Link,
    client: &'a Client,
    isolation: IsolationLevel,
) -> Result<Transaction<'a>, DbError> {
    let level = match isolation {
        IsolationLevel::ReadUncommitted => "READ UNCOMMITTED",
        IsolationLevel::RepeatableRead => "REPEATABLE READ",
        IsolationLevel::Serializable => "SERIALIZABLE",
        _ => "READ COMMITTED",
    };
    let command = format!("BEGIN ISOLATION LEVEL {level}");
    let begun = link.command(client, &command).await;
    begun.map_err(not_sent)?;
    Ok(Transaction {
        link,
        client,
        statements: Mutex::default(),
    })
}

/// Whether the key is ours now; false if the work was done under it before. Waits for whoever holds it.
async fn claim(transaction: &Transaction<'_>, key: &Key) -> Result<bool, DbError> {
    const CLAIM: &str = "INSERT INTO wait_or_die_done (key) VALUES ($1) ON CONFLICT DO NOTHING";
    let claimed = transaction.execute(CLAIM, &[&key.as_str()]).await?;
    Ok(claimed == 1)
}

/// To a transaction that has failed `PostgreSQL` answers COMMIT without an error, and rolls back; the client library does not
/// show the word by which it says so. SAVEPOINT is refused there, and also where there is no transaction any more, and
/// what stands behind it is then not done. Both go out together.
const COMMIT: &str = "SAVEPOINT wait_or_die_end; COMMIT";

/// COMMIT, or ROLLBACK after an error.
async fn end<T>(
    link: &Link,
    client: &Client,
    done: Result<T, DbError>,
    (pending, unknown): (&Pending, impl FnOnce(Loss) -> DbError),
) -> Result<T, DbError> {
    let output = match done {
        Ok(output) => output,
        Err(error) => {
            roll_back(link, client).await;
            return Err(error);
        }
    };
    pending.sent();
    match link.command(client, COMMIT).await {
        Ok(()) => {
            pending.settled();
            Ok(output)
        }
        Err(Failure::Refused(refused)) if refused.ends_session() => {
            Err(unknown(Loss::of(&refused)))
        }
        Err(Failure::Refused(refused)) => {
            // Where it was SAVEPOINT that was refused, the transaction is still open.
            roll_back(link, client).await;
            Err(not_committed(refused, pending, unknown))
        }
        Err(Failure::Lost(loss)) => Err(unknown(loss)),
    }
}

/// If this fails, the connection is gone, and the transaction with it.
async fn roll_back(link: &Link, client: &Client) {
    if link.is_alive() && link.command(client, "ROLLBACK").await.is_err() {
        link.discard();
    }
}

/// What it means that COMMIT was refused.
fn not_committed(
    refused: Refused,
    pending: &Pending,
    unknown: impl FnOnce(Loss) -> DbError,
) -> DbError {
    if *refused.state() == SqlState::NO_ACTIVE_SQL_TRANSACTION {
        // A statement of the work was COMMIT or ROLLBACK; nobody knows which.
        return unknown(Loss::of("the work has ended the transaction by itself"));
    }
    pending.settled();
    if *refused.state() == SqlState::IN_FAILED_SQL_TRANSACTION {
        return DbError::Spoilt(SafeText::filtered(&refused));
    }
    DbError::Refused(refused)
}

/// The table of keys.
pub(crate) struct CreateKeys;

impl Work for CreateKeys {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        create(
            transaction,
            "CREATE TABLE IF NOT EXISTS wait_or_die_done (
                 key text PRIMARY KEY,
                 at timestamptz NOT NULL DEFAULT now()
             )",
        )
        .await
    }
}

/// Creates a table, one client at a time: two that do so at once are not both told that it exists.
pub(crate) async fn create(transaction: &Transaction<'_>, sql: &str) -> Result<(), DbError> {
    /// Any number that nobody else takes.
    const LOCK: &str = "SELECT pg_advisory_xact_lock(7740921513)";
    transaction.fetch(LOCK, &[]).await?;
    transaction.execute(sql, &[]).await?;
    Ok(())
}
