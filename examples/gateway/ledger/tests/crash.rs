//! The machine stops, or the process is killed, in the place of each single operation of a script; then everything that a
//! call has returned for has to be there.

use wait_or_die::testing;

use super::inode::Leaves;
use super::model::Model;
use super::reference::{Reference, Step, orders, register, requests, script};
use crate::ledger::Settings;
use crate::ledger::batch::{Answer, Request};
use crate::ledger::book::Registration;
use crate::ledger::entry::Event;
use crate::ledger::store::{Store, read_book};

/// What calls have returned for, and the batch for which one has not.
struct Run {
    acknowledged: Reference,
    in_flight: Vec<Event>,
    finished: bool,
}

impl Run {
    /// All of a batch is there or nothing of it; of what was acknowledged, all.
    fn fits(&self, found: &Reference) -> bool {
        *found == self.acknowledged || *found == self.acknowledged.with(&self.in_flight)
    }
}

/// Runs the script until an operation fails.
fn run(model: &Model) -> Run {
    let mut run = Run {
        acknowledged: Reference::default(),
        in_flight: Vec::new(),
        finished: false,
    };
    let Ok(mut store) = Store::open(model.process(), Settings::default()) else {
        return run;
    };
    for step in script() {
        match step {
            Step::Batch(batch) => {
                let Ok(answers) = store.commit(&requests(&batch)) else {
                    run.in_flight = batch;
                    return run;
                };
                for (event, answer) in batch.iter().zip(answers) {
                    let expected = run.acknowledged.apply(event);
                    assert_eq!(answer.ok(), expected, "{event:?}");
                }
            }
            Step::Checkpoint => {
                if store.checkpoint().is_err() {
                    return run;
                }
            }
        }
    }
    run.finished = true;
    run
}

/// Every way in which it may come back, for each operation of the script: the number of operations, and of checks.
fn at_each_operation(mut check: impl FnMut(&Model, &Run, usize)) -> usize {
    let _scope = testing::scope(7);
    for operation in 0.. {
        let model = Model::new();
        model.crash_at(Some(operation));
        let run = run(&model);
        if run.finished {
            return operation;
        }
        check(&model, &run, operation);
    }
    unreachable!("the script ends")
}

fn ways(operation: usize) -> Vec<Leaves> {
    let seeds = (0..8).map(|seed| Leaves::Parts(operation as u64 * 8 + seed));
    [Leaves::Nothing, Leaves::Everything]
        .into_iter()
        .chain(seeds)
        .collect()
}

/// Opens what a crash has left, and looks at all that a caller can see.
fn look(model: &Model, run: &Run, context: &str) -> Reference {
    let mut store = Store::open(model.process(), Settings::default())
        .unwrap_or_else(|error| panic!("{context}: {error}"));
    let found = orders(&store);
    assert!(
        run.fits(&found),
        "{context}: {found:#?}\nacknowledged: {:#?}",
        run.acknowledged
    );
    let unsettled = read_book(&store.shared()).unsettled();
    let unsettled = unsettled.into_iter().map(|entry| entry.id);
    let mut unsettled: Vec<String> = unsettled.collect();
    unsettled.sort();
    assert_eq!(unsettled, found.unsettled(), "{context}");
    let again: Vec<Event> = found.0.keys().map(|id| register(id, 9_000)).collect();
    let answers = store.commit(&requests(&again)).unwrap();
    for (event, answer) in again.iter().zip(answers) {
        let expected = found.clone().apply(event);
        assert_ne!(expected, Some(Answer::Registration(Registration::New)));
        assert_eq!(answer.ok(), expected, "{context}: {event:?}");
    }
    found
}

#[test]
fn whatever_a_crash_leaves_everything_acknowledged_is_there() {
    let (mut torn, mut checks) = (0, 0);
    let operations = at_each_operation(|model, run, operation| {
        for leaves in ways(operation) {
            let context = format!("stopped at operation {operation}, {leaves:?}");
            let image = model.after_crash(leaves);
            let found = look(&image, run, &context);
            // What was shown once stays, also if it was found unsynced.
            let again = look(&image.after_crash(Leaves::Nothing), run, &context);
            assert_eq!(again, found, "{context}");
            let reopened = Store::open(model.after_crash(leaves), Settings::default());
            torn += usize::from(reopened.unwrap().torn().is_some());
            checks += 1;
        }
    });
    // If the script grows shorter or nothing is torn any more, this test says less than it did.
    assert!(operations >= 150, "{operations} operations");
    assert_eq!(checks, operations * 10);
    assert!(torn >= 50, "{torn} torn tails");
}

#[test]
fn a_crash_during_recovery_loses_nothing_either() {
    let mut checks = 0;
    at_each_operation(|model, run, operation| {
        for leaves in ways(operation).into_iter().take(4) {
            for second in 0.. {
                let image = model.after_crash(leaves);
                image.crash_at(Some(second));
                let opened = Store::open(image.process(), Settings::default()).is_ok();
                for left in [
                    Leaves::Nothing,
                    Leaves::Everything,
                    Leaves::Parts(second as u64),
                ] {
                    let context =
                        format!("stopped at {operation}, {leaves:?}, again at {second}, {left:?}");
                    look(&image.after_crash(left), run, &context);
                    checks += 1;
                }
                if opened {
                    break;
                }
            }
        }
    });
    assert!(checks >= 1_000, "{checks} checks");
}

/// The orders are the same after any crash.
fn stays(model: &Model, operation: usize, expected: &Reference) {
    for leaves in ways(operation) {
        let reopened = Store::open(model.after_crash(leaves), Settings::default());
        let found = orders(&reopened.unwrap());
        assert_eq!(
            found, *expected,
            "killed at operation {operation}, {leaves:?}"
        );
    }
}

fn registers_one_more(store: &mut Store<Model>) -> Reference {
    let before = orders(store);
    let new = register("after", 9_999);
    let answers = store.commit(&requests(std::slice::from_ref(&new))).unwrap();
    let answers: Vec<Option<Answer>> = answers.into_iter().map(Result::ok).collect();
    assert_eq!(answers, [Some(Answer::Registration(Registration::New))]);
    let after = orders(store);
    assert_eq!(after, before.with(&[new]));
    after
}

/// The process is killed, the machine goes on: what it had written and not synced is seen by the next process, which must
/// neither tell of it nor build on it before it is on disk.
#[test]
fn what_a_killed_process_left_unsynced_is_synced_by_who_finds_it() {
    at_each_operation(|model, run, operation| {
        model.crash_at(None);
        let found = look(model, run, &format!("killed at operation {operation}"));
        stays(model, operation, &found);
        let mut store = Store::open(model.process(), Settings::default()).unwrap();
        let after = registers_one_more(&mut store);
        stays(model, operation, &after);
    });
}

/// The same, seen by a process that had the ledger open all the time.
#[test]
fn a_process_goes_on_where_another_one_was_killed() {
    let _scope = testing::scope(7);
    for operation in 0.. {
        let model = Model::new();
        let mut survivor = Store::open(model.process(), Settings::default()).unwrap();
        model.crash_at(Some(model.operations() + operation));
        let killed = run(&model);
        model.crash_at(None);
        if killed.finished {
            assert!(operation >= 150, "{operation} operations");
            return;
        }
        survivor.commit(&[Request::Refresh]).unwrap();
        let found = orders(&survivor);
        assert!(killed.fits(&found), "killed at operation {operation}");
        stays(&model, operation, &found);
        let after = registers_one_more(&mut survivor);
        stays(&model, operation, &after);
    }
}
