//! Holds against each other what clients were told, the ledger, and the terminal's own log.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ledger::{Order, State};
use crate::terminal::Execution;
use crate::told::{Asked, Heard, Says, Told};

/// What must not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// An order is in the terminal's log more than once, other than as one that waited and was filled.
    ExecutedTwice,
    /// Two orders have one ticket.
    SharedTicket,
    /// What was executed is not what was sent, or nobody sent it.
    NotWhatWasSent,
    /// An execution whose order is not DONE in the ledger.
    ExecutionNotDone,
    /// An order that is DONE in the ledger and was not executed.
    DoneNotExecuted,
    /// An order that is SENT or UNKNOWN in the ledger after everything was settled.
    Limbo,
    /// Told as executed, and not in the terminal's log.
    ToldNotExecuted,
    /// Told as executed with another ticket, volume, price or extent than the log has.
    ToldOtherwise,
    /// Told as executed or rejected, and the ledger does not hold that answer.
    AnswerLost,
    /// Told as rejected, and executed.
    RejectedExecuted,
    /// Told last as not executed, and executed.
    NotExecutedExecuted,
    /// Told as executed or rejected, and later something else.
    Contradicted,
    /// Its client never heard what became of it.
    LeftOpen,
    /// The answer to an order, or to a question about it, is none.
    NoAnswer,
    /// Another order under the same id was not refused.
    OtherTaken,
}

/// A rule that was broken, and the order that shows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    pub(crate) rule: Rule,
    pub(crate) order: String,
}

/// What there is to know after everything was settled.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    pub(crate) heard: Heard,
    pub(crate) ledger: BTreeMap<String, Order>,
    pub(crate) log: Vec<Execution>,
}

impl Evidence {
    /// Everything that is not as it must be; each rule once for each order.
    pub(crate) fn violations(&self) -> Vec<Violation> {
        let mut found = BTreeSet::new();
        let mut broken = |rule, order: &str| {
            let order = order.to_owned();
            found.insert(Violation { rule, order });
        };
        self.executions(&mut broken);
        self.states(&mut broken);
        let executions = self.by_order();
        let mut told = BTreeMap::<&str, Vec<&Told>>::new();
        for reply in &self.heard.told {
            told.entry(&reply.order).or_default().push(reply);
        }
        for id in self.heard.sent.keys() {
            let told = told.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            over_time(id, told, &mut broken);
            let executed = executions.get(id.as_str()).map_or(&[][..], Vec::as_slice);
            at_the_end(id, told, executed, self.ledger.get(id), &mut broken);
        }
        found.into_iter().collect()
    }

    /// The executions of each order, in their order.
    pub(crate) fn by_order(&self) -> BTreeMap<&str, Vec<&Execution>> {
        let mut by_order = BTreeMap::<_, Vec<_>>::new();
        for execution in &self.log {
            by_order.entry(execution.id()).or_default().push(execution);
        }
        by_order
    }

    fn executions(&self, broken: &mut impl FnMut(Rule, &str)) {
        let mut tickets = BTreeMap::new();
        for (id, executions) in self.by_order() {
            let once = match executions[..] {
                [_] => true,
                [waiting, filled] => filled.fills(waiting),
                _ => false,
            };
            if !once {
                broken(Rule::ExecutedTwice, id);
            }
            let state = self.ledger.get(id).map(|order| order.state);
            if state != Some(State::Done) {
                broken(Rule::ExecutionNotDone, id);
            }
            for execution in executions {
                if *tickets.entry(execution.ticket).or_insert(id) != id {
                    broken(Rule::SharedTicket, id);
                }
                if self.heard.sent.get(id) != Some(&execution.order) {
                    broken(Rule::NotWhatWasSent, id);
                }
            }
        }
    }

    fn states(&self, broken: &mut impl FnMut(Rule, &str)) {
        let executions = self.by_order();
        for (id, order) in &self.ledger {
            match order.state {
                State::Done if !executions.contains_key(id.as_str()) => {
                    broken(Rule::DoneNotExecuted, id);
                }
                State::Sent | State::Unknown => broken(Rule::Limbo, id),
                State::Reserved | State::Done | State::Rejected => {}
            }
        }
    }
}

/// Replies about one order, one after the other.
fn over_time(id: &str, told: &[&Told], broken: &mut impl FnMut(Rule, &str)) {
    let mut answer = None;
    for Told { asked, reply, .. } in told {
        let says = Says::of(reply);
        if *asked == Asked::SendOther {
            if reply["status"] != "ERROR" {
                broken(Rule::OtherTaken, id);
            }
            continue;
        }
        if says == Says::Other {
            broken(Rule::NoAnswer, id);
        }
        match answer {
            Some(before) if Says::is_filled_since(before, reply) => answer = Some(reply),
            Some(before) if before != reply => broken(Rule::Contradicted, id),
            None if says.is_final() => answer = Some(reply),
            _ => {}
        }
    }
}

/// What is left of it: every final answer, and the last one, against the log and the ledger.
fn at_the_end(
    id: &str,
    told: &[&Told],
    executed: &[&Execution],
    kept: Option<&Order>,
    broken: &mut impl FnMut(Rule, &str),
) {
    let answers = || told.iter().filter(|told| told.asked != Asked::SendOther);
    for Told { reply, .. } in answers() {
        let state = match Says::of(reply) {
            Says::Executed => {
                if executed.is_empty() {
                    broken(Rule::ToldNotExecuted, id);
                } else if !executed.iter().any(|execution| is_of(reply, execution)) {
                    broken(Rule::ToldOtherwise, id);
                }
                State::Done
            }
            Says::Rejected => {
                if !executed.is_empty() {
                    broken(Rule::RejectedExecuted, id);
                }
                State::Rejected
            }
            Says::NotExecuted | Says::Open | Says::Other => continue,
        };
        let is_kept = |kept: &Order| {
            let answer = answered(kept).unwrap_or_default();
            kept.state == state && (answer == *reply || Says::is_filled_since(reply, &answer))
        };
        if !kept.is_some_and(is_kept) {
            broken(Rule::AnswerLost, id);
        }
    }
    match answers().next_back().map(|told| Says::of(&told.reply)) {
        Some(Says::NotExecuted) if !executed.is_empty() => broken(Rule::NotExecutedExecuted, id),
        Some(Says::Executed | Says::Rejected | Says::NotExecuted) => {}
        Some(Says::Open | Says::Other) | None => broken(Rule::LeftOpen, id),
    }
}

fn answered(kept: &Order) -> Option<Value> {
    serde_json::from_slice(kept.answer.as_deref()?).ok()
}

/// Whether the reply tells this execution.
fn is_of(reply: &Value, execution: &Execution) -> bool {
    let taken = match reply["status"].as_str() {
        Some("FILLED") => "DONE",
        Some(status) => status,
        None => return false,
    };
    taken == execution.taken
        && reply["ticket"] == execution.ticket
        && reply["volume"] == *execution.volume
        && reply["price"] == *execution.price
}

#[cfg(test)]
mod tests;
