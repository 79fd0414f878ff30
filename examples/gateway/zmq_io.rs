//! What the two socket threads share.
//!
//! A `ZeroMQ` socket must stay with one thread, so each lives in a thread of its own. Work is handed
//! over through bounded channels; an `inproc` pair wakes the thread, which otherwise sleeps in poll.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Messages above this many bytes make libzmq drop the connection they come from.
pub(crate) const MAX_MESSAGE: i64 = 64 * 1024;
/// Messages queued per connection and direction.
const QUEUED: i32 = 16;
/// What a wake-up carries: nothing.
const NUDGE: &[u8] = b"";

/// Wakes a socket thread out of its poll.
pub(crate) struct Wake(zmq::Socket);

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
        Ok((Self(near), far))
    }

    /// Never blocks: where the pair is full, a wake-up is on its way already.
    pub(crate) fn wake(&mut self) {
        let _ = self.0.send(NUDGE, zmq::DONTWAIT);
    }
}

/// Takes every wake-up off the thread's end of the pair.
pub(crate) fn drain(wake: &zmq::Socket) {
    while wake.recv_bytes(zmq::DONTWAIT).is_ok() {}
}

/// The bounds that every socket of this program has.
pub(crate) fn bounded(
    context: &zmq::Context,
    kind: zmq::SocketType,
    endpoint: &str,
) -> zmq::Result<zmq::Socket> {
    let socket = context.socket(kind)?;
    socket.set_maxmsgsize(MAX_MESSAGE)?;
    socket.set_rcvhwm(QUEUED)?;
    socket.set_sndhwm(QUEUED)?;
    socket.set_linger(0)?;
    socket.set_ipv6(endpoint.contains('['))?;
    Ok(socket)
}

/// Whether each of the two sockets can be read; sleeps until one can, for `millis` at most (-1: forever).
pub(crate) fn wait_readable(
    wake: &zmq::Socket,
    socket: Option<&zmq::Socket>,
    millis: i64,
) -> zmq::Result<(bool, bool)> {
    let mut items = vec![wake.as_poll_item(zmq::POLLIN)];
    items.extend(socket.map(|socket| socket.as_poll_item(zmq::POLLIN)));
    match zmq::poll(&mut items, millis) {
        Ok(_) => {}
        // A signal; whoever handles it wakes us if it concerns us.
        Err(zmq::Error::EINTR) => return Ok((false, false)),
        Err(error) => return Err(error),
    }
    let readable = |index: usize| items.get(index).is_some_and(zmq::PollItem::is_readable);
    Ok((readable(0), readable(1)))
}

/// Starts a named thread.
pub(crate) fn spawn(
    name: &str,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(body)
}
