//! S11: many tasks that wait to make an attempt again. Each variant has a process of its own, whose memory nothing
//! else has touched.

use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use layered::Service as _;
use tower::ServiceExt as _;

use crate::body::{ANSWER, Body, Failure, Outcome, argument};
use crate::harness::{Peer, Plan, Record, Role, Unit, float};
use crate::peers::{fixed, resilience, seatbelt, stacked, tower as own};
use crate::{hand, ours};

/// The argument of a process that has such tasks: which variant, and how many.
pub(crate) const CHILD: &str = "--tasks";
const TASKS: usize = 100_000;
/// Enough to start all tasks in.
const WAIT: Duration = Duration::from_secs(1);

/// Fails at first, and succeeds when everybody waits.
struct Storm;

static FAILING: AtomicBool = AtomicBool::new(true);
static FAILED: AtomicUsize = AtomicUsize::new(0);
static DONE: AtomicUsize = AtomicUsize::new(0);

impl Body for Storm {
    async fn attempt(argument: u32) -> Outcome {
        if FAILING.load(Relaxed) {
            FAILED.fetch_add(1, Relaxed);
            return Err(Failure::Down);
        }
        Ok(argument)
    }
}

type Variant = (&'static str, Role, fn(usize));

/// Each spawns so many tasks on the runtime that it is called in.
const VARIANTS: &[Variant] = &[
    ("by hand: a loop", Role::Hand, |tasks| {
        spawn(tasks, || hand::fixed::<Storm>(WAIT, argument()));
    }),
    (
        "by hand: a loop + `tokio::time::timeout`",
        Role::Hand,
        |tasks| {
            spawn(tasks, || {
                stacked::timed(hand::fixed::<Storm>(WAIT, argument()))
            });
        },
    ),
    ("ours, `budget = none`", Role::Ours, |tasks| {
        spawn(tasks, || ours::waits::<Storm>(argument()));
    }),
    (
        "ours, `budget = none`, with a breaker",
        Role::OursToo,
        |tasks| {
            spawn(tasks, || ours::waits_behind_breaker::<Storm>(argument()));
        },
    ),
    ("backon", Role::Peer(Peer::Backon), |tasks| {
        spawn(tasks, || fixed::backon::<Storm>(WAIT, argument()));
    }),
    (
        "backon + `tokio::time::timeout`",
        Role::Beside("backon"),
        |tasks| {
            spawn(tasks, || {
                stacked::timed(fixed::backon::<Storm>(WAIT, argument()))
            });
        },
    ),
    ("tokio-retry", Role::Peer(Peer::TokioRetry), |tasks| {
        spawn(tasks, || fixed::tokio_retry::<Storm>(WAIT, argument()));
    }),
    ("tokio-retry2", Role::Peer(Peer::TokioRetry2), |tasks| {
        spawn(tasks, || fixed::tokio_retry2::<Storm>(WAIT, argument()));
    }),
    ("backoff", Role::Peer(Peer::Backoff), |tasks| {
        spawn(tasks, || fixed::backoff::<Storm>(WAIT, argument()));
    }),
    ("tryhard", Role::Peer(Peer::Tryhard), |tasks| {
        spawn(tasks, || fixed::tryhard::<Storm>(WAIT, argument()));
    }),
    (
        "retry-policies, a loop by hand",
        Role::Peer(Peer::RetryPolicies),
        |tasks| {
            spawn(tasks, || fixed::retry_policies::<Storm>(WAIT, argument()));
        },
    ),
    ("seatbelt", Role::Peer(Peer::Seatbelt), |tasks| {
        let service = seatbelt::fixed::<Storm>(WAIT);
        spawn(tasks, || {
            let service = service.clone();
            async move { service.execute(argument()).await }
        });
    }),
    ("tower", Role::Peer(Peer::Tower), |tasks| {
        let service = own::retry::<Storm, _>(own::attempts(WAIT));
        spawn(tasks, || service.clone().oneshot(argument()));
    }),
    (
        "tower-resilience",
        Role::Peer(Peer::TowerResilience),
        |tasks| {
            let service = resilience::fixed::<Storm>(WAIT);
            spawn(tasks, || service.clone().oneshot(argument()));
        },
    ),
];

fn spawn<F>(tasks: usize, call: impl Fn() -> F)
where
    F: Future<Output = Outcome> + Send + 'static,
{
    for _ in 0..tasks {
        let call = call();
        tokio::spawn(async move {
            if call.await == Ok(ANSWER) {
                DONE.fetch_add(1, Relaxed);
            }
        });
    }
}

/// Measures all variants in each of a tenth of the rounds.
pub(crate) fn measure(plan: Plan) -> Result<Vec<Record>, String> {
    let mut memory: Vec<_> = records(
        "S11",
        "tasks that wait for the next attempt, memory of each",
        Unit::Bytes,
    );
    let mut time = records(
        "S11t",
        "the same, processor time from start to end of each",
        Unit::Nanos,
    );
    let tasks = if plan.smoke { 500 } else { TASKS };
    for round in 0..plan.rounds.div_ceil(10) {
        eprint!("\rS11, round {} of {}", round + 1, plan.rounds.div_ceil(10));
        let told = if plan.smoke {
            together(tasks)
        } else {
            in_turn(tasks)
        }?;
        for (at, [bytes, nanos]) in told.into_iter().enumerate() {
            memory[at].samples.push(bytes);
            time[at].samples.push(nanos);
        }
    }
    eprintln!();
    memory.append(&mut time);
    Ok(memory)
}

fn records(scenario: &'static str, title: &'static str, unit: Unit) -> Vec<Record> {
    let record = |&(name, role, _): &Variant| Record {
        scenario,
        title,
        unit,
        stage: "1 thread".to_owned(),
        name: name.to_owned(),
        role,
        samples: Vec::new(),
        disturbed: 0,
    };
    VARIANTS.iter().map(record).collect()
}

type Told = Result<Vec<[f64; 2]>, String>;

fn in_turn(tasks: usize) -> Told {
    (0..VARIANTS.len())
        .map(|at| told(start(at, tasks)?.wait_with_output()))
        .collect()
}

/// What it costs does not matter.
fn together(tasks: usize) -> Told {
    let started: Result<Vec<_>, _> = (0..VARIANTS.len()).map(|at| start(at, tasks)).collect();
    started?
        .into_iter()
        .map(|child| told(child.wait_with_output()))
        .collect()
}

fn start(variant: usize, tasks: usize) -> Result<Child, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    Command::new(program)
        .args([CHILD, &variant.to_string(), &tasks.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())
}

/// Bytes and nanoseconds per task, as the process printed them.
fn told(output: std::io::Result<Output>) -> Result<[f64; 2], String> {
    let output = output.map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut figures = text.split_whitespace().filter_map(|each| each.parse().ok());
    match (output.status.success(), figures.next(), figures.next()) {
        (true, Some(bytes), Some(nanos)) => Ok([bytes, nanos]),
        _ => Err(format!("a process of S11 failed: {text}")),
    }
}

/// Has the tasks, and prints what they took.
pub(crate) fn child(arguments: &[String]) -> Result<(), String> {
    let mut numbers = arguments
        .iter()
        .filter_map(|each| each.parse::<usize>().ok());
    let (Some(variant), Some(tasks)) = (numbers.next(), numbers.next()) else {
        return Err("a variant and a number of tasks".to_owned());
    };
    let (name, _, spawn) = VARIANTS.get(variant).ok_or("no such variant")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let (memory, time) = (resident()?, on_processor()?);
        spawn(tasks);
        while FAILED.load(Relaxed) < tasks {
            tokio::task::yield_now().await;
        }
        let waiting = resident()?;
        FAILING.store(false, Relaxed);
        while DONE.load(Relaxed) < tasks {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let ended = on_processor()?;
        if FAILED.load(Relaxed) != tasks {
            return Err(format!("{name}: a task did not wait"));
        }
        let each = |total: u64| float(total) / float(tasks as u64);
        println!(
            "{} {}",
            each(waiting.saturating_sub(memory)),
            each(ended - time)
        );
        Ok(())
    })
}

/// Bytes of this process that are in memory and not those of a file.
fn resident() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    kilobytes
        .and_then(|kilobytes| kilobytes.trim().parse::<u64>().ok())
        .map(|kilobytes| kilobytes * 1024)
        .ok_or_else(|| "no RssAnon".to_owned())
}

/// Nanoseconds that this thread has run.
fn on_processor() -> Result<u64, String> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat")
        .map_err(|error| error.to_string())?;
    let first = told.split_whitespace().next();
    first
        .and_then(|nanos| nanos.parse().ok())
        .ok_or_else(|| "no schedstat".to_owned())
}
