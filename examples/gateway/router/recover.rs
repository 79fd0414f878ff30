//! What a start finds in the ledger and at the terminal, and makes of it before anybody is served.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::known::Known;
use super::{Router, told};
use crate::clock;
use crate::ledger::{Entry, LedgerError, Outcome, State};
use crate::protocol::{Body, Name, Order};
use crate::terminal::{Deal, Terminal};

/// How many orders are adopted at a time: enough to share the ledger's syncs.
const AT_A_TIME: usize = 256;

/// What came of holding the ledger against the terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Recovered {
    /// Unsettled in the ledger; the terminal had executed them.
    pub(crate) executed: usize,
    /// Unsettled; the terminal does not know them, and they may be sent again.
    pub(crate) released: usize,
    /// Unsettled; they were not sent, and may be.
    pub(crate) not_sent: usize,
    /// Unsettled; nobody could say yet.
    pub(crate) unknown: usize,
    /// Only the terminal knew them; the ledger has them now.
    pub(crate) adopted: usize,
    /// The ledger says something else of them than the terminal. Somebody has to look.
    pub(crate) contradicted: usize,
}

/// Why nobody can be served: what is executed at the terminal might be executed again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RecoverError {
    #[error("cannot hold the ledger against the terminal: {0}")]
    Terminal(String),
    #[error("cannot write down what the terminal has executed: {0}")]
    Ledger(#[from] LedgerError),
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            executed,
            released,
            not_sent,
            unknown,
            adopted,
            contradicted,
        } = self;
        write!(
            f,
            "orders found unsettled: {executed} executed, {released} not executed, {not_sent} not sent, {unknown} unknown"
        )?;
        if *adopted > 0 {
            write!(f, "; adopted from the terminal: {adopted}")?;
        }
        if *contradicted > 0 {
            write!(f, "; contradicted by the terminal: {contradicted}")?;
        }
        Ok(())
    }
}

impl<T: Terminal> Router<T> {
    /// Holds the ledger against all that the terminal has executed: settles what an earlier run left unsettled, and takes in
    /// what only the terminal knows, because its client may come again with it.
    ///
    /// # Errors
    /// The terminal could not be asked, or an order could not be taken in. Calling it again goes on where it ended.
    pub(crate) async fn recover(&self) -> Result<Recovered, RecoverError> {
        // What was handed over just before the end may still be under way, also what this ledger does not know.
        tokio::time::sleep(self.terminal.settles_within()).await;
        let history = self.history().await;
        let history = history.map_err(|error| RecoverError::Terminal(told(&error)))?;
        let mut recovered = Recovered {
            contradicted: self.missing(&history),
            ..Recovered::default()
        };
        let (known, orphans): (Vec<_>, Vec<_>) = history
            .into_iter()
            .partition(|(order, _)| self.is_known(&order.client_order_id));
        recovered.adopted = self.adopt(&orphans).await?;
        // Of several executions under one id, which must not be, one was adopted; the others contradict it.
        for (order, deal) in known.iter().chain(&orphans) {
            self.compare(order, deal, &mut recovered).await?;
        }
        for entry in self.ledger.unsettled() {
            self.unsettled(&entry, &mut recovered).await;
        }
        Ok(recovered)
    }

    fn is_known(&self, id: &Name) -> bool {
        self.ledger.state(id.as_str()).is_some()
    }

    /// One order that both know.
    async fn compare(
        &self,
        order: &Order,
        deal: &Deal,
        found: &mut Recovered,
    ) -> Result<(), LedgerError> {
        let Some(entry) = self.ledger.get(order.client_order_id.as_str()) else {
            return Ok(());
        };
        let is_ours =
            Known::read(&entry.payload).is_some_and(|known| known.order().magic == order.magic);
        if is_ours && !entry.state.is_final() {
            // Who is asked about an order that is RESERVED finds it not sent; the terminal knows better.
            if entry.state == State::Reserved {
                let now = clock::unix_millis();
                self.ledger.mark_sent(&entry.id, now).await?;
            }
            let body = Body::took(deal, 1, true);
            self.save(&order.client_order_id, Outcome::Done, &body)
                .await?;
            found.executed += 1;
        } else if is_ours && !tells_of(&entry, deal) {
            contradict(&entry, deal.ticket);
            found.contradicted += 1;
        }
        Ok(())
    }

    /// How many orders are filled for the ledger, and not there at all for the terminal. What is older than all that the
    /// terminal keeps may be missing, and so may one that waited: it may have been cancelled.
    fn missing(&self, history: &[(Order, Deal)]) -> usize {
        let there: HashSet<_> = history
            .iter()
            .map(|(order, _)| (order.client_order_id.as_str(), order.magic))
            .collect();
        let oldest = history.iter().map(|(_, deal)| deal.ticket).min();
        let settled = self.ledger.settled().into_iter();
        let missing = settled.filter_map(|entry| {
            let ticket = filled_as(&entry)?;
            let known = Known::read(&entry.payload)?;
            let is_there = there.contains(&(entry.id.as_str(), known.order().magic));
            let may_be_gone = oldest.is_some_and(|oldest| ticket < oldest);
            (!is_there && !may_be_gone).then(|| contradict(&entry, ticket))
        });
        missing.count()
    }

    /// Takes in what the ledger does not know: how many orders.
    async fn adopt(&self, orphans: &[(Order, Deal)]) -> Result<usize, LedgerError> {
        let mut taken = HashSet::new();
        let orphans: Vec<_> = orphans
            .iter()
            .filter(|(order, _)| taken.insert(&order.client_order_id))
            .collect();
        for some in orphans.chunks(AT_A_TIME) {
            let mut adopting = JoinSet::new();
            for (order, deal) in some {
                let ledger = Arc::clone(&self.ledger);
                let id = order.client_order_id.clone();
                let known = Known::Adopted {
                    adopted: order.clone(),
                };
                let payload = known.payload().unwrap_or_default();
                let answer = serde_json::to_vec(&Body::took(deal, 1, true)).unwrap_or_default();
                adopting.spawn(async move {
                    let now = clock::unix_millis();
                    ledger.adopt(id.as_str(), &payload, &answer, now).await
                });
            }
            for adopted in adopting.join_all().await {
                adopted?;
            }
        }
        Ok(orphans.len())
    }

    /// One order that was not settled, and that is not in the terminal's history.
    async fn unsettled(&self, entry: &Entry, found: &mut Recovered) {
        // Nobody sends it now, when its client may have given it up long ago; whoever comes again with it has it sent.
        if entry.state == State::Reserved {
            found.not_sent += 1;
            return;
        }
        let Some(known) = Known::read(&entry.payload) else {
            found.unknown += 1;
            return;
        };
        let place = match self.reconcile(known.order()).await {
            Body::Filled(_) | Body::Partial(_) | Body::Placed(_) => &mut found.executed,
            Body::NotExecuted { .. } => &mut found.released,
            _ => &mut found.unknown,
        };
        *place += 1;
    }
}

/// Tells of an order that somebody has to look at.
fn contradict(entry: &Entry, ticket: u64) {
    tracing::error!(target: "gateway", order = %entry.id, ticket, state = %entry.state,
        "the ledger and the terminal contradict each other");
}

/// What a settled order was answered with.
fn answer(entry: &Entry) -> Option<Body> {
    serde_json::from_slice(entry.answer.as_deref()?).ok()
}

/// Whether a settled order's answer is about this deal.
fn tells_of(entry: &Entry, deal: &Deal) -> bool {
    match answer(entry) {
        Some(Body::Filled(took) | Body::Partial(took) | Body::Placed(took)) => {
            took.ticket == deal.ticket
        }
        _ => false,
    }
}

/// The ticket under which an order was filled.
fn filled_as(entry: &Entry) -> Option<u64> {
    match answer(entry)? {
        Body::Filled(took) | Body::Partial(took) => Some(took.ticket),
        _ => None,
    }
}
