//! The memory store: texts, found by what they mean or by their words.

use std::sync::Arc;

use tokio_postgres::Row;
use wait_or_die::{SafeText, circuit_breaker, wait_or_die};

use crate::database::{Database, column};
use crate::embedding::{EmbedError, Embedder, unit, words};
use crate::error::DbError;
use crate::key::Key;
use crate::transaction::{Transaction, Work, create};

/// How many memories at most one search gives, or one [`Store::vectorize_missing`] catches up on.
const MOST: u16 = 1000;

/// Why something was not saved or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The key has been used for another text, which stays.
    #[error("the key `{0}` belongs to another text")]
    KeyTaken(Key),
    /// The database gave no answer that would do.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Why it has no vector yet, if it has none: then a search by meaning does not find it, until
    /// [`Store::vectorize_missing`] has caught up.
    pub without_vector: Option<SafeText>,
}

/// How memories were looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// By what they mean.
    Meaning,
    /// By their words, as was asked for.
    Text,
    /// By their words, because there was no vector of the question; why.
    TextInstead(SafeText),
}

/// One memory that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its key.
    pub key: String,
    /// What was saved.
    pub text: String,
    /// By meaning: the cosine, from -1 to 1. By text: the share of the words that are in it, above 0, up to 1.
    pub score: f64,
}

/// What a search has found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// How it was looked for.
    pub by: By,
    /// The best first, those that are as good in the order of their keys.
    pub hits: Vec<Hit>,
    /// How many memories a search by meaning could not look at, because they have no vector yet.
    pub not_compared: u64,
}

/// Texts in a database. Clones nothing: share it.
///
/// Each search reads all memories, which does for some ten thousand; beyond that, keep the vectors in `pgvector` and the
/// words in `pg_trgm`, and leave the calls as they are.
pub struct Store<E> {
    database: Arc<Database>,
    embedder: E,
}

impl<E: Embedder> Store<E> {
    /// A store in this database. Its table is made by [`create`](Self::create).
    pub const fn new(database: Arc<Database>, embedder: E) -> Self {
        Self { database, embedder }
    }

    /// The embedding service.
    pub const fn embedder(&self) -> &E {
        &self.embedder
    }

    /// Makes the table, if it is not there.
    ///
    /// # Errors
    /// As [`DbError`] says.
    pub async fn create(&self) -> Result<(), DbError> {
        self.database.transaction(&CreateMemories).await
    }

    /// Saves a text under a key of the client's. Asking again with the same key and text changes nothing, so that whoever
    /// got no answer asks again.
    ///
    /// A text that cannot be vectorized now is saved without, and the result says why.
    ///
    /// # Errors
    /// The key belongs to another text; or as [`DbError`] says, where [`DbError::outcome_unknown`] means that it may have
    /// been saved.
    pub async fn save(&self, key: &Key, text: &str) -> Result<Saved, StoreError> {
        let (vector, without_vector) = match self.vectorize(text).await {
            Ok(vector) => (Some(vector), None),
            Err(error) => (None, Some(SafeText::filtered(&error))),
        };
        let saved = self
            .database
            .execute_idempotent(
                "INSERT INTO wait_or_die_memories (key, text, vector) VALUES ($1, $2, $3)
                 ON CONFLICT (key) DO NOTHING",
                &[&key.as_str(), &text, &vector],
            )
            .await?;
        if saved == 0 {
            self.same_text(key, text).await?;
        }
        Ok(Saved { without_vector })
    }

    /// What is there already, from an attempt before or from another call, must be the same.
    async fn same_text(&self, key: &Key, text: &str) -> Result<(), StoreError> {
        const SAME: &str = "SELECT text = $2 FROM wait_or_die_memories WHERE key = $1";
        let same = self
            .database
            .fetch_value(SAME, &[&key.as_str(), &text])
            .await?;
        match same {
            Some(true) => Ok(()),
            Some(false) | None => Err(StoreError::KeyTaken(key.clone())),
        }
    }

    /// Finds the memories that mean most nearly the same; at most `most`, and at most 1,000. Where the embedding service
    /// gives no vector, or its breaker is open, they are looked for by their words, and the result says so.
    ///
    /// # Errors
    /// As [`DbError`] says.
    pub async fn search(&self, question: &str, most: u16) -> Result<Found, DbError> {
        let vector = match self.vectorize(question).await {
            Ok(vector) => vector,
            Err(error) => {
                let why = By::TextInstead(SafeText::filtered(&error));
                return self.by_text(question, most, why).await;
            }
        };
        let rows = self.database.fetch(
            "SELECT key, text, (SELECT sum(a::float8 * b::float8) FROM unnest(vector, $1::real[]) AS pair (a, b)) AS score
             FROM wait_or_die_memories WHERE cardinality(vector) = cardinality($1::real[])
             ORDER BY score DESC, key LIMIT $2",
            &[&vector, &i64::from(most.min(MOST))],
        ).await?;
        let hits = rows.iter().map(hit).collect::<Result<_, _>>()?;
        let missing = self
            .database
            .fetch_value::<i64>(
                "SELECT count(*) FROM wait_or_die_memories
             WHERE cardinality(vector) IS DISTINCT FROM cardinality($1::real[])",
                &[&vector],
            )
            .await?;
        let not_compared = missing.and_then(|count| u64::try_from(count).ok());
        Ok(Found {
            by: By::Meaning,
            hits,
            not_compared: not_compared.unwrap_or_default(),
        })
    }

    /// Finds the memories that have most of the words in them, in any case and also as a part of a longer word; at most
    /// `most`, and at most 1,000.
    ///
    /// # Errors
    /// As [`DbError`] says.
    pub async fn search_by_text(&self, question: &str, most: u16) -> Result<Found, DbError> {
        self.by_text(question, most, By::Text).await
    }

    async fn by_text(&self, question: &str, most: u16, by: By) -> Result<Found, DbError> {
        let mut words = words(question);
        words.sort();
        words.dedup();
        let rows = self
            .database
            .fetch(
                "SELECT key, text, score FROM (
                 SELECT key, text, (SELECT count(*) FROM unnest($1::text[]) AS word
                                    WHERE strpos(lower(text), word) > 0)::float8
                                   / greatest(cardinality($1::text[]), 1) AS score
                 FROM wait_or_die_memories
             ) AS scored WHERE score > 0 ORDER BY score DESC, key LIMIT $2",
                &[&words, &i64::from(most.min(MOST))],
            )
            .await?;
        let hits = rows.iter().map(hit).collect::<Result<_, _>>()?;
        Ok(Found {
            by,
            hits,
            not_compared: 0,
        })
    }

    /// Gives a vector to memories that were saved without; at most 1,000. Returns to how many. Stops at the first text that
    /// the embedding service gives none for.
    ///
    /// # Errors
    /// As [`DbError`] says.
    pub async fn vectorize_missing(&self) -> Result<u64, DbError> {
        let rows = self.database.fetch(
            "SELECT key, text FROM wait_or_die_memories WHERE vector IS NULL ORDER BY key LIMIT $1",
            &[&i64::from(MOST)],
        ).await?;
        let mut given = 0;
        for row in rows {
            let (key, text): (String, String) = (column(&row, 0)?, column(&row, 1)?);
            let Ok(vector) = self.vectorize(&text).await else {
                break;
            };
            given += self
                .database
                .execute_idempotent(
                    "UPDATE wait_or_die_memories SET vector = $2 WHERE key = $1",
                    &[&key, &vector],
                )
                .await?;
        }
        Ok(given)
    }

    /// The vector of a text, scaled to length 1.
    ///
    /// # Errors
    /// [`EmbedError::Died`] if it took more than 10 s in all, or the breaker `embeddings` is open; else the service's own.
    #[circuit_breaker(name = "embeddings", failure_threshold = 5, recovery_timeout = "60s")]
    #[wait_or_die(
        name = "embeddings.vectorize",
        timeout = "10s",
        attempt_timeout = "3s",
        max_retries = 2,
        initial_wait = "100ms",
        max_wait = "1s"
    )]
    pub async fn vectorize(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        let vector = self.embedder.embed(text).await?;
        unit(vector, self.embedder.dimensions())
    }
}

fn hit(row: &Row) -> Result<Hit, DbError> {
    Ok(Hit {
        key: column(row, 0)?,
        text: column(row, 1)?,
        score: column(row, 2)?,
    })
}

struct CreateMemories;

impl Work for CreateMemories {
    type Output = ();

    async fn run(&self, transaction: &Transaction<'_>) -> Result<(), DbError> {
        create(
            transaction,
            "CREATE TABLE IF NOT EXISTS wait_or_die_memories (
                 key text PRIMARY KEY,
                 text text NOT NULL,
                 vector real[],
                 at timestamptz NOT NULL DEFAULT now()
             )",
        )
        .await
    }
}
