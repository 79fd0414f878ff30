//! The half-open state: who is probing, and what the probes found.

use super::ticks::Span;
use super::window::{Entry, Tally};
use crate::policy::BreakerPolicy;

#[derive(Debug)]
pub(super) struct Trial {
    tally: Tally,
    leases: Vec<(u32, Span)>,
    last_ticket: u32,
}

impl Trial {
    pub(super) const fn new() -> Self {
        Self {
            tally: Tally::NONE,
            leases: Vec::new(),
            last_ticket: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.tally = Tally::NONE;
        self.leases.clear();
    }

    pub(super) const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Probes under way.
    pub(super) fn probes(&self) -> u32 {
        u32::try_from(self.leases.len()).unwrap_or(u32::MAX)
    }

    /// Whether another probe may start. Where the rates of `half_open_calls` results decide, one more than those has
    /// nothing to find out.
    pub(super) fn has_place(&self, policy: &BreakerPolicy) -> bool {
        let mut taken = u64::from(self.probes());
        if policy.success_threshold().is_none() {
            taken += self.tally.calls;
        }
        taken < u64::from(policy.half_open_calls())
    }

    /// Takes a place for as long as the span lasts; gives the ticket that stands for it, which is not zero.
    pub(super) fn start(&mut self, span: Span) -> u32 {
        self.last_ticket = self.last_ticket.checked_add(1).unwrap_or(1);
        self.leases.push((self.last_ticket, span));
        self.last_ticket
    }

    /// Gives a place back; one that has expired is gone already.
    pub(super) fn give_back(&mut self, ticket: u32) {
        self.leases.retain(|lease| lease.0 != ticket);
    }

    /// Counts the result of a probe. That its place has expired does not make it untrue: a dependency whose answers
    /// take longer than a lease could never close the breaker otherwise.
    pub(super) fn finish(&mut self, ticket: u32, entry: Entry) {
        self.give_back(ticket);
        self.tally.add(entry);
    }

    /// Takes the places of those whose leases are over.
    pub(super) fn expire(&mut self, now: u64) {
        self.leases.retain_mut(|lease| lease.1.left(now) > 0);
    }

    /// The lease that ends first.
    pub(super) fn first_to_expire(&self, now: u64) -> Option<Span> {
        self.leases
            .iter()
            .map(|lease| lease.1)
            .min_by_key(|&(mut span)| span.left(now))
    }
}
