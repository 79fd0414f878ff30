//! A client that does what `docs/gateway.md` tells clients to do. It shares no code with the gateway.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::clock;
use crate::gateway::Place;
use crate::told::{Asked, Heard, Says, Told};

/// How long a socket is looked at before it is asked whether the gateway lives, in milliseconds.
const LOOK_MILLIS: i64 = 10;
/// The pause of a client that has nothing to do.
const IDLE: Duration = Duration::from_millis(2);
/// Orders that a client has open at most.
const MOST_OPEN: usize = 4;

/// What a client knows of an order of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// It was not sent yet, or certainly not executed.
    NotExecuted,
    /// It may have been executed.
    Unsure,
    /// It has its answer.
    Answered,
}

#[derive(Debug)]
struct Order {
    id: String,
    known: Known,
    /// Neither sent nor asked about before.
    not_before: Instant,
    /// Its client does not need it any more, but may still come back to it.
    given_up: bool,
}

/// A socket to one start of the gateway.
struct Line {
    start: u64,
    socket: zmq::Socket,
}

pub(crate) struct Client {
    name: String,
    random: fastrand::Rng,
    place: Arc<Place>,
    context: zmq::Context,
    line: Option<Line>,
    requests: u64,
    orders: Vec<Order>,
    heard: Heard,
}

impl Client {
    pub(crate) fn new(number: usize, seed: u64, place: Arc<Place>) -> Self {
        Self {
            name: format!("c{number}"),
            random: fastrand::Rng::with_seed(seed),
            place,
            context: zmq::Context::new(),
            line: None,
            requests: 0,
            orders: Vec::new(),
            heard: Heard::default(),
        }
    }

    /// Trades until the place closes, then asks about everything that is not answered.
    pub(crate) fn run(mut self) -> Heard {
        while !self.place.is_closing() {
            self.step();
        }
        for at in 0..self.orders.len() {
            self.settle(at);
        }
        self.heard
    }

    fn step(&mut self) {
        let now = clock::now();
        let open = |order: &&Order| order.known != Known::Answered && !order.given_up;
        let (open, due) = {
            let open = self.orders.iter().filter(open);
            let due = |order: &&Order| order.not_before <= now;
            (open.clone().count(), open.filter(due).count())
        };
        match self.random.u32(0..100) {
            0..50 if due > 0 => self.go_on(now),
            50..80 if open < MOST_OPEN => self.place_new(),
            80.. if !self.orders.is_empty() => self.come_back(now),
            _ => clock::sleep(IDLE),
        }
    }

    fn place_new(&mut self) {
        let id = format!("{}-{}", self.name, self.orders.len());
        let order = draw(&mut self.random, &id);
        self.heard.sent.insert(id.clone(), order);
        self.orders.push(Order {
            id,
            known: Known::NotExecuted,
            not_before: clock::now(),
            given_up: false,
        });
        self.ask(self.orders.len() - 1, Asked::Send);
    }

    /// The next thing to do about an open order.
    fn go_on(&mut self, now: Instant) {
        let due = |order: &Order| {
            order.known != Known::Answered && !order.given_up && order.not_before <= now
        };
        let Some(at) = self.orders.iter().position(due) else {
            return;
        };
        let draw = self.random.u32(0..100);
        match self.orders[at].known {
            Known::NotExecuted if draw < 20 => self.orders[at].given_up = true,
            Known::NotExecuted => self.ask(at, Asked::Send),
            // Sent again under the same id it would not be executed twice either.
            Known::Unsure if draw < 30 => self.ask(at, Asked::Send),
            Known::Unsure | Known::Answered => self.ask(at, Asked::Status),
        }
    }

    /// Once more something about an order, be it answered or given up, of this start or of one before.
    fn come_back(&mut self, now: Instant) {
        let at = self.random.usize(0..self.orders.len());
        let Order {
            known, not_before, ..
        } = self.orders[at];
        if not_before > now {
            return;
        }
        match self.random.u32(0..10) {
            0..5 => self.ask(at, Asked::Send),
            // Before it has an answer the other order might be the first to come.
            5 if known == Known::Answered => self.ask(at, Asked::SendOther),
            _ => self.ask(at, Asked::Status),
        }
    }

    /// Asks until the order is answered or certainly not executed.
    fn settle(&mut self, at: usize) {
        while self.orders[at].known != Known::Answered {
            let wait = self.orders[at].not_before;
            clock::sleep(wait.saturating_duration_since(clock::now()));
            self.ask(at, Asked::Status);
            if self.orders[at].known == Known::NotExecuted {
                return;
            }
        }
    }

    fn ask(&mut self, at: usize, asked: Asked) {
        let id = self.orders[at].id.clone();
        let request = self.request(&id, asked);
        let (draw, millis) = (self.random.u32(0..100), self.random.u64(0..40));
        let patience = (draw < 6).then_some(Duration::from_millis(millis));
        let reply = self.exchange(request, patience);
        let order = &mut self.orders[at];
        let Some(reply) = reply else {
            self.heard.without_reply += 1;
            if order.known != Known::Answered {
                order.known = Known::Unsure;
            }
            return;
        };
        if asked != Asked::SendOther && order.known != Known::Answered {
            order.known = match Says::of(&reply) {
                Says::Executed | Says::Rejected => Known::Answered,
                Says::NotExecuted => Known::NotExecuted,
                Says::Open | Says::Other => Known::Unsure,
            };
            let wait = reply["retry_after_ms"].as_u64().unwrap_or(0);
            order.not_before = clock::now() + Duration::from_millis(wait);
        }
        self.heard.told.push(Told {
            order: id,
            asked,
            reply,
        });
    }

    fn request(&self, id: &str, asked: Asked) -> Map<String, Value> {
        let (action, fields) = match asked {
            Asked::Send => ("ORDER_SEND", self.heard.sent[id].clone()),
            Asked::SendOther => {
                let mut other = self.heard.sent[id].clone();
                other["magic"] = 7.into();
                ("ORDER_SEND", other)
            }
            Asked::Status => ("ORDER_STATUS", json!({ "client_order_id": id })),
        };
        let mut request = Map::from_iter([("action".to_owned(), action.into())]);
        request.extend(fields.as_object().cloned().unwrap_or_default());
        request
    }

    /// The reply without its id; `None` if the gateway was killed before it came, or if it took longer than `patience`.
    /// The socket is closed then: one more request cannot be sent on it.
    fn exchange(
        &mut self,
        mut request: Map<String, Value>,
        patience: Option<Duration>,
    ) -> Option<Value> {
        let (start, endpoint) = self.place.serving();
        // At the end nobody leaves a request behind, that it may not come true after the last answer.
        let patience = patience.filter(|_| !self.place.is_closing());
        let asked_at = clock::now();
        let line = match self.line.take() {
            Some(line) if line.start == start => line,
            _ => connect(&self.context, start, &endpoint),
        };
        self.requests += 1;
        let id = format!("{}:{}", self.name, self.requests);
        request.insert("id".to_owned(), id.as_str().into());
        let bytes = serde_json::to_vec(&request).unwrap();
        line.socket.send(bytes, 0).unwrap();
        loop {
            // In this order: what has arrived of a gateway that is gone is taken all the same.
            let alive = self.place.is_serving(start);
            if line.socket.poll(zmq::POLLIN, LOOK_MILLIS).unwrap() > 0 {
                let bytes = line.socket.recv_bytes(0).unwrap();
                let mut reply: Value = serde_json::from_slice(&bytes).unwrap();
                self.place.replied(reply["status"].as_str());
                let answers = reply.as_object_mut().unwrap().remove("id");
                assert_eq!(answers, Some(id.into()), "the reply to another request");
                self.line = Some(line);
                return Some(reply);
            }
            if !alive || patience.is_some_and(|patience| asked_at.elapsed() >= patience) {
                return None;
            }
        }
    }
}

fn connect(context: &zmq::Context, start: u64, endpoint: &str) -> Line {
    let socket = context.socket(zmq::REQ).unwrap();
    socket.set_linger(0).unwrap();
    socket.connect(endpoint).unwrap();
    Line { start, socket }
}

/// An order that is filled, waits for its price, or, rarely, is filled in part.
fn draw(random: &mut fastrand::Rng, id: &str) -> Value {
    // What waits to be sold comes to its price when the market has moved twice.
    let (symbol, waits) = [
        ("EURUSD", "1.0843"),
        ("GBPUSD", "1.26875"),
        ("USDCHF", "0.88125"),
    ][random.usize(0..3)];
    let (side, price) = match random.u32(0..10) {
        0 => ("OP_BUY", "0.50"),
        1 => ("OP_SELL", waits),
        2..6 => ("OP_BUY", "1.50"),
        _ => ("OP_SELL", "0.50"),
    };
    let volume = match random.u32(0..200) {
        // The book holds 50 lots.
        0 => "60.00",
        1..100 => "0.001",
        _ => "0.002",
    };
    json!({
        "client_order_id": id, "type": side, "symbol": symbol, "volume": volume, "price": price,
        "magic": 202_401
    })
}
