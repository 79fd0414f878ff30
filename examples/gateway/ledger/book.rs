//! All orders in memory, and changes to them that are not saved yet. Pure.

use std::collections::HashMap;
use std::time::Duration;

use super::entry::{Entry, Event, Kind, State};
use super::error::LedgerError;

/// What `check_and_register` found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Registration {
    /// The id was free; it is registered now, and nobody else gets this answer for it.
    New,
    /// The order is DONE or REJECTED, and this is what was answered.
    Settled { state: State, answer: Vec<u8> },
    /// Somebody is at it, or was when they died: RESERVED, SENT or UNKNOWN.
    InProgress(State),
    /// The id is taken by an order with another payload, whose state this says nothing of.
    OtherPayload,
}

impl Registration {
    /// Whether it cannot change any more: a final state, another payload.
    pub(super) const fn is_for_ever(&self) -> bool {
        matches!(self, Self::Settled { .. } | Self::OtherPayload)
    }
}

/// An order without its id, as it is held in memory.
#[derive(Debug, Clone)]
struct Slot {
    payload: Box<[u8]>,
    answer: Option<Box<[u8]>>,
    state: State,
    registered_at: u64,
    changed_at: u64,
}

impl Slot {
    fn entry(&self, id: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            payload: self.payload.to_vec(),
            state: self.state,
            answer: self.answer.as_deref().map(<[u8]>::to_vec),
            registered_at: self.registered_at,
            changed_at: self.changed_at,
        }
    }

    fn registration(&self, payload: &[u8]) -> Registration {
        if *self.payload != *payload {
            return Registration::OtherPayload;
        }
        if self.state.is_final() {
            let answer = self.answer.as_deref().unwrap_or_default().to_vec();
            return Registration::Settled {
                state: self.state,
                answer,
            };
        }
        Registration::InProgress(self.state)
    }

    fn kept(&self, id: &str) -> Event {
        Event {
            id: id.into(),
            at: self.changed_at,
            kind: Kind::Kept {
                payload: self.payload.clone(),
                state: self.state,
                answer: self.answer.clone(),
                registered_at: self.registered_at,
            },
        }
    }
}

/// All orders, as they are on disk.
#[derive(Debug, Default, Clone)]
pub(super) struct Book {
    slots: HashMap<Box<str>, Slot>,
    /// The latest time that any change has brought: what ages are measured against.
    latest: u64,
}

impl Book {
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn get(&self, id: &str) -> Option<Entry> {
        self.slots.get(id).map(|slot| slot.entry(id))
    }

    pub(super) fn state(&self, id: &str) -> Option<State> {
        self.slots.get(id).map(|slot| slot.state)
    }

    /// What `check_and_register` finds of an order that is here.
    pub(super) fn registration(&self, id: &str, payload: &[u8]) -> Option<Registration> {
        Some(self.slots.get(id)?.registration(payload))
    }

    /// Every order, the oldest first.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.sorted(|_| true)
    }

    /// The orders that are not in a final state, the oldest first.
    pub(super) fn unsettled(&self) -> Vec<Entry> {
        self.sorted(|slot| !slot.state.is_final())
    }

    /// The orders that are in a final state, the oldest first.
    pub(super) fn settled(&self) -> Vec<Entry> {
        self.sorted(|slot| slot.state.is_final())
    }

    fn sorted(&self, wanted: impl Fn(&Slot) -> bool) -> Vec<Entry> {
        let wanted = self.slots.iter().filter(|(_, slot)| wanted(slot));
        let mut entries: Vec<Entry> = wanted.map(|(id, slot)| slot.entry(id)).collect();
        entries.sort_by(|a, b| (a.registered_at, &a.id).cmp(&(b.registered_at, &b.id)));
        entries
    }

    /// What a checkpoint holds: all but the settled orders that are older than `retain`.
    pub(super) fn kept(&self, retain: Option<Duration>) -> impl Iterator<Item = Event> {
        let oldest = self.oldest(retain);
        let kept = self
            .slots
            .iter()
            .filter(move |(_, slot)| stays(slot, oldest));
        kept.map(|(id, slot)| slot.kept(id))
    }

    /// Drops what a checkpoint left out.
    pub(super) fn forget(&mut self, retain: Option<Duration>) {
        if let Some(oldest) = self.oldest(retain) {
            self.slots.retain(|_, slot| stays(slot, Some(oldest)));
        }
    }

    fn oldest(&self, retain: Option<Duration>) -> Option<u64> {
        let millis = u64::try_from(retain?.as_millis()).unwrap_or(u64::MAX);
        Some(self.latest.saturating_sub(millis))
    }

    pub(super) fn merge(&mut self, changes: Changes) {
        self.latest = self.latest.max(changes.latest);
        if self.slots.is_empty() {
            self.slots = changes.slots;
        } else {
            self.slots.extend(changes.slots);
        }
    }
}

fn stays(slot: &Slot, oldest: Option<u64>) -> bool {
    !slot.state.is_final() || oldest.is_none_or(|oldest| slot.changed_at >= oldest)
}

/// What a draft has changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    slots: HashMap<Box<str>, Slot>,
    latest: u64,
}

/// Changes on top of a book, which stays as it is until they are saved.
pub(super) struct Draft<'a> {
    book: &'a Book,
    changes: Changes,
}

impl<'a> Draft<'a> {
    pub(super) fn on(book: &'a Book) -> Self {
        Self {
            book,
            changes: Changes::default(),
        }
    }

    pub(super) fn into_changes(self) -> Changes {
        self.changes
    }

    fn slot(&self, id: &str) -> Option<&Slot> {
        self.changes
            .slots
            .get(id)
            .or_else(|| self.book.slots.get(id))
    }

    /// What is registered under the id; `None` if it is free.
    pub(super) fn registration(&self, id: &str, payload: &[u8]) -> Option<Registration> {
        Some(self.slot(id)?.registration(payload))
    }

    /// Makes the change, or says why it cannot be.
    pub(super) fn apply(&mut self, event: Event) -> Result<(), LedgerError> {
        let Event { id, at, kind } = event;
        let slot = match kind {
            Kind::Registered { payload } => {
                self.free(&id, "registered")?;
                Slot {
                    payload,
                    answer: None,
                    state: State::Reserved,
                    registered_at: at,
                    changed_at: at,
                }
            }
            Kind::Kept {
                payload,
                state,
                answer,
                registered_at,
            } => {
                self.free(&id, "kept")?;
                Slot {
                    payload,
                    answer,
                    state,
                    registered_at,
                    changed_at: at,
                }
            }
            kind => self.changed(&id, at, kind)?,
        };
        self.changes.latest = self.changes.latest.max(at);
        self.changes.slots.insert(id, slot);
        Ok(())
    }

    fn free(&self, id: &str, event: &'static str) -> Result<(), LedgerError> {
        self.slot(id)
            .map_or(Ok(()), |slot| Err(refusal(id, slot, event)))
    }

    fn changed(&mut self, id: &str, at: u64, kind: Kind) -> Result<Slot, LedgerError> {
        let Some(slot) = self.slot(id) else {
            return Err(LedgerError::NotRegistered { id: id.to_owned() });
        };
        let Some(state) = kind.leads_from(slot.state) else {
            return Err(refusal(id, slot, kind.becomes()));
        };
        let answer = match kind {
            Kind::Settled { answer, .. } => Some(answer),
            _ => None,
        };
        // Taken out where that is possible: reading a log changes most orders several times.
        let before = self.changes.slots.remove(id);
        let before = before.or_else(|| self.book.slots.get(id).cloned());
        let before = before.ok_or_else(|| LedgerError::NotRegistered { id: id.to_owned() })?;
        Ok(Slot {
            answer,
            state,
            changed_at: at,
            ..before
        })
    }
}

fn refusal(id: &str, slot: &Slot, event: &'static str) -> LedgerError {
    LedgerError::Transition {
        id: id.to_owned(),
        state: slot.state,
        event,
    }
}
