//! What a breaker is, as simply as it can be said: lists instead of rings, counted anew each time, time that never
//! rolls over, one thread.

use std::time::Duration;

use wait_or_die::breaker::{Outcome, State};
use wait_or_die::{BreakerPolicy, OnCancel, Window};

type Time = i128;

fn nanos(duration: Duration) -> Time {
    Time::try_from(duration.as_nanos()).unwrap()
}

#[derive(Clone, Copy, Debug)]
struct Span {
    from: Time,
    length: Time,
}

impl Span {
    /// After a step back of more than its length it starts anew.
    fn left(&mut self, now: Time) -> Time {
        if self.from - now > self.length {
            self.from = now;
        }
        (self.from + self.length - now).max(0)
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    bucket: Time,
    failure: bool,
    slow: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Permit {
    generation: u32,
    started: Option<Time>,
    ticket: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) state: State,
    pub(crate) generation: u32,
    pub(crate) since: Time,
    pub(crate) retry_in: Option<Time>,
    pub(crate) in_a_row: u32,
    /// Calls, failures, slow calls.
    pub(crate) counts: (usize, usize, usize),
    pub(crate) probes: usize,
}

#[derive(Debug)]
pub(crate) struct Reference {
    policy: BreakerPolicy,
    draw: f64,
    state: State,
    generation: u32,
    since: Time,
    in_a_row: u32,
    entries: Vec<Entry>,
    bucket: Time,
    bucket_start: Time,
    wait: Span,
    reopenings: u32,
    results: Vec<Entry>,
    leases: Vec<(u32, Span)>,
    tickets: u32,
    pub(crate) changes: Vec<(State, State)>,
}

impl Reference {
    pub(crate) fn new(policy: BreakerPolicy, draw: f64, now: Time) -> Self {
        Self {
            policy,
            draw,
            state: State::Closed,
            generation: 0,
            since: now,
            in_a_row: 0,
            entries: Vec::new(),
            bucket: 0,
            bucket_start: now,
            wait: Span {
                from: now,
                length: 0,
            },
            reopenings: 0,
            results: Vec::new(),
            leases: Vec::new(),
            tickets: 0,
            changes: Vec::new(),
        }
    }

    pub(crate) fn acquire(&mut self, now: Time) -> Result<Permit, (State, Option<Time>)> {
        let mut permit = Permit {
            generation: self.generation,
            started: self.policy.slow_call().map(|_| now),
            ticket: None,
        };
        match self.state {
            State::ForcedOpen => return Err((self.state, None)),
            State::Closed | State::ForcedClosed | State::Disabled => return Ok(permit),
            State::Open => {
                let left = self.wait.left(now);
                if left > 0 {
                    return Err((State::Open, Some(left)));
                }
                self.go(State::HalfOpen, now);
            }
            state => assert_eq!(state, State::HalfOpen),
        }
        self.expire(now);
        if !self.has_place() {
            return Err((State::HalfOpen, Some(self.first(now))));
        }
        self.tickets += 1;
        let lease = self.policy.recovery_timeout();
        let lease = lease.max(self.policy.slow_call().unwrap_or_default());
        let length = nanos(lease.max(Duration::from_secs(10)));
        self.leases.push((self.tickets, Span { from: now, length }));
        permit.generation = self.generation;
        permit.ticket = Some(self.tickets);
        Ok(permit)
    }

    pub(crate) fn record(
        &mut self,
        permit: Permit,
        outcome: Outcome,
        elapsed: Option<Duration>,
        now: Time,
    ) {
        if permit.generation != self.generation {
            return;
        }
        let took = elapsed.map(nanos).or(permit.started.map(|at| now - at));
        let slow = self.policy.slow_call().map(nanos);
        let entry = Entry {
            bucket: 0,
            failure: outcome == Outcome::Failure,
            slow: took.zip(slow).is_some_and(|(took, slow)| took >= slow),
        };
        if outcome == Outcome::Ignore || self.state == State::HalfOpen {
            self.leases.retain(|lease| Some(lease.0) != permit.ticket);
        }
        match self.state {
            _ if outcome == Outcome::Ignore => {}
            State::HalfOpen => {
                self.results.push(entry);
                self.conclude(now);
            }
            State::Closed | State::ForcedClosed => self.count(entry, now),
            _ => {}
        }
    }

    pub(crate) fn cancel(&mut self, permit: Permit, now: Time) {
        let outcome = match self.policy.on_cancel() {
            OnCancel::Ignore => Outcome::Ignore,
            OnCancel::Failure => Outcome::Failure,
        };
        self.record(permit, outcome, None, now);
    }

    pub(crate) fn by_hand(&mut self, to: State, now: Time) {
        if self.state != to || to == State::Closed {
            self.go(to, now);
        }
    }

    pub(crate) fn reconfigure(&mut self, policy: BreakerPolicy, now: Time) {
        self.turn(now);
        let old = self.policy.window();
        self.policy = policy;
        match (old, policy.window()) {
            (None, None) => {}
            (Some(Window::Calls(_)), Some(Window::Calls(_))) => self.slide(),
            (Some(Window::Time(old)), Some(Window::Time(new))) => {
                self.rescale(width(old), width(new));
            }
            (_, new) => {
                self.entries.clear();
                self.bucket_start = now;
                if new.is_some() {
                    self.in_a_row = 0;
                }
            }
        }
        let longest = policy
            .max_recovery_timeout()
            .unwrap_or(policy.recovery_timeout());
        self.wait.length = self.wait.length.min(nanos(longest));
        if self.state == State::HalfOpen {
            self.conclude(now);
        }
    }

    pub(crate) fn look(&mut self, now: Time) -> Seen {
        self.expire(now);
        let list = match self.state {
            State::Closed | State::ForcedClosed => {
                self.turn(now);
                &self.entries
            }
            _ => &self.results,
        };
        let counts = tally(list);
        let retry_in = match self.state {
            State::Open => Some(self.wait.left(now)),
            State::HalfOpen if !self.has_place() => Some(self.first(now)),
            _ => None,
        };
        Seen {
            state: self.state,
            generation: self.generation,
            since: (now - self.since).max(0),
            retry_in,
            in_a_row: self.in_a_row,
            counts,
            probes: self.leases.len(),
        }
    }

    fn count(&mut self, mut entry: Entry, now: Time) {
        if let Some(threshold) = self.policy.failure_threshold() {
            self.in_a_row = if entry.failure { self.in_a_row + 1 } else { 0 };
            if self.state == State::Closed && entry.failure && self.in_a_row >= threshold {
                self.go(State::Open, now);
            }
            return;
        }
        self.turn(now);
        entry.bucket = self.bucket;
        self.entries.push(entry);
        self.slide();
        let enough = self.entries.len() >= self.policy.minimum_calls().unwrap() as usize;
        if self.state == State::Closed && enough && self.is_sick(&self.entries) {
            self.go(State::Open, now);
        }
    }

    fn conclude(&mut self, now: Time) {
        let results = self.results.len();
        if let Some(threshold) = self.policy.success_threshold() {
            if self.results.iter().any(|entry| entry.failure) {
                self.go(State::Open, now);
            } else if results >= threshold as usize {
                self.go(State::Closed, now);
            }
        } else if results >= self.policy.half_open_calls() as usize {
            let to = if self.is_sick(&self.results) {
                State::Open
            } else {
                State::Closed
            };
            self.go(to, now);
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn is_sick(&self, list: &[Entry]) -> bool {
        let (calls, failures, slow) = tally(list);
        let share = |part: usize| part as f64 / calls as f64;
        self.policy
            .failure_rate()
            .is_some_and(|rate| share(failures) >= rate)
            || self
                .policy
                .slow_call_rate()
                .is_some_and(|rate| share(slow) >= rate)
    }

    fn go(&mut self, to: State, now: Time) {
        let from = std::mem::replace(&mut self.state, to);
        self.generation += 1;
        self.since = now;
        self.in_a_row = 0;
        self.results.clear();
        self.leases.clear();
        match to {
            State::Open => self.open(from, now),
            State::HalfOpen => {}
            _ => self.reopenings = 0,
        }
        if matches!(to, State::Closed | State::ForcedClosed) {
            self.entries.clear();
            self.bucket_start = now;
        }
        if from != to {
            self.changes.push((from, to));
        }
    }

    fn open(&mut self, from: State, now: Time) {
        self.reopenings = if from == State::HalfOpen {
            self.reopenings + 1
        } else {
            0
        };
        let first = self.policy.recovery_timeout();
        let mut wait = first;
        if let (Some(max), 1..) = (self.policy.max_recovery_timeout(), self.reopenings) {
            let term = (0..self.reopenings)
                .fold(first, |term, _| (term * 2).min(max))
                .min(max);
            wait = term.mul_f64(0.5 + self.draw / 2.0).max(first);
        }
        self.wait = Span {
            from: now,
            length: nanos(wait),
        };
    }

    fn expire(&mut self, now: Time) {
        self.leases.retain_mut(|lease| lease.1.left(now) > 0);
    }

    fn first(&mut self, now: Time) -> Time {
        self.leases
            .iter_mut()
            .map(|lease| lease.1.left(now))
            .min()
            .unwrap_or(0)
    }

    fn has_place(&self) -> bool {
        let results = if self.policy.success_threshold().is_none() {
            self.results.len()
        } else {
            0
        };
        self.leases.len() + results < self.policy.half_open_calls() as usize
    }

    /// Moves on to the bucket of `now`; what is eleven buckets before it still counts.
    fn turn(&mut self, now: Time) {
        let Some(Window::Time(window)) = self.policy.window() else {
            return;
        };
        let width = width(window);
        if self.bucket_start - now > 12 * width {
            self.bucket_start = now;
        }
        let turns = (now - self.bucket_start).max(0) / width;
        self.bucket += turns;
        self.bucket_start += turns * width;
        let oldest = self.bucket - 11;
        self.entries.retain(|entry| entry.bucket >= oldest);
    }

    fn slide(&mut self) {
        if let Some(Window::Calls(calls)) = self.policy.window() {
            let excess = self.entries.len().saturating_sub(calls as usize);
            self.entries.drain(..excess);
        }
    }

    fn rescale(&mut self, old: Time, new: Time) {
        let bucket = self.bucket;
        for entry in &mut self.entries {
            entry.bucket = bucket - (bucket - entry.bucket) * old / new;
        }
        self.entries.retain(|entry| entry.bucket >= bucket - 11);
    }
}

fn width(window: Duration) -> Time {
    (nanos(window) + 10) / 11
}

fn tally(list: &[Entry]) -> (usize, usize, usize) {
    let failures = list.iter().filter(|entry| entry.failure).count();
    let slow = list.iter().filter(|entry| entry.slow).count();
    (list.len(), failures, slow)
}
