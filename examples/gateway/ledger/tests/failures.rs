//! Operations that fail: no order is registered by a call that failed, none is lost that was, and the ledger goes on.

use std::io::ErrorKind::{self, Other, StorageFull};

use wait_or_die::testing;

use super::inode::Leaves;
use super::model::{Failing, Model};
use super::reference::{Reference, Step, event, orders, register, requests, script};
use crate::ledger::Settings;
use crate::ledger::batch::{Answer, Answers, Request};
use crate::ledger::book::Registration;
use crate::ledger::entry::{Event, Kind};
use crate::ledger::error::StoreError;
use crate::ledger::store::Store;

struct Bench {
    model: Model,
    store: Store<Model>,
}

/// A ledger with one order, of which `only` then fails so many times.
fn bench(only: &'static str, count: usize, kind: ErrorKind) -> Bench {
    let model = Model::new();
    let store = Store::open(model.process(), Settings::default()).unwrap();
    let mut bench = Bench { model, store };
    bench.commit(&[register("before", 1)]).unwrap();
    bench.model.fail(Some(Failing {
        first: 0,
        count,
        only: Some(only),
        kind,
        synced_all_the_same: false,
    }));
    bench
}

impl Bench {
    fn commit(&mut self, batch: &[Event]) -> Result<Answers, StoreError> {
        self.store.commit(&requests(batch))
    }

    fn ids(&self) -> Vec<String> {
        orders(&self.store).0.into_keys().collect()
    }

    /// What is found after the power was cut.
    fn ids_on_disk(&self) -> Vec<String> {
        let image = self.model.after_crash(Leaves::Nothing);
        let store = Store::open(image, Settings::default()).unwrap();
        orders(&store).0.into_keys().collect()
    }
}

#[test]
fn a_full_disk_refuses_the_order_at_once_and_the_next_one_is_taken_when_there_is_room() {
    let scope = testing::scope(7);
    let mut bench = bench("write_at", 1, StorageFull);
    let error = bench.commit(&[register("o-1", 2)]).unwrap_err();
    let told = "cannot write `model/orders.log`: no storage space";
    assert_eq!(error.to_string(), told);
    assert_eq!(scope.elapsed().as_nanos(), 0, "no attempt but the first");
    assert_eq!(bench.ids(), ["before"]);
    assert_eq!(bench.ids_on_disk(), ["before"]);
    assert!(!bench.model.locked());
    let answers = bench.commit(&[register("o-1", 3)]).unwrap();
    assert!(matches!(
        answers[..],
        [Ok(Answer::Registration(Registration::New))]
    ));
    assert_eq!(bench.ids_on_disk(), ["before", "o-1"]);
    assert_eq!(
        bench.store.generation(),
        1,
        "the log was whole all the time"
    );
}

#[test]
fn a_write_that_fails_three_times_is_made_by_the_fourth_attempt() {
    let scope = testing::scope(7);
    let mut bench = bench("write_at", 3, Other);
    assert_eq!(bench.commit(&[register("o-1", 2)]).unwrap().len(), 1);
    assert_eq!(scope.elapsed().as_millis(), 5 + 10 + 20);
    assert_eq!(bench.ids_on_disk(), ["before", "o-1"]);
    assert_eq!(bench.store.generation(), 1);
}

#[test]
fn one_that_fails_a_fourth_time_is_refused() {
    let _scope = testing::scope(7);
    let mut bench = bench("write_at", 4, Other);
    bench.commit(&[register("o-1", 2)]).unwrap_err();
    assert_eq!(bench.ids(), ["before"]);
    assert_eq!(bench.ids_on_disk(), ["before"]);
}

/// The model does as Linux does: after a failed sync nothing is left to be written, and the next one goes well.
#[test]
fn after_a_failed_sync_everything_is_written_to_a_new_file() {
    let _scope = testing::scope(7);
    let mut bench = bench("sync", 1, Other);
    assert_eq!(bench.commit(&[register("o-1", 2)]).unwrap().len(), 1);
    assert_eq!(bench.store.generation(), 2);
    assert_eq!(bench.ids_on_disk(), ["before", "o-1"]);
    bench.commit(&[register("o-2", 3)]).unwrap();
    assert_eq!(bench.store.generation(), 2, "the new file is trusted");
    assert_eq!(bench.ids_on_disk(), ["before", "o-1", "o-2"]);
}

/// The sync says that it failed, and has put the record on disk.
#[test]
fn a_refused_order_is_taken_off_the_disk_again() {
    let _scope = testing::scope(7);
    let mut bench = bench("sync", 0, StorageFull);
    bench.model.fail(Some(Failing {
        first: 0,
        count: 1,
        only: Some("sync"),
        kind: StorageFull,
        synced_all_the_same: true,
    }));
    bench.commit(&[register("o-1", 2)]).unwrap_err();
    assert_eq!(bench.ids(), ["before"]);
    assert_eq!(bench.ids_on_disk(), ["before"]);
}

/// What another process wrote and did not sync, because it was killed, is seen; the sync of it fails once, and is well
/// the next time without anything reaching the disk.
#[test]
fn what_was_found_unsynced_is_written_to_a_new_file_after_a_failed_sync() {
    let _scope = testing::scope(7);
    let mut bench = bench("sync", 0, Other);
    let mut killed = Store::open(bench.model.process(), Settings::default()).unwrap();
    // Its operations: lock, open, read, length, write, and then none.
    bench.model.crash_at(Some(bench.model.operations() + 5));
    killed.commit(&requests(&[register("o-1", 2)])).unwrap_err();
    drop(killed);
    bench.model.crash_at(None);
    assert_eq!(bench.ids_on_disk(), ["before"]);
    bench.model.fail(Some(Failing {
        first: 0,
        count: 1,
        only: Some("sync"),
        kind: Other,
        synced_all_the_same: false,
    }));
    bench.store.commit(&[Request::Refresh]).unwrap();
    assert_eq!(bench.ids(), ["before", "o-1"]);
    assert_eq!(bench.ids_on_disk(), ["before", "o-1"]);
    assert_eq!(bench.store.generation(), 2);
}

#[test]
fn the_lock_is_kept_while_a_refused_order_cannot_be_cut_off() {
    let _scope = testing::scope(7);
    let mut bench = bench("truncate", 100, Other);
    let failing = Failing {
        first: 0,
        count: 100,
        only: None,
        kind: Other,
        synced_all_the_same: false,
    };
    bench.model.fail(Some(Failing {
        first: bench.model.operations() + 5,
        ..failing
    }));
    bench.commit(&[register("o-1", 2)]).unwrap_err();
    assert!(bench.model.locked());
    assert_eq!(bench.ids(), ["before"]);
    bench.model.fail(None);
    let answers = bench.commit(&[register("o-1", 3)]).unwrap();
    assert!(matches!(
        answers[..],
        [Ok(Answer::Registration(Registration::New))]
    ));
    assert!(!bench.model.locked());
    assert_eq!(bench.ids_on_disk(), ["before", "o-1"]);
}

#[test]
fn a_failed_checkpoint_leaves_the_log_and_no_other_file() {
    let _scope = testing::scope(7);
    for only in ["create", "write_at", "sync", "rename"] {
        let mut bench = bench(only, 1, StorageFull);
        let error = bench.store.checkpoint().unwrap_err().to_string();
        assert!(error.contains("orders.tmp"), "{error}");
        assert_eq!(bench.model.names(), ["orders.log"], "{only}");
        bench.commit(&[event("before", 2, Kind::Sent)]).unwrap();
        assert_eq!(bench.store.generation(), 1, "{only}");
        bench.store.checkpoint().unwrap();
        assert_eq!(bench.store.generation(), 2, "{only}");
        assert_eq!(bench.ids_on_disk(), ["before"], "{only}");
    }
}

/// The new log is in place and may be gone again after a crash: nothing is added to it before the directory is on disk.
#[test]
fn a_checkpoint_whose_directory_did_not_sync_is_synced_before_it_is_used() {
    let _scope = testing::scope(7);
    let mut bench = bench("sync_dir", 1, StorageFull);
    bench.store.checkpoint().unwrap_err();
    bench.commit(&[register("o-1", 2)]).unwrap();
    assert_eq!(bench.store.generation(), 2);
    assert_eq!(bench.ids_on_disk(), ["before", "o-1"]);
}

/// The script, while something fails in it. Calls that fail change nothing; the others do what they say.
fn run(model: &Model, failing: Failing) -> Option<(Store<Model>, Reference, Vec<Vec<Event>>)> {
    model.fail(Some(failing));
    let mut store = Store::open(model.process(), Settings::default()).ok()?;
    let (mut acknowledged, mut refused) = (Reference::default(), Vec::new());
    for step in script() {
        let Step::Batch(batch) = step else {
            // On an error the log goes on.
            let _ = store.checkpoint();
            continue;
        };
        match store.commit(&requests(&batch)) {
            Ok(answers) => {
                for (event, answer) in batch.iter().zip(answers) {
                    let expected = acknowledged.apply(event);
                    assert_eq!(answer.ok(), expected, "{failing:?}: {event:?}");
                }
            }
            Err(_) => refused.push(batch),
        }
        assert_eq!(orders(&store), acknowledged, "{failing:?}");
    }
    Some((store, acknowledged, refused))
}

/// After a crash all that was acknowledged is there, and at most one refused batch that nobody could cut off.
fn survives(model: &Model, acknowledged: &Reference, refused: &[Vec<Event>], context: &str) {
    for leaves in [
        Leaves::Nothing,
        Leaves::Everything,
        Leaves::Parts(1),
        Leaves::Parts(2),
    ] {
        let store = Store::open(model.after_crash(leaves), Settings::default());
        let found = orders(&store.unwrap_or_else(|error| panic!("{context}, {leaves:?}: {error}")));
        let fits = found == *acknowledged
            || refused
                .iter()
                .any(|batch| found == acknowledged.with(batch));
        assert!(fits, "{context}, {leaves:?}: {found:#?}\n{acknowledged:#?}");
    }
}

#[test]
fn whatever_fails_no_acknowledged_order_is_lost_and_the_ledger_goes_on() {
    let _scope = testing::scope(7);
    let (mut runs, mut refusals) = (0, 0);
    for first in 0..160 {
        for (count, kind, synced_all_the_same) in [
            (1, StorageFull, false),
            (1, Other, false),
            (2, Other, true),
            (3, Other, false),
            (7, Other, false),
            (7, StorageFull, true),
            (usize::MAX, Other, false),
        ] {
            let failing = Failing {
                first,
                count,
                only: None,
                kind,
                synced_all_the_same,
            };
            let model = Model::new();
            let Some((mut store, acknowledged, refused)) = run(&model, failing) else {
                continue;
            };
            let context = format!("{failing:?}");
            survives(&model, &acknowledged, &refused, &context);
            model.fail(None);
            let new = register("after", 9_999);
            let answers = store.commit(&requests(std::slice::from_ref(&new))).unwrap();
            assert!(matches!(
                answers[..],
                [Ok(Answer::Registration(Registration::New))]
            ));
            let expected = acknowledged.with(&[new]);
            assert_eq!(orders(&store), expected, "{context}");
            survives(&model, &expected, &[], &context);
            runs += 1;
            refusals += refused.len();
        }
    }
    assert!(runs >= 1_000, "{runs} runs");
    assert!(refusals >= 2_000, "{refusals} refusals");
}
