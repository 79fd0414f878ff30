//! States, checkpoints and batches, one at a time.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use wait_or_die::testing;

use super::model::{Failing, Model};
use super::reference::{ALLOWED, event, orders, register, requests, settled};
use crate::ledger::Settings;
use crate::ledger::batch::{Answer, Request};
use crate::ledger::book::Registration;
use crate::ledger::entry::{Event, Kind, Outcome, State};
use crate::ledger::error::LedgerError;
use crate::ledger::read::LOG;
use crate::ledger::store::{Store, read_book};
use crate::ledger::writer::{self, Call};

fn open(model: &Model, settings: Settings) -> Store<Model> {
    Store::open(model.process(), settings).unwrap()
}

fn commit(store: &mut Store<Model>, event: Event) -> Result<Answer, LedgerError> {
    store.commit(&requests(&[event])).unwrap().remove(0)
}

/// An order that has come into the state by allowed ways.
fn bring(store: &mut Store<Model>, id: &str, state: State) {
    let ways = match state {
        State::Reserved => vec![],
        State::Sent => vec![Kind::Sent],
        State::Done => vec![Kind::Sent, settled(Outcome::Done, "")],
        State::Rejected => vec![settled(Outcome::Rejected, "")],
        State::Unknown => vec![Kind::Sent, settled(Outcome::Unknown, "")],
    };
    assert!(commit(store, register(id, 1)).is_ok());
    for kind in ways {
        assert!(commit(store, event(id, 2, kind)).is_ok());
    }
    assert_eq!(read_book(&store.shared()).state(id), Some(state));
}

#[test]
fn ten_transitions_are_allowed_and_the_others_say_what_they_are() {
    let (mut made, mut refused) = (0, 0);
    let states = [
        State::Reserved,
        State::Sent,
        State::Done,
        State::Rejected,
        State::Unknown,
    ];
    for from in states {
        for kind in [
            Kind::Sent,
            Kind::Released,
            settled(Outcome::Done, ""),
            settled(Outcome::Rejected, ""),
            settled(Outcome::Unknown, ""),
        ] {
            let mut store = open(&Model::new(), Settings::default());
            bring(&mut store, "o-1", from);
            let becomes = kind.becomes();
            let allowed = ALLOWED
                .iter()
                .find(|(state, event, _)| (*state, *event) == (from, becomes));
            let answer = commit(&mut store, event("o-1", 3, kind));
            let state = read_book(&store.shared()).state("o-1");
            if let Some((.., to)) = allowed {
                assert_eq!(
                    (answer.unwrap(), state),
                    (Answer::Made, Some(*to)),
                    "{from} {becomes}"
                );
                made += 1;
            } else {
                let told = format!("order `o-1` is {from}, so it cannot be {becomes}");
                assert_eq!(answer.unwrap_err().to_string(), told);
                assert_eq!(state, Some(from));
                refused += 1;
            }
        }
    }
    assert_eq!((made, refused), (10, 15));
}

#[test]
fn what_is_not_registered_cannot_be_changed() {
    let mut store = open(&Model::new(), Settings::default());
    for kind in [Kind::Sent, Kind::Released, settled(Outcome::Rejected, "")] {
        let error = commit(&mut store, event("o-1", 3, kind)).unwrap_err();
        assert_eq!(error.to_string(), "order `o-1` is not in the ledger");
    }
    assert!(orders(&store).0.is_empty());
}

#[test]
fn a_refusal_in_a_batch_leaves_the_others_alone_and_is_not_written() {
    let model = Model::new();
    let mut store = open(&model, Settings::default());
    let before = model.content(LOG).len();
    let refused = [event("o-1", 1, Kind::Sent)];
    assert!(store.commit(&requests(&refused)).unwrap()[0].is_err());
    assert_eq!(model.content(LOG).len(), before);
    let batch = [
        event("o-1", 1, Kind::Sent),
        register("o-1", 2),
        event("o-1", 3, Kind::Sent),
        register("o-1", 4),
    ];
    let answers = store.commit(&requests(&batch)).unwrap();
    let got = answers.into_iter().map(Result::ok);
    let new = Answer::Registration(Registration::New);
    let again = Answer::Registration(Registration::InProgress(State::Sent));
    assert!(got.eq([None, Some(new), Some(Answer::Made), Some(again)]));
    assert_eq!(orders(&open(&model, Settings::default())), orders(&store));
}

#[test]
fn what_changes_nothing_syncs_nothing() {
    let model = Model::new();
    let mut store = open(&model, Settings::default());
    commit(&mut store, register("o-1", 1)).unwrap();
    let before = model.syncs();
    let answer = commit(&mut store, register("o-1", 2)).unwrap();
    assert_eq!(
        answer,
        Answer::Registration(Registration::InProgress(State::Reserved))
    );
    store.commit(&[Request::Refresh]).unwrap();
    assert_eq!(model.syncs(), before);
    let batch: Vec<Event> = (0..50)
        .map(|order| register(&format!("b-{order}"), 3))
        .collect();
    store.commit(&requests(&batch)).unwrap();
    assert_eq!(model.syncs(), before + 1, "one for the whole batch");
}

#[test]
fn a_checkpoint_is_due_when_the_log_has_grown() {
    let model = Model::new();
    let settings = Settings {
        checkpoint_at: 500,
        ..Settings::default()
    };
    let (mut store, mut other) = (open(&model, settings), open(&model, Settings::default()));
    let mut generations = Vec::new();
    for order in 0..40 {
        commit(&mut store, register(&format!("o-{order}"), order)).unwrap();
        let before = model.content(LOG).len();
        if store.tidy().unwrap() {
            generations.push((before, model.content(LOG).len()));
        }
    }
    assert!(
        generations
            .iter()
            .all(|(before, after)| *before >= 500 && after < before),
        "{generations:?}"
    );
    let twice = generations
        .windows(2)
        .all(|pair| pair[1].0 >= 2 * pair[0].1);
    assert!(twice, "{generations:?}");
    assert!(generations.len() >= 2, "{generations:?}");
    other.commit(&[Request::Refresh]).unwrap();
    assert_eq!(orders(&other), orders(&store));
    assert_eq!(orders(&other).0.len(), 40);
    assert_eq!(other.generation(), 1 + generations.len() as u64);
}

#[test]
fn settled_orders_are_kept_for_ever_or_as_long_as_is_said() {
    let second = Duration::from_secs(1);
    for (retain, expected) in [
        (None, vec!["done", "new", "rejected", "unknown"]),
        (Some(second), vec!["new", "rejected", "unknown"]),
    ] {
        let model = Model::new();
        let mut store = open(
            &model,
            Settings {
                retain,
                ..Settings::default()
            },
        );
        for (id, at) in [("done", 999), ("unknown", 100), ("rejected", 1_000)] {
            commit(&mut store, register(id, at)).unwrap();
            if id != "rejected" {
                commit(&mut store, event(id, at, Kind::Sent)).unwrap();
            }
        }
        commit(&mut store, event("done", 999, settled(Outcome::Done, "1"))).unwrap();
        commit(
            &mut store,
            event("unknown", 100, settled(Outcome::Unknown, "")),
        )
        .unwrap();
        commit(
            &mut store,
            event("rejected", 1_000, settled(Outcome::Rejected, "")),
        )
        .unwrap();
        commit(&mut store, register("new", 2_000)).unwrap();
        let before = orders(&store);
        store.checkpoint().unwrap();
        let after = orders(&store);
        assert!(after.0.keys().eq(&expected), "{retain:?}: {after:?}");
        assert!(after.0.iter().all(|(id, entry)| before.0[id] == *entry));
        assert_eq!(orders(&open(&model, Settings::default())), after);
    }
}

#[test]
fn what_one_process_has_forgotten_the_others_forget() {
    let _scope = testing::scope(7);
    let retain = Some(Duration::from_secs(1));
    for failing_syncs in [0, 1] {
        let model = Model::new();
        let settings = Settings {
            retain,
            ..Settings::default()
        };
        let mut one = open(&model, settings);
        commit(&mut one, register("old", 1)).unwrap();
        commit(&mut one, event("old", 1, settled(Outcome::Rejected, ""))).unwrap();
        commit(&mut one, register("new", 5_000)).unwrap();
        let mut other = open(&model, Settings::default());
        one.checkpoint().unwrap();
        // With one that fails, the other process writes a log of its own from what it has read.
        model.fail(Some(Failing {
            first: 0,
            count: failing_syncs,
            only: Some("sync"),
            kind: std::io::ErrorKind::Other,
            synced_all_the_same: false,
        }));
        other.commit(&[Request::Refresh]).unwrap();
        assert_eq!(other.generation(), 2 + failing_syncs as u64);
        assert!(orders(&other).0.keys().eq(["new"]));
        one.commit(&[Request::Refresh]).unwrap();
        assert!(orders(&one).0.keys().eq(["new"]));
    }
}

fn call(id: &str) -> (Call, oneshot::Receiver<Result<Answer, LedgerError>>) {
    let (reply, answer) = oneshot::channel();
    let request = Request::Change(register(id, 1));
    (Call { request, reply }, answer)
}

#[test]
fn callers_who_have_left_before_their_turn_register_nothing() {
    let model = Model::new();
    let (calls, line) = mpsc::channel(8);
    let mut waiting = Vec::new();
    for id in ["stays-1", "left", "stays-2"] {
        let (call, answer) = call(id);
        calls.try_send(call).ok().unwrap();
        if id != "left" {
            waiting.push(answer);
        }
    }
    drop(calls);
    let ended = writer::start(open(&model, Settings::default()), line).unwrap();
    assert!(ended.blocking_recv().is_err());
    for answer in waiting {
        let answer = answer.blocking_recv().unwrap().unwrap();
        assert_eq!(answer, Answer::Registration(Registration::New));
    }
    let store = open(&model, Settings::default());
    assert!(orders(&store).0.keys().eq(["stays-1", "stays-2"]));
}

#[test]
fn all_that_wait_are_one_record() {
    let model = Model::new();
    let (calls, line) = mpsc::channel(64);
    let store = open(&model, Settings::default());
    let (before, mut waiting) = (model.syncs(), Vec::new());
    for order in 0..64 {
        let (call, answer) = call(&format!("o-{order}"));
        calls.try_send(call).ok().unwrap();
        waiting.push(answer);
    }
    drop(calls);
    let ended = writer::start(store, line).unwrap();
    assert!(ended.blocking_recv().is_err());
    assert_eq!(model.syncs(), before + 1);
    let new = waiting
        .into_iter()
        .filter_map(|answer| answer.blocking_recv().ok()?.ok());
    assert_eq!(
        new.filter(|answer| *answer == Answer::Registration(Registration::New))
            .count(),
        64
    );
}
