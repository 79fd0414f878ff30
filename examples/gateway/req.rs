//! The thread that owns the client's REQ socket, and the client's end of it.
//!
//! A REQ socket whose reply never came can neither send nor receive any more. The thread then
//! closes it and opens another one for the next request ("Lazy Pirate", `ZeroMQ` guide, chapter 4);
//! a late reply goes with the socket that it was meant for.

use std::ops::ControlFlow;

use tokio::sync::{mpsc, oneshot};

use crate::curve::{self, ClientKeys};
use crate::zmq_io::{self, MAX_REPLY, Wake};

/// Why a request has no reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReqError {
    /// The request never left: sending it again is safe.
    NotSent(zmq::Error),
    /// The request left; what became of it is unknown.
    NoReply,
}

type Answer = oneshot::Sender<Result<Vec<u8>, ReqError>>;

struct Exchange {
    bytes: Vec<u8>,
    answer: Answer,
}

/// The client's end; dropping it ends the thread.
pub(crate) struct ReqLink {
    outbox: mpsc::Sender<Exchange>,
    wake: Wake,
}

impl ReqLink {
    /// Starts the thread; it connects with the first request. With `keys`, to the gateway that they are for and to no
    /// other; without, to whoever is there.
    ///
    /// # Errors
    /// No socket or no thread could be made.
    pub(crate) fn connect(endpoint: &str, keys: Option<ClientKeys>) -> std::io::Result<Self> {
        let context = zmq::Context::new();
        let (wake, far_wake) = Wake::pair(&context)?;
        let (outbox, requests) = mpsc::channel(1);
        let requester = Requester {
            context,
            endpoint: endpoint.to_owned(),
            keys,
            wake: far_wake,
            requests,
            socket: None,
            asked: None,
        };
        zmq_io::spawn("gateway-req", move || requester.run())?;
        Ok(Self { outbox, wake })
    }

    /// Sends one request and waits for its reply. Dropping the future gives the reply up.
    pub(crate) async fn exchange(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, ReqError> {
        let (answer, reply) = oneshot::channel();
        let request = Exchange { bytes, answer };
        if self.outbox.send(request).await.is_err() {
            return Err(ReqError::NotSent(zmq::Error::ETERM));
        }
        self.wake.wake();
        reply.await.unwrap_or(Err(ReqError::NoReply))
    }
}

impl Drop for ReqLink {
    fn drop(&mut self) {
        // The thread finds its channel closed; without this it would sleep on in its poll.
        let (closed, _) = mpsc::channel(1);
        self.outbox = closed;
        self.wake.wake();
    }
}

struct Requester {
    context: zmq::Context,
    endpoint: String,
    keys: Option<ClientKeys>,
    wake: zmq::Socket,
    requests: mpsc::Receiver<Exchange>,
    socket: Option<zmq::Socket>,
    /// Who waits for the reply to the request that has been sent.
    asked: Option<Answer>,
}

impl Requester {
    fn run(mut self) {
        while self.turn().is_continue() {}
    }

    fn turn(&mut self) -> ControlFlow<()> {
        let asked = self.socket.as_ref().filter(|_| self.asked.is_some());
        let Ok([woken, readable]) = zmq_io::wait_readable([Some(&self.wake), asked], -1) else {
            return ControlFlow::Break(());
        };
        if readable {
            self.receive();
        }
        if woken {
            return self.serve_requests();
        }
        ControlFlow::Continue(())
    }

    fn serve_requests(&mut self) -> ControlFlow<()> {
        zmq_io::drain(&self.wake);
        loop {
            match self.requests.try_recv() {
                Ok(request) => self.send(request),
                Err(mpsc::error::TryRecvError::Empty) => return ControlFlow::Continue(()),
                Err(mpsc::error::TryRecvError::Disconnected) => return ControlFlow::Break(()),
            }
        }
    }

    fn send(&mut self, request: Exchange) {
        if self.asked.take().is_some() {
            // The last request was given up without its reply.
            self.socket = None;
        }
        match self.try_send(request.bytes) {
            Ok(()) => self.asked = Some(request.answer),
            Err(error) => {
                self.socket = None;
                let _ = request.answer.send(Err(ReqError::NotSent(error)));
            }
        }
    }

    fn open(&self) -> zmq::Result<zmq::Socket> {
        let overhead = self.keys.as_ref().map_or(0, |_| curve::OVERHEAD);
        let socket = zmq_io::bounded(
            &self.context,
            zmq::REQ,
            &self.endpoint,
            MAX_REPLY + overhead,
        )?;
        if let Some(keys) = &self.keys {
            keys.arm(&socket)?;
        }
        socket.connect(&self.endpoint)?;
        Ok(socket)
    }

    fn try_send(&mut self, bytes: Vec<u8>) -> zmq::Result<()> {
        let socket = self.socket.take().map_or_else(|| self.open(), Ok)?;
        socket.send(bytes, zmq::DONTWAIT)?;
        self.socket = Some(socket);
        Ok(())
    }

    fn receive(&mut self) {
        let received = match self.socket.as_ref().map(|s| s.recv_bytes(zmq::DONTWAIT)) {
            None | Some(Err(zmq::Error::EAGAIN | zmq::Error::EINTR)) => return,
            Some(Ok(bytes)) => Ok(bytes),
            Some(Err(_)) => {
                self.socket = None;
                Err(ReqError::NoReply)
            }
        };
        if let Some(answer) = self.asked.take() {
            // Nobody may be waiting any more; then the reply is of no use either.
            let _ = answer.send(received);
        }
    }
}

#[cfg(test)]
mod tests;
