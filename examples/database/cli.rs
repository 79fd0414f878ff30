//! The command line.

use clap::{Parser, Subcommand};

const ABOUT: &str = "\
A PostgreSQL client and a memory store, protected by #[wait_or_die] and #[circuit_breaker].
Without a command: a demonstration. It starts a PostgreSQL of its own in a temporary
folder, stops it and kills it while four writers save memories, and then looks for what
is there. It needs the programs `initdb` and `postgres`, or a database in DATABASE_URL.";

const DATABASE: &str = "\
The database of `save`, `search` and `repair`:
  DATABASE_URL        postgresql://user:password@host:5432/database, or host=.. user=.. password=..
  DATABASE_URL_FILE   a file that holds the same
The password is never shown. The table `wait_or_die_memories` is made if it is not there.

What the retries repair, and what they cannot:
  connecting   6 attempts, the last one shortly before 30 s are over, while the server starts,
               restarts, or has no connection to spare
  reading      4 attempts in 30 s, also where the connection broke under it
  writing      only where it was certainly not done, or has a key, by which it is done once;
               else the outcome of a write whose connection broke is unknown, and said to be
  meaning      where the embedding service fails, a memory is saved without a vector, and memories
               are looked for by their words
";

/// What the program was asked to do.
#[derive(Debug, Parser)]
#[command(name = "database", about = ABOUT, after_help = DATABASE)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Saves a text
    Save {
        /// What to keep
        text: String,

        /// Under which key; the same key and text again change nothing. A random one is made and shown if it is not given
        #[arg(long)]
        key: Option<String>,
    },
    /// Finds texts
    Search {
        /// What to look for
        text: String,

        /// By words instead of by meaning
        #[arg(long)]
        words: bool,

        /// How many at most
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
        most: u16,
    },
    /// Gives vectors to texts that were saved without, while the embedding service failed
    Repair,
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Command};
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn commands_are_read() {
        Arguments::command().debug_assert();
        assert!(Arguments::parse_from(["database"]).command.is_none());
        let save = Arguments::parse_from(["database", "save", "tea", "--key", "k"]).command;
        let read = matches!(save, Some(Command::Save { text, key: Some(key) }) if text == "tea" && key == "k");
        assert!(read);
        let search = Arguments::parse_from(["database", "search", "tea"]).command;
        let read = matches!(search, Some(Command::Search { text, words: false, most: 5 }) if text == "tea");
        assert!(read);
        for wrong in [
            &["database", "search", "x", "--most", "0"][..],
            &["database", "save"],
        ] {
            assert_eq!(Arguments::try_parse_from(wrong).unwrap_err().exit_code(), 2);
        }
    }
}
