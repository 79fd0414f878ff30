//! The thread that owns the socket which clients connect to.
//!
//! It is a ROUTER, so that requests need not be answered one after the other: each comes with an envelope that says who
//! sent it, and its reply leaves in the same one. A REQ client sees no difference to a REP socket. Other clients may send
//! several requests without waiting, and tell the replies apart by their ids.

use std::ops::ControlFlow;
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use crate::connections::{Bounds, Connections};
use crate::curve::{self, GatewayKeys};
use crate::link::{Link, Message, Outgoing, Peer, ThreadSide};
use crate::zap::Zap;
use crate::zmq_io::{self, MAX_REQUEST};

/// How long replies that libzmq has accepted may still be on their way when the socket is closed.
const LINGER_MILLIS: i32 = 500;
/// The pause between two attempts to bind a lost endpoint again.
const REBIND_MILLIS: i64 = 100;
/// Frames before the delimiter: the client's routing id, and those of proxies on the way.
const ENVELOPE: usize = 8;

/// A running socket; dropping the link ends the thread.
pub(crate) struct Listening {
    pub(crate) link: Link,
    /// Where clients connect to, with the port that was chosen.
    pub(crate) endpoint: String,
    pub(crate) thread: JoinHandle<()>,
}

/// Binds `endpoint` (its port may be `*`) and starts the thread. With `keys`, only the clients that they list get in;
/// without, everybody who can reach the endpoint. At most `at_once` requests are taken off the socket and not answered yet.
///
/// # Errors
/// What libzmq says of the endpoint, `EADDRINUSE` for one, or of the keys; or that no thread could be started.
pub(crate) fn listen(
    endpoint: &str,
    keys: Option<GatewayKeys>,
    at_once: u16,
) -> std::io::Result<Listening> {
    let (link, server) = server(endpoint, keys, Bounds::GATEWAY, at_once)?;
    let endpoint = server.endpoint.clone();
    let thread = zmq_io::spawn("gateway-listener", move || server.run())?;
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
    at_once: u16,
) -> zmq::Result<(Link, Server)> {
    let context = zmq::Context::new();
    let (link, side) = Link::new(&context, at_once)?;
    let zap = Zap::bind(&context, keys.as_ref().map(|keys| keys.clients.clone()))?;
    let mut server = Server {
        context,
        endpoint: endpoint.to_owned(),
        keys,
        bounds,
        opened: 0,
        bound: None,
        stopped: false,
        malformed: 0,
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

impl Drop for Bound {
    fn drop(&mut self) {
        self.connections.release(&self.socket);
    }
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
    /// Nothing more is taken off the socket.
    stopped: bool,
    /// Messages that nobody can be answered for.
    malformed: u64,
    side: ThreadSide,
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
            listening.filter(|_| self.takes_more()),
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

    /// Whether there is somebody who would see to a request.
    fn takes_more(&self) -> bool {
        !self.stopped && self.side.places.is_free()
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
            match self.side.outgoing.try_recv() {
                Ok(Outgoing::Reply { to, bytes, done }) => {
                    // Whoever asked may have run out of time; what was sent stays sent.
                    let _ = done.send(self.send(&to, bytes));
                }
                Ok(Outgoing::Stop { done }) => {
                    self.stopped = true;
                    let _ = done.send(());
                }
                Err(mpsc::error::TryRecvError::Empty) => return ControlFlow::Continue(()),
                Err(mpsc::error::TryRecvError::Disconnected) => return ControlFlow::Break(()),
            }
        }
    }

    fn send(&self, to: &Peer, bytes: Vec<u8>) -> zmq::Result<()> {
        // Whoever was connected to a socket that is gone has lost that connection, as if he had left.
        let bound = self.bound.as_ref().filter(|_| to.socket() == self.opened);
        let socket = &bound.ok_or(zmq::Error::EHOSTUNREACH)?.socket;
        // libzmq takes or refuses a message with its first frame.
        for frame in to.envelope() {
            socket.send(frame, zmq::DONTWAIT | zmq::SNDMORE)?;
        }
        socket.send(bytes, zmq::DONTWAIT)
    }

    /// Takes what is there, as long as there are places.
    fn receive(&mut self) -> ControlFlow<()> {
        while self.takes_more() {
            let Some(bound) = &self.bound else { break };
            match take(&bound.socket) {
                Ok(frames) => self.hand_over(frames)?,
                Err(zmq::Error::EAGAIN | zmq::Error::EINTR) => break,
                Err(error) => return self.lost(error),
            }
        }
        ControlFlow::Continue(())
    }

    /// Never blocks: the service may be waiting for this thread at the same time.
    fn hand_over(&mut self, taken: Taken) -> ControlFlow<()> {
        let Some(envelope) = taken.envelope else {
            self.drop_malformed();
            return ControlFlow::Continue(());
        };
        let Some(place) = self.side.places.take() else {
            // Only this thread takes places, and it has seen that one was free.
            return ControlFlow::Break(());
        };
        let message = Message {
            from: Peer::new(self.opened, envelope, place),
            bytes: taken.body,
            frames: taken.frames,
        };
        // There is room for as many as there are places, so if this fails the service is gone.
        match self.side.requests.try_send(message) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    /// Nobody can be told, so the log is: of the first, the second, the fourth, ..
    fn drop_malformed(&mut self) {
        self.malformed += 1;
        if self.malformed.is_power_of_two() {
            tracing::warn!(
                target: "gateway",
                "dropped a message without an empty frame before its body ({} so far); REQ sockets send one by themselves",
                self.malformed
            );
        }
    }

    fn tell(&self, error: zmq::Error) -> ControlFlow<()> {
        match self.side.errors.try_send(error) {
            // Where there is no room for it, errors enough have been told.
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
            zmq::ROUTER,
            &self.endpoint,
            MAX_REQUEST + overhead,
        )?;
        socket.set_linger(LINGER_MILLIS)?;
        // A reply that reaches nobody is to be told, not dropped: `EHOSTUNREACH`, and `EAGAIN` where a queue is full.
        socket.set_router_mandatory(true)?;
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

/// A message as libzmq gives it.
struct Taken {
    /// `None` if nothing in it is a delimiter.
    envelope: Option<Vec<Vec<u8>>>,
    /// The first frame behind the delimiter.
    body: Vec<u8>,
    /// How many there were behind it.
    frames: usize,
}

/// Takes one whole message; what is neither of the envelope nor the first frame of the body is not kept.
fn take(socket: &zmq::Socket) -> zmq::Result<Taken> {
    let mut envelope = vec![socket.recv_bytes(zmq::DONTWAIT)?];
    let (mut delimited, mut body, mut frames) = (false, Vec::new(), 0);
    while socket.get_rcvmore()? {
        let frame = socket.recv_bytes(0)?;
        if delimited {
            frames += 1;
            if frames == 1 {
                body = frame;
            }
        } else if envelope.len() <= ENVELOPE {
            delimited = frame.is_empty();
            envelope.push(frame);
        }
    }
    Ok(Taken {
        envelope: delimited.then_some(envelope),
        body,
        frames,
    })
}

#[cfg(test)]
mod tests;
