//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use url::{Host, Url};
use wait_or_die_example_notion::{Parent, URL};

const ABOUT: &str = "\
Pushes a Markdown report to Notion as a page, protected by #[wait_or_die] and #[circuit_breaker].
Without a command: a demonstration against a fake Notion that fails in many ways.";

const MORE: &str = "\
The token is taken from the environment's NOTION_TOKEN or from a file, never from the command line, which everybody
sees who lists processes. The integration needs access to the parent: in Notion, `...`, `Connections`.

  NOTION_TOKEN=.. notion validate
  NOTION_TOKEN=.. notion push report.md --parent 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d
  NOTION_TOKEN=.. notion push report.md --data-source ID --id-property \"External ID\" --properties task.json

A report that was pushed is found again by its file's name, title, properties and text: pushed twice, it is one page.
Exit status: 0 done, 1 not done, 2 not understood.
";

/// What the program was asked to do.
#[derive(Debug, Parser)]
#[command(name = "notion", about = ABOUT, after_help = MORE)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Asks Notion whom the token belongs to
    Validate(Connection),
    /// Makes a page out of a Markdown file, or finds that it is there
    Push(Push),
}

#[derive(Debug, Args)]
pub(crate) struct Push {
    /// The report, in Markdown
    pub(crate) report: PathBuf,

    /// The page to put it under: its id, or its address
    #[arg(long, value_name = "ID", value_parser = id, required_unless_present = "data_source")]
    pub(crate) parent: Option<String>,

    /// The data source of a database to put it into, instead
    #[arg(long, value_name = "ID", value_parser = id, conflicts_with = "parent")]
    pub(crate) data_source: Option<String>,

    /// A text property of the data source that holds the external id; without it the title ends with it
    #[arg(long, value_name = "NAME", requires = "data_source")]
    pub(crate) id_property: Option<String>,

    /// The title, instead of the report's first heading
    #[arg(long)]
    pub(crate) title: Option<String>,

    /// Properties of the page: a file in JSON, as the API has them
    #[arg(long, value_name = "FILE", requires = "data_source")]
    pub(crate) properties: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

#[derive(Debug, Args)]
pub(crate) struct Connection {
    /// Takes the token from this file instead of `NOTION_TOKEN`
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,

    /// Where Notion is
    #[arg(long, default_value = URL, value_parser = address)]
    pub(crate) url: String,
}

impl Push {
    /// Where the page goes.
    pub(crate) fn parent(&self) -> Parent {
        match &self.data_source {
            Some(id) => Parent::DataSource {
                id: id.clone(),
                id_property: self.id_property.clone(),
            },
            None => Parent::Page(self.parent.clone().unwrap_or_default()),
        }
    }
}

/// An id of Notion's, or the one that an address ends with.
fn id(written: &str) -> Result<String, String> {
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let digits: String = last.chars().filter(|c| *c != '-').collect();
    let from = digits
        .len()
        .checked_sub(32)
        .ok_or("an id has 32 hexadecimal digits")?;
    let id = digits.get(from..).unwrap_or_default();
    if id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(id.to_lowercase())
    } else {
        Err("an id has 32 hexadecimal digits".to_owned())
    }
}

/// An address that a token may be sent to: encrypted, or on this machine.
fn address(written: &str) -> Result<String, String> {
    let url = Url::parse(written).map_err(|error| error.to_string())?;
    let here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    match url.scheme() {
        "https" => Ok(written.to_owned()),
        "http" if here => Ok(written.to_owned()),
        _ => Err(format!(
            "a token is sent encrypted, or to 127.0.0.1; write `{URL}`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, address, id};
    use clap::{CommandFactory as _, Parser as _};

    #[test]
    fn no_arguments_mean_the_demonstration() {
        Arguments::command().debug_assert();
        assert!(Arguments::parse_from(["notion"]).command.is_none());
        assert!(
            Arguments::try_parse_from(["notion", "push", "a.md"]).is_err(),
            "where to"
        );
    }

    #[test]
    fn ids_are_taken_from_addresses() {
        let plain = "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d";
        for written in [
            plain,
            "1A2B3C4D-5E6F-7A8B-9C0D-1E2F3A4B5C6D",
            "https://www.notion.so/desk/Reports-1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d?pvs=4",
            "https://app.notion.com/p/1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d#top",
        ] {
            assert_eq!(id(written).as_deref(), Ok(plain), "{written}");
        }
        for written in [
            "",
            "reports",
            "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6",
            "../../users/me",
            "éééééééééééééééééééééééééééééééé",
        ] {
            assert!(id(written).is_err(), "{written}");
        }
    }

    #[test]
    fn a_token_is_not_sent_in_the_clear() {
        for written in [
            "https://api.notion.com",
            "http://127.0.0.1:4000",
            "http://[::1]:4000",
        ] {
            assert_eq!(address(written).as_deref(), Ok(written));
        }
        for written in [
            "http://api.notion.com",
            "http://10.0.0.1",
            "http://localhost:1",
            "ftp://127.0.0.1",
            "notion",
        ] {
            assert!(address(written).is_err(), "{written}");
        }
    }
}
