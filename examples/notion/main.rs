//! Pushes a Markdown report to Notion as a page, protected by `#[wait_or_die]` and `#[circuit_breaker]`.
//!
//! Without arguments it shows what the protection does, against a fake Notion on the loopback interface that loses
//! answers, limits its rate and is down for a while. With a token it works on the real one:
//! `NOTION_TOKEN=.. cargo run --example notion -- push report.md --parent ID`.
//!
//! What the protection can and cannot repair:
//!
//! - A request that Notion refused or never got is sent again.
//! - A creation or an append whose answer was lost is not sent again before a look at what is there.
//! - What somebody else did to the page meanwhile is told, and left alone.
#![allow(clippy::print_stdout, clippy::print_stderr)] // a program that shows what happens

mod address;
mod cli;
mod demo;
mod events;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use serde_json::{Map, Value};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wait_or_die::redact;
use wait_or_die_example_notion::{NewPage, Notion, Token, VARIABLE, file};

use crate::cli::{Arguments, Command, Connection, Push};
use crate::events::Events;

/// The most bytes of a file of properties: many times what is sent of it, for those who write it with much white space.
const MAX_PROPERTIES_FILE: usize = 1024 * 1024;

/// Anything that ends the program early. It is filtered before it is shown.
type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    redact::install_panic_hook();
    let arguments = Arguments::parse();
    run(arguments).await.unwrap_or_else(|error| {
        eprintln!("notion: {}", redact::filter(&error.to_string()));
        ExitCode::FAILURE
    })
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    tracing_subscriber::registry().with(Events).try_init()?;
    let Some(command) = arguments.command else {
        return demo::run().await;
    };
    let (Command::Push(Push { connection, .. }) | Command::Validate(connection)) = &command;
    let Some(token) = token(connection)? else {
        println!("{VARIABLE} is not set, so nothing is sent to Notion. This is the demonstration:");
        demo::run().await?;
        // What was asked for was not done.
        return Ok(ExitCode::FAILURE);
    };
    let notion = Notion::at(&connection.url, token)?;
    match &command {
        Command::Validate(_) => {
            let bot = notion.validate_token().await?;
            println!(
                "the token is valid: {}",
                bot.name.as_deref().unwrap_or(&bot.id)
            );
        }
        Command::Push(push) => self::push(&notion, push).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn push(notion: &Notion, push: &Push) -> Result<(), Failure> {
    let properties = match &push.properties {
        Some(file) => properties(file).await?,
        None => Map::new(),
    };
    let page = NewPage::from_file(
        push.parent(),
        push.title.as_deref(),
        &push.report,
        properties,
    );
    let page = page.await?;
    let pushed = notion.push_page(&page).await?;
    let what = if pushed.created {
        "created"
    } else {
        "was there already"
    };
    println!("page {} {what}: {} blocks", pushed.page, pushed.blocks);
    if pushed.trashed > 0 {
        println!(
            "{} pages that Notion had created twice are in the trash",
            pushed.trashed
        );
    }
    for page in &pushed.left {
        println!(
            "page {page} is a double of it: somebody has written on it, or this integration may not update pages"
        );
    }
    Ok(())
}

/// The properties in a file.
async fn properties(path: &Path) -> Result<Map<String, Value>, Failure> {
    let text = file::read(path, MAX_PROPERTIES_FILE)
        .await
        .map_err(|error| format!("cannot read the properties: {error}"))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("the properties are no object in JSON: {error}").into())
}

fn token(connection: &Connection) -> Result<Option<Token>, Failure> {
    match &connection.token_file {
        Some(file) => Ok(Some(Token::from_file(file)?)),
        None => Ok(Token::from_environment()?),
    }
}
