//! What passes between the service and the thread that owns its socket.
//!
//! A request takes a place when it is taken off the socket, and keeps it until its reply has been handed over. While
//! all places are taken, the thread leaves the socket alone: what waits there is bounded by libzmq.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::zmq_io::Wake;

/// Errors that the service has not taken yet; where there are more, enough have been told.
const ERRORS: usize = 4;

/// A request as it came off the wire.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) from: Peer,
    /// The first frame behind the delimiter, empty if there is none.
    pub(crate) bytes: Vec<u8>,
    /// How many frames there were behind the delimiter.
    pub(crate) frames: usize,
}

/// Whom a reply goes to; the request keeps its place as long as one of these is there.
#[derive(Debug, Clone)]
pub(crate) struct Peer(Arc<Origin>);

#[derive(Debug)]
struct Origin {
    socket: u64,
    envelope: Vec<Vec<u8>>,
    _place: Place,
}

impl Peer {
    /// `socket` counts the sockets that there have been, `envelope` is what precedes the body, up to its delimiter.
    pub(crate) fn new(socket: u64, envelope: Vec<Vec<u8>>, place: Place) -> Self {
        Self(Arc::new(Origin {
            socket,
            envelope,
            _place: place,
        }))
    }

    /// The socket that the request came in by. The next one gives out its routing ids anew, so what is meant for one of
    /// them might reach somebody else there.
    pub(crate) fn socket(&self) -> u64 {
        self.0.socket
    }

    /// Routing id first, delimiter last.
    pub(crate) fn envelope(&self) -> &[Vec<u8>] {
        &self.0.envelope
    }
}

/// How many requests are in hand, and how many may be.
#[derive(Debug)]
pub(crate) struct Places {
    at_once: usize,
    taken: AtomicUsize,
    wake: Arc<Wake>,
}

impl Places {
    /// Whether a request may be taken off the socket.
    pub(crate) fn is_free(&self) -> bool {
        self.taken.load(Ordering::Acquire) < self.at_once
    }

    /// Takes a place, if there is one.
    pub(crate) fn take(self: &Arc<Self>) -> Option<Place> {
        let more = |taken| (taken < self.at_once).then_some(taken + 1);
        let took = self
            .taken
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, more);
        took.is_ok().then(|| Place(Arc::clone(self)))
    }
}

/// One request's place, free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place(Arc<Places>);

impl Drop for Place {
    fn drop(&mut self) {
        let places = &self.0;
        // Only then does the thread not look at the socket.
        if places.taken.fetch_sub(1, Ordering::AcqRel) == places.at_once {
            places.wake.wake();
        }
    }
}

/// What the service asks of the thread.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Reply {
        to: Peer,
        bytes: Vec<u8>,
        done: oneshot::Sender<zmq::Result<()>>,
    },
    /// No further request is to be taken off the socket; `done` hears when none will be.
    Stop { done: oneshot::Sender<()> },
}

/// The service's end.
pub(crate) struct Link {
    pub(crate) inbox: Inbox,
    pub(crate) outbox: Outbox,
}

/// Where requests come from, and errors of the socket.
pub(crate) struct Inbox {
    requests: mpsc::Receiver<Message>,
    errors: mpsc::Receiver<zmq::Error>,
    arrived: Option<zmq::Result<Message>>,
}

/// Where replies go; the thread ends when the last one of these is dropped.
#[derive(Clone)]
pub(crate) struct Outbox(Arc<ToThread>);

struct ToThread {
    outgoing: mpsc::Sender<Outgoing>,
    wake: Arc<Wake>,
}

/// The thread's end.
pub(crate) struct ThreadSide {
    pub(crate) requests: mpsc::Sender<Message>,
    pub(crate) errors: mpsc::Sender<zmq::Error>,
    pub(crate) outgoing: mpsc::Receiver<Outgoing>,
    pub(crate) places: Arc<Places>,
    pub(crate) wake: zmq::Socket,
}

impl Link {
    /// Both ends, not yet attached to a socket; at most `at_once` requests are in hand at a time.
    ///
    /// # Errors
    /// What libzmq says.
    pub(crate) fn new(context: &zmq::Context, at_once: u16) -> zmq::Result<(Self, ThreadSide)> {
        let (wake, far_wake) = Wake::pair(context)?;
        let wake = Arc::new(wake);
        // A channel has room for one at least; without a place nothing comes through it.
        let at_once = usize::from(at_once.max(1));
        // With a place for each of them, neither requests nor replies can be more.
        let (to_service, requests) = mpsc::channel(at_once);
        let (to_thread, outgoing) = mpsc::channel(at_once);
        let (tell, errors) = mpsc::channel(ERRORS);
        let near = Self {
            inbox: Inbox {
                requests,
                errors,
                arrived: None,
            },
            outbox: Outbox(Arc::new(ToThread {
                outgoing: to_thread,
                wake: Arc::clone(&wake),
            })),
        };
        let places = Places {
            at_once,
            taken: AtomicUsize::new(0),
            wake,
        };
        let far = ThreadSide {
            requests: to_service,
            errors: tell,
            outgoing,
            places: Arc::new(places),
            wake: far_wake,
        };
        Ok((near, far))
    }
}

impl Inbox {
    /// Waits until there is something to receive, for as long as it takes; nothing is lost when
    /// this is dropped.
    pub(crate) async fn arrived(&mut self) {
        if self.arrived.is_none() {
            self.arrived = self.receive().await;
        }
    }

    /// The next request or error; `None` once the thread has ended. Nothing is lost when this is dropped.
    pub(crate) async fn next(&mut self) -> Option<zmq::Result<Message>> {
        match self.arrived.take() {
            Some(arrived) => Some(arrived),
            None => self.receive().await,
        }
    }

    async fn receive(&mut self) -> Option<zmq::Result<Message>> {
        tokio::select! {
            biased;
            Some(error) = self.errors.recv() => Some(Err(error)),
            request = self.requests.recv() => request.map(Ok),
        }
    }

    /// A request that is there already.
    pub(crate) fn left(&mut self) -> Option<Message> {
        let arrived = self.arrived.take().and_then(Result::ok);
        arrived.or_else(|| self.requests.try_recv().ok())
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.arrived.is_none() && self.requests.is_empty()
    }
}

impl Outbox {
    /// Hands the reply to the socket and says whether libzmq accepted it; `None` once the thread has ended.
    pub(crate) async fn reply(&self, to: &Peer, bytes: Vec<u8>) -> Option<zmq::Result<()>> {
        let (done, accepted) = oneshot::channel();
        let to = to.clone();
        self.ask(Outgoing::Reply { to, bytes, done }).await?;
        accepted.await.ok()
    }

    /// From here on, nothing is taken off the socket; what was before is in the inbox. `None` once the thread has ended.
    pub(crate) async fn stop(&self) -> Option<()> {
        let (done, stopped) = oneshot::channel();
        self.ask(Outgoing::Stop { done }).await?;
        stopped.await.ok()
    }

    async fn ask(&self, asked: Outgoing) -> Option<()> {
        self.0.outgoing.send(asked).await.ok()?;
        self.0.wake.wake();
        Some(())
    }
}

impl Drop for ToThread {
    fn drop(&mut self) {
        // The thread finds its channel closed; without this it would sleep on in its poll.
        let (closed, _) = mpsc::channel(1);
        self.outgoing = closed;
        self.wake.wake();
    }
}

#[cfg(test)]
mod tests;
