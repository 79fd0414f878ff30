//! The thread that writes, and group commit: what arrives while one batch is being saved is the next batch.

use std::io;
use std::sync::Arc;
use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::batch::{Answer, Request};
use super::entry::Kind;
use super::error::{LedgerError, StoreError};
use super::files::Files;
use super::store::Store;

/// Callers that may wait in line; more of them wait for a place in it.
pub(super) const LINE: usize = 1024;
/// Bytes of payloads and answers from which on a batch takes no more, far below the longest record.
const FULL: usize = 1 << 20;

/// A caller that waits.
pub(super) struct Call {
    pub(super) request: Request,
    pub(super) reply: oneshot::Sender<Result<Answer, LedgerError>>,
}

/// Starts the thread; it ends when `calls` is closed and empty. The receiver hears of that, and gets nothing.
pub(super) fn start<F: Files>(
    store: Store<F>,
    calls: mpsc::Receiver<Call>,
) -> io::Result<oneshot::Receiver<()>> {
    let (ended, has_ended) = oneshot::channel();
    let thread = thread::Builder::new().name("ledger".to_owned());
    thread.spawn(move || {
        run(store, calls);
        drop(ended);
    })?;
    Ok(has_ended)
}

fn run<F: Files>(mut store: Store<F>, mut calls: mpsc::Receiver<Call>) {
    while let Some(first) = calls.blocking_recv() {
        let (requests, replies) = gather(first, &mut calls);
        if requests.is_empty() {
            continue;
        }
        match store.commit(&requests) {
            Ok(answers) => {
                for (reply, answer) in replies.into_iter().zip(answers) {
                    // A caller that has left does not want its answer; what it asked for is done.
                    let _ = reply.send(answer);
                }
            }
            Err(error) => refuse(error, replies),
        }
        tidy(&mut store);
    }
}

type Reply = oneshot::Sender<Result<Answer, LedgerError>>;

/// All that wait, up to a bound; those that have left in the meantime are let go.
fn gather(first: Call, calls: &mut mpsc::Receiver<Call>) -> (Vec<Request>, Vec<Reply>) {
    let (mut requests, mut replies, mut bytes) = (Vec::new(), Vec::new(), 0);
    let mut next = Some(first);
    while let Some(Call { request, reply }) = next {
        if !reply.is_closed() {
            bytes += weight(&request);
            requests.push(request);
            replies.push(reply);
        }
        let full = bytes >= FULL || requests.len() >= LINE;
        next = if full { None } else { calls.try_recv().ok() };
    }
    (requests, replies)
}

fn weight(request: &Request) -> usize {
    match request {
        Request::Change(event) => match &event.kind {
            Kind::Registered { payload } | Kind::Kept { payload, .. } => payload.len(),
            Kind::Settled { answer, .. } => answer.len(),
            Kind::Sent | Kind::Released => 0,
        },
        Request::Refresh => 0,
    }
}

fn refuse(error: StoreError, replies: Vec<Reply>) {
    tracing::error!(%error, calls = replies.len(), "the order ledger could not save");
    let error = Arc::new(error);
    for reply in replies {
        let _ = reply.send(Err(LedgerError::NotSaved(Arc::clone(&error))));
    }
}

/// After the answers, so that nobody waits for it who has not come yet.
fn tidy<F: Files>(store: &mut Store<F>) {
    match store.tidy() {
        Ok(false) => {}
        Ok(true) => {
            tracing::info!(
                generation = store.generation(),
                "the order ledger has a new checkpoint"
            );
        }
        Err(error) => tracing::warn!(%error, "no checkpoint of the order ledger; the log goes on"),
    }
}
