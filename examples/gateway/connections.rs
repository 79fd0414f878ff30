//! How many connections there are.
//!
//! libzmq has no bound of its own, and unbinding the endpoint when there are enough closes those that came in over it:
//! the listener owns them. So places are given out where each connection has to ask: see `zap`.

/// Connections that may be in at a time. One costs a file descriptor, some kilobytes, and the queues of its messages.
pub(crate) const MAX_CONNECTIONS: usize = 256;

/// Counts places.
#[derive(Debug)]
struct Places {
    max: usize,
    /// Accepted by the listener and not yet closed, among them those that are not in (yet).
    open: usize,
    /// At least as many as are in: which connection was closed, nobody says, so it is taken for one that was not in as
    /// long as there may be such a one. They are gone when the time for their handshake is over.
    admitted: usize,
}

impl Places {
    const fn new(max: usize) -> Self {
        Self {
            max,
            open: 0,
            admitted: 0,
        }
    }

    fn accepted(&mut self) {
        self.open += 1;
    }

    fn closed(&mut self) {
        self.open = self.open.saturating_sub(1);
        self.admitted = self.admitted.min(self.open);
    }

    /// Takes a place; `false` if there is none.
    fn admit(&mut self) -> bool {
        let room = self.admitted < self.max;
        if room {
            // Whoever asked may be gone.
            self.admitted = (self.admitted + 1).min(self.open);
        }
        room
    }
}

/// Follows the connections of one socket by what its monitor tells.
pub(crate) struct Connections {
    monitor: zmq::Socket,
    places: Places,
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
        max: usize,
    ) -> zmq::Result<Self> {
        let endpoint = format!("inproc://connections-{number}");
        let events = zmq::SocketEvent::ACCEPTED.to_raw() | zmq::SocketEvent::DISCONNECTED.to_raw();
        socket.monitor(&endpoint, i32::from(events))?;
        let monitor = context.socket(zmq::PAIR)?;
        monitor.set_linger(0)?;
        monitor.connect(&endpoint)?;
        Ok(Self {
            monitor,
            places: Places::new(max),
        })
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
        // An event of two bytes, a value of four; then a frame with the endpoint.
        let event = told.first().and_then(|frame| frame.first_chunk());
        match event.map(|raw| zmq::SocketEvent::from_raw(u16::from_ne_bytes(*raw))) {
            Some(zmq::SocketEvent::ACCEPTED) => self.places.accepted(),
            Some(zmq::SocketEvent::DISCONNECTED) => self.places.closed(),
            _ => {}
        }
    }

    /// Takes a place for a connection that has asked for one; `false` if all are taken.
    pub(crate) fn admit(&mut self) -> bool {
        self.places.admit()
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    fn with_open(max: usize, open: usize) -> Places {
        let mut places = Places::new(max);
        (0..open).for_each(|_| places.accepted());
        places
    }

    #[test]
    fn of_many_that_come_at_once_as_many_as_there_are_places_get_in() {
        let mut places = with_open(3, 5);
        let admitted: Vec<_> = (0..5).map(|_| places.admit()).collect();
        assert_eq!(admitted, [true, true, true, false, false]);
    }

    #[test]
    fn a_place_is_free_once_as_many_are_gone_as_there_are_others() {
        let mut places = with_open(3, 5);
        (0..3).for_each(|_| assert!(places.admit()));
        // Perhaps the two that are not in.
        places.closed();
        places.closed();
        assert!(!places.admit());
        // Certainly one that was.
        places.closed();
        places.accepted();
        assert!(places.admit());
        assert!(!places.admit());
    }

    #[test]
    fn whoever_asked_and_left_keeps_no_place() {
        let mut places = with_open(1, 1);
        places.closed();
        assert!(places.admit());
        assert_eq!((places.open, places.admitted), (0, 0));
        places.closed();
        assert_eq!((places.open, places.admitted), (0, 0));
    }
}
