//! What the order ledger costs on this machine's disk: `cargo run --release --example ledger-bench`.
//!
//! The directory is made below the one that `LEDGER_BENCH_DIR` names, or the system's for temporary files. A directory in
//! memory measures nothing that counts.
#![allow(clippy::print_stdout)] // a program that shows what it measured

#[expect(dead_code, reason = "times are given")]
#[path = "../gateway/clock.rs"]
mod clock;
#[allow(dead_code, unused_imports)] // not all that the gateway needs is measured
#[path = "../gateway/ledger/mod.rs"]
mod ledger;

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use clock::Stopwatch;
use ledger::{Ledger, Outcome, Registration, Settings};

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

const TASKS: u32 = 64;
const RECOVERED: u32 = 100_000;

#[tokio::main]
async fn main() -> Done<()> {
    let mut arguments = env::args().skip(1);
    if let (Some(part), Some(dir)) = (arguments.next(), arguments.next()) {
        return match part.as_str() {
            "recover" => recover(dir.as_ref()),
            _ => share(&part, dir.as_ref()).await,
        };
    }
    let parent = env::var_os("LEDGER_BENCH_DIR").map_or_else(env::temp_dir, Into::into);
    println!(
        "{:<44} {:>10} {:>10} {:>14}",
        "", "p50", "p95", "per second"
    );
    let dir = TempDir::new_in(&parent)?;
    one_at_a_time(&dir.path().join("single")).await?;
    grouped(&dir.path().join("grouped")).await?;
    shared(&dir.path().join("shared"))?;
    let many = dir.path().join("many");
    fill(&many).await?;
    recovered("recovery of 100,000 orders from their log", &many)?;
    recovered("the same, from a checkpoint", &many)
}

fn payload(order: u32) -> String {
    format!(
        r#"{{"client_order_id":"o-{order}","magic":202401,"price":"1.08425","sl":"1.08000","symbol":"EURUSD","tp":"1.09000","type":"OP_BUY","volume":"0.10"}}"#
    )
}

fn answer(order: u32) -> String {
    format!(
        r#"{{"status":"FILLED","ticket":{order},"price":"1.08425","attempts":1,"reconciled":false}}"#
    )
}

/// Prints a line of the table.
fn line(what: &str, mut times: Vec<Duration>, whole: Option<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| {
        times
            .get(times.len() * percent / 100)
            .copied()
            .unwrap_or_default()
    };
    let count = u32::try_from(times.len()).unwrap_or(u32::MAX);
    let rate = whole.map_or(String::new(), |whole| {
        format!("{:.0}", f64::from(count) / whole.as_secs_f64())
    });
    println!("{what:<44} {:>10.3?} {:>10.3?} {rate:>14}", at(50), at(95));
}

async fn register(ledger: &Ledger, prefix: &str, order: u32) -> Done<Duration> {
    let (id, payload, watch) = (
        format!("{prefix}o-{order}"),
        payload(order),
        Stopwatch::start(),
    );
    let found = ledger
        .check_and_register(&id, payload.as_bytes(), 1)
        .await?;
    let elapsed = watch.elapsed();
    if found == Registration::New {
        Ok(elapsed)
    } else {
        Err("not new".into())
    }
}

async fn one_at_a_time(dir: &Path) -> Done<()> {
    let (ledger, _) = Ledger::open(dir, Settings::default())?;
    let (mut times, whole) = (Vec::new(), Stopwatch::start());
    for order in 0..500 {
        times.push(register(&ledger, "", order).await?);
    }
    line("register, one at a time", times, Some(whole.elapsed()));
    let mut times = Vec::new();
    for order in 0..500 {
        let watch = Stopwatch::start();
        ledger
            .check_and_register(&format!("o-{order}"), payload(order).as_bytes(), 2)
            .await?;
        times.push(watch.elapsed());
    }
    line("duplicate of an order in progress", times, None);
    for order in 0..100 {
        let id = format!("o-{order}");
        ledger.mark_sent(&id, 3).await?;
        ledger
            .settle(&id, Outcome::Done, answer(order).as_bytes(), 4)
            .await?;
    }
    let mut times = Vec::new();
    for order in 0..10_000 {
        let (id, payload) = (format!("o-{}", order % 100), payload(order % 100));
        let watch = Stopwatch::start();
        ledger
            .check_and_register(&id, payload.as_bytes(), 5)
            .await?;
        times.push(watch.elapsed());
    }
    line("duplicate of a settled order", times, None);
    ledger.close().await;
    Ok(())
}

async fn grouped(dir: &Path) -> Done<()> {
    let (times, whole) = registered(dir, "").await?;
    line("register, 64 tasks", times, Some(whole));
    Ok(())
}

/// How long each of 12,800 registrations took, and all of them.
async fn registered(dir: &Path, prefix: &'static str) -> Done<(Vec<Duration>, Duration)> {
    let ledger = Arc::new(Ledger::open(dir, Settings::default())?.0);
    let (mut tasks, whole) = (Vec::new(), Stopwatch::start());
    for task in 0..TASKS {
        let ledger = Arc::clone(&ledger);
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for order in 0..200 {
                times.push(register(&ledger, prefix, order * TASKS + task).await?);
            }
            Done::Ok(times)
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    Ok((times, whole.elapsed()))
}

/// Two processes at the same time; that one of them is kept from the lock would show in its line.
fn shared(dir: &Path) -> Done<()> {
    fs::create_dir(dir)?;
    let start = |process| {
        let mut command = Command::new(env::current_exe()?);
        command.arg(process).arg(dir).spawn()
    };
    for mut child in [start("a")?, start("b")?] {
        if !child.wait()?.success() {
            return Err("a process failed".into());
        }
    }
    Ok(())
}

async fn share(process: &str, dir: &Path) -> Done<()> {
    let prefix = if process == "a" { "a-" } else { "b-" };
    let (times, whole) = registered(dir, prefix).await?;
    line(
        "register, 64 tasks in each of two processes",
        times,
        Some(whole),
    );
    Ok(())
}

/// 100,000 orders, each with a registration, a sending and an answer.
async fn fill(dir: &Path) -> Done<()> {
    let settings = Settings {
        checkpoint_at: u64::MAX,
        retain: None,
    };
    let ledger = Arc::new(Ledger::open(dir, settings)?.0);
    let (tasks, whole) = (1_000, Stopwatch::start());
    let mut running = Vec::new();
    for task in 0..tasks {
        let ledger = Arc::clone(&ledger);
        running.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for order in (task..RECOVERED).step_by(tasks as usize) {
                let (id, watch) = (format!("o-{order}"), Stopwatch::start());
                register(&ledger, "", order).await?;
                ledger.mark_sent(&id, 2).await?;
                ledger
                    .settle(&id, Outcome::Done, answer(order).as_bytes(), 3)
                    .await?;
                times.push(watch.elapsed());
            }
            Done::Ok(times)
        }));
    }
    let mut times = Vec::new();
    for task in running {
        times.extend(task.await??);
    }
    line(
        "register, send and settle, 1,000 tasks",
        times,
        Some(whole.elapsed()),
    );
    Ok(())
}

/// In a process of its own, so that its memory is that of the ledger.
fn recovered(what: &str, dir: &Path) -> Done<()> {
    let length = fs::metadata(dir.join("orders.log"))?.len();
    let output = Command::new(env::current_exe()?)
        .arg("recover")
        .arg(dir)
        .output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!(
            "recovery failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    println!("{what:<44} {}, log of {} KiB", told.trim(), length >> 10);
    Ok(())
}

fn recover(dir: &Path) -> Done<()> {
    let before = memory("VmRSS:");
    let watch = Stopwatch::start();
    let settings = Settings {
        checkpoint_at: 1 << 20,
        retain: None,
    };
    let (ledger, recovery) = Ledger::open(dir, settings)?;
    let elapsed = watch.elapsed();
    let (now, peak) = (memory("VmRSS:"), memory("VmHWM:"));
    println!(
        "{elapsed:>10.3?}, {} orders, memory {now} MiB, peak {peak} MiB, before {before} MiB",
        recovery.entries
    );
    // Makes the checkpoint that the second recovery reads.
    let runtime = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        runtime.block_on(async move {
            ledger.refresh().await?;
            ledger.close().await;
            Ok(())
        })
    })
}

/// Of this process, in MiB; 0 where the system does not tell in this way.
fn memory(what: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() >> 10
}
