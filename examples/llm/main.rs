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
use clap::error::{ContextKind, ContextValue};
use wait_or_die::redact;

#[tokio::main]
async fn main() -> ExitCode {
    redact::install_panic_hook();
    let arguments = match cli::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told(error),
    };
    let outcome = match arguments.command {
        None | Some(cli::Command::Demo) => demo::run().await,
        Some(cli::Command::Review(arguments)) => command::run(&arguments).await,
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("llm: {}", redact::filter(&error.to_string()));
        ExitCode::FAILURE
    })
}

/// Help, or what is wrong with the arguments: clap quotes them, and there may be a password in one.
fn told(mut error: clap::Error) -> ExitCode {
    let argument = error.get(ContextKind::InvalidArg).map(ToString::to_string);
    if argument.is_some_and(|argument| argument.contains("-url")) {
        // What stands before the host may be a key, which looks like any other name.
        let hidden = ContextValue::String("[REDACTED]".to_owned());
        error.insert(ContextKind::InvalidValue, hidden);
    }
    let text = error.to_string();
    if error.use_stderr() {
        eprint!("{}", redact::filter(&text));
    } else {
        print!("{text}");
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
