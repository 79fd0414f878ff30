//! `save`, `search` and `repair`: the store in the database of the environment.

use std::process::ExitCode;
use std::sync::Arc;

use wait_or_die::redact;
use wait_or_die_example_database::{
    By, Database, Found, HashedWords, Key, Store, StoreError, Target,
};

use crate::Failure;
use crate::cli::Command;

pub(crate) async fn run(command: Command) -> Result<ExitCode, Failure> {
    let database = Arc::new(Database::new(Target::from_env()?));
    let store = Store::new(database, HashedWords::default());
    store.create().await?;
    match command {
        Command::Save { text, key } => save(&store, &text, key).await,
        Command::Search { text, words, most } => search(&store, &text, words, most).await,
        Command::Repair => repair(&store).await,
    }
}

async fn save(
    store: &Store<HashedWords>,
    text: &str,
    key: Option<String>,
) -> Result<ExitCode, Failure> {
    let key = match key {
        Some(key) => Key::new(key).ok_or("a key has 1 to 200 bytes, and no control characters")?,
        None => Key::random()?,
    };
    match store.save(&key, text).await {
        Ok(saved) => {
            println!("saved as {key}");
            if let Some(why) = saved.without_vector {
                println!("without a vector: {why}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(StoreError::Database(error)) if error.outcome_unknown() => Err(format!(
            "{error}; it may have been saved: do the same again with `--key {key}`"
        )
        .into()),
        Err(error) => Err(error.into()),
    }
}

async fn repair(store: &Store<HashedWords>) -> Result<ExitCode, Failure> {
    let caught_up = store.vectorize_missing().await?;
    println!("{} memories were given a vector", caught_up.given);
    for (key, why) in &caught_up.refused {
        println!("  {key} gets none: {why}");
    }
    match caught_up.stopped {
        Some(why) => Err(format!("stopped before the last: {why}").into()),
        None => Ok(ExitCode::SUCCESS),
    }
}

async fn search(
    store: &Store<HashedWords>,
    text: &str,
    words: bool,
    most: u16,
) -> Result<ExitCode, Failure> {
    let found = if words {
        store.search_by_text(text, most).await?
    } else {
        store.search(text, most).await?
    };
    println!("{}", shown(&found));
    Ok(ExitCode::SUCCESS)
}

/// What was found, a line each. The texts are what was asked for, and shown as they were saved, but for line breaks and
/// what a terminal would obey.
pub(crate) fn shown(found: &Found) -> String {
    let mut lines = vec![match &found.by {
        By::Meaning => "by meaning:".to_owned(),
        By::Text => "by words:".to_owned(),
        By::TextInstead(why) => format!("by words, because meaning cannot be compared ({why}):"),
    }];
    for hit in &found.hits {
        let text: String = hit
            .text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        lines.push(format!(
            "  {:.2}  {}  {}",
            hit.score,
            hit.key,
            redact::filter(&text)
        ));
    }
    if found.hits.is_empty() {
        lines.push("  nothing".to_owned());
    }
    if found.not_compared > 0 {
        lines.push(format!(
            "  {} memories have no vector yet and were not compared",
            found.not_compared
        ));
    }
    lines.join("\n")
}
