//! The real file system: several ledgers, tasks and processes on one directory.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use tempfile::TempDir;

use crate::ledger::{Ledger, LedgerError, Outcome, Registration, Settings, State};

fn open(dir: &Path) -> Ledger {
    Ledger::open(dir, Settings::default()).unwrap().0
}

#[tokio::test]
async fn an_order_from_its_registration_to_its_answer() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path().join("ledger");
    let (ledger, recovery) = Ledger::open(&dir, Settings::default()).unwrap();
    assert_eq!(
        (recovery.entries, recovery.torn, recovery.unsettled.len()),
        (0, None, 0)
    );
    let register = async |now| ledger.check_and_register("o-1", b"buy", now).await.unwrap();
    assert_eq!(register(1).await, Registration::New);
    assert_eq!(register(2).await, Registration::InProgress(State::Reserved));
    ledger.mark_sent("o-1", 3).await.unwrap();
    assert_eq!(register(4).await, Registration::InProgress(State::Sent));
    ledger
        .settle("o-1", Outcome::Unknown, b"", 5)
        .await
        .unwrap();
    assert_eq!(register(6).await, Registration::InProgress(State::Unknown));
    ledger.release("o-1", 7).await.unwrap();
    assert_eq!(ledger.unsettled().len(), 1);
    ledger.mark_sent("o-1", 8).await.unwrap();
    ledger
        .settle("o-1", Outcome::Done, b"ticket 7", 9)
        .await
        .unwrap();
    let answer = b"ticket 7".to_vec();
    let settled = Registration::Settled {
        state: State::Done,
        answer,
    };
    assert_eq!(register(10).await, settled);
    let other = ledger.check_and_register("o-1", b"sell", 11).await.unwrap();
    assert_eq!(other, Registration::OtherPayload);
    assert_eq!(ledger.unsettled(), []);
    let entry = ledger.get("o-1").unwrap();
    assert_eq!((entry.registered_at, entry.changed_at), (1, 9));
    ledger.close().await;
    let (ledger, recovery) = Ledger::open(&dir, Settings::default()).unwrap();
    assert_eq!((recovery.entries, recovery.unsettled.len()), (1, 0));
    assert_eq!(ledger.get("o-1"), Some(entry.clone()));
    let inspection = Ledger::inspect(&dir).unwrap();
    assert_eq!(inspection.entries, [entry]);
    assert_eq!(
        (
            inspection.generation,
            inspection.next_sequence,
            inspection.torn
        ),
        (1, 7, None)
    );
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let dir = TempDir::new().unwrap();
    let ledger = open(dir.path());
    for id in ["", &"o".repeat(65)] {
        let error = ledger.check_and_register(id, b"", 1).await.unwrap_err();
        assert!(
            matches!(error, LedgerError::Id { longest: 64, .. }),
            "{error}"
        );
    }
    let long = vec![0; (64 << 10) + 1];
    let error = ledger
        .check_and_register("o-1", &long, 1)
        .await
        .unwrap_err();
    assert!(
        matches!(error, LedgerError::TooLong { len: 65_537, .. }),
        "{error}"
    );
    let longest = (&"o".repeat(64), vec![0; 64 << 10]);
    let new = ledger
        .check_and_register(longest.0, &longest.1, 1)
        .await
        .unwrap();
    assert_eq!(new, Registration::New);
    let error = ledger
        .settle(longest.0, Outcome::Rejected, &long, 2)
        .await
        .unwrap_err();
    assert!(
        matches!(error, LedgerError::TooLong { len: 65_537, .. }),
        "{error}"
    );
    assert_eq!(ledger.state(longest.0), Some(State::Reserved));
}

#[test]
fn a_directory_without_a_parent_and_an_absent_ledger_are_errors() {
    let dir = TempDir::new().unwrap();
    let absent = dir.path().join("a").join("b");
    let error = Ledger::open(&absent, Settings::default()).unwrap_err();
    assert!(
        error.to_string().contains("cannot make the directory"),
        "{error}"
    );
    let error = Ledger::inspect(dir.path()).unwrap_err();
    assert!(error.to_string().contains("cannot open"), "{error}");
    assert_eq!(
        dir.path().read_dir().unwrap().count(),
        0,
        "inspecting made nothing"
    );
}

#[tokio::test]
async fn a_ledger_sees_what_another_one_wrote() {
    let dir = TempDir::new().unwrap();
    let (one, two) = (open(dir.path()), open(dir.path()));
    one.check_and_register("o-1", b"", 1).await.unwrap();
    assert_eq!(two.get("o-1"), None);
    two.refresh().await.unwrap();
    assert_eq!(two.state("o-1"), Some(State::Reserved));
    two.mark_sent("o-1", 2).await.unwrap();
    let error = one.mark_sent("o-1", 3).await.unwrap_err();
    assert!(
        matches!(
            error,
            LedgerError::Transition {
                state: State::Sent,
                ..
            }
        ),
        "{error}"
    );
    // What is in memory as SENT may have moved on elsewhere; what is settled cannot.
    one.settle("o-1", Outcome::Done, b"7", 4).await.unwrap();
    assert_eq!(two.state("o-1"), Some(State::Sent));
    let found = two.check_and_register("o-1", b"", 5).await.unwrap();
    let settled = Registration::Settled {
        state: State::Done,
        answer: b"7".to_vec(),
    };
    assert_eq!(found, settled);
}

/// 16 tasks on two ledgers, with checkpoints all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_tasks_gets_an_id_and_one_sends_it() {
    const ORDERS: usize = 25;
    let dir = TempDir::new().unwrap();
    let settings = Settings {
        checkpoint_at: 600,
        retain: None,
    };
    let ledgers = [(), ()].map(|()| Arc::new(Ledger::open(dir.path(), settings).unwrap().0));
    let mut tasks = Vec::new();
    for task in 0..16 {
        let ledger = Arc::clone(&ledgers[task % 2]);
        tasks.push(tokio::spawn(async move {
            let (mut new, mut sent) = (Vec::new(), Vec::new());
            for order in 0..ORDERS {
                let order = (order + task * 3) % ORDERS;
                let id = format!("o-{order}");
                let registration = ledger.check_and_register(&id, b"", 1).await.unwrap();
                if registration == Registration::New {
                    new.push(order);
                }
                if ledger.mark_sent(&id, 2).await.is_ok() {
                    sent.push(order);
                }
            }
            (new, sent)
        }));
    }
    // From outside, what is there stays there.
    let outside = dir.path().to_owned();
    let looked = tokio::task::spawn_blocking(move || {
        let looks = (0..50).map(|_| Ledger::inspect(&outside).unwrap());
        let looks: Vec<_> = looks
            .map(|it| (it.generation, it.next_sequence, it.entries.len()))
            .collect();
        assert!(looks.is_sorted(), "{looks:?}");
        assert!(
            looks.is_sorted_by_key(|(.., entries)| *entries),
            "{looks:?}"
        );
    });
    let (mut new, mut sent) = (Vec::new(), Vec::new());
    for task in tasks {
        let (of_task, sent_by_task) = task.await.unwrap();
        new.extend(of_task);
        sent.extend(sent_by_task);
    }
    looked.await.unwrap();
    new.sort_unstable();
    sent.sort_unstable();
    assert!(new.iter().copied().eq(0..ORDERS), "{new:?}");
    assert!(sent.iter().copied().eq(0..ORDERS), "{sent:?}");
    let inspection = Ledger::inspect(dir.path()).unwrap();
    assert_eq!(inspection.entries.len(), ORDERS);
    assert!(
        inspection
            .entries
            .iter()
            .all(|entry| entry.state == State::Sent)
    );
}

/// In the environment of a process that a test starts to be another user of the ledger: its directory, and a seed.
const CHILD: [&str; 2] = ["LEDGER_TEST_DIR", "LEDGER_TEST_SEED"];

/// Another process that runs `test` of this file; its lines can be read.
fn child(test: &str, dir: &Path, seed: u64) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args([
        &format!("ledger::tests::shared::{test}"),
        "--exact",
        "--nocapture",
    ]);
    command.env(CHILD[0], dir).env(CHILD[1], seed.to_string());
    command.stdout(Stdio::piped()).spawn().unwrap()
}

fn as_child() -> Option<(Ledger, fastrand::Rng)> {
    let dir = env::var_os(CHILD[0])?;
    let seed = env::var(CHILD[1]).unwrap().parse().unwrap();
    Some((open(dir.as_ref()), fastrand::Rng::with_seed(seed)))
}

/// Says whose the id is now; lines of the test harness may be around.
async fn claim(ledger: &Ledger, id: &str) {
    if ledger.check_and_register(id, b"", 1).await.unwrap() == Registration::New {
        println!("\nnew={id}");
    }
    if ledger.mark_sent(id, 2).await.is_ok() {
        println!("\nsent={id}");
    }
}

fn lines(child: &mut Child) -> impl Iterator<Item = (String, String)> + use<> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let lines = output.lines().map_while(Result::ok);
    lines.filter_map(|line| {
        let (what, id) = line.split_once('=')?;
        Some((what.to_owned(), id.to_owned()))
    })
}

#[tokio::test]
async fn one_of_three_processes_gets_an_id_and_one_sends_it() {
    let mut orders: Vec<String> = (0..60).map(|order| format!("o-{order}")).collect();
    if let Some((ledger, mut rng)) = as_child() {
        rng.shuffle(&mut orders);
        for id in orders {
            claim(&ledger, &id).await;
        }
        return;
    }
    let dir = TempDir::new().unwrap();
    let test = "one_of_three_processes_gets_an_id_and_one_sends_it";
    let mut children: Vec<Child> = (0..3).map(|seed| child(test, dir.path(), seed)).collect();
    let mut claims: BTreeMap<(String, String), usize> = BTreeMap::new();
    for child in &mut children {
        for claim in lines(child) {
            *claims.entry(claim).or_default() += 1;
        }
        assert!(child.wait().unwrap().success());
    }
    assert!(claims.values().all(|count| *count == 1), "{claims:?}");
    assert_eq!(claims.len(), 120, "{claims:?}");
    let entries = Ledger::inspect(dir.path()).unwrap().entries;
    assert_eq!(entries.len(), 60);
    assert!(entries.iter().all(|entry| entry.state == State::Sent));
}

#[tokio::test]
async fn what_a_killed_process_has_told_is_in_the_ledger() {
    if let Some((ledger, mut rng)) = as_child() {
        loop {
            claim(&ledger, &format!("o-{}", rng.u64(..))).await;
        }
    }
    let dir = TempDir::new().unwrap();
    let test = "what_a_killed_process_has_told_is_in_the_ledger";
    let mut rng = fastrand::Rng::with_seed(11);
    let (mut new, mut sent) = (BTreeSet::new(), BTreeSet::new());
    for seed in 0..6 {
        let mut child = child(test, dir.path(), seed);
        let mut lines = lines(&mut child);
        for (what, id) in lines.by_ref().take(rng.usize(1..30)) {
            if what == "new" {
                new.insert(id)
            } else {
                sent.insert(id)
            };
        }
        child.kill().unwrap();
        // What it said before it was killed counts as well.
        for (what, id) in lines {
            if what == "new" {
                new.insert(id)
            } else {
                sent.insert(id)
            };
        }
        child.wait().unwrap();
    }
    let inspected = Ledger::inspect(dir.path()).unwrap();
    let (ledger, recovery) = Ledger::open(dir.path(), Settings::default()).unwrap();
    assert_eq!(inspected.entries.len(), recovery.entries);
    assert!(new.iter().all(|id| ledger.get(id).is_some()));
    assert!(sent.iter().all(|id| ledger.state(id) == Some(State::Sent)));
    assert!(new.len() >= 6, "{} orders", new.len());
    // Each kill can leave one order that nobody was told of.
    assert!(
        recovery.entries <= new.len() + 6,
        "{} of {}",
        new.len(),
        recovery.entries
    );
}
