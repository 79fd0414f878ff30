//! The command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};
use wait_or_die_example_notion::{Parent, URL};

use crate::address::{data_source, page, server};

#[cfg(test)]
mod tests;

const ABOUT: &str = "\
Pushes a Markdown report to Notion as a page, protected by #[wait_or_die] and #[circuit_breaker].
Without a command: a demonstration against a fake Notion that fails in many ways.";

const MORE: &str = "\
The token is taken from the environment's NOTION_TOKEN or from a file, never from the command line, which everybody
sees who lists processes. The integration needs access to the parent: in Notion, `...`, `Connections`.

  NOTION_TOKEN=.. notion validate
  NOTION_TOKEN=.. notion push report.md --parent 1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d
  NOTION_TOKEN=.. notion push report.md --data-source ID --id-property \"External ID\" --properties task.json

where task.json is such as {\"Status\": {\"select\": {\"name\": \"Done\"}}}.

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
#[command(group = ArgGroup::new("where").args(["parent", "data_source"]).required(true))]
pub(crate) struct Push {
    /// The report: a file in Markdown, of 16 MiB at most
    pub(crate) report: PathBuf,

    /// The page to put it under: its id, or its address as `Copy link` gives it
    #[arg(long, value_name = "ID", value_parser = page)]
    pub(crate) parent: Option<String>,

    /// The data source of a database to put it into, instead; the database's settings have its id
    #[arg(long, value_name = "ID", value_parser = data_source)]
    pub(crate) data_source: Option<String>,

    /// A text property of the data source that holds the external id; without it the title ends with it
    // Not `requires`: clap does not ask for an argument that conflicts with another one.
    #[arg(long, value_name = "NAME", conflicts_with = "parent")]
    pub(crate) id_property: Option<String>,

    /// The title, instead of the report's first heading, or of its file's name if it has none
    #[arg(long)]
    pub(crate) title: Option<String>,

    /// Properties of the page in the data source, but for its title: a file in JSON, as the API has them
    #[arg(long, value_name = "FILE", conflicts_with = "parent")]
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
    #[arg(long, default_value = URL, value_parser = server)]
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
