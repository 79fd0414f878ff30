//! A server, a proxy in front of it, and what the tests ask them.
#![allow(dead_code)] // each test program uses a part

pub(crate) mod proxy;

use std::time::Duration;

use proxy::Proxy;
use wait_or_die::settings::{self, BreakerSettings, CallSettings, Settings};
use wait_or_die::testing::{self, Scope};
use wait_or_die_example_database::{Database, DbError, Limits, Server};

/// Short enough for a test, long enough for a busy machine.
pub(crate) const LIMITS: Limits = Limits {
    answer_within: Duration::from_millis(1500),
    statement_timeout: Duration::from_secs(1),
    lock_timeout: Duration::from_millis(300),
    idle_in_transaction: Duration::from_secs(2),
    most_bytes: 1 << 20,
};

/// A server, a proxy, a database behind the proxy and one that reaches the server by itself.
pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) proxy: Proxy,
    pub(crate) database: Database,
    pub(crate) direct: Database,
    _scope: Scope,
}

impl Bench {
    /// With waits of a hundredth: the numbers of attempts are as written.
    pub(crate) async fn start(seed: u64) -> Self {
        let scope = testing::scope(seed);
        settings::apply(quick()).unwrap();
        let server = Server::start().await.unwrap();
        let proxy = Proxy::start(server.port()).await;
        let target = server.target_at(proxy.port()).unwrap();
        let bench = Self {
            database: Database::with_limits(target, LIMITS),
            direct: Database::with_limits(server.target().unwrap(), LIMITS),
            server,
            proxy,
            _scope: scope,
        };
        bench.direct.create_keys().await.unwrap();
        let table = "CREATE TABLE written (what text NOT NULL, by text)";
        bench.direct.execute(table, &[]).await.unwrap();
        bench
    }

    /// How often `what` has been written.
    pub(crate) async fn written(&self, what: &str) -> i64 {
        const COUNT: &str = "SELECT count(*) FROM written WHERE what = $1";
        let counted = self.direct.fetch_value(COUNT, &[&what]).await;
        counted.unwrap().unwrap()
    }
}

pub(crate) const INSERT: &str = "INSERT INTO written (what) VALUES ($1)";

/// Waits are shortened, numbers of attempts are not.
pub(crate) fn quick() -> Settings {
    let calls = [
        "database.connect",
        "database.execute",
        "database.execute_idempotent",
        "database.fetch",
        "database.fetch_row",
        "database.fetch_value",
        "database.fetch_value_idempotent",
        "database.transaction",
        "database.transaction_once",
        "embeddings.vectorize",
    ];
    let quick = CallSettings::new()
        .with_initial_wait(Duration::from_millis(10))
        .with_max_wait(Duration::from_millis(50));
    calls.into_iter().fold(Settings::new(), |settings, call| {
        settings.with_call(call, quick)
    })
}

/// As [`quick`], with breakers that let a probe pass after `recovery`.
pub(crate) fn quick_breakers(recovery: Duration) -> Settings {
    let breaker = BreakerSettings::new().with_recovery_timeout(recovery);
    ["database", "database.connect", "embeddings"]
        .into_iter()
        .fold(quick(), |settings, name| {
            settings.with_breaker(name, breaker)
        })
}

/// The server's code.
pub(crate) fn code(error: &DbError) -> Option<&str> {
    error.state().map(tokio_postgres::error::SqlState::code)
}
