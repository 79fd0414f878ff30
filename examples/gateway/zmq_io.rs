//! What the two socket threads share.
//!
//! A `ZeroMQ` socket must stay with one thread, so each lives in a thread of its own. Work is handed
//! over through bounded channels; an `inproc` pair wakes the thread, which otherwise sleeps in poll.

use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

/// Bytes of a request; above, libzmq drops the connection that it comes from.
pub(crate) const MAX_REQUEST: i64 = 64 * 1024;
/// Bytes of a reply; above, the client's libzmq drops the connection. A position takes some 300 bytes.
pub(crate) const MAX_REPLY: i64 = 8 * 1024 * 1024;
/// A peer that answers nothing is let go after 30 s and three tries, 10 s apart. TCP's own probes, because every peer's
/// system answers them, while `ZeroMQ`'s heartbeats want a peer that knows them, and cost a message each.
const KEEPALIVE_IDLE_SECONDS: i32 = 30;
const KEEPALIVE_INTERVAL_SECONDS: i32 = 10;
const KEEPALIVE_TRIES: i32 = 3;
/// Messages queued per connection and direction.
const QUEUED: i32 = 16;
/// What a wake-up carries: nothing.
const NUDGE: &[u8] = b"";

/// Wakes a socket thread out of its poll. Behind a lock, because several may do so at a time.
pub(crate) struct Wake(Mutex<zmq::Socket>);

impl Wake {
    /// The two ends of a pair; the second one goes to the thread.
    pub(crate) fn pair(context: &zmq::Context) -> zmq::Result<(Self, zmq::Socket)> {
        // Unique within the context, which each thread has to itself.
        const NAME: &str = "inproc://wake";
        let near = context.socket(zmq::PAIR)?;
        let far = context.socket(zmq::PAIR)?;
        // The near end keeps its default linger: the wake-up that says "closed" must outlive it.
        far.set_linger(0)?;
        far.bind(NAME)?;
        near.connect(NAME)?;
        Ok((Self(Mutex::new(near)), far))
    }

    /// Never blocks: where the pair is full, a wake-up is on its way already.
    pub(crate) fn wake(&self) {
        let near = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = near.send(NUDGE, zmq::DONTWAIT);
    }
}

impl fmt::Debug for Wake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wake")
    }
}

/// Takes every wake-up off the thread's end of the pair.
pub(crate) fn drain(wake: &zmq::Socket) {
    while wake.recv_bytes(zmq::DONTWAIT).is_ok() {}
}

/// The bounds that every socket of this program has; `max_message` in bytes, of what it receives.
pub(crate) fn bounded(
    context: &zmq::Context,
    kind: zmq::SocketType,
    endpoint: &str,
    max_message: i64,
) -> zmq::Result<zmq::Socket> {
    let socket = context.socket(kind)?;
    socket.set_maxmsgsize(max_message)?;
    socket.set_rcvhwm(QUEUED)?;
    socket.set_sndhwm(QUEUED)?;
    socket.set_linger(0)?;
    socket.set_ipv6(endpoint.contains('['))?;
    socket.set_tcp_keepalive(1)?;
    socket.set_tcp_keepalive_idle(KEEPALIVE_IDLE_SECONDS)?;
    socket.set_tcp_keepalive_intvl(KEEPALIVE_INTERVAL_SECONDS)?;
    socket.set_tcp_keepalive_cnt(KEEPALIVE_TRIES)?;
    Ok(socket)
}

/// Whether each of the sockets can be read; sleeps until one can, for `millis` at most (-1: forever).
pub(crate) fn wait_readable<const N: usize>(
    sockets: [Option<&zmq::Socket>; N],
    millis: i64,
) -> zmq::Result<[bool; N]> {
    let there = sockets.iter().flatten();
    let mut items: Vec<_> = there
        .map(|socket| socket.as_poll_item(zmq::POLLIN))
        .collect();
    match zmq::poll(&mut items, millis) {
        Ok(_) => {}
        // A signal; whoever handles it wakes us if it concerns us.
        Err(zmq::Error::EINTR) => return Ok([false; N]),
        Err(error) => return Err(error),
    }
    let mut items = items.iter();
    Ok(sockets.map(|socket| {
        let item = socket.and_then(|_| items.next());
        item.is_some_and(zmq::PollItem::is_readable)
    }))
}

/// Starts a named thread.
pub(crate) fn spawn(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(body)
}
