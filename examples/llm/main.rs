//! A review gate: one document goes to several language models at once (Anthropic, Gemini, and whatever speaks as `OpenAI`
//! does), and passes if they approve.
//!
//! `calls.rs` has the protected functions, the rest is what any client of such services needs. What protection does here:
//!
//! - A service that is busy or down is asked again, as patiently as it wants (`Retry-After`, Gemini's `RetryInfo`), for 300 s
//!   at most. A quota that does not come back by waiting ends the call at once.
//! - The services have a breaker and a budget each: one that is down costs the other nothing, and the review goes on
//!   without it and says so.
//! - A completion changes nothing, so it is asked for again even where the service may have worked on it. That costs tokens,
//!   and the account shows them: those of the answer, those of attempts that failed, and attempts of which nobody knows.
//! - A stream is asked for again only until its first event. What breaks off later is told, with what had arrived.
//!
//! What it does not do: the document and the answers are in no event and no error; whatever a service says about an error is
//! compared with codes that are known, and not passed on. Keys are `Redacted`.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a program that shows what happens

mod attempt;
mod calls;
mod cli;
mod clock;
mod command;
mod demo;
mod error;
mod events;
mod keys;
mod member;
mod opinion;
mod provider;
mod render;
mod review;
#[cfg(test)]
mod rig;

mod sse;
mod transport;
mod usage;

use std::process::ExitCode;

use clap::Parser as _;
use wait_or_die::redact;

#[tokio::main]
async fn main() -> ExitCode {
    redact::install_panic_hook();
    let outcome = match cli::Arguments::parse().command {
        None | Some(cli::Command::Demo) => demo::run().await,
        Some(cli::Command::Review(arguments)) => command::run(&arguments).await,
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("llm: {}", redact::filter(&error.to_string()));
        ExitCode::FAILURE
    })
}
