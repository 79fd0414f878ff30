//! What jitter is for: a hundred clients that update one versioned row, in virtual time.
//!
//! The model is that of Marc Brooker's article "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015) and of
//! its `backoff_simulator.py`. A client reads the row's version, then writes with the version it has read; the write
//! fails if another one came between. Each of the four hops takes |Normal(10, 2)| ms. A client that failed waits and
//! starts over, until its one update is done. Measured are the time until all are done and the number of writes, each
//! as the mean of 200 seeded runs.
//!
//! Every wait is computed by `Backoff::wait`, from a policy as a user would write it. `cargo test --test contention
//! -- --nocapture` prints the table.
#![allow(clippy::print_stdout)] // the table is what a reader runs this for

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write as _;
use std::time::Duration;

use fastrand::Rng;
use wait_or_die::{Jitter, RetryPolicy};

const CLIENTS: usize = 100;
const RUNS: u32 = 200;
const SEED: u64 = 2015;

/// The article counts terms as `5 ms * 2^n` with `n` from 1, hence a first wait of 10 ms.
const EXPONENTIAL: RetryPolicy = RetryPolicy::new()
    .with_initial_wait(Duration::from_millis(10))
    .with_max_wait(Duration::from_secs(2));

struct Case {
    name: &'static str,
    policy: RetryPolicy,
    /// Published for this model: milliseconds until all are done, writes.
    published: (f64, f64),
}

/// `none` is no backoff at all: a client that failed starts over at once.
const CASES: [Case; 5] = [
    Case {
        name: "none",
        policy: EXPONENTIAL.with_initial_wait(Duration::ZERO),
        published: (2_022.0, 2_420.0),
    },
    Case {
        name: "exponential",
        policy: EXPONENTIAL.with_jitter(Jitter::None),
        published: (63_830.0, 1_861.0),
    },
    Case {
        name: "equal",
        policy: EXPONENTIAL.with_jitter(Jitter::Equal),
        published: (6_554.0, 812.0),
    },
    Case {
        name: "full",
        policy: EXPONENTIAL.with_jitter(Jitter::Full),
        published: (4_871.0, 796.0),
    },
    Case {
        name: "decorrelated",
        policy: EXPONENTIAL
            .with_initial_wait(Duration::from_millis(5))
            .with_jitter(Jitter::Decorrelated),
        published: (4_593.0, 1_002.0),
    },
];

/// What arrives where. The order of the variants only breaks ties in time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Message {
    Read,
    Version(u32),
    Write(u32),
    Written(bool),
}

/// When, for which client, and what.
type Event = Reverse<(Duration, usize, Message)>;

struct Client {
    retry: u32,
    previous: Duration,
}

struct Simulation<'a> {
    policy: &'a RetryPolicy,
    rng: Rng,
    queue: BinaryHeap<Event>,
    clients: Vec<Client>,
    version: u32,
    writes: u32,
}

impl<'a> Simulation<'a> {
    fn new(policy: &'a RetryPolicy, seed: u64) -> Self {
        let client = || Client {
            retry: 0,
            previous: policy.initial_wait(),
        };
        Self {
            policy,
            rng: Rng::with_seed(seed),
            queue: BinaryHeap::new(),
            clients: (0..CLIENTS).map(|_| client()).collect(),
            version: 0,
            writes: 0,
        }
    }

    /// Until every client has written once; the time that took.
    fn run(&mut self) -> Duration {
        for client in 0..CLIENTS {
            self.send(Duration::ZERO, client, Message::Read);
        }
        let mut now = Duration::ZERO;
        while let Some(Reverse((at, client, message))) = self.queue.pop() {
            now = at;
            self.receive(now, client, message);
        }
        now
    }

    fn receive(&mut self, now: Duration, client: usize, message: Message) {
        match message {
            Message::Read => self.send(now, client, Message::Version(self.version)),
            Message::Version(version) => self.send(now, client, Message::Write(version)),
            Message::Write(version) => {
                let current = version == self.version;
                self.version += u32::from(current);
                self.writes += 1;
                self.send(now, client, Message::Written(current));
            }
            Message::Written(true) => {}
            Message::Written(false) => {
                let wait = self.wait(client);
                self.send(now + wait, client, Message::Read);
            }
        }
    }

    fn wait(&mut self, client: usize) -> Duration {
        let client = &mut self.clients[client];
        client.retry += 1;
        client.previous = self
            .policy
            .backoff()
            .wait(client.retry, client.previous, self.rng.f64());
        client.previous
    }

    fn send(&mut self, now: Duration, client: usize, message: Message) {
        let hop = (10.0 + 2.0 * normal(&mut self.rng)).abs();
        self.queue.push(Reverse((
            now + Duration::from_secs_f64(hop / 1_000.0),
            client,
            message,
        )));
    }
}

/// A standard normal number (Box and Muller, 1958).
fn normal(rng: &mut Rng) -> f64 {
    // From (0, 1], where the logarithm is finite.
    let radius = (-2.0 * (1.0 - rng.f64()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.f64()).cos()
}

/// Mean milliseconds and mean writes over all runs.
fn measure(policy: &RetryPolicy) -> (f64, f64) {
    let (mut time, mut writes) = (Duration::ZERO, 0);
    for run in 0..RUNS {
        let mut simulation = Simulation::new(policy, SEED + u64::from(run));
        time += simulation.run();
        writes += simulation.writes;
        assert_eq!(
            simulation.version, 100,
            "every client has updated the row once"
        );
    }
    let runs = f64::from(RUNS);
    (
        time.as_secs_f64() * 1_000.0 / runs,
        f64::from(writes) / runs,
    )
}

#[test]
fn a_hundred_clients_come_out_as_published() {
    let mut table = String::from("jitter         time ms  (published)   writes  (published)\n");
    let mut far = Vec::new();
    for case in &CASES {
        let (time, writes) = measure(&case.policy);
        let (published_time, published_writes) = case.published;
        writeln!(
            table,
            "{:<13} {time:>8.0} {published_time:>12} {writes:>9.0} {published_writes:>12}",
            case.name
        )
        .expect("a string takes all text");
        let off = |mean: f64, published: f64| (mean / published - 1.0).abs() > 0.03;
        if off(time, published_time) || off(writes, published_writes) {
            far.push(case.name);
        }
    }
    println!("{table}");
    assert!(far.is_empty(), "more than 3 % off: {far:?}\n{table}");
}
