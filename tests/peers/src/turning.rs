//! How long a change of state takes while eight threads hammer at the breaker.

use std::cell::Cell;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Barrier, Mutex};
use std::time::Duration;

use wait_or_die::breaker::{Core, Outcome, Seams, State};
use wait_or_die::{BreakerPolicy, Window};

use crate::clock::nanos;
use crate::harness::Plan;

const THREADS: usize = 8;
const TURNS: usize = 1_200;
const RECOVERY: u64 = 60_000_000_000;
/// What a change has to be seen within.
const BOUND: u64 = 1_000_000;
/// Hammering before each change: long enough for every processor to be at it.
const LEAD: u64 = 200_000;

std::thread_local! {
    /// The call to the breaker that this thread is in has changed the state.
    static DECIDED: Cell<bool> = const { Cell::new(false) };
}

/// One kind of change, in nanoseconds per change.
#[derive(Default)]
pub(crate) struct Turn {
    /// The call that decided, from its beginning to its return.
    deciding: Vec<u64>,
    /// From that return to the first answer of the new state on another thread; zero if that came first.
    seen: Vec<u64>,
    /// Calls that began after that return and were answered as if nothing had changed.
    late: u64,
    /// Changes that were told by another thread than the one that decided, and are left out.
    untold: u64,
}

pub(crate) struct Turns {
    policy: &'static str,
    opening: Turn,
    closing: Turn,
}

/// What one thread saw of one change.
#[derive(Clone, Copy, Default)]
struct Seen {
    /// Beginning and return of the deciding call, if it was this thread's.
    decided: Option<(u64, u64)>,
    /// Beginning of the last call that the old state answered.
    last_old: u64,
    /// When the first answer of the new state was there.
    first_new: u64,
}

struct Stage {
    core: Core,
    barrier: Barrier,
    seen: Mutex<Vec<Seen>>,
    /// Calls fail, or the recovery time is over.
    turn: AtomicBool,
    /// What has been added to the clock so far.
    ahead: AtomicU64,
}

fn changes(plan: Plan) -> usize {
    if plan.smoke { 10 } else { TURNS }
}

pub(crate) fn measure(plan: Plan) -> Vec<Turns> {
    let changes = changes(plan);
    let rate = BreakerPolicy::new().with_failure_rate(0.5);
    [
        ("5 failures in a row", BreakerPolicy::new()),
        ("a half of 100 calls", rate.with_window(Window::Calls(100))),
        (
            "a half of 10 s",
            rate.with_window(Window::Time(Duration::from_secs(10))),
        ),
    ]
    .map(|(name, policy)| turns(name, policy, changes))
    .into()
}

fn turns(name: &'static str, policy: BreakerPolicy, changes: usize) -> Turns {
    let policy = policy.with_success_threshold(1);
    let seams = Seams::new(nanos, || 0.5);
    let stage = Stage {
        core: Core::new(policy, seams, nanos()).expect("settings that hold"),
        barrier: Barrier::new(THREADS),
        seen: Mutex::default(),
        turn: AtomicBool::new(false),
        ahead: AtomicU64::new(0),
    };
    // Listeners run on the thread whose call changes the state.
    stage.core.listen(|_| DECIDED.set(true));
    let (opening, closing) = (Mutex::default(), Mutex::default());
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (stage, opening, closing) = (&stage, &opening, &closing);
            scope.spawn(move || {
                for _ in 0..changes {
                    stage.run(thread, Stage::until_open, opening);
                    stage.run(thread, Stage::until_closed, closing);
                }
            });
        }
    });
    Turns {
        policy: name,
        opening: opening.into_inner().unwrap_or_default(),
        closing: closing.into_inner().unwrap_or_default(),
    }
}

impl Stage {
    /// One change, seen by this thread; the first thread takes down what all of them saw.
    fn run(&self, thread: usize, watch: fn(&Self, bool) -> Seen, turn: &Mutex<Turn>) {
        self.barrier.wait();
        let seen = watch(self, thread == 0);
        if let Ok(mut all) = self.seen.lock() {
            all.push(seen);
        }
        self.barrier.wait();
        if thread > 0 {
            return;
        }
        self.turn.store(false, SeqCst);
        if let (Ok(mut all), Ok(mut turn)) = (self.seen.lock(), turn.lock()) {
            turn.take_down(&all);
            all.clear();
        }
    }

    fn now(&self) -> u64 {
        nanos() + self.ahead.load(Relaxed)
    }

    /// Calls that succeed, until the leader says that they fail, and until this thread has been refused.
    fn until_open(&self, leads: bool) -> Seen {
        let mut seen = Seen::default();
        let start = nanos();
        loop {
            let begun = nanos();
            if leads && begun - start > LEAD {
                self.turn.store(true, Relaxed);
            }
            let Ok(permit) = self.core.try_acquire(|| self.now()) else {
                seen.first_new = nanos();
                DECIDED.set(false);
                return seen;
            };
            seen.last_old = begun;
            let outcome = if self.turn.load(Relaxed) {
                Outcome::Failure
            } else {
                Outcome::Success
            };
            let recording = nanos();
            permit.record(outcome, || self.now());
            if DECIDED.take() {
                seen.decided = Some((recording, nanos()));
            }
        }
    }

    /// Refusals, until the leader moves the clock on, one probe has closed the breaker, and this thread may pass.
    fn until_closed(&self, leads: bool) -> Seen {
        let mut seen = Seen::default();
        let start = nanos();
        loop {
            let begun = nanos();
            if leads && begun - start > LEAD && !self.turn.swap(true, Relaxed) {
                self.ahead.fetch_add(RECOVERY, Relaxed);
            }
            let permit = self.core.try_acquire(|| self.now());
            // The change to half-open is none of those that are measured.
            DECIDED.set(false);
            match permit {
                Err(_) => seen.last_old = begun,
                Ok(permit) if permit.is_probe() => {
                    seen.last_old = begun;
                    let recording = nanos();
                    permit.record(Outcome::Success, || self.now());
                    seen.decided = DECIDED.take().then(|| (recording, nanos()));
                }
                Ok(permit) => {
                    seen.first_new = nanos();
                    permit.record(Outcome::Success, || self.now());
                    return seen;
                }
            }
        }
    }
}

impl Turn {
    fn take_down(&mut self, all: &[Seen]) {
        let decided = |each: &Seen| each.decided.is_some();
        // Where a refused call came in between, it was that one's thread which told the listener.
        let Some((begun, returned)) = all.iter().find_map(|each| each.decided) else {
            self.untold += 1;
            return;
        };
        self.deciding.push(returned - begun);
        let others = all.iter().filter(|each| !decided(each));
        if let Some(first) = others.map(|each| each.first_new).min() {
            self.seen.push(first.saturating_sub(returned));
        }
        let late = all.iter().filter(|each| each.last_old > returned).count();
        self.late += late as u64;
    }

    fn print(&mut self, policy: &str, change: &str) {
        for (what, list) in [
            ("deciding call", &mut self.deciding),
            ("until another thread sees it", &mut self.seen),
        ] {
            list.sort_unstable();
            if list.is_empty() {
                continue;
            }
            let at = |part: usize| list[(list.len() * part / 1_000).min(list.len() - 1)];
            let [median, high, most] = [500, 990, 1_000].map(|part| micros(at(part)));
            let soon = 100 * list.partition_point(|&nanos| nanos <= BOUND) / list.len();
            println!("| {policy} | {change} | {what} | {median} | {high} | {most} | {soon} % |");
        }
    }
}

fn micros(nanos: u64) -> String {
    let tenths = nanos.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

pub(crate) fn print(all: &mut [Turns], plan: Plan) {
    let changes = changes(plan);
    println!("\nChanges of state under {THREADS} threads, {changes} of each, in microseconds\n");
    println!("| opens at | change | | p50 | p99 | max | within 1 ms |");
    println!("|---|---|---|---:|---:|---:|---:|");
    for turns in &mut *all {
        let (open, closed) = (State::Open.as_str(), State::Closed.as_str());
        turns
            .opening
            .print(turns.policy, &format!("{closed} to {open}"));
        turns
            .closing
            .print(turns.policy, &format!("{} to {closed}", State::HalfOpen));
    }
    let late: u64 = all
        .iter()
        .map(|turns| turns.opening.late + turns.closing.late)
        .sum();
    let untold: u64 = all
        .iter()
        .map(|turns| turns.opening.untold + turns.closing.untold)
        .sum();
    println!("\nchanges that another thread told of, left out: {untold}");
    println!(
        "calls begun after the deciding call's return that the old state still answered: {late}"
    );
}
