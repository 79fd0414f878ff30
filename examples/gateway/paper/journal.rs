//! The terminal's own log: every execution, in order; in memory, and in a file where it is to outlive the program.
//!
//! It is the terminal's, not the gateway's: who wants to know what was executed reads it, and nobody else.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::amount::{Amount, Money};
use crate::protocol::{Name, Order};
use crate::terminal::{Deal, Taken};

/// One execution. An order that waits has one when it is taken, and another one with the same ticket when it is filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Execution {
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    pub(crate) ticket: u64,
    pub(crate) taken: Taken,
    pub(crate) volume: Amount,
    pub(crate) price: Amount,
    pub(crate) order: Order,
}

impl Execution {
    pub(super) fn of(order: Order, deal: Deal, at: u64) -> Self {
        Self {
            at,
            ticket: deal.ticket,
            taken: deal.taken,
            volume: deal.volume,
            price: deal.price,
            order,
        }
    }

    pub(super) const fn deal(&self) -> Deal {
        Deal {
            ticket: self.ticket,
            taken: self.taken,
            volume: self.volume,
            price: self.price,
        }
    }
}

/// A position that came to its stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Closing {
    /// Milliseconds since 1970.
    pub(crate) at: u64,
    /// Its ticket.
    pub(crate) closed: u64,
    pub(crate) magic: u64,
    pub(crate) price: Amount,
    pub(crate) profit: Money,
}

/// A line of the file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Execution(Execution),
    Closing(Closing),
}

#[derive(Debug, Default)]
pub(super) struct Journal {
    executions: Vec<Execution>,
    closings: Vec<Closing>,
    /// Of an id, the first execution and the last one with the same ticket.
    by_id: HashMap<Name, (usize, usize)>,
    file: Option<LogFile>,
}

/// The file, and how much of it is whole lines.
#[derive(Debug)]
struct LogFile {
    file: File,
    whole: u64,
}

impl Journal {
    /// The log in this file, which is made if there is none. A last line that was cut off is left out and cut away: the
    /// program that wrote it was ended before it answered.
    ///
    /// # Errors
    /// The file cannot be read or written, or holds something else.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        let mut journal = Self::default();
        let mut whole = 0;
        let mut reader = BufReader::new(&file);
        let mut line = String::new();
        while reader.read_line(&mut line)? > 0 && line.ends_with('\n') {
            match serde_json::from_str(&line)? {
                Line::Execution(execution) => journal.keep(execution),
                Line::Closing(closing) => journal.closings.push(closing),
            }
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole)?;
        journal.file = Some(LogFile { file, whole });
        Ok(journal)
    }

    pub(super) fn executions(&self) -> &[Execution] {
        &self.executions
    }

    pub(super) fn closings(&self) -> &[Closing] {
        &self.closings
    }

    /// Lines about one magic number: one more with each order that is taken, filled or closed.
    pub(super) fn changes(&self, magic: u64) -> u64 {
        let executions = self.executions.iter();
        let executions = executions.filter(|execution| execution.order.magic == magic);
        let closings = self.closings.iter();
        let closings = closings.filter(|closing| closing.magic == magic);
        (executions.count() + closings.count()) as u64
    }

    /// # Errors
    /// The file cannot be written; then the execution did not take place.
    pub(super) fn add(&mut self, execution: Execution) -> io::Result<()> {
        self.write(&execution)?;
        self.keep(execution);
        Ok(())
    }

    /// # Errors
    /// The file cannot be written.
    pub(super) fn close(&mut self, closing: Closing) -> io::Result<()> {
        self.write(&closing)?;
        self.closings.push(closing);
        Ok(())
    }

    fn write(&mut self, line: &impl Serialize) -> io::Result<()> {
        let Some(log) = &mut self.file else {
            return Ok(());
        };
        let mut line = serde_json::to_vec(line)?;
        line.push(b'\n');
        let written = log.file.write_all(&line);
        match written {
            Ok(()) => log.whole += line.len() as u64,
            // The part of a line that was written must not be joined by the next one.
            Err(_) => log.file.set_len(log.whole)?,
        }
        written
    }

    fn keep(&mut self, execution: Execution) {
        let place = self.executions.len();
        let id = execution.order.client_order_id.clone();
        let (first, last) = self.by_id.entry(id).or_insert((place, place));
        let is_same = |at: usize| {
            let earlier: Option<&Execution> = self.executions.get(at);
            earlier.is_some_and(|earlier| earlier.ticket == execution.ticket)
        };
        if is_same(*first) {
            *last = place;
        }
        self.executions.push(execution);
    }

    /// What became of an order; of several under one id, which must not be, of the first.
    pub(super) fn find(&self, magic: u64, client_order_id: &Name) -> Option<Deal> {
        let (_, last) = self.by_id.get(client_order_id)?;
        let execution = self.executions.get(*last)?;
        (execution.order.magic == magic).then(|| execution.deal())
    }

    /// Every order and what became of it last, by its ticket.
    pub(super) fn orders(&self) -> Vec<(Order, Deal)> {
        let by_ticket: BTreeMap<u64, &Execution> = self
            .executions
            .iter()
            .map(|execution| (execution.ticket, execution))
            .collect();
        let told = |execution: &Execution| (execution.order.clone(), execution.deal());
        by_ticket.into_values().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Execution, Journal};
    use crate::protocol::Name;
    use crate::terminal::{Deal, Taken};
    use serde_json::json;
    use std::io::Write as _;

    fn execution(ticket: u64) -> Execution {
        let order = json!({"client_order_id": format!("o-{ticket}"), "type": "OP_BUY",
            "symbol": "EURUSD", "volume": "0.10", "price": "1.09", "magic": 7});
        let deal = Deal {
            ticket,
            taken: Taken::Done,
            volume: "0.10".parse().unwrap(),
            price: "1.08".parse().unwrap(),
        };
        Execution::of(serde_json::from_value(order).unwrap(), deal, 1)
    }

    #[test]
    fn an_order_that_waited_is_told_as_it_is_now() {
        let mut journal = Journal::default();
        let mut waiting = execution(1);
        waiting.taken = Taken::Placed;
        journal.add(waiting).unwrap();
        journal.add(execution(2)).unwrap();
        journal.add(execution(1)).unwrap();
        let told: Vec<_> = journal.orders().into_iter().map(|(_, deal)| deal).collect();
        assert_eq!(told, [execution(1).deal(), execution(2).deal()]);
        let id = Name::of_program("o-1");
        assert_eq!(journal.find(7, &id), Some(execution(1).deal()));
    }

    #[test]
    fn what_was_executed_is_there_after_the_program() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("terminal.log");
        let mut journal = Journal::open(&path).unwrap();
        journal.add(execution(1)).unwrap();
        journal.add(execution(2)).unwrap();
        drop(journal);
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap();
        file.write_all(b"{\"at\":1,\"tick").unwrap();
        drop(file);
        let mut journal = Journal::open(&path).unwrap();
        assert_eq!(journal.executions(), [execution(1), execution(2)]);
        journal.add(execution(3)).unwrap();
        let journal = Journal::open(&path).unwrap();
        assert_eq!(journal.executions().len(), 3);
        let [one, other] = ["o-2", "o-4"].map(|id| id.to_owned().try_into().unwrap());
        assert_eq!(journal.find(7, &one), Some(execution(2).deal()));
        assert_eq!(
            (journal.find(8, &one), journal.find(7, &other)),
            (None, None)
        );
    }
}
