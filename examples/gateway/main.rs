//! A `ZeroMQ` gateway in front of an MT5-like trading terminal, protected by `#[wait_or_die]` and
//! `#[circuit_breaker]`.
//!
//! Without arguments it starts the service on the loopback interface, a paper terminal that
//! misbehaves on a seeded schedule, and three clients that send 200 orders through an outage; then it kills a gateway
//! while an order is under way, and starts it again.
//! `serve` runs the same service for other programs.
//!
//! What the retries can and cannot repair:
//!
//! - `recv_json` repairs a socket that had to be reopened: the input/output thread binds again while
//!   the attempts wait. It cannot bring back a request that was lost with the old socket. One that was in hand by then is
//!   seen through; its reply reaches nobody, because its client has lost its connection with the socket.
//! - `send_json` repairs a send that libzmq did not accept (`EAGAIN`): the reply is still ours. A reply
//!   that libzmq has accepted is gone from here, and is not sent twice. Whether it arrived, only the client knows. A reply
//!   whose client has left (`EHOSTUNREACH`) is dropped: who comes again comes on another connection, and asks.
//! - An order is sent to the terminal again only if it certainly was not executed, at the price of then. Where the
//!   outcome is unknown, the terminal is asked about it instead.
//! - A client that got no reply does not send its order again; it asks for its status.
//!
//! Requests are answered at the same time, each in a task of its own, up to a bound: an order that waits between attempts
//! keeps nobody waiting. Above the bound, requests stay where they are, in libzmq's queues. When the service stops, what it
//! has taken is answered first.
//!
//! What the ledger sees to: an order is on disk before it leaves, under the id that its client gave it. Whoever sends the
//! same order again gets the answer that is there, after a new start of the gateway too; another order under the same id
//! is refused. What an earlier run did not see through is settled before anybody is served, and what only the terminal
//! knows is taken in.
//!
//! What the breaker does and does not do: orders and questions share one breaker named `terminal`. When the
//! terminal has given no answer three times in a row, it is left alone: an order is turned away at once, certainly
//! not executed, and its client is told in `retry_after_ms` when to come again; then one order or question tries
//! whether the terminal is back. An order that the terminal turns down is an answer and counts for its health. The
//! breaker settles no order whose outcome is unknown, and where it stops the question about one, that order stays
//! unknown until the question is asked again.
//!
//! Who may connect: without keys whoever can reach the loopback interface, with keys (CURVE) the clients whose public keys
//! are listed, from wherever. A client that is not let in reaches nothing of the above.
//!
//! What the terminal's errors say of its login passes the redaction filter before anybody sees it: in events, where the
//! runtime does that, on the screen, on standard error, in panics, and in the replies to clients.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a program that shows what happens

mod amount;
mod cli;
mod client;
mod clock;
mod connections;
mod curve;
mod demo;
mod error;
mod events;
mod keygen;
mod ledger;
mod link;
mod listener;
mod orders;
mod paper;
mod protocol;
mod reconciler;
mod render;
mod req;
mod retcode;
mod router;
mod serve;
mod service;
mod strategy;
mod summary;
mod terminal;
mod zap;
mod zmq_io;

use std::process::ExitCode;

use paper::Schedule;
use wait_or_die::redact;

#[tokio::main]
async fn main() -> ExitCode {
    redact::install_panic_hook();
    let arguments = cli::Arguments::read();
    let outcome = match arguments.command {
        None => demo::run(arguments.seed).await,
        Some(cli::Command::Serve {
            bind,
            curve_secret_file,
            faults,
            lose_answer,
            settings,
            at_once,
            data,
        }) => {
            let schedule = Schedule::asked_for(faults, lose_answer);
            let (keys, settings) = (curve_secret_file.as_deref(), settings.as_deref());
            serve::run(&bind.endpoint, keys, at_once, schedule, settings, &data).await
        }
        Some(cli::Command::Keygen {
            gateway,
            client,
            add_to,
            name,
        }) => keygen::run(&cli::wanted(gateway, client, add_to, name)),
        Some(cli::Command::Orders { data }) => orders::run(&data),
        Some(cli::Command::Strategy {
            connect,
            magic,
            symbols,
            curve_secret_file,
        }) => strategy::run(&connect, curve_secret_file.as_deref(), magic, symbols).await,
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("gateway: {}", redact::filter(&error.to_string()));
        ExitCode::FAILURE
    })
}
