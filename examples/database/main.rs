//! A `PostgreSQL` client and a memory store, protected by `#[wait_or_die]` and `#[circuit_breaker]`.
//!
//! Without arguments it starts a server of its own, stops it and kills it while four writers save memories, and holds what
//! they were told against what is there. `save`, `search` and `repair` work on the database of `DATABASE_URL`.
//!
//! What is protected, and how, is in the library beside this program.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a program that shows what happens

mod cli;
mod commands;
mod demo;
mod events;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wait_or_die::redact;

/// What ends the program before its work is done.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    redact::install_panic_hook();
    let arguments = cli::Arguments::parse();
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("database: {}", redact::filter(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: cli::Arguments) -> Result<ExitCode, Failure> {
    let events = events::Events::new(arguments.command.is_some());
    tracing_subscriber::registry()
        .with(events.clone())
        .try_init()?;
    match arguments.command {
        None => demo::run(&events).await,
        Some(command) => commands::run(command).await,
    }
}
