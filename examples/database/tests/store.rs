//! The memory store: what is saved once, what is found, and what is done while the embedding service fails.

mod common;

use std::sync::Arc;
use std::time::Duration;

use common::proxy::{Break, EXECUTE, Moment, Proxy};
use common::{LIMITS, quick, quick_breakers};
use wait_or_die::testing::Scope;
use wait_or_die::{Breaker, settings, testing};
use wait_or_die_example_database::{
    By, CaughtUp, Database, EmbedError, Embedder, Found, HashedWords, Key, Saved, Server, Store,
    StoreError,
};

/// A store behind a proxy.
struct Shelf<E> {
    store: Store<E>,
    proxy: Proxy,
    database: Arc<Database>,
    _server: Server,
    _scope: Scope,
}

impl<E: Embedder> Shelf<E> {
    async fn start(seed: u64, embedder: E) -> Self {
        let scope = testing::scope(seed);
        settings::apply(quick()).unwrap();
        let server = Server::start().await.unwrap();
        let proxy = Proxy::start(server.port()).await;
        let target = server.target_at(proxy.port()).unwrap();
        let database = Arc::new(Database::with_limits(target, LIMITS));
        let store = Store::new(Arc::clone(&database), embedder);
        store.create().await.unwrap();
        store.create().await.unwrap(); // again does no harm
        Self {
            store,
            proxy,
            database,
            _server: server,
            _scope: scope,
        }
    }

    async fn save(&self, key: &str, text: &str) -> Result<Saved, StoreError> {
        self.store.save(&Key::new(key).unwrap(), text).await
    }

    async fn count(&self) -> i64 {
        let count = "SELECT count(*) FROM wait_or_die_memories";
        self.database
            .fetch_value(count, &[])
            .await
            .unwrap()
            .unwrap()
    }
}

fn keys(found: &Found) -> Vec<&str> {
    found.hits.iter().map(|hit| hit.key.as_str()).collect()
}

const DONE: Saved = Saved {
    without_vector: None,
};

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_is_saved_is_found_by_meaning_and_by_words() {
    let shelf = Shelf::start(40, HashedWords::default()).await;
    for (key, text) in [
        ("a", "green tea in the morning"),
        ("b", "black coffee in the morning"),
        ("c", "Black coffee, black coffee"),
        ("d", "\u{8bb0}\u{5fc6} 100%_sure"),
    ] {
        assert_eq!(shelf.save(key, text).await.unwrap(), DONE);
    }
    let found = shelf.store.search("black coffee", 2).await.unwrap();
    assert_eq!((keys(&found), &found.by), (vec!["c", "b"], &By::Meaning));
    assert_eq!(found.hits[0].text, "Black coffee, black coffee");
    assert!((found.hits[0].score - 1.0).abs() < 1e-6, "{found:?}");
    assert_eq!(found.not_compared, 0);
    let found = shelf
        .store
        .search_by_text("MORNING coffee coffee", 10)
        .await
        .unwrap();
    assert_eq!((keys(&found), &found.by), (vec!["b", "a", "c"], &By::Text));
    let scores: Vec<_> = found.hits.iter().map(|hit| hit.score.to_string()).collect();
    assert_eq!(scores, ["1", "0.5", "0.5"]);
    // No pattern characters, no languages.
    for (question, expected) in [
        ("\u{8bb0}", vec!["d"]),
        ("%", vec![]),
        ("_", vec![]),
        ("100", vec!["d"]),
        ("'; DROP TABLE x", vec![]),
    ] {
        let found = shelf.store.search_by_text(question, 10).await.unwrap();
        assert_eq!(keys(&found), expected, "{question}");
    }
    assert_eq!(
        shelf
            .store
            .search_by_text("coffee", 1)
            .await
            .unwrap()
            .hits
            .len(),
        1
    );
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_key_is_one_text_however_often_it_is_saved() {
    let shelf = Shelf::start(41, HashedWords::default()).await;
    shelf.proxy.arm(EXECUTE, Moment::Answered, Break::Reset);
    assert_eq!(shelf.save("k", "tea").await.unwrap(), DONE);
    assert_eq!(shelf.save("k", "tea").await.unwrap(), DONE);
    let refusal = shelf.save("k", "coffee").await.unwrap_err();
    assert!(matches!(refusal, StoreError::KeyTaken(key) if key.as_str() == "k"));
    let found = shelf.store.search_by_text("tea coffee", 10).await.unwrap();
    assert_eq!((found.hits.len(), found.hits[0].text.as_str()), (1, "tea"));
    assert_eq!(shelf.count().await, 1);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn an_open_breaker_lets_texts_be_saved_and_found_by_words() {
    // The first call works; three attempts of the second fail, and two of the third open the breaker.
    let shelf = Shelf::start(42, HashedWords::with_outage(1..6)).await;
    assert_eq!(shelf.save("a", "green tea").await.unwrap(), DONE);
    let told = |saved: Saved| saved.without_vector.unwrap().as_str().to_owned();
    let second = told(shelf.save("b", "black tea").await.unwrap());
    assert_eq!(second, "the embedding service is unavailable: 503");
    let third = told(shelf.save("c", "black coffee").await.unwrap());
    assert!(
        third.contains("circuit breaker `embeddings` is open"),
        "{third}"
    );
    let breaker = Breaker::find("embeddings").unwrap();
    assert_eq!(
        (breaker.state().as_str(), shelf.store.embedder().calls()),
        ("open", 6)
    );

    let found = shelf.store.search("tea", 10).await.unwrap();
    let By::TextInstead(why) = &found.by else {
        panic!("{found:?}")
    };
    assert!(why.as_str().contains("is open"), "{why}");
    assert_eq!(keys(&found), ["a", "b"]);
    let none = shelf.store.vectorize_missing().await.unwrap();
    assert_eq!((none.given, none.refused), (0, vec![]));
    let why = none.stopped.unwrap();
    assert!(why.as_str().contains("is open"), "{why}");
    assert_eq!(shelf.store.embedder().calls(), 6, "it was left alone");

    settings::apply(quick_breakers(Duration::from_millis(1))).unwrap();
    tokio::time::sleep(Duration::from_millis(2)).await;
    let found = shelf.store.search("tea", 10).await.unwrap();
    assert_eq!((keys(&found), &found.by), (vec!["a"], &By::Meaning));
    assert_eq!(found.not_compared, 2);
    let caught_up = shelf.store.vectorize_missing().await.unwrap();
    let both = CaughtUp {
        given: 2,
        ..CaughtUp::default()
    };
    assert_eq!(caught_up, both);
    let found = shelf.store.search("tea", 10).await.unwrap();
    assert_eq!((found.hits.len(), found.not_compared), (3, 0));
    assert_eq!(keys(&found)[2], "c");
    assert_eq!(breaker.state().as_str(), "closed");
}

/// Gives something that is no vector.
struct Broken(Vec<f32>);

impl Embedder for Broken {
    fn dimensions(&self) -> usize {
        2
    }

    async fn embed(&self, _text: &str) -> Result<Vec<f32>, EmbedError> {
        Ok(self.0.clone())
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_is_no_vector_is_not_stored_as_one() {
    for (seed, vector) in [
        (43, vec![1.0]),
        (44, vec![0.0, 0.0]),
        (45, vec![f32::NAN, 1.0]),
    ] {
        let shelf = Shelf::start(seed, Broken(vector)).await;
        let saved = shelf.save("k", "tea").await.unwrap();
        let why = saved.without_vector.unwrap();
        assert_eq!(why.as_str(), "the embedding service gave no usable vector");
        let missing = "SELECT count(*) FROM wait_or_die_memories WHERE vector IS NULL";
        let missing = shelf.database.fetch_value::<i64>(missing, &[]).await;
        assert_eq!(missing.unwrap(), Some(1));
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_the_database_refuses_is_told_and_not_saved() {
    let shelf = Shelf::start(46, HashedWords::default()).await;
    let error = shelf.save("k", "nul \0 byte").await.unwrap_err();
    let StoreError::Database(error) = error else {
        panic!("{error}")
    };
    assert_eq!(common::code(&error), Some("22021"));
    assert!(!error.outcome_unknown());
    assert_eq!(shelf.count().await, 0);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn what_is_told_of_the_vector_is_what_is_there() {
    // The three attempts of the first call fail.
    let shelf = Shelf::start(47, HashedWords::with_outage(0..3)).await;
    let without = shelf.save("k", "black tea").await.unwrap();
    assert!(without.without_vector.is_some());
    // Saved again, it gets what it did not have.
    assert_eq!(shelf.save("k", "black tea").await.unwrap(), DONE);
    let found = shelf.store.search("tea", 5).await.unwrap();
    assert_eq!((keys(&found), found.not_compared), (vec!["k"], 0));

    let shelf = Shelf::start(48, HashedWords::with_outage(1..4)).await;
    assert_eq!(shelf.save("k", "black tea").await.unwrap(), DONE);
    // Saved again in an outage, it keeps what it had.
    assert_eq!(shelf.save("k", "black tea").await.unwrap(), DONE);
    assert_eq!(shelf.store.embedder().calls(), 4);
    let found = shelf.store.search("tea", 5).await.unwrap();
    assert_eq!((keys(&found), found.not_compared), (vec!["k"], 0));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_text_without_words_is_no_failure_of_the_service() {
    let shelf = Shelf::start(49, HashedWords::default()).await;
    for _ in 0..6 {
        let refusal = shelf.store.vectorize("???").await.unwrap_err();
        assert!(matches!(refusal, EmbedError::Refused(_)), "{refusal}");
    }
    assert_eq!(shelf.store.embedder().calls(), 0);
    assert!(shelf.store.vectorize("tea").await.is_ok());
    assert_eq!(shelf.store.embedder().calls(), 1);
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_text_that_gets_no_vector_does_not_stand_in_the_way_of_others() {
    let shelf = Shelf::start(50, HashedWords::default()).await;
    // Two pages of those that are refused, and one behind them.
    let refused = "INSERT INTO wait_or_die_memories (key, text)
                   SELECT 'a' || lpad(number::text, 3, '0'), '???' FROM generate_series(1, 200) AS number";
    assert_eq!(shelf.database.execute(refused, &[]).await.unwrap(), 200);
    let good = "INSERT INTO wait_or_die_memories (key, text) VALUES ('b', 'green tea')";
    assert_eq!(shelf.database.execute(good, &[]).await.unwrap(), 1);
    let caught_up = shelf.store.vectorize_missing().await.unwrap();
    assert_eq!((caught_up.given, caught_up.stopped), (1, None));
    assert_eq!(caught_up.refused.len(), 200);
    let (key, why) = &caught_up.refused[199];
    assert_eq!(key, "a200");
    assert!(why.as_str().contains("no words"), "{why}");
    let found = shelf.store.search("tea", 5).await.unwrap();
    assert_eq!((keys(&found), found.not_compared), (vec!["b"], 200));
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn long_texts_do_not_have_to_fit_together() {
    let shelf = Shelf::start(51, HashedWords::default()).await;
    // 0.4 MiB each, where 1 MiB is kept of one answer.
    let long = "INSERT INTO wait_or_die_memories (key, text)
                SELECT 'a' || number, repeat('tea ', 100 << 10) FROM generate_series(1, 5) AS number";
    assert_eq!(shelf.database.execute(long, &[]).await.unwrap(), 5);
    // And one that does not fit by itself, before them.
    let too_long =
        "INSERT INTO wait_or_die_memories (key, text) VALUES ('a', repeat('tea ', 300 << 10))";
    assert_eq!(shelf.database.execute(too_long, &[]).await.unwrap(), 1);
    let caught_up = shelf.store.vectorize_missing().await.unwrap();
    assert_eq!((caught_up.given, caught_up.stopped), (5, None));
    let [(key, why)] = &caught_up.refused[..] else {
        panic!("{:?}", caught_up.refused)
    };
    let told = "the rows have more than 1048576 bytes";
    assert_eq!((key.as_str(), why.as_str()), ("a", told));
    let found = shelf.store.search("tea", 1).await.unwrap();
    assert_eq!((keys(&found), found.not_compared), (vec!["a1"], 1));
}
