//! One connection, from its opening to its loss.

use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use futures_util::TryStreamExt as _;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::task::AbortHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};
use wait_or_die::SafeText;

use crate::error::{DbError, Loss, Refused};
use crate::intent::{Intent, Pending};
use crate::target::Target;
use crate::turns::Turns;

/// Values for `$1`, `$2` and so on.
pub(crate) type Params<'a> = &'a [&'a (dyn ToSql + Sync)];

/// What the server takes in one message, less some room for what stands around the values.
const LARGEST: usize = (1 << 30) - (1 << 20);

/// How long things may take on one connection, and how much may come of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// After so long without an answer the connection is given up: the server is gone, or hangs. Counted from the last
    /// answer on the connection, so that a statement may stand behind others for longer; twice as long where any before it
    /// is one that nobody waits for any more. 5 s.
    pub answer_within: Duration,
    /// The server ends a statement that takes longer, with 57014. Less than `answer_within`, so that it is the server that
    /// says so, on a connection that lives on. 4 s.
    pub statement_timeout: Duration,
    /// The server ends a statement that waits longer for a lock, with 55P03, which is retried. 2 s.
    pub lock_timeout: Duration,
    /// The server ends a session that leaves a transaction open for longer. 10 s.
    pub idle_in_transaction: Duration,
    /// What is kept of the rows of one statement, in bytes; one whose rows have more gives [`DbError::Misused`], or
    /// [`DbError::OutcomeUnknown`] if it is a write. For more, ask in pages. 64 MiB.
    pub most_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            answer_within: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(4),
            lock_timeout: Duration::from_secs(2),
            idle_in_transaction: Duration::from_secs(10),
            most_bytes: 64 << 20,
        }
    }
}

impl Limits {
    /// The statement that tells the server. Zero would mean "no limit" to it.
    fn statement(&self) -> String {
        let millis = |limit: Duration| limit.as_millis().clamp(1, 1 << 30);
        format!(
            "SET statement_timeout = {}; SET lock_timeout = {}; \
             SET idle_in_transaction_session_timeout = {}",
            millis(self.statement_timeout),
            millis(self.lock_timeout),
            millis(self.idle_in_transaction)
        )
    }
}

/// Which rows are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    All,
    First,
}

/// An answer that is none.
#[derive(Debug)]
pub(crate) enum Failure {
    Refused(Refused),
    Lost(Loss),
}

/// A connection. Statements share it, a transaction has it to itself.
pub(crate) struct Link {
    client: RwLock<Client>,
    connection: AbortHandle,
    told: AtomicBool,
    turns: Turns,
    answer_within: Duration,
    most_bytes: usize,
}

impl Link {
    /// Opens one, and sets its limits.
    pub(crate) async fn open(target: &Target, limits: &Limits) -> Result<Self, DbError> {
        let dialled = dial(target).await;
        let (client, connection) = dialled.map_err(|error| unreachable(&error))?;
        let link = Self {
            client: RwLock::new(client),
            connection,
            told: AtomicBool::new(false),
            turns: Turns::default(),
            answer_within: limits.answer_within,
            most_bytes: limits.most_bytes,
        };
        let client = link.client.read().await;
        let set = link.command(&client, &limits.statement()).await;
        drop(client);
        set.map_err(|failure| match failure {
            Failure::Refused(refused) => DbError::Refused(refused),
            Failure::Lost(loss) => DbError::Unreachable(loss),
        })?;
        Ok(link)
    }

    /// Whether it is worth trying. One that was cut off a moment ago is not always known to be.
    pub(crate) fn is_alive(&self) -> bool {
        !self.connection.is_finished()
    }

    /// Closes it at once, for all who share it.
    pub(crate) fn discard(&self) {
        self.connection.abort();
    }

    /// For statements, which may share it.
    pub(crate) async fn shared(&self) -> RwLockReadGuard<'_, Client> {
        self.client.read().await
    }

    /// For a transaction: whatever else was sent meanwhile would be part of it.
    pub(crate) async fn alone(&self) -> RwLockWriteGuard<'_, Client> {
        self.client.write().await
    }

    /// Runs a statement, and gives how many rows it changed. What is to be done once is refused if it is out already, from
    /// an earlier attempt.
    pub(crate) async fn execute(
        &self,
        client: &Client,
        (sql, params): (&str, Params<'_>),
        intent: Intent,
        pending: &Pending,
    ) -> Result<u64, DbError> {
        if intent == Intent::Once {
            pending.refuse_if_sent()?;
        }
        let statement = self.prepare(client, sql, params).await?;
        let earlier = pending.sent();
        let answer = self.answer(client.execute(&statement, params)).await;
        let done = settle(answer, intent);
        if is_known(&done) && !earlier {
            pending.settled();
        }
        done
    }

    /// Runs a statement that may be repeated or is undone with its transaction, and gives the rows that are to be kept.
    pub(crate) async fn query(
        &self,
        client: &Client,
        (sql, params): (&str, Params<'_>),
        (intent, keep): (Intent, Keep),
        pending: &Pending,
    ) -> Result<Vec<Row>, DbError> {
        let statement = self.prepare(client, sql, params).await?;
        let earlier = pending.sent();
        let rows = read(client, &statement, params, keep, self.most_bytes);
        let done = settle(self.answer(rows).await, intent);
        // What is cut off was not read to its end, where the server says what the statement came to.
        let is_cut_off = matches!(done, Ok(None));
        if is_known(&done) && !is_cut_off && !earlier {
            pending.settled();
        }
        done?.ok_or_else(|| {
            let most = self.most_bytes;
            DbError::misused(&format_args!("the rows have more than {most} bytes"))
        })
    }

    /// Has the server parse a statement. That also finds out whether the connection still stands, before anything is sent
    /// whose outcome could then be unknown.
    async fn prepare(
        &self,
        client: &Client,
        sql: &str,
        params: Params<'_>,
    ) -> Result<Statement, DbError> {
        let prepared = self.answer(client.prepare(sql)).await;
        let statement = prepared.map_err(not_sent)?;
        check(&statement, params)?;
        Ok(statement)
    }

    /// Runs a statement without parameters or result, such as COMMIT.
    pub(crate) async fn command(&self, client: &Client, sql: &str) -> Result<(), Failure> {
        self.answer(client.batch_execute(sql)).await
    }

    async fn answer<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, Failure> {
        let error = match self.turns.wait(self.answer_within, answer).await {
            Some(Ok(value)) => return Ok(value),
            Some(Err(error)) => error,
            None => {
                let text = format!("no answer within {:?}", self.answer_within);
                return Err(Failure::Lost(self.loss(&text)));
            }
        };
        let Some(answer) = error.as_db_error() else {
            // Also what cannot be understood: nobody knows what comes next on such a connection.
            return Err(Failure::Lost(self.loss(&in_full(&error))));
        };
        let refused = Refused::new(answer);
        if refused.ends_session() {
            self.loss(&refused.to_string());
        }
        Err(Failure::Refused(refused))
    }

    /// Gives the connection up.
    fn loss(&self, text: &str) -> Loss {
        self.discard();
        Loss {
            text: SafeText::filtered(text),
            is_echo: self.told.swap(true, Ordering::Relaxed),
        }
    }
}

/// Whether it is known what became of a statement.
fn is_known<T>(done: &Result<T, DbError>) -> bool {
    match done {
        Ok(_) => true,
        Err(DbError::Refused(refused)) => !refused.ends_session(),
        Err(_) => false,
    }
}

/// The client, and what carries its messages.
async fn dial(target: &Target) -> Result<(Client, AbortHandle), tokio_postgres::Error> {
    #[cfg(test)]
    if let Some(server) = crate::simulated::here() {
        let dialled = target.config().connect_raw(server.dial(), NoTls).await?;
        return Ok((dialled.0, carry(dialled.1)));
    }
    let (client, connection) = target.config().connect(NoTls).await?;
    Ok((client, carry(connection)))
}

fn carry<C>(connection: C) -> AbortHandle
where
    C: Future<Output = Result<(), tokio_postgres::Error>> + Send + 'static,
{
    let carrying = tokio::spawn(async move {
        // Whoever waits for an answer hears of it.
        let _ = connection.await;
    });
    carrying.abort_handle()
}

/// The rows, or none if there is more in them than is kept. Those that are not kept are read all the same: what the
/// statement came to is said after the last.
async fn read(
    client: &Client,
    statement: &Statement,
    params: Params<'_>,
    keep: Keep,
    most_bytes: usize,
) -> Result<Option<Vec<Row>>, tokio_postgres::Error> {
    let mut arriving = pin!(client.query_raw(statement, params.iter().copied()).await?);
    let (mut rows, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = arriving.try_next().await? {
        if keep == Keep::First && !rows.is_empty() {
            continue;
        }
        bytes = bytes.saturating_add(row.raw_size_bytes());
        if bytes > most_bytes {
            return Ok(None);
        }
        rows.push(row);
    }
    Ok(Some(rows))
}

/// Refuses what the client library would refuse, before anything is sent: afterwards its errors do not tell.
fn check(statement: &Statement, params: Params<'_>) -> Result<(), DbError> {
    let types = statement.params();
    if types.len() != params.len() {
        let (expected, given) = (types.len(), params.len());
        let told = format_args!("the statement has {expected} parameters, {given} were given");
        return Err(DbError::misused(&told));
    }
    let mut encoded = BytesMut::new();
    for (number, (value, of)) in (1..).zip(params.iter().zip(types)) {
        let number: usize = number;
        let written = value.to_sql_checked(of, &mut encoded);
        written.map_err(|error| DbError::misused(&format_args!("parameter ${number}: {error}")))?;
        if encoded.len() > LARGEST {
            return Err(DbError::misused("the parameters are too large"));
        }
    }
    Ok(())
}

/// What became of a statement that was sent.
fn settle<T>(answer: Result<T, Failure>, intent: Intent) -> Result<T, DbError> {
    answer.map_err(|failure| match failure {
        // What ended the session may have come from between, after the server had done it.
        Failure::Refused(refused) if refused.ends_session() && intent == Intent::Once => {
            DbError::OutcomeUnknown(Loss::of(&refused))
        }
        Failure::Refused(refused) => DbError::Refused(refused),
        Failure::Lost(loss) => intent.unanswered(loss),
    })
}

pub(crate) fn not_sent(failure: Failure) -> DbError {
    match failure {
        Failure::Refused(refused) => DbError::Refused(refused),
        Failure::Lost(loss) => DbError::NotSent(loss),
    }
}

/// What came of opening a connection.
fn unreachable(error: &tokio_postgres::Error) -> DbError {
    if let Some(answer) = error.as_db_error() {
        return DbError::Refused(Refused::new(answer));
    }
    let of_the_network = |cause: &(dyn Error + 'static)| cause.is::<std::io::Error>();
    if error.is_closed() || error.source().is_some_and(of_the_network) {
        DbError::Unreachable(Loss::of(&in_full(error)))
    } else {
        // No TLS where it is required, no password where one is asked for, and the like.
        DbError::misused(&in_full(error))
    }
}

/// The error and what caused it: by itself it says no more than "error connecting to server".
fn in_full(error: &tokio_postgres::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
