//! How many connections there are.
//!
//! libzmq has no bound of its own, and unbinding the endpoint when there are enough closes those that came in over it:
//! the listener owns them. So places are given out where each connection has to ask: see `zap`.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::clock::Stopwatch;

/// How much a socket puts up with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Those that may be in at a time. One costs a file descriptor, some kilobytes, and the queues of its messages.
    pub(crate) connections: usize,
    /// Peers that do not finish their handshake by then are let go.
    pub(crate) handshake: Duration,
}

impl Bounds {
    pub(crate) const GATEWAY: Self = Self {
        connections: 256,
        handshake: Duration::from_secs(5),
    };
}

/// Counts places. Of a question nobody says which connection it is about, so those that are in are counted from above: a
/// connection that has outlasted the time for its handshake is in, and of the younger ones at most as many as have been
/// let in within that time.
#[derive(Debug)]
struct Places {
    bounds: Bounds,
    /// When the connections were accepted that are open, by their descriptors.
    open: BTreeMap<u32, Duration>,
    /// When connections were let in of late; never more than there are young ones.
    admitted: VecDeque<Duration>,
}

impl Places {
    const fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            open: BTreeMap::new(),
            admitted: VecDeque::new(),
        }
    }

    fn accepted(&mut self, descriptor: u32, now: Duration) {
        self.open.insert(descriptor, now);
    }

    fn closed(&mut self, descriptor: u32, now: Duration) {
        self.open.remove(&descriptor);
        self.settle(now);
    }

    /// Takes a place; `false` if there is none.
    fn admit(&mut self, now: Duration) -> bool {
        let young = self.settle(now);
        let taken = self.open.len() - young + self.admitted.len();
        let room = taken < self.bounds.connections;
        if room {
            self.admitted.push_back(now);
        }
        room
    }

    /// Forgets what is too long ago to matter, and says how many connections are young.
    fn settle(&mut self, now: Duration) -> usize {
        let late = |since: &Duration| now.saturating_sub(*since) <= self.bounds.handshake;
        let young = self.open.values().filter(|accepted| late(accepted)).count();
        self.admitted.retain(late);
        // The newest stay: they matter longest, whichever of them it was that was closed.
        let closed = self.admitted.len().saturating_sub(young);
        self.admitted.drain(..closed);
        young
    }
}

/// Follows the connections of one socket by what its monitor tells.
pub(crate) struct Connections {
    endpoint: String,
    monitor: zmq::Socket,
    places: Places,
    time: Stopwatch,
}

impl Connections {
    /// Watches `socket`, which must not be bound yet; `number` differs from those of other sockets in this context, the
    /// closed ones included.
    ///
    /// # Errors
    /// What libzmq says.
    pub(crate) fn watch(
        context: &zmq::Context,
        socket: &zmq::Socket,
        number: u64,
        bounds: Bounds,
    ) -> zmq::Result<Self> {
        let endpoint = format!("inproc://connections-{number}");
        let events = zmq::SocketEvent::ACCEPTED.to_raw() | zmq::SocketEvent::DISCONNECTED.to_raw();
        socket.monitor(&endpoint, i32::from(events))?;
        let monitor = context.socket(zmq::PAIR)?;
        monitor.set_linger(0)?;
        monitor.connect(&endpoint)?;
        Ok(Self {
            endpoint,
            monitor,
            places: Places::new(bounds),
            time: Stopwatch::start(),
        })
    }

    /// Ends the watch, before `socket` is closed. While that closes, libzmq still tells what becomes of its connections; where
    /// nobody takes that any more, its input/output thread waits for ever, and every socket of this context with it.
    pub(crate) fn release(&self, socket: &zmq::Socket) {
        // libzmq ends a watch when another one begins, here of nothing. It refuses where the socket is of no use any more.
        let nothing = format!("{}-released", self.endpoint);
        let _ = socket.monitor(&nothing, 0);
    }

    pub(crate) const fn monitor(&self) -> &zmq::Socket {
        &self.monitor
    }

    /// Takes in what has been told; never blocks.
    ///
    /// # Errors
    /// What libzmq says.
    pub(crate) fn update(&mut self) -> zmq::Result<()> {
        loop {
            match self.monitor.recv_multipart(zmq::DONTWAIT) {
                Ok(told) => self.count(&told),
                Err(zmq::Error::EAGAIN | zmq::Error::EINTR) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn count(&mut self, told: &[Vec<u8>]) {
        // An event of two bytes and its value of four, here a descriptor; then a frame with the endpoint.
        let Some([e0, e1, descriptor @ ..]) = told.first().and_then(|f| f.first_chunk::<6>())
        else {
            return;
        };
        let descriptor = u32::from_ne_bytes(*descriptor);
        let now = self.time.elapsed();
        match zmq::SocketEvent::from_raw(u16::from_ne_bytes([*e0, *e1])) {
            zmq::SocketEvent::ACCEPTED => self.places.accepted(descriptor, now),
            zmq::SocketEvent::DISCONNECTED => self.places.closed(descriptor, now),
            _ => {}
        }
    }

    /// Takes a place for a connection that has asked for one; `false` if all are taken.
    pub(crate) fn admit(&mut self) -> bool {
        self.places.admit(self.time.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::{Bounds, Places};
    use std::time::Duration;

    const BOUNDS: Bounds = Bounds {
        connections: 3,
        handshake: Duration::from_secs(5),
    };

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Three that are in, and two that are not; all came at once.
    fn full() -> Places {
        let mut places = Places::new(BOUNDS);
        (0..5).for_each(|descriptor| places.accepted(descriptor, at(0)));
        let admitted: Vec<_> = (0..5).map(|_| places.admit(at(0))).collect();
        assert_eq!(admitted, [true, true, true, false, false]);
        places
    }

    #[test]
    fn there_are_never_more_than_there_are_places() {
        let mut places = full();
        // Perhaps those that are not in.
        places.closed(0, at(5));
        places.closed(1, at(5));
        places.accepted(9, at(5));
        assert!(!places.admit(at(5)));
        // Those that were not in have been let go by now: two are left, and the one that asks.
        places.closed(2, at(6));
        places.closed(9, at(6));
        places.accepted(9, at(6));
        assert!(places.admit(at(6)));
        assert!(!places.admit(at(6)));
    }

    #[test]
    fn those_that_wait_for_a_place_do_not_hide_that_one_is_free() {
        let mut places = full();
        places.closed(3, at(5));
        places.closed(4, at(5));
        // Somebody is always waiting, and never at the same time as the others.
        for second in 6..60 {
            let now = at(u64::from(second));
            places.accepted(10 + second, now);
            places.closed(second + 6, now);
            assert!(!places.admit(now));
        }
        places.closed(0, at(60));
        assert!(places.admit(at(60)));
        assert!(!places.admit(at(60)));
    }

    #[test]
    fn whoever_asked_and_left_keeps_no_place() {
        let mut places = Places::new(BOUNDS);
        for descriptor in 0..100 {
            places.accepted(descriptor, at(0));
            places.closed(descriptor, at(0));
            assert!(places.admit(at(0)));
        }
        assert_eq!((places.open.len(), places.admitted.len()), (0, 1));
    }
    #[test]
    fn many_that_come_and_go_take_no_place_from_those_after_them() {
        let mut places = Places::new(BOUNDS);
        for descriptor in 0..100 {
            places.accepted(descriptor, at(0));
            assert!(places.admit(at(0)));
            places.closed(descriptor, at(0));
        }
        (0..5).for_each(|descriptor| places.accepted(descriptor, at(1)));
        let admitted: Vec<_> = (0..5).map(|_| places.admit(at(1))).collect();
        assert_eq!(admitted, [true, true, true, false, false]);
    }
}
