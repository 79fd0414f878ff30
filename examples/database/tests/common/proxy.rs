//! A TCP proxy that does what networks do: it delays, cuts, resets, goes silent, slows down; at once, or at a certain
//! message of the client.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// How a connection ends, or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Break {
    /// Closed in an orderly way, to both sides.
    Cut,
    /// Reset, to both sides.
    Reset,
    /// Open to both sides, and nothing passes any more.
    HalfOpen,
}

/// What happens to all bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    Clear,
    /// Each piece arrives so much later.
    Delay(Duration),
    /// Pieces of so many bytes, one each millisecond.
    Throttle(usize),
}

/// At which message of the client a connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// Before it reaches the server: it is not done.
    Before,
    /// When the server answers it: it is done, and the client does not hear of it.
    Answered,
}

/// A message of the client: its type, and what is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Message {
    pub(crate) kind: u8,
    pub(crate) holds: &'static [u8],
}

/// The values of a prepared statement, on their way to be executed.
pub(crate) const EXECUTE: Message = Message {
    kind: b'E',
    holds: b"",
};
pub(crate) const COMMIT: Message = Message {
    kind: b'Q',
    // `BEGIN ISOLATION LEVEL READ COMMITTED` is none.
    holds: b"COMMIT\0",
};

#[derive(Debug)]
struct State {
    weather: Weather,
    armed: Vec<(Message, Moment, Break)>,
    refused: u32,
    /// How long nobody gets through after the next strike.
    outage: Option<Duration>,
    is_down: bool,
    connections: u32,
    executed: u32,
    commits: u32,
}

/// What all connections of one proxy share.
struct Shared {
    state: Mutex<State>,
    /// Counts up; a connection breaks when it changes.
    breaks: watch::Sender<(u64, Break)>,
    server: SocketAddr,
}

pub(crate) struct Proxy {
    shared: Arc<Shared>,
    port: u16,
    accepting: tokio::task::JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Proxy {
    pub(crate) async fn start(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                weather: Weather::Clear,
                armed: Vec::new(),
                refused: 0,
                outage: None,
                is_down: false,
                connections: 0,
                executed: 0,
                commits: 0,
            }),
            breaks: watch::Sender::new((0, Break::Cut)),
            server: (Ipv4Addr::LOCALHOST, server).into(),
        });
        let accepting = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self {
            shared,
            port,
            accepting,
        }
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn weather(&self, weather: Weather) {
        self.shared.state().weather = weather;
    }

    /// Breaks all connections now.
    pub(crate) fn break_all(&self, how: Break) {
        self.shared.breaks.send_modify(|(count, last)| {
            *count += 1;
            *last = how;
        });
    }

    /// The next so many connections are closed at once.
    pub(crate) fn refuse(&self, connections: u32) {
        self.shared.state().refused = connections;
    }

    /// The next such message breaks its connection. What is armed strikes in this order, once each.
    pub(crate) fn arm(&self, message: Message, moment: Moment, how: Break) {
        self.shared.state().armed.push((message, moment, how));
    }

    /// Breaks all connections now, and lets nobody through for so long.
    pub(crate) fn outage(&self, how: Break, lasts: Duration) {
        self.shared.go_down(lasts);
        self.break_all(how);
    }

    /// As [`arm`](Self::arm), and from the strike on nobody gets through for so long.
    pub(crate) fn arm_outage(&self, message: Message, moment: Moment, how: Break, lasts: Duration) {
        self.arm(message, moment, how);
        self.shared.state().outage = Some(lasts);
    }

    /// Returns when everybody gets through again.
    pub(crate) async fn up(&self) {
        while self.shared.state().is_down {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// What was armed and did not strike does not any more.
    pub(crate) fn disarm(&self) {
        let mut state = self.shared.state();
        state.armed.clear();
        state.refused = 0;
        state.outage = None;
    }

    /// How many connections there were, how often a statement was executed and how often COMMIT was sent, so far.
    pub(crate) fn counts(&self) -> (u32, u32, u32) {
        let state = self.shared.state();
        (state.connections, state.executed, state.commits)
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn go_down(self: &Arc<Self>, lasts: Duration) {
        self.state().is_down = true;
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(lasts).await;
            shared.state().is_down = false;
        });
    }

    /// Counts a message, and says whether the connection breaks at it.
    fn strikes(self: &Arc<Self>, kind: u8, message: &[u8]) -> Option<(Moment, Break)> {
        let is = |what: Message| {
            let holds = what.holds;
            what.kind == kind
                && (holds.is_empty() || message.windows(holds.len()).any(|part| part == holds))
        };
        let mut state = self.state();
        state.executed += u32::from(is(EXECUTE));
        state.commits += u32::from(is(COMMIT));
        let (first, ..) = state.armed.first()?;
        if !is(*first) {
            return None;
        }
        let (_, moment, how) = state.armed.remove(0);
        let outage = state.outage.take();
        drop(state);
        if let Some(lasts) = outage {
            self.go_down(lasts);
        }
        Some((moment, how))
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let is_refused = {
            let mut state = shared.state();
            state.connections += 1;
            let is_refused = state.refused > 0;
            state.refused -= u32::from(is_refused);
            is_refused || state.is_down
        };
        if is_refused {
            continue;
        }
        tokio::spawn(pass(client, Arc::clone(&shared)));
    }
}

/// One connection. Whatever ends it ends it for both sides.
async fn pass(client: TcpStream, shared: Arc<Shared>) {
    let mut breaks = shared.breaks.subscribe();
    let Ok(server) = TcpStream::connect(shared.server).await else {
        return; // refused is refused
    };
    // Small messages wait for nobody's acknowledgement.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let asked = Asked::default();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let how = tokio::select! {
        how = requests(&mut from_client, &mut to_server, &shared, &asked) => how,
        how = answers(&mut from_server, &mut to_client, &shared, &asked) => how,
        _ = breaks.changed() => Ok(breaks.borrow().1),
    };
    let (client, server) = (
        from_client.reunite(to_client).unwrap(),
        from_server.reunite(to_server).unwrap(),
    );
    match how {
        Ok(Break::HalfOpen) => {
            // Both sides believe in it until the test ends.
            tokio::time::sleep(Duration::from_secs(3600)).await;
            drop((client, server));
        }
        Ok(Break::Reset) => {
            for socket in [&client, &server] {
                let _ = socket.set_zero_linger();
            }
        }
        Ok(Break::Cut) | Err(_) => {}
    }
}

/// How many answers the client waits for, and which one is to be lost.
#[derive(Default)]
struct Asked(Mutex<(u64, Option<(u64, Break)>)>);

impl Asked {
    /// One more answer is to come.
    fn count(&self) {
        self.0.lock().unwrap().0 += 1;
    }

    /// The answer after those that were asked for is lost.
    fn lose_next(&self, how: Break) {
        let (count, lost) = &mut *self.0.lock().unwrap();
        *lost = Some((*count + 1, how));
    }

    /// Whether the answer of this number, from 1, is the one.
    fn is_lost(&self, number: u64) -> Option<Break> {
        let (which, how) = self.0.lock().unwrap().1?;
        (which == number).then_some(how)
    }
}

/// From the client to the server, message by message.
async fn requests(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    shared: &Arc<Shared>,
    asked: &Asked,
) -> io::Result<Break> {
    // The first one has no type.
    let start = body(from).await?;
    write(to, &start, shared).await?;
    asked.count();
    loop {
        let kind = from.read_u8().await?;
        let message = body(from).await?;
        match shared.strikes(kind, &message) {
            Some((Moment::Before, how)) => return Ok(how),
            Some((Moment::Answered, how)) => asked.lose_next(how),
            None => {}
        }
        // Sync and Query are answered up to ReadyForQuery.
        if matches!(kind, b'S' | b'Q') {
            asked.count();
        }
        write(to, &[&[kind], &message[..]].concat(), shared).await?;
    }
}

/// From the server to the client; the answer that is to be lost only up to its end: then what was asked for is done.
async fn answers(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    shared: &Shared,
    asked: &Asked,
) -> io::Result<Break> {
    let mut number = 1;
    loop {
        let kind = from.read_u8().await?;
        let message = body(from).await?;
        let lost = asked.is_lost(number);
        match lost {
            Some(how) if kind == b'Z' => return Ok(how),
            Some(_) => {}
            None => write(to, &[&[kind], &message[..]].concat(), shared).await?,
        }
        number += u64::from(kind == b'Z');
    }
}

/// A message without its type: its length, which counts itself, and the rest.
async fn body(from: &mut OwnedReadHalf) -> io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    let mut message = length.to_be_bytes().to_vec();
    message.resize(usize::try_from(length).unwrap(), 0);
    from.read_exact(&mut message[4..]).await?;
    Ok(message)
}

async fn write(to: &mut OwnedWriteHalf, bytes: &[u8], shared: &Shared) -> io::Result<()> {
    let weather = shared.state().weather;
    match weather {
        Weather::Clear => to.write_all(bytes).await,
        Weather::Delay(delay) => {
            tokio::time::sleep(delay).await;
            to.write_all(bytes).await
        }
        Weather::Throttle(at_once) => {
            for part in bytes.chunks(at_once) {
                tokio::time::sleep(Duration::from_millis(1)).await;
                to.write_all(part).await?;
            }
            Ok(())
        }
    }
}
