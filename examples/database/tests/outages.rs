//! A thousand seeded outages, each of which ends before the retries do: all calls get through, and write what they write
//! once.

mod common;

use std::time::Duration;

use common::proxy::{Break, COMMIT, EXECUTE, Message, Moment};
use common::{Bench, INSERT};
use wait_or_die::settings::{self, CallSettings, Settings};
use wait_or_die::testing;
use wait_or_die_example_database::{DbError, Key, Once, Transaction, Work};

const OUTAGES: u32 = 1000;
const CALLS: [&str; 4] = [
    "database.connect",
    "database.execute_idempotent",
    "database.fetch_value",
    "database.transaction_once",
];

/// Waits of a millisecond; the numbers of attempts are as written.
fn at_once() -> Settings {
    let at_once = CallSettings::new()
        .with_initial_wait(Duration::from_millis(1))
        .with_max_wait(Duration::from_millis(1));
    CALLS
        .into_iter()
        .fold(Settings::new(), |all, call| all.with_call(call, at_once))
}

/// Writes one row.
struct Row<'a>(&'a str);

impl Work for Row<'_> {
    type Output = u64;

    async fn run(&self, transaction: &Transaction<'_>) -> Result<u64, DbError> {
        transaction.execute(INSERT, &[&self.0]).await
    }
}

/// Breaks the connection once to three times, which three retries outlive, and may refuse up to five new ones after
/// that, which the five retries of a connection outlive.
fn prepare(bench: &Bench, random: &mut fastrand::Rng, message: Message) {
    for _ in 0..random.u32(1..=3) {
        let moment = [Moment::Before, Moment::Answered][random.usize(..2)];
        let how = [Break::Cut, Break::Reset][random.usize(..2)];
        bench.proxy.arm(message, moment, how);
    }
    bench.proxy.refuse(random.u32(0..=5));
}

/// One call through an outage: whether it got the answer that it should.
async fn call(bench: &Bench, random: &mut fastrand::Rng, number: u32) -> bool {
    const KEYED: &str = "INSERT INTO keyed (what) VALUES ($1) ON CONFLICT DO NOTHING";
    let what = format!("outage-{number}");
    let database = &bench.database;
    let done = match number % 4 {
        0 => {
            prepare(bench, random, EXECUTE);
            let one = database.fetch_value::<i32>("SELECT 1", &[]).await;
            one.map(|one| one == Some(1))
        }
        1 => {
            prepare(bench, random, EXECUTE);
            let written = database.execute_idempotent(KEYED, &[&what]).await;
            written.map(|rows| rows <= 1)
        }
        kind => {
            // An attempt breaks at one of both.
            let message = if kind == 2 { EXECUTE } else { COMMIT };
            prepare(bench, random, message);
            let key = Key::new(what.as_str()).unwrap();
            let once = database.transaction_once(&key, &Row(&what)).await;
            once.map(|once| matches!(once, Once::Now(1) | Once::Before))
        }
    };
    bench.proxy.disarm();
    match done {
        Ok(is_right) => is_right,
        Err(error) => panic!("{what}: {error}"),
    }
}

#[tokio::test]
#[ignore = "needs postgres"]
async fn a_thousand_outages_are_outlived() {
    let bench = Bench::start(60).await;
    let keyed = "CREATE TABLE keyed (what text PRIMARY KEY)";
    bench.direct.execute(keyed, &[]).await.unwrap();
    bench.database.connect().await.unwrap();
    let mut random = fastrand::Rng::with_seed(60);
    let mut recovered = 0;
    for number in 0..OUTAGES {
        // Outages one after the other are more than a retry budget is for: each has one of its own.
        let _scope = testing::scope(u64::from(number));
        settings::apply(at_once()).unwrap();
        recovered += u32::from(call(&bench, &mut random, number).await);
    }
    assert_eq!(recovered, OUTAGES);
    let counts = "SELECT (SELECT count(*) FROM keyed), (SELECT count(*) FROM written),
                  (SELECT count(DISTINCT what) FROM written)";
    let counts = bench.direct.fetch_row(counts, &[]).await.unwrap().unwrap();
    let counts: [i64; 3] = [0, 1, 2].map(|column| counts.get(column));
    assert_eq!(counts, [250, 500, 500]);
}
