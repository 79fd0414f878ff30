//! The memory store: texts, found by what they mean or by their words.

use std::sync::Arc;

use tokio_postgres::Row;
use wait_or_die::{SafeText, circuit_breaker, wait_or_die};

use crate::database::{Database, column};
use crate::embedding::{EmbedError, Embedder, has_words, unit, words};
use crate::error::DbError;
use crate::key::Key;
use crate::transaction::{Transaction, Work, create};

/// How many memories at most one search gives.
const MOST: u16 = 1000;

/// Of how many memories [`Store::vectorize_missing`] reads the keys at once.
const PAGE: u16 = 100;

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
    /// Why it has no vector, if there is none now, from this call or from an earlier one: then a search by meaning does not find it, until
    /// [`Store::vectorize_missing`] has caught up.
    pub without_vector: Option<SafeText>,
}

/// What [`Store::vectorize_missing`] has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaughtUp {
    /// How many memories have a vector now that had none.
    pub given: u64,
    /// The keys of those that were passed over, and why: their texts get no vector, however often one asks.
    pub refused: Vec<(String, SafeText)>,
    /// Why it has stopped before the last, if it has: then the service gives none now.
    pub stopped: Option<SafeText>,
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
        // A vector of an earlier attempt or call stays, and one that it did not have is added. The text is compared in the
        // same statement: nobody can delete the row in between.
        const SAVE: &str =
            "INSERT INTO wait_or_die_memories AS old (key, text, vector) VALUES ($1, $2, $3)
             ON CONFLICT (key) DO UPDATE SET vector = coalesce(old.vector, excluded.vector)
                 WHERE old.text = excluded.text
             RETURNING vector IS NOT NULL";
        let (vector, without_vector) = match self.vectorize(text).await {
            Ok(vector) => (Some(vector), None),
            Err(error) => (None, Some(SafeText::filtered(&error))),
        };
        let saved = self
            .database
            .fetch_value_idempotent(SAVE, &[&key.as_str(), &text, &vector])
            .await?;
        match saved {
            Some(true) => Ok(Saved {
                without_vector: None,
            }),
            Some(false) => Ok(Saved { without_vector }),
            None => Err(StoreError::KeyTaken(key.clone())),
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

    /// Gives a vector to all memories that were saved without. Passes over those whose texts get none, and stops where the
    /// embedding service gives none at all, or its breaker is open. The texts are read one by one: many long ones together
    /// may be more than [`Limits::most_bytes`](crate::Limits::most_bytes). One that is more by itself is passed over too.
    ///
    /// # Errors
    /// As [`DbError`] says. What was done until then stays.
    pub async fn vectorize_missing(&self) -> Result<CaughtUp, DbError> {
        const NEXT: &str = "SELECT key FROM wait_or_die_memories
             WHERE vector IS NULL AND key > $1 ORDER BY key LIMIT $2";
        let mut caught_up = CaughtUp::default();
        let mut last = String::new();
        loop {
            let page = self
                .database
                .fetch(NEXT, &[&last, &i64::from(PAGE)])
                .await?;
            if page.is_empty() {
                return Ok(caught_up);
            }
            for row in page {
                last = column(&row, 0)?;
                let text = match self.missing(&last).await {
                    Ok(Some(text)) => text,
                    Ok(None) => continue,
                    Err(DbError::Misused(too_large)) => {
                        caught_up.refused.push((last.clone(), too_large));
                        continue;
                    }
                    Err(error) => return Err(error),
                };
                match self.vectorize(&text).await {
                    Ok(vector) => caught_up.given += self.give(&last, &text, &vector).await?,
                    Err(error @ (EmbedError::Refused(_) | EmbedError::Unusable)) => {
                        let why = SafeText::filtered(&error);
                        caught_up.refused.push((last.clone(), why));
                    }
                    Err(error) => {
                        caught_up.stopped = Some(SafeText::filtered(&error));
                        return Ok(caught_up);
                    }
                }
            }
        }
    }

    /// The text of a memory, if it is still there and without a vector.
    async fn missing(&self, key: &str) -> Result<Option<String>, DbError> {
        const TEXT: &str =
            "SELECT text FROM wait_or_die_memories WHERE key = $1 AND vector IS NULL";
        self.database.fetch_value(TEXT, &[&key]).await
    }

    /// Adds the vector of a text, unless the key has another one meanwhile, or none.
    async fn give(&self, key: &str, text: &str, vector: &[f32]) -> Result<u64, DbError> {
        const GIVE: &str =
            "UPDATE wait_or_die_memories SET vector = $3 WHERE key = $1 AND text = $2";
        self.database
            .execute_idempotent(GIVE, &[&key, &text, &vector])
            .await
    }

    /// The vector of a text, scaled to length 1.
    ///
    /// # Errors
    /// [`EmbedError::Refused`] without asking the service if there are no words in the text; [`EmbedError::Died`] if it
    /// took more than 10 s in all, or the breaker `embeddings` is open; else the service's own.
    pub async fn vectorize(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
        has_words(text)?;
        self.ask_for_vector(text).await
    }

    #[circuit_breaker(name = "embeddings", failure_threshold = 5, recovery_timeout = "60s")]
    #[wait_or_die(
        name = "embeddings.vectorize",
        timeout = "10s",
        attempt_timeout = "3s",
        max_retries = 2,
        initial_wait = "100ms",
        max_wait = "1s"
    )]
    async fn ask_for_vector(&self, text: &str) -> Result<Vec<f32>, EmbedError> {
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
