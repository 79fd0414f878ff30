//! The server: where it listens, and when it stops.

use std::fmt;
use std::future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::io::DuplexStream;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::connection;
use crate::plan::Plan;
use crate::received::Received;
use crate::shared::Shared;

/// Connections that the kernel holds until they are taken.
const BACKLOG: u32 = 1024;

/// After a connection that could not be taken.
const PAUSE: Duration = Duration::from_millis(10);

/// Bytes that are on their way on a connection in memory, each way.
const IN_FLIGHT: usize = 64 * 1024;

/// A server that misbehaves as its [`Plan`] says, in front of an application that does not.
///
/// When it is dropped, it stops and cuts every connection. What the application is working on then is finished.
pub struct Server {
    shared: Arc<Shared>,
    /// Holds the port while nobody listens.
    reserved: Option<Reserved>,
    /// The task at its other end stops with it.
    orders: mpsc::UnboundedSender<Order>,
}

struct Reserved {
    address: SocketAddr,
    _socket: TcpSocket,
}

/// What the task that holds the connections is told.
enum Order {
    Serve(DuplexStream),
    Close(oneshot::Sender<()>),
    Listen(TcpListener, oneshot::Sender<()>),
}

impl Server {
    /// Listens on 127.0.0.1, on a free port.
    ///
    /// # Errors
    /// Those of binding the socket.
    #[allow(clippy::unused_async)] // only in a runtime can it listen, and an async function is in one
    pub async fn start(application: Router, plan: Plan) -> io::Result<Self> {
        let reserved = Reserved::new()?;
        let listener = reserved.listen()?;
        Ok(Self::new(application, plan, Some(reserved), Some(listener)))
    }

    /// Listens nowhere: connections come from [`connect`](Self::connect) alone. With both sides in one runtime whose clock
    /// is paused, every time is exact.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn in_memory(application: Router, plan: Plan) -> Self {
        Self::new(application, plan, None, None)
    }

    fn new(
        application: Router,
        plan: Plan,
        reserved: Option<Reserved>,
        listener: Option<TcpListener>,
    ) -> Self {
        let shared = Arc::new(Shared::new(application, plan));
        let (orders, taken) = mpsc::unbounded_channel();
        tokio::spawn(accept(listener, taken, Arc::clone(&shared)));
        Self {
            shared,
            reserved,
            orders,
        }
    }

    /// `http://127.0.0.1:PORT`, without a slash at its end. In memory `http://faults.test`, which is reserved for tests and
    /// found by nobody.
    pub fn url(&self) -> String {
        match &self.reserved {
            Some(reserved) => format!("http://{}", reserved.address),
            None => "http://faults.test".to_owned(),
        }
    }

    /// A connection in memory. It is served at once, also while the server [is down](Self::go_down).
    pub fn connect(&self) -> DuplexStream {
        let (client, server) = tokio::io::duplex(IN_FLIGHT);
        // The task runs as long as this value lives; were it gone, the client would read the end of the stream.
        let _ = self.orders.send(Order::Serve(server));
        client
    }

    /// Every request so far, in the order in which their heads arrived.
    pub fn requests(&self) -> Vec<Received> {
        self.shared.requests()
    }

    /// How many requests have arrived so far.
    pub fn count(&self) -> usize {
        self.shared.count()
    }

    /// Steps of the plan that no request has met yet; outages do not count.
    pub fn steps_left(&self) -> usize {
        self.shared.steps_left()
    }

    /// Replaces what is left of the plan. The numbers and times of its outages count from now; its date does not matter.
    pub fn set_plan(&self, plan: Plan) {
        self.shared.set_plan(plan);
    }

    /// Goes away as a process that is killed: every connection is cut, new ones are refused. The port stays reserved. In
    /// memory it only cuts the connections.
    pub async fn go_down(&self) {
        let (done, told) = oneshot::channel();
        if self.orders.send(Order::Close(done)).is_ok() {
            let _ = told.await; // an error here says that the task is gone, and the listener with it
        }
    }

    /// Listens again on the same port; nothing happens in memory. The plan goes on where it was.
    ///
    /// # Errors
    /// Those of binding the socket.
    pub async fn come_back(&self) -> io::Result<()> {
        let Some(reserved) = &self.reserved else {
            return Ok(());
        };
        let (done, told) = oneshot::channel();
        let order = Order::Listen(reserved.listen()?, done);
        self.orders
            .send(order)
            .map_err(|_| io::ErrorKind::NotConnected)?;
        told.await.map_err(|_| io::ErrorKind::NotConnected.into())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url())
            .field("requests", &self.count())
            .field("steps_left", &self.steps_left())
            .finish()
    }
}

impl Reserved {
    fn new() -> io::Result<Self> {
        let socket = bound(0)?;
        Ok(Self {
            address: socket.local_addr()?,
            _socket: socket,
        })
    }

    fn listen(&self) -> io::Result<TcpListener> {
        bound(self.address.port())?.listen(BACKLOG)
    }
}

/// A socket on the port, beside the one that reserves it: of the two only one ever listens.
fn bound(port: u16) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    #[cfg(not(unix))]
    socket.set_reuseaddr(true)?;
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    Ok(socket)
}

/// Holds the listener and all connections, until nobody is left to give orders; they go with it.
async fn accept(
    mut listener: Option<TcpListener>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    shared: Arc<Shared>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            order = orders.recv() => match order {
                None => return,
                Some(Order::Serve(stream)) => {
                    connections.spawn(connection::serve(stream, Arc::clone(&shared)));
                }
                Some(Order::Listen(new, done)) => {
                    listener = Some(new);
                    let _ = done.send(()); // whoever asked may have stopped waiting
                }
                Some(Order::Close(done)) => {
                    listener = None;
                    connections.shutdown().await;
                    let _ = done.send(());
                }
            },
            stream = next(listener.as_ref()) => {
                connections.spawn(connection::serve(stream, Arc::clone(&shared)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// The next connection; none ever comes without a listener.
async fn next(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else {
        return future::pending().await;
    };
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            // Small pieces leave at once; without the option they only leave later.
            let _ = stream.set_nodelay(true);
            return stream;
        }
        // The connection was gone before it was taken, or there are no file descriptors left, which takes time to change.
        tokio::time::sleep(PAUSE).await;
    }
}
