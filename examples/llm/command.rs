//! `review`: from arguments, environment and file to the gate.

use std::error::Error as StdError;
use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wait_or_die::settings;

use crate::cli;
use crate::demo;
use crate::events::Events;
use crate::keys;
use crate::member::Member;
use crate::render;
use crate::review::{self, Gate, Options};
use crate::transport::Transport;

/// What ends the program with status 1.
pub(crate) type Failure = Box<dyn StdError + Send + Sync>;

/// Bytes of a document.
const LONGEST_DOCUMENT: u64 = 1024 * 1024;

/// Has the document reviewed. Answers go to standard output, what happens meanwhile to standard error.
///
/// # Errors
/// The document, the settings, or a file with a key cannot be read.
pub(crate) async fn run(arguments: &cli::Review) -> Result<ExitCode, Failure> {
    let document = document(&arguments.file)?;
    if let Some(path) = &arguments.settings {
        apply_settings(path)?;
    }
    let members = members(arguments)?;
    if members.iter().all(Member::is_locked) {
        println!(
            "no key: set ANTHROPIC_API_KEY, GEMINI_API_KEY or OPENAI_API_KEY to have `review` ask the services"
        );
        println!("here is the demonstration instead; the document has not left this machine");
        demo::run().await?;
        return Ok(Gate::Unavailable.exit_code());
    }
    let notes = render::stderr();
    tracing_subscriber::registry()
        .with(Events::new(notes.clone()))
        .try_init()?;
    for member in members.iter().filter(|member| member.is_locked()) {
        let provider = member.provider;
        notes.line(&format!(
            "{}: no key ({})",
            provider.name(),
            provider.variable()
        ));
    }
    let options = Options {
        max_tokens: arguments.max_tokens,
        stream: arguments.stream,
    };
    let screen = render::stdout();
    let transport = Transport::network()?;
    let reviews = review::review(&transport, &members, &document, options, &screen).await;
    Ok(review::report(&reviews, &screen).exit_code())
}

fn members(arguments: &cli::Review) -> Result<Vec<Member>, Failure> {
    let mut members: Vec<Member> = Vec::new();
    for &provider in &arguments.providers {
        if members.iter().any(|member| member.provider == provider) {
            continue;
        }
        members.push(Member {
            provider,
            url: arguments.url(provider).clone(),
            model: arguments.model(provider).to_owned(),
            key: keys::key(provider.variable(), |name| std::env::var(name).ok())?,
        });
    }
    Ok(members)
}

fn document(path: &Path) -> Result<String, Failure> {
    let told = |what: &dyn std::fmt::Display| format!("`{}`: {what}", path.display());
    let mut document = String::new();
    let file = std::fs::File::open(path).map_err(|error| told(&error))?;
    // One byte more than allowed, to see whether there is one.
    let mut file = file.take(LONGEST_DOCUMENT + 1);
    file.read_to_string(&mut document)
        .map_err(|error| told(&error))?;
    if document.len() as u64 > LONGEST_DOCUMENT {
        return Err(told(&"longer than 1 MiB").into());
    }
    if document.trim().is_empty() {
        return Err(told(&"nothing to review in it").into());
    }
    Ok(document)
}

fn apply_settings(path: &Path) -> Result<(), Failure> {
    let told = |error: &dyn std::fmt::Display| format!("`{}`: {error}", path.display());
    let text = std::fs::read_to_string(path).map_err(|error| told(&error))?;
    let read = serde_json::from_str(&text).map_err(|error| told(&error))?;
    settings::apply(read).map_err(|error| told(&error))?;
    Ok(())
}
