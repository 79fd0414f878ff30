//! The thread that owns the REP socket, and the service's end of it.
//!
//! REP is a lock-step: one request, one reply, the next request. Only the loss of a socket breaks the
//! step, so requests are numbered: a reply that comes too late must not go to the next client.

use std::ops::ControlFlow;
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use crate::connections::{Bounds, Connections};
use crate::curve::{self, GatewayKeys};
use crate::zap::Zap;
use crate::zmq_io::{self, MAX_REQUEST, Wake};

/// How long replies that libzmq has accepted may still be on their way when the socket is closed.
const LINGER_MILLIS: i32 = 500;
/// The pause between two attempts to bind a lost endpoint again.
const REBIND_MILLIS: i64 = 100;
/// Messages and errors that the service has not taken yet; more than two need lost sockets.
const INBOX: usize = 4;

/// A message as it came off the wire: its first frame, and how many there were.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) bytes: Vec<u8>,
    pub(crate) frames: usize,
    /// The number of the request, which its reply must carry.
    pub(crate) turn: u64,
}

/// What the service asks of the thread.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Reply {
        turn: u64,
        bytes: Vec<u8>,
        done: oneshot::Sender<zmq::Result<()>>,
    },
    /// This request will not be answered. REP knows no way to skip one, so the socket is closed and
    /// opened again, which tells the client, and the others too: theirs may have been queued behind it.
    Abandon { turn: u64 },
}

/// The service's end.
pub(crate) struct RepLink {
    inbox: mpsc::Receiver<zmq::Result<Message>>,
    arrived: Option<zmq::Result<Message>>,
    turn: u64,
    outbox: mpsc::Sender<Outgoing>,
    wake: Wake,
}

/// The thread's end.
pub(crate) struct RepSide {
    pub(crate) inbox: mpsc::Sender<zmq::Result<Message>>,
    pub(crate) outbox: mpsc::Receiver<Outgoing>,
    pub(crate) wake: zmq::Socket,
}

/// A running REP socket; dropping the link ends the thread.
pub(crate) struct Listening {
    pub(crate) link: RepLink,
    /// Where clients connect to, with the port that was chosen.
    pub(crate) endpoint: String,
    pub(crate) thread: JoinHandle<()>,
}

impl RepLink {
    /// Both ends, not yet attached to a socket.
    pub(crate) fn new(context: &zmq::Context) -> zmq::Result<(Self, RepSide)> {
        let (near_wake, wake) = Wake::pair(context)?;
        let (to_service, inbox) = mpsc::channel(INBOX);
        let (outbox, from_service) = mpsc::channel(4);
        let near = Self {
            inbox,
            arrived: None,
            turn: 0,
            outbox,
            wake: near_wake,
        };
        let far = RepSide {
            inbox: to_service,
            outbox: from_service,
            wake,
        };
        Ok((near, far))
    }

    /// Waits until there is something to receive, for as long as it takes; nothing is lost when
    /// this is dropped.
    pub(crate) async fn arrived(&mut self) {
        if self.arrived.is_none() {
            self.arrived = self.inbox.recv().await;
        }
    }

    /// The next message or error; `None` once the thread has ended. Nothing is lost when this is dropped.
    pub(crate) async fn next(&mut self) -> Option<zmq::Result<Message>> {
        let next = match self.arrived.take() {
            Some(arrived) => Some(arrived),
            None => self.inbox.recv().await,
        };
        if let Some(Ok(message)) = &next {
            self.turn = message.turn;
        }
        next
    }

    /// Hands the reply to the request taken last to the socket and says whether libzmq accepted it;
    /// `None` once the thread has ended.
    pub(crate) async fn reply(&mut self, bytes: Vec<u8>) -> Option<zmq::Result<()>> {
        let (done, accepted) = oneshot::channel();
        let turn = self.turn;
        let reply = Outgoing::Reply { turn, bytes, done };
        self.outbox.send(reply).await.ok()?;
        self.wake.wake();
        accepted.await.ok()
    }

    /// Gives up the request taken last, so that the socket can take the next one.
    pub(crate) async fn abandon(&mut self) {
        // A thread that has ended holds no request.
        let turn = self.turn;
        let _ = self.outbox.send(Outgoing::Abandon { turn }).await;
        self.wake.wake();
    }
}

impl Drop for RepLink {
    fn drop(&mut self) {
        // The thread finds its channels closed; without this it would sleep on in its poll.
        let (closed, _) = mpsc::channel(1);
        self.outbox = closed;
        self.inbox.close();
        self.wake.wake();
    }
}

/// Binds `endpoint` (its port may be `*`) and starts the thread. With `keys`, only the clients that they list get in;
/// without, everybody who can reach the endpoint.
///
/// # Errors
/// What libzmq says of the endpoint, `EADDRINUSE` for one, or of the keys; or that no thread could be started.
pub(crate) fn listen(endpoint: &str, keys: Option<GatewayKeys>) -> std::io::Result<Listening> {
    let (link, server) = server(endpoint, keys, Bounds::GATEWAY)?;
    let endpoint = server.endpoint.clone();
    let thread = zmq_io::spawn("gateway-rep", move || server.run())?;
    Ok(Listening {
        link,
        endpoint,
        thread,
    })
}

fn server(
    endpoint: &str,
    keys: Option<GatewayKeys>,
    bounds: Bounds,
) -> zmq::Result<(RepLink, Server)> {
    let context = zmq::Context::new();
    let (link, side) = RepLink::new(&context)?;
    let zap = Zap::bind(&context, keys.as_ref().map(|keys| keys.clients.clone()))?;
    let mut server = Server {
        context,
        endpoint: endpoint.to_owned(),
        keys,
        bounds,
        opened: 0,
        bound: None,
        turn: 0,
        answering: false,
        side,
        zap,
    };
    let bound = server.open()?;
    if let Ok(chosen) = bound.socket.get_last_endpoint()? {
        server.endpoint = chosen;
    }
    server.bound = Some(bound);
    Ok((link, server))
}

/// The socket that clients connect to, and how many do.
struct Bound {
    socket: zmq::Socket,
    connections: Connections,
}

struct Server {
    context: zmq::Context,
    endpoint: String,
    keys: Option<GatewayKeys>,
    bounds: Bounds,
    /// How many sockets there have been.
    opened: u64,
    /// `None` while the endpoint could not be bound again.
    bound: Option<Bound>,
    /// The number of the request handed over last.
    turn: u64,
    /// That request waits for its reply.
    answering: bool,
    side: RepSide,
    /// Below the socket, to be dropped after it.
    zap: Zap,
}

impl Server {
    fn run(mut self) {
        while self.turn().is_continue() {}
    }

    fn turn(&mut self) -> ControlFlow<()> {
        if self.bound.is_none() {
            self.reopen()?;
        }
        let bound = self.bound.as_ref();
        let listening = bound.map(|bound| &bound.socket);
        let sockets = [
            Some(&self.side.wake),
            Some(self.zap.socket()),
            bound.map(|bound| bound.connections.monitor()),
            listening.filter(|_| !self.answering),
        ];
        let millis = if bound.is_some() { -1 } else { REBIND_MILLIS };
        match zmq_io::wait_readable(sockets, millis) {
            Ok([woken, asked, told, readable]) => {
                if told {
                    self.update()?;
                }
                if asked {
                    self.decide()?;
                }
                if woken {
                    self.serve_outgoing()?;
                }
                if readable {
                    self.receive()?;
                }
                ControlFlow::Continue(())
            }
            Err(error) => self.lost(error),
        }
    }

    fn update(&mut self) -> ControlFlow<()> {
        let updated = self.bound.as_mut().map(|bound| bound.connections.update());
        match updated {
            None | Some(Ok(())) => ControlFlow::Continue(()),
            Some(Err(error)) => self.lost(error),
        }
    }

    /// Lets clients in, or not.
    fn decide(&mut self) -> ControlFlow<()> {
        let connections = self.bound.as_mut().map(|bound| &mut bound.connections);
        match self.zap.serve(connections) {
            Ok(()) => ControlFlow::Continue(()),
            // Nobody is left who would decide, so nobody must be able to come: the thread ends, and the service with it.
            Err(error) => {
                self.tell(error)?;
                ControlFlow::Break(())
            }
        }
    }

    fn serve_outgoing(&mut self) -> ControlFlow<()> {
        zmq_io::drain(&self.side.wake);
        loop {
            match self.side.outbox.try_recv() {
                Ok(Outgoing::Reply { turn, bytes, done }) => {
                    // Whoever asked may have run out of time; what was sent stays sent.
                    let _ = done.send(self.send(turn, bytes));
                }
                Ok(Outgoing::Abandon { turn }) => {
                    if self.answering && turn == self.turn {
                        self.reopen()?;
                    }
                }
                Err(mpsc::error::TryRecvError::Empty) => return ControlFlow::Continue(()),
                Err(mpsc::error::TryRecvError::Disconnected) => return ControlFlow::Break(()),
            }
        }
    }

    fn send(&mut self, turn: u64, bytes: Vec<u8>) -> zmq::Result<()> {
        // A request that went with its socket cannot be answered: what libzmq calls `EFSM`.
        let bound = self.bound.as_ref().ok_or(zmq::Error::EFSM)?;
        if turn != self.turn {
            return Err(zmq::Error::EFSM);
        }
        bound.socket.send(bytes, zmq::DONTWAIT)?;
        self.answering = false;
        Ok(())
    }

    fn receive(&mut self) -> ControlFlow<()> {
        let bound = self.bound.as_ref();
        let received = bound.map(|bound| take(&bound.socket, self.turn + 1));
        match received {
            Some(Ok(message)) => {
                self.turn = message.turn;
                self.answering = true;
                self.hand_over(message)
            }
            // libzmq took a message off the queue and found that it was no request.
            None | Some(Err(zmq::Error::EAGAIN | zmq::Error::EINTR)) => ControlFlow::Continue(()),
            Some(Err(error)) => self.lost(error),
        }
    }

    /// Never blocks: the service may be waiting for this thread at the same time.
    fn hand_over(&mut self, message: Message) -> ControlFlow<()> {
        match self.side.inbox.try_send(Ok(message)) {
            Ok(()) => ControlFlow::Continue(()),
            // Nobody will answer this one: closing its connection tells the client.
            Err(mpsc::error::TrySendError::Full(_)) => self.reopen(),
            Err(mpsc::error::TrySendError::Closed(_)) => ControlFlow::Break(()),
        }
    }

    fn tell(&self, error: zmq::Error) -> ControlFlow<()> {
        match self.side.inbox.try_send(Err(error)) {
            // Where the inbox is full, errors enough have been told.
            Ok(()) | Err(mpsc::error::TrySendError::Full(_)) => ControlFlow::Continue(()),
            Err(mpsc::error::TrySendError::Closed(_)) => ControlFlow::Break(()),
        }
    }

    /// The socket is of no more use: tells the service and opens another one.
    fn lost(&mut self, error: zmq::Error) -> ControlFlow<()> {
        self.tell(error)?;
        self.reopen()
    }

    fn reopen(&mut self) -> ControlFlow<()> {
        // First the old one: it holds the port.
        self.bound = None;
        self.answering = false;
        match self.open() {
            Ok(bound) => self.bound = Some(bound),
            // The port is let go a moment after the close; the next turn tries again.
            Err(zmq::Error::EADDRINUSE) => {}
            Err(error) => self.tell(error)?,
        }
        ControlFlow::Continue(())
    }

    fn open(&mut self) -> zmq::Result<Bound> {
        let overhead = self.keys.as_ref().map_or(0, |_| curve::OVERHEAD);
        let socket = zmq_io::bounded(
            &self.context,
            zmq::REP,
            &self.endpoint,
            MAX_REQUEST + overhead,
        )?;
        socket.set_linger(LINGER_MILLIS)?;
        let millis = i32::try_from(self.bounds.handshake.as_millis());
        socket.set_handshake_ivl(millis.unwrap_or(i32::MAX))?;
        // With a domain, the handler is asked of peers without keys too.
        socket.set_zap_domain(curve::DOMAIN)?;
        if let Some(keys) = &self.keys {
            keys.arm(&socket)?;
        }
        self.opened += 1;
        let connections = Connections::watch(&self.context, &socket, self.opened, self.bounds)?;
        socket.bind(&self.endpoint)?;
        Ok(Bound {
            socket,
            connections,
        })
    }
}

/// Takes one whole message; of its frames only the first is kept.
fn take(socket: &zmq::Socket, turn: u64) -> zmq::Result<Message> {
    let bytes = socket.recv_bytes(zmq::DONTWAIT)?;
    let mut frames = 1;
    while socket.get_rcvmore()? {
        socket.recv_bytes(0)?;
        frames += 1;
    }
    Ok(Message {
        bytes,
        frames,
        turn,
    })
}

#[cfg(test)]
mod tests;
