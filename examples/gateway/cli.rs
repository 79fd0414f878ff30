//! The command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Parser, Subcommand};

const WHAT_PROTECTION_DOES: &str = "\
What the retries repair, and what they cannot:
  receiving   a lost socket is opened again while the attempts wait; the requests that went with it are gone
  replying    a reply that libzmq did not accept is sent again; one that it accepted is sent once,
              and whether it arrived only the client can know
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
        /// Where to listen: a loopback address; port * picks a free one
        #[arg(long, default_value = "tcp://127.0.0.1:5555", value_parser = loopback)]
        bind: String,

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
    },
    /// Lists the orders of a ledger, also while a gateway writes it
    Orders {
        /// What `serve` was given as `--data`
        #[arg(long, value_name = "DIRECTORY", default_value = "gateway-data")]
        data: PathBuf,
    },
}

/// Accepts an endpoint on the loopback interface.
fn loopback(endpoint: &str) -> Result<String, String> {
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
    if is_loopback(ip) {
        Ok(endpoint.to_owned())
    } else {
        Err(format!(
            "anyone who reaches the gateway can trade, so it listens on the loopback interface only; {WRITE}"
        ))
    }
}

const fn is_loopback(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_loopback(),
        IpAddr::V6(ip) => ip.is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command, loopback};
    use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
    use std::path::Path;

    #[test]
    fn loopback_addresses_are_accepted() {
        for endpoint in [
            "tcp://127.0.0.1:5555",
            "tcp://127.0.0.1:*",
            "tcp://127.8.8.8:1",
            "tcp://[::1]:5555",
            "tcp://[::1]:*",
        ] {
            assert_eq!(loopback(endpoint).as_deref(), Ok(endpoint));
        }
    }

    #[test]
    fn everything_else_is_refused_with_what_to_write() {
        for endpoint in [
            "tcp://0.0.0.0:5555",
            "tcp://*:5555",
            "tcp://192.168.0.7:5555",
            "tcp://[::]:5555",
            "tcp://lo:5555",
            "tcp://127.0.0.1",
            "tcp://127.0.0.1:99999",
            "ipc:///tmp/gateway",
            "127.0.0.1:5555",
            "",
        ] {
            let refusal = loopback(endpoint).unwrap_err();
            assert!(
                refusal.ends_with("; write `tcp://127.0.0.1:5555`"),
                "{endpoint}: {refusal}"
            );
        }
    }

    #[test]
    fn no_arguments_mean_the_demonstration() {
        Arguments::command().debug_assert();
        assert!(Arguments::parse_from(["gateway"]).command.is_none());
        let served = Arguments::parse_from(["gateway", "serve"]).command;
        assert!(
            matches!(served, Some(Command::Serve { bind, faults: None, lose_answer: None, settings: None, data })
            if bind == "tcp://127.0.0.1:5555" && data == Path::new("gateway-data"))
        );
        let error = Arguments::try_parse_from(["gateway", "--no-such"]).unwrap_err();
        assert_eq!(
            (error.kind(), error.exit_code()),
            (ErrorKind::UnknownArgument, 2)
        );
    }
}
