//! `serve`: the service for other programs, until a signal ends it.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use fs4::{FileExt, TryLockError};
use tokio::sync::watch;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::curve::GatewayKeys;
use crate::events::Events;
use crate::ledger::{self, Ledger, Recovery, Settings};
use crate::listener::{self, Listening};
use crate::paper::{PaperTerminal, Schedule};
use crate::render::Screen;
use crate::router::{Recovered, Router};
use crate::service::Service;

/// What ends the program before its work is done.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(crate) async fn run(
    bind: &str,
    keys: Option<&Path>,
    at_once: u16,
    schedule: Schedule,
    settings: Option<&Path>,
    data: &Path,
) -> Result<ExitCode, Failure> {
    let keys = keys.map(GatewayKeys::read).transpose()?;
    let screen = Screen::stdout();
    tracing_subscriber::registry()
        .with(Events::new(screen.clone()))
        .try_init()?;
    if let Some(file) = settings {
        configure(file)?;
    }
    ledger::make_all(data).map_err(|error| format!("cannot make `{}`: {error}", data.display()))?;
    // Before the ledger is touched: what another gateway is at looks like what a dead one left.
    let _alone = alone(data)?;
    let (ledger, recovery) = Ledger::open(&data.join("ledger"), Settings::default())?;
    let terminal = PaperTerminal::open(schedule, &data.join("terminal.log"))?;
    let ledger = Arc::new(ledger);
    let router = Router::new(terminal, Arc::clone(&ledger));
    tell(&screen, &recovery);
    let recovered = router.recover().await?;
    if recovered != Recovered::default() {
        screen.line(&recovered.to_string());
    }
    let listening = listen(bind, keys, at_once)?;
    // Before the address is shown, so that whoever reads it may end us at once.
    let signals = Signals::new()?;
    screen.line(&format!("listening on {}", listening.endpoint));
    screen.line("Ctrl-C ends it");
    let service = Service::new(listening.link, router);
    let stop = stop_on(signals, screen.clone());
    let served = service.run(stop).await?;
    join(listening.thread).await?;
    if let Some(ledger) = Arc::into_inner(ledger) {
        ledger.close().await;
    }
    screen.line(&format!("stopped after {served}"));
    Ok(ExitCode::SUCCESS)
}

/// Overrides what is written at the protected calls.
fn configure(file: &Path) -> Result<(), Failure> {
    let refused = |error: &dyn std::fmt::Display| format!("`{}`: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| refused(&error))?;
    let read = serde_json::from_str(&text).map_err(|error| refused(&error))?;
    wait_or_die::settings::apply(read).map_err(|error| refused(&error))?;
    Ok(())
}

/// Holds the directory until it is dropped, or its process ends in whatever way.
fn alone(data: &Path) -> Result<File, Failure> {
    let path = data.join("gateway.lock");
    let held = File::create(&path)?;
    match FileExt::try_lock(&held) {
        Ok(()) => Ok(held),
        Err(TryLockError::WouldBlock) => {
            Err(format!("another gateway serves from `{}`", data.display()).into())
        }
        Err(TryLockError::Error(error)) => {
            Err(format!("cannot lock `{}`: {error}", path.display()).into())
        }
    }
}

/// What was found in the ledger.
fn tell(screen: &Screen, recovery: &Recovery) {
    screen.line(&format!("{}: {} orders", recovery.file, recovery.entries));
    if let Some(torn) = &recovery.torn {
        screen.line(&format!(
            "cut off its end, which is no whole record: {torn}"
        ));
    }
}

/// Binds, and says which address could not be bound.
pub(crate) fn listen(
    bind: &str,
    keys: Option<GatewayKeys>,
    at_once: u16,
) -> Result<Listening, Failure> {
    listener::listen(bind, keys, at_once)
        .map_err(|error| format!("cannot listen on `{bind}`: {error}").into())
}

/// Waits until the socket's thread has let the last reply go.
pub(crate) async fn join(thread: std::thread::JoinHandle<()>) -> Result<(), Failure> {
    tokio::task::spawn_blocking(move || thread.join())
        .await?
        .map_err(|_| "the socket's thread panicked".into())
}

/// The first signal ends the service after the requests in hand; the second one ends the process.
fn stop_on(mut signals: Signals, screen: Screen) -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        signals.next().await;
        screen.line("stopping after the requests in hand; Ctrl-C again ends it at once");
        stop.send_replace(true);
        signals.next().await;
        // What a shell reports for a program that Ctrl-C ended.
        std::process::exit(130);
    });
    stopped
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
