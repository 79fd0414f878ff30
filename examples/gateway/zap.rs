//! Decides on each connection: the handler that libzmq asks before it lets a peer in (ZAP, RFC 27).
//!
//! It lives in the thread of the socket that it decides for, and longer than that socket: without a handler libzmq
//! would let in everybody.

use std::collections::BTreeMap;

use crate::connections::Connections;
use crate::curve::{DOMAIN, PublicKey};

/// Where libzmq looks for a handler, in the context of the socket that was connected to.
const ENDPOINT: &str = "inproc://zeromq.zap.01";
const VERSION: &[u8] = b"1.0";

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Admitted,
    /// All places are taken; the peer's libzmq comes again by itself.
    Full,
    /// A key that is not listed, or no key; the peer's libzmq is told.
    Unknown,
    /// libzmq did not ask as it should.
    Malformed,
}

impl Verdict {
    const fn status(self) -> (&'static str, &'static str) {
        match self {
            Self::Admitted => ("200", "OK"),
            Self::Full => ("300", "no more connections"),
            Self::Unknown => ("400", "not listed"),
            Self::Malformed => ("500", "not understood"),
        }
    }

    const fn told(self) -> &'static str {
        match self {
            Self::Admitted => "let in",
            Self::Full => "there are as many connections as may be",
            Self::Unknown => "its key is not listed",
            Self::Malformed => "libzmq did not ask as it should",
        }
    }
}

/// Answers libzmq's questions.
pub(crate) struct Zap {
    socket: zmq::Socket,
    /// `None`: without keys, whoever can reach the socket.
    clients: Option<BTreeMap<PublicKey, String>>,
    turned_away: u64,
}

impl Zap {
    /// Must be there before a socket of this context is bound.
    ///
    /// # Errors
    /// What libzmq says, `EADDRINUSE` if there is a handler already.
    pub(crate) fn bind(
        context: &zmq::Context,
        clients: Option<BTreeMap<PublicKey, String>>,
    ) -> zmq::Result<Self> {
        let socket = context.socket(zmq::REP)?;
        socket.set_linger(0)?;
        socket.bind(ENDPOINT)?;
        Ok(Self {
            socket,
            clients,
            turned_away: 0,
        })
    }

    pub(crate) const fn socket(&self) -> &zmq::Socket {
        &self.socket
    }

    /// Answers every question that is there; never blocks.
    ///
    /// # Errors
    /// What libzmq says. The socket that is decided for must then be closed.
    pub(crate) fn serve(&mut self, mut connections: Option<&mut Connections>) -> zmq::Result<()> {
        loop {
            let asked = match self.socket.recv_multipart(zmq::DONTWAIT) {
                Ok(asked) => asked,
                Err(zmq::Error::EAGAIN | zmq::Error::EINTR) => return Ok(()),
                Err(error) => return Err(error),
            };
            let mut verdict = judge(&asked, self.clients.as_ref());
            if verdict == Verdict::Admitted {
                verdict = place(connections.as_deref_mut())?;
            }
            self.answer(&asked, verdict)?;
        }
    }

    fn answer(&mut self, asked: &[Vec<u8>], verdict: Verdict) -> zmq::Result<()> {
        if verdict != Verdict::Admitted {
            self.tell(asked, verdict);
        }
        let (status, text) = verdict.status();
        let id = asked.get(1).map_or(&b""[..], Vec::as_slice);
        let reply = [VERSION, id, status.as_bytes(), text.as_bytes(), b"", b""];
        self.socket.send_multipart(reply, zmq::DONTWAIT)
    }

    /// The first, the second, the fourth, .. so that nobody fills the log by knocking.
    fn tell(&mut self, asked: &[Vec<u8>], verdict: Verdict) {
        self.turned_away += 1;
        if self.turned_away.is_power_of_two() {
            let from = asked.get(3).map(|address| String::from_utf8_lossy(address));
            tracing::warn!(
                target: "gateway",
                "turned away {} ({} so far): {}",
                from.as_deref().unwrap_or("somebody"),
                self.turned_away,
                verdict.told()
            );
        }
    }
}

/// Whether there is room. The question came after the connection, so what is told of that is there by now.
fn place(connections: Option<&mut Connections>) -> zmq::Result<Verdict> {
    let Some(connections) = connections else {
        // The socket that was connected to is closed.
        return Ok(Verdict::Full);
    };
    connections.update()?;
    Ok(if connections.admit() {
        Verdict::Admitted
    } else {
        Verdict::Full
    })
}

/// Who may come in, places aside.
fn judge(asked: &[Vec<u8>], clients: Option<&BTreeMap<PublicKey, String>>) -> Verdict {
    // Version, request id, domain, address, routing id, mechanism, then what the mechanism knows of the peer.
    let [version, _, domain, _, _, mechanism, credentials @ ..] = asked else {
        return Verdict::Malformed;
    };
    if version != VERSION || domain != DOMAIN.as_bytes() {
        return Verdict::Malformed;
    }
    match (clients, mechanism.as_slice(), credentials) {
        (None, b"NULL", []) => Verdict::Admitted,
        (Some(clients), b"CURVE", [key]) if clients.contains_key(key.as_slice()) => {
            Verdict::Admitted
        }
        _ => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests;
