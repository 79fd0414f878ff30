//! The demonstration: a report of 250 blocks is pushed to a fake Notion that fails in many ways, and is there once.

use std::process::ExitCode;

use http::{Method, StatusCode};
use wait_or_die::settings;
use wait_or_die_example_faults::{Plan, RetryAfter, Server, Step};
use wait_or_die_example_notion::clock::Stopwatch;
use wait_or_die_example_notion::fake::{self, FakeNotion};
use wait_or_die_example_notion::{NewPage, Notion, Parent, Token};

use crate::Failure;

/// Waits for outages that are over in seconds, as those of the fake are.
const SHORT: &str = include_str!("demo.json");
/// Paragraphs, so that more than one request is needed.
const PARAGRAPHS: usize = 249;

pub(crate) async fn run() -> Result<ExitCode, Failure> {
    settings::apply(serde_json::from_str(SHORT)?)?;
    let watch = Stopwatch::start();
    let notion = FakeNotion::new();
    let server = Server::start(notion.router(), Plan::healthy()).await?;
    println!(
        "a fake Notion on {}; waits are shortened to suit its outages",
        server.url()
    );
    let client = Notion::at(&server.url(), Token::new(fake::TOKEN)?)?;

    validate(&client, &server).await?;
    let page = NewPage::new(
        Parent::Page(fake::PARENT.to_owned()),
        "nightly.md",
        "Nightly report",
        &report(),
    );
    push(&client, &server, &page).await?;
    again(&client, &server, &page).await?;
    let outcome = verdict(&notion, &page);
    println!(
        "{} requests in {:.1} s",
        server.count(),
        watch.elapsed().as_secs_f64()
    );
    Ok(outcome)
}

async fn validate(client: &Notion, server: &Server) -> Result<(), Failure> {
    println!("\nIs the token valid? Notion is restarting: two requests get 502.");
    server.set_plan(Plan::of(Step::status(StatusCode::BAD_GATEWAY).times(2)));
    let bot = client.validate_token().await?;
    println!(
        "it belongs to {}",
        bot.name
            .as_deref()
            .unwrap_or("an integration without a name")
    );
    Ok(())
}

async fn push(client: &Notion, server: &Server, page: &NewPage) -> Result<(), Failure> {
    let blocks = page.blocks().len();
    println!("\nA report of {blocks} blocks, which takes three requests. On the way:");
    println!("- the page is created, and the answer is lost");
    println!("- an append comes too soon: 429, Retry-After 1 s");
    println!("- an append is carried out, and its answer is 504");
    println!("- the page cannot be read five times, and the breaker opens");
    let append = Method::PATCH;
    let mut steps = vec![
        Step::reset().after_work().on(Method::POST, "/v1/pages"),
        Step::retry_after(RetryAfter::Seconds(1)).on_method(append.clone()),
        Step::status(StatusCode::GATEWAY_TIMEOUT)
            .after_work()
            .on_method(append),
    ];
    let blocks = format!("/v1/blocks/{}*", fake::PAGES);
    steps.extend(Step::reset().on(Method::GET, blocks).times(5));
    server.set_plan(Plan::of(steps));
    let pushed = client.push_page(page).await?;
    println!("pushed: page {}, {} blocks", pushed.page, pushed.blocks);
    Ok(())
}

async fn again(client: &Notion, server: &Server, page: &NewPage) -> Result<(), Failure> {
    println!("\nThe same report again, as after a crash of whoever pushed it.");
    let before = server.count();
    let pushed = client.push_page(page).await?;
    let how = if pushed.created {
        "created another page"
    } else {
        "found the page, and nothing to write"
    };
    println!("{how}; {} requests", server.count() - before);
    Ok(())
}

/// Success if the fake Notion's own record has the report exactly once.
fn verdict(notion: &FakeNotion, page: &NewPage) -> ExitCode {
    let (held, expected) = (notion.pages(), text());
    println!();
    match held.as_slice() {
        [only] if only.text() == expected && only.blocks.len() == page.blocks().len() => {
            println!(
                "Notion's own record agrees: one page, {} blocks, each once and in order",
                only.blocks.len()
            );
            ExitCode::SUCCESS
        }
        pages => {
            println!("does not add up: {} pages", pages.len());
            ExitCode::FAILURE
        }
    }
}

fn lines() -> impl Iterator<Item = String> {
    (1..=PARAGRAPHS).map(|number| format!("Check {number} of {PARAGRAPHS} passed."))
}

fn report() -> String {
    let lines: Vec<_> = lines().collect();
    format!("# Nightly checks\n\n{}\n", lines.join("\n\n"))
}

/// What the page has to hold.
fn text() -> String {
    let lines: String = lines().collect();
    format!("Nightly checks{lines}")
}
