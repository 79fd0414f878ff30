//! What a ledger is to do, as plainly as it can be said, and scripts for it.

use std::collections::BTreeMap;

use crate::ledger::batch::{Answer, Request};
use crate::ledger::book::Registration;
use crate::ledger::entry::{Entry, Event, Kind, Outcome, State};
use crate::ledger::store::{Store, read_book};

use super::model::Model;

/// Every transition that there is.
pub(super) const ALLOWED: [(State, &str, State); 11] = [
    (State::Reserved, "sent", State::Sent),
    (State::Reserved, "settled as REJECTED", State::Rejected),
    (State::Sent, "released", State::Reserved),
    (State::Sent, "settled as DONE", State::Done),
    (State::Sent, "settled as REJECTED", State::Rejected),
    (State::Sent, "settled as UNKNOWN", State::Unknown),
    (State::Done, "settled as DONE", State::Done),
    (State::Unknown, "released", State::Reserved),
    (State::Unknown, "settled as DONE", State::Done),
    (State::Unknown, "settled as REJECTED", State::Rejected),
    // Not a state of its own: it may be registered where nothing is.
    (State::Reserved, "registered", State::Reserved),
];

/// The orders by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reference(pub(super) BTreeMap<String, Entry>);

impl Reference {
    /// Makes the change, and gives what the caller is to get; `None` for a refusal.
    pub(super) fn apply(&mut self, event: &Event) -> Option<Answer> {
        let id = event.id.to_string();
        let Some(entry) = self.0.get_mut(&id) else {
            let Kind::Registered { payload } = &event.kind else {
                return None;
            };
            let entry = Entry {
                id: id.clone(),
                payload: payload.to_vec(),
                state: State::Reserved,
                answer: None,
                registered_at: event.at,
                changed_at: event.at,
            };
            self.0.insert(id, entry);
            return Some(Answer::Registration(Registration::New));
        };
        if let Kind::Registered { payload } = &event.kind {
            return Some(Answer::Registration(found(entry, payload)));
        }
        let becomes = event.kind.becomes();
        let allowed = ALLOWED.iter().take(ALLOWED.len() - 1);
        let (.., to) = allowed
            .clone()
            .find(|(from, event, _)| (*from, *event) == (entry.state, becomes))?;
        entry.state = *to;
        entry.changed_at = event.at;
        entry.answer = match &event.kind {
            Kind::Settled { answer, .. } => Some(answer.to_vec()),
            _ => None,
        };
        Some(Answer::Made)
    }

    pub(super) fn with(&self, batch: &[Event]) -> Self {
        let mut with = self.clone();
        for event in batch {
            with.apply(event);
        }
        with
    }

    pub(super) fn unsettled(&self) -> Vec<String> {
        let open = self.0.values().filter(|entry| !entry.state.is_final());
        open.map(|entry| entry.id.clone()).collect()
    }
}

fn found(entry: &Entry, payload: &[u8]) -> Registration {
    if entry.payload != payload {
        return Registration::OtherPayload;
    }
    match entry.state {
        State::Done | State::Rejected => Registration::Settled {
            state: entry.state,
            answer: entry.answer.clone().unwrap_or_default(),
        },
        state => Registration::InProgress(state),
    }
}

/// What a store has.
pub(super) fn orders(store: &Store<Model>) -> Reference {
    let entries = read_book(&store.shared()).entries().into_iter();
    Reference(entries.map(|entry| (entry.id.clone(), entry)).collect())
}

pub(super) fn event(id: &str, at: u64, kind: Kind) -> Event {
    let id = id.into();
    Event { id, at, kind }
}

pub(super) fn register(id: &str, at: u64) -> Event {
    let payload = format!("payload of {id}").into_bytes().into();
    event(id, at, Kind::Registered { payload })
}

pub(super) fn settled(outcome: Outcome, answer: &str) -> Kind {
    let answer = answer.as_bytes().into();
    Kind::Settled { outcome, answer }
}

pub(super) fn requests(batch: &[Event]) -> Vec<Request> {
    batch.iter().cloned().map(Request::Change).collect()
}

/// A step of a script.
#[derive(Debug, Clone)]
pub(super) enum Step {
    Batch(Vec<Event>),
    Checkpoint,
}

/// Orders in all states, one after the other and in batches, with two checkpoints between; each of the changes may be
/// made.
pub(super) fn script() -> Vec<Step> {
    let mut at = 1_000;
    let mut steps = Vec::new();
    for round in 0..3 {
        let id = |order: &str| format!("{order}-{round}");
        let mut batch = |events: &[(&str, Option<Kind>)]| {
            let mut events_of = Vec::new();
            for (order, kind) in events {
                at += 1;
                events_of.push(match kind {
                    Some(kind) => event(&id(order), at, kind.clone()),
                    None => register(&id(order), at),
                });
            }
            steps.push(Step::Batch(events_of));
        };
        batch(&[("a", None)]);
        batch(&[("a", Some(Kind::Sent))]);
        batch(&[("b", None), ("c", None), ("d", None)]);
        batch(&[
            ("b", Some(Kind::Sent)),
            (
                "a",
                Some(settled(Outcome::Done, "filled at 1.08425, ticket 7")),
            ),
        ]);
        batch(&[("b", Some(settled(Outcome::Unknown, "")))]);
        batch(&[
            ("c", Some(settled(Outcome::Rejected, "10019 no money"))),
            ("d", Some(Kind::Sent)),
        ]);
        batch(&[
            ("d", Some(Kind::Released)),
            ("b", Some(settled(Outcome::Done, "found by asking"))),
        ]);
        batch(&[("e", None), ("e", Some(Kind::Sent))]);
        if round < 2 {
            steps.push(Step::Checkpoint);
        }
    }
    steps
}
