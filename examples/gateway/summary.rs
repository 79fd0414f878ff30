//! The table at the end: what became of every order, and what it took.

use std::collections::{BTreeMap, HashSet};
use std::iter;

use crate::client::Outcome;
use crate::events::{Changes, Tally};
use crate::protocol::Name;

/// Orders by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) at_once: u32,
    pub(crate) after_retries: u32,
    pub(crate) reconciled: u32,
    pub(crate) rejected: u32,
    pub(crate) not_placed: u32,
    pub(crate) unknown: u32,
}

impl Summary {
    pub(crate) fn count(&mut self, outcome: Outcome) {
        let place = match outcome {
            Outcome::Filled {
                sent: 1,
                attempts: 1,
            } => &mut self.at_once,
            Outcome::Filled { .. } => &mut self.after_retries,
            Outcome::Reconciled => &mut self.reconciled,
            Outcome::Rejected => &mut self.rejected,
            Outcome::NotPlaced => &mut self.not_placed,
            Outcome::Unknown => &mut self.unknown,
        };
        *place += 1;
    }

    pub(crate) fn filled(&self) -> u32 {
        self.at_once + self.after_retries + self.reconciled
    }

    pub(crate) fn total(&self) -> u32 {
        self.filled() + self.rejected + self.not_placed + self.unknown
    }

    /// The orders by outcome, a line each.
    pub(crate) fn table(&self) -> String {
        let lines = [
            ("filled at the first attempt", self.at_once),
            ("filled after retries", self.after_retries),
            ("filled, answer lost, reconciled by asking", self.reconciled),
            ("rejected by the terminal", self.rejected),
            ("not placed, certainly not executed", self.not_placed),
            ("unknown", self.unknown),
            ("total", self.total()),
        ];
        let line = |(outcome, orders)| format!("{outcome:<44} {orders:>6}\n");
        let header = format!("{:<44} {:>6}\n", "outcome", "orders");
        iter::once(header).chain(lines.map(line)).collect()
    }

    /// What does not add up between the client's account and the terminal's own log.
    pub(crate) fn discrepancies(&self, orders: u32, executed: &[Name]) -> Vec<String> {
        let distinct = executed.iter().collect::<HashSet<_>>().len();
        let mut found = Vec::new();
        let mut expect = |what: &str, is: usize, should: u32| {
            if u32::try_from(is) != Ok(should) {
                found.push(format!("{what}: {is} instead of {should}"));
            }
        };
        expect("orders in the summary", self.total() as usize, orders);
        expect("orders in an unknown state", self.unknown as usize, 0);
        expect("executions", executed.len(), self.filled());
        expect("orders executed", distinct, self.filled());
        found
    }
}

/// What the annotated calls went through, a line for each that failed at least once.
pub(crate) fn calls(tallies: &BTreeMap<String, Tally>) -> String {
    let header = format!(
        "{:<24} {:>7} {:>9} {:>11} {:>7} {:>8} {:>9}\n",
        "call", "retries", "recovered", "not retried", "gave up", "rejected", "waited"
    );
    let line = |(operation, tally): (&String, &Tally)| {
        format!(
            "{operation:<24} {:>7} {:>9} {:>11} {:>7} {:>8} {:>7.2} s\n",
            tally.retries,
            tally.recovered,
            tally.not_retried,
            tally.gave_up,
            tally.rejected,
            tally.waited / 1e3
        )
    };
    iter::once(header).chain(tallies.iter().map(line)).collect()
}

/// What became of the breakers, a line for each that opened.
pub(crate) fn breakers(breakers: &BTreeMap<String, Changes>) -> String {
    let header = format!(
        "{:<24} {:>7} {:>9} {:>11}\n",
        "breaker", "opened", "reopened", "closed"
    );
    let line = |(name, changes): (&String, &Changes)| {
        format!(
            "{name:<24} {:>7} {:>9} {:>11}\n",
            changes.opened, changes.reopened, changes.closed
        )
    };
    iter::once(header)
        .chain(breakers.iter().map(line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Summary;
    use crate::client::Outcome;
    use crate::protocol::Name;

    fn names(ids: &[&str]) -> Vec<Name> {
        let name = |id: &&str| Name::try_from((*id).to_owned()).unwrap();
        ids.iter().map(name).collect()
    }

    #[test]
    fn the_account_is_held_against_the_terminals_log() {
        let mut summary = Summary::default();
        summary.count(Outcome::Filled {
            sent: 1,
            attempts: 1,
        });
        summary.count(Outcome::Reconciled);
        summary.count(Outcome::Rejected);
        assert_eq!(summary.total(), 3);
        assert!(summary.discrepancies(3, &names(&["a", "b"])).is_empty());
        assert_eq!(
            summary.discrepancies(3, &names(&["a", "a"])),
            ["orders executed: 1 instead of 2"]
        );
        assert_eq!(
            summary.discrepancies(4, &names(&["a", "b", "c"])),
            [
                "orders in the summary: 3 instead of 4",
                "executions: 3 instead of 2",
                "orders executed: 3 instead of 2"
            ]
        );
    }

    #[test]
    fn an_unknown_order_is_a_discrepancy() {
        let mut summary = Summary::default();
        summary.count(Outcome::Unknown);
        assert_eq!(
            summary.discrepancies(1, &[]),
            ["orders in an unknown state: 1 instead of 0"]
        );
    }
}
