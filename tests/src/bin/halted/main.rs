//! A program behind a gate. `tests/halt.rs` runs it and looks at how it ends.
//!
//! Argument: what becomes of the gate, and how the program watches it.
#![allow(clippy::print_stdout)] // that it does not get that far is what is tested

use std::io;
use std::process::{ExitCode, Termination};

use wait_or_die::halt::{self, SystemHalt};
use wait_or_die::wait_or_die;

#[wait_or_die(
    halt,
    name = "gate",
    max_retries = 2,
    initial_wait = "1ms",
    max_wait = "1ms"
)]
async fn gate(mode: &str) -> io::Result<()> {
    match mode {
        "open" => Ok(()),
        "panic" => panic!("no gate"),
        _ => Err(io::ErrorKind::ConnectionRefused.into()),
    }
}

#[wait_or_die(
    halt,
    name = "gate",
    max_retries = 2,
    initial_wait = "1ms",
    max_wait = "1ms"
)]
fn plain_gate() -> io::Result<()> {
    Err(io::ErrorKind::ConnectionRefused.into())
}

async fn program(mode: String) -> io::Result<()> {
    match mode.as_str() {
        // The gate dies where nobody asks for its outcome.
        "task" | "panic" => {
            let gate = tokio::spawn(async move { gate(&mode).await });
            std::future::pending::<()>().await;
            drop(gate);
        }
        "plain" => tokio::task::spawn_blocking(plain_gate).await??,
        _ => gate(&mode).await?,
    }
    println!("strategy");
    Ok(())
}

fn result(mode: String) -> Result<(), SystemHalt> {
    let ended = runtime().block_on(halt::system().run_until(program(mode)));
    ended.map(|out| out.expect("the gate stops the system"))
}

fn runtime() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let built = builder.worker_threads(2).enable_time().build();
    built.expect("a runtime")
}

fn main() -> ExitCode {
    let mode = std::env::args().nth(1).expect("an argument: a mode");
    if mode == "result" {
        return result(mode).report();
    }
    runtime().block_on(halt::system().run(program(mode)))
}
