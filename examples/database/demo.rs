//! The demonstration: four writers save memories while the server is stopped and killed and the embedding service fails.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use wait_or_die::settings::{self, BreakerSettings, Settings};
use wait_or_die::{Classify as _, Verdict};
use wait_or_die_example_database::{
    By, Database, HashedWords, Key, Server, ServerError, Store, StoreError, Target, TargetError,
};

use crate::Failure;
use crate::commands::shown;
use crate::events::Events;

const WRITERS: u32 = 4;
const EACH: u32 = 75;
const ALL: u32 = WRITERS * EACH;
/// The server is stopped after so many, killed after so many more, and one of its sessions after as many again.
const FAULT_EVERY: u32 = 75;
/// The calls of the embedding service that fail: five open its breaker, two are probes that fail.
const OUTAGE: std::ops::Range<u64> = 100..107;
/// How long breakers stay open here. Written are 30 s and 60 s, which would be long to watch.
const RECOVERY: Duration = Duration::from_millis(700);

/// Between two memories of one writer.
const PAUSE: Duration = Duration::from_millis(25);
/// How often a writer asks again for the same memory.
const TRIES: u32 = 10;
/// Added to the memories that are done, when a writer gives up.
const GIVEN_UP: u32 = 1 << 31;
/// How often the missing vectors are asked for, while the embedding service's breaker is open.
const REPAIRS: u32 = 20;

const HOW_TO_INSTALL: &str = "\
There is no PostgreSQL on this machine to start (no `initdb` and `postgres` in PATH), and no DATABASE_URL.
  Debian, Ubuntu:   sudo apt-get install postgresql
  Fedora:           sudo dnf install postgresql-server
  macOS:            brew install postgresql
or name a database that may be written to:
  DATABASE_URL=postgresql://user:password@host/database cargo run --example database";

const SUBJECTS: [&str; 5] = [
    "green tea",
    "black coffee",
    "the night train",
    "an old map",
    "the harbour",
];
const PLACES: [&str; 5] = [
    "in Lisbon",
    "near the station",
    "at breakfast",
    "in winter",
    "for Anna",
];

pub(crate) async fn run(events: &Events) -> Result<ExitCode, Failure> {
    let breaker = BreakerSettings::new().with_recovery_timeout(RECOVERY);
    let settings = ["database", "database.connect", "embeddings"]
        .into_iter()
        .fold(Settings::new(), |settings, name| {
            settings.with_breaker(name, breaker)
        });
    settings::apply(settings)?;
    match Server::start().await {
        Ok(server) => {
            let target = server.target()?;
            events.line(&format!("a PostgreSQL of its own, at {target}"));
            show(events, target, Some(server)).await
        }
        Err(ServerError::NotInstalled) => match Target::from_env() {
            Ok(target) => {
                events.line(&format!("no PostgreSQL to start and kill; only faults of the embedding service, at {target}"));
                show(events, target, None).await
            }
            Err(TargetError::Missing) => {
                println!("{HOW_TO_INSTALL}");
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn show(
    events: &Events,
    target: Target,
    server: Option<Server>,
) -> Result<ExitCode, Failure> {
    let database = Arc::new(Database::new(target));
    let store = Store::new(Arc::clone(&database), HashedWords::with_outage(OUTAGE));
    store.create().await?;
    let desk = Arc::new(Desk {
        store,
        events: events.clone(),
        done: AtomicU32::new(0),
        without_vector: AtomicU32::new(0),
        run: Key::random()?,
    });
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| tokio::spawn(write(Arc::clone(&desk), writer)))
        .collect();
    // Lives until the end: it takes its folder with it.
    let _server = match server {
        Some(server) => Some(break_things(&desk, &database, server).await?),
        None => None,
    };
    let mut acknowledged = BTreeSet::new();
    for writer in writers {
        acknowledged.extend(writer.await??);
    }
    look(&desk).await?;
    verdict(&desk, &database, &acknowledged).await
}

/// What the writers share.
struct Desk {
    store: Store<HashedWords>,
    events: Events,
    done: AtomicU32,
    without_vector: AtomicU32,
    /// Begins the keys of this run: a database that is not ours may hold others.
    run: Key,
}

fn text(number: u32) -> String {
    let pick = |of: &[&'static str; 5], by: u32| {
        let at = usize::try_from(by % 5).unwrap_or_default();
        of.get(at).copied().unwrap_or_default()
    };
    let (subject, place) = (pick(&SUBJECTS, number), pick(&PLACES, number / 5));
    format!("note {number}: {subject} {place}")
}

/// Saves one memory after the other.
async fn write(desk: Arc<Desk>, writer: u32) -> Result<Vec<String>, Failure> {
    let mut acknowledged = Vec::new();
    for number in (0..EACH).map(|number| writer * EACH + number) {
        match desk.save(number).await {
            Ok(key) => acknowledged.push(key),
            Err(error) => {
                // Nobody waits for the rest.
                desk.done.fetch_or(GIVEN_UP, Ordering::Relaxed);
                return Err(error);
            }
        }
        desk.done.fetch_add(1, Ordering::Relaxed);
        // A person writes slower than this.
        tokio::time::sleep(PAUSE).await;
    }
    Ok(acknowledged)
}

/// Stops the server, kills it, and kills one of its sessions, each at its time.
async fn break_things(
    desk: &Desk,
    database: &Database,
    mut server: Server,
) -> Result<Server, Failure> {
    desk.until(FAULT_EVERY).await;
    desk.events.line("stopping the server");
    server.stop().await?;
    server.start_again().await?;
    desk.events.line("it is back");
    desk.until(FAULT_EVERY * 2).await;
    desk.events.line("killing the server (SIGKILL)");
    server.kill().await?;
    server.start_again().await?;
    desk.events.line("it is back, and has recovered");
    desk.until(FAULT_EVERY * 3).await;
    let session = database
        .fetch_value::<i32>("SELECT pg_backend_pid()", &[])
        .await?;
    if let Some(session) = session {
        desk.events
            .line("killing our session (SIGKILL): the server ends all of them and recovers");
        server.kill_session(session)?;
    }
    desk.until(ALL).await;
    Ok(server)
}

impl Desk {
    /// Saves a memory, and asks again with the same key where it is not known to be saved.
    async fn save(&self, number: u32) -> Result<String, Failure> {
        let key = Key::new(format!("{}-{number:03}", self.run)).ok_or("no key")?;
        let mut tries = 1;
        let saved = loop {
            match self.store.save(&key, &text(number)).await {
                Ok(saved) => break saved,
                Err(StoreError::Database(error))
                    if tries < TRIES && error.classify() != Verdict::Permanent =>
                {
                    let told = format!("note {number}: not known to be saved, again; {error}");
                    self.events.line(&told);
                    tries += 1;
                    tokio::time::sleep(RECOVERY).await;
                }
                Err(error) => return Err(error.into()),
            }
        };
        if saved.without_vector.is_some()
            && self.without_vector.fetch_add(1, Ordering::Relaxed) == 0
        {
            self.search("in between").await?;
        }
        Ok(key.to_string())
    }

    /// Searches, shows what was found, and gives how many memories could not be compared: at least 1 where none could.
    async fn search(&self, when: &str) -> Result<u64, Failure> {
        let found = self.store.search("coffee at breakfast", 3).await?;
        let told = format!(
            "searching for `coffee at breakfast` {when}, {}",
            shown(&found).replace('\n', "\n            ")
        );
        self.events.line(&told);
        Ok(found.not_compared.max(u64::from(found.by != By::Meaning)))
    }

    /// Waits until so many memories are saved.
    async fn until(&self, done: u32) {
        while self.done.load(Ordering::Relaxed) < done {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Adds what the embedding service did not give in time, and searches before and after.
async fn look(desk: &Desk) -> Result<(), Failure> {
    let without = desk.without_vector.load(Ordering::Relaxed);
    let events = &desk.events;
    events.line(&format!(
        "{ALL} memories saved, {without} of them without a vector"
    ));
    let mut missing = desk.search("afterwards").await?;
    for _ in 0..REPAIRS {
        if missing == 0 {
            break;
        }
        tokio::time::sleep(RECOVERY / 5).await;
        let given = desk.store.vectorize_missing().await?.given;
        if given > 0 {
            events.line(&format!("{given} memories were given their vector"));
            missing = desk.search("with all vectors").await?;
        }
    }
    Ok(())
}

/// Success if what was acknowledged is what is there.
async fn verdict(
    desk: &Desk,
    database: &Database,
    acknowledged: &BTreeSet<String>,
) -> Result<ExitCode, Failure> {
    const KEYS: &str = "SELECT key FROM wait_or_die_memories WHERE starts_with(key, $1)";
    let rows = database.fetch(KEYS, &[&desk.run.as_str()]).await?;
    let there: BTreeSet<String> = rows
        .iter()
        .map(|row| row.try_get(0))
        .collect::<Result<_, _>>()?;
    println!();
    println!(
        "{:<32}{:>8}{:>11}{:>9}",
        "call", "retries", "recovered", "gave up"
    );
    for (operation, tally) in desk.events.tallies() {
        println!(
            "{operation:<32}{:>8}{:>11}{:>9}",
            tally.retries, tally.recovered, tally.gave_up
        );
    }
    println!();
    if rows.len() == there.len() && there == *acknowledged {
        println!(
            "acknowledged and there: {}, none twice, none lost",
            there.len()
        );
        Ok(ExitCode::SUCCESS)
    } else {
        println!(
            "does not add up: {} acknowledged, {} rows, {} keys",
            acknowledged.len(),
            rows.len(),
            there.len()
        );
        Ok(ExitCode::FAILURE)
    }
}
