//! `strategy`: what a trading program does before it trades.

use std::path::Path;
use std::process::ExitCode;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wait_or_die::halt;

use crate::clock::Stopwatch;
use crate::curve::ClientKeys;
use crate::events::Events;
use crate::protocol::{Name, Portfolio};
use crate::reconciler::StateReconciler;
use crate::render::Screen;
use crate::serve::Failure;

pub(crate) async fn run(
    connect: &str,
    keys: Option<&Path>,
    magic: u64,
    symbols: Vec<String>,
) -> Result<ExitCode, Failure> {
    let keys = keys.map(ClientKeys::read).transpose()?;
    let screen = Screen::stdout();
    tracing_subscriber::registry()
        .with(Events::new(screen.clone()))
        .try_init()?;
    Ok(halt::system()
        .run(trade(connect, keys, magic, symbols, screen))
        .await)
}

/// Behind the gate there is a state to trade on, or nothing runs.
async fn trade(
    connect: &str,
    keys: Option<ClientKeys>,
    magic: u64,
    symbols: Vec<String>,
    screen: Screen,
) -> Result<(), Failure> {
    let mut reconciler = StateReconciler::connect(connect, keys, magic)?;
    let since = Stopwatch::start();
    let state = reconciler.perform_startup_sync().await?;
    let took = since.elapsed().as_secs_f64() * 1e3;
    screen.line(&told(&state));
    screen.line(&format!("synchronised in {took:.1} ms"));
    if !symbols.is_empty() {
        let mut part = reconciler.everything();
        let names = symbols.into_iter().map(Name::try_from);
        part.symbols = names.collect::<Result<_, _>>()?;
        screen.line(&told(&reconciler.sync(part).await?));
    }
    if let Some(time) = reconciler.last_sync_time() {
        screen.line(&format!("sync {} at {time}", reconciler.sync_count()));
    }
    Ok(())
}

fn told(state: &Portfolio) -> String {
    format!(
        "{} open positions, equity {}, free margin {}, state version {}",
        state.positions.len(),
        state.account.equity,
        state.account.margin_free,
        state.state_version
    )
}
