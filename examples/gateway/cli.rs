//! The command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};

use crate::curve;
use crate::keygen::{Gateway, Wanted};
use crate::service::AT_ONCE;

const WHAT_PROTECTION_DOES: &str = "\
What the retries repair, and what they cannot:
  receiving   a lost socket is opened again while the attempts wait; the requests that went with it are gone
  replying    a reply that libzmq did not accept is sent again, unless its client has left; one that it
              accepted is sent once, and whether it arrived only the client can know
  orders      sent to the terminal again only if they certainly were not executed; where the outcome
              is unknown, the terminal is asked about them
What the ledger does:
  orders      are on disk before they leave; one that comes again, also after a new start, gets the answer
              that is there
What the breaker does:
  terminal    three failures in a row open it; until a probe is answered, orders are turned away at
              once, not executed, with the time after which to come again
";

const ABOUT: &str = "\
A ZeroMQ gateway in front of an MT5-like paper terminal, protected by
#[wait_or_die] and #[circuit_breaker].
Without a command: a demonstration of 200 orders of three clients through an outage.";

/// What the program was asked to do.
#[derive(Debug, Parser)]
#[command(name = "gateway", about = ABOUT, after_help = WHAT_PROTECTION_DOES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Draws the demonstration's faults before and after its outage
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves other programs until Ctrl-C
    Serve {
        /// Where to listen: a loopback address, or with keys any; port * picks a free one
        #[arg(long, default_value = "tcp://127.0.0.1:5555", value_parser = endpoint)]
        bind: Bind,

        /// Encrypts, and lets in only the clients that this file lists; `keygen` makes it
        #[arg(long, value_name = "FILE")]
        curve_secret_file: Option<PathBuf>,

        /// Makes the terminal misbehave on the schedule of this seed
        #[arg(long, value_name = "SEED")]
        faults: Option<u64>,

        /// The terminal executes what its call of this number brings (counted from 0; the first one asks for its history),
        /// never answers, and is silent for two more: a moment to kill the gateway at
        #[arg(long, value_name = "CALL", conflicts_with = "faults")]
        lose_answer: Option<u64>,

        /// Overrides waits, bounds and the breaker by name: a file in JSON, such as `examples/gateway/paper.json`
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,

        /// Requests that may be in hand at a time; more of them wait where they are
        #[arg(long, value_name = "N", default_value_t = AT_ONCE, value_parser = clap::value_parser!(u16).range(1..))]
        at_once: u16,

        /// Where the order ledger and the paper terminal's log are kept; made if it is not there
        #[arg(long, value_name = "DIRECTORY", default_value = "gateway-data")]
        data: PathBuf,
    },
    /// A strategy's start: fetches what the gateway holds and checks it; exits with 69 and a report if it cannot
    Strategy {
        /// The gateway's address
        #[arg(long, default_value = "tcp://127.0.0.1:5555")]
        connect: String,

        /// Whose positions
        #[arg(long, default_value_t = 202_401)]
        magic: u64,

        /// Asks for the positions of these symbols once more, once the gate is open
        #[arg(long = "symbol")]
        symbols: Vec<String>,

        /// The keys to connect with; `keygen` makes them
        #[arg(long, value_name = "FILE")]
        curve_secret_file: Option<PathBuf>,
    },
    /// Makes a gateway's keys and a client's, or with --add-to a further client's; writes over no file
    Keygen {
        /// The gateway's key file, to be made
        #[arg(long, value_name = "FILE", default_value = "gateway.key")]
        gateway: PathBuf,

        /// The client's key file, to be made
        #[arg(long, value_name = "FILE", default_value = "client.key")]
        client: PathBuf,

        /// A gateway's key file that is there, to list the client too
        #[arg(long, value_name = "FILE", conflicts_with = "gateway")]
        add_to: Option<PathBuf>,

        /// What the gateway's file calls the client [default: the name of the client's file]
        #[arg(long)]
        name: Option<String>,
    },
    /// Lists the orders of a ledger, also while a gateway writes it
    Orders {
        /// What `serve` was given as `--data`
        #[arg(long, value_name = "DIRECTORY", default_value = "gateway-data")]
        data: PathBuf,
    },
}

/// Where to listen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bind {
    pub(crate) endpoint: String,
    loopback: bool,
}

impl Arguments {
    /// Those of this process. Ends it where they are wrong, with usage and status 2.
    pub(crate) fn read() -> Self {
        let arguments = Self::parse();
        arguments.checked().unwrap_or_else(|refusal| {
            let error = Self::command().error(ErrorKind::ValueValidation, refusal);
            error.exit()
        })
    }

    /// What no argument shows by itself.
    fn checked(self) -> Result<Self, String> {
        let keys = match &self.command {
            Some(Command::Serve {
                bind,
                curve_secret_file,
                ..
            }) => {
                if curve_secret_file.is_none() && !bind.loopback {
                    return Err(unprotected());
                }
                curve_secret_file.is_some()
            }
            Some(Command::Strategy {
                curve_secret_file, ..
            }) => curve_secret_file.is_some(),
            _ => false,
        };
        if keys {
            let without = |why| format!("cannot take `--curve-secret-file`: {why}");
            curve::available().map_err(without)?;
        }
        Ok(self)
    }
}

/// Why an address that others can reach is refused.
fn unprotected() -> String {
    let refusal = "anyone who reaches the gateway can trade, so without keys it listens on the loopback interface only; \
                   write `--bind tcp://127.0.0.1:5555`, or `--curve-secret-file gateway.key` after `gateway keygen`";
    match curve::available() {
        Ok(()) => refusal.to_owned(),
        Err(why) => format!("{refusal}\n\n{why}"),
    }
}

/// What `keygen` was asked for.
pub(crate) fn wanted(
    gateway: PathBuf,
    client: PathBuf,
    add_to: Option<PathBuf>,
    name: Option<String>,
) -> Wanted {
    let gateway = add_to.map_or(Gateway::New(gateway), Gateway::Old);
    Wanted {
        client,
        name,
        gateway,
    }
}

/// Accepts a numeric address and a port.
fn endpoint(endpoint: &str) -> Result<Bind, String> {
    const WRITE: &str = "write `tcp://127.0.0.1:5555`";
    let address = endpoint
        .strip_prefix("tcp://")
        .ok_or_else(|| format!("only `tcp` is served; {WRITE}"))?;
    // libzmq's "any free port", which is port 0 to everybody else.
    let numeric = match address.strip_suffix(":*") {
        Some(host) => format!("{host}:0"),
        None => address.to_owned(),
    };
    let ip = numeric
        .parse::<SocketAddr>()
        .map(|address| address.ip())
        .map_err(|_| format!("not a numeric address and a port; {WRITE}"))?;
    Ok(Bind {
        endpoint: endpoint.to_owned(),
        loopback: is_loopback(ip),
    })
}

const fn is_loopback(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback(),
    }
}

#[cfg(test)]
mod tests;
