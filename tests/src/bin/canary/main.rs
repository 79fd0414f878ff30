//! A program in which every call fails, with a secret in everything that it has in hand. `tests/canary.rs` runs it and
//! looks for the secret in all that it prints.
//!
//! Arguments: what to do with the log, and the secret.
#![allow(clippy::print_stdout)] // it is all about what is printed

mod calls;
mod planted;

use std::io;

use planted::{CallError, Planted};
use tracing::Instrument as _;
use tracing_subscriber::fmt::MakeWriter;
use wait_or_die::redact::{self, Redacted};
use wait_or_die::{Breaker, BreakerPolicy, Budget, Error, settings};
use wait_or_die_tests::encodings::base64;
use wait_or_die_tests::now;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(mode), Some(secret)) = (arguments.next(), arguments.next()) else {
        panic!("two arguments: a mode and a secret");
    };
    redact::install_panic_hook();
    let planted = Planted::new(&secret);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime");
    match mode.as_str() {
        // Only what the runtime itself tells, by a log that hides nothing.
        "bare" => {
            log(io::stderr, false);
            runtime.block_on(everything(&planted));
        }
        // The program's own log too, in spans that record secrets.
        "filtered" | "coloured" => {
            log(redact::MakeWriter::new(io::stderr), mode == "coloured");
            runtime.block_on(everything(&planted).instrument(span(&planted)));
            tracing::info!(password = planted.secret, body = %planted.body, "signing in at {}", planted.url);
            tracing::debug!(?planted, "prepared");
            tracing::info!("all calls were made");
        }
        // Past every filter, so that the test can be seen to find what it looks for.
        "control" => println!("{secret}"),
        "control-base64" => println!("{}", base64(format!("a:{secret}").as_bytes())),
        "control-fragment" => println!("{}", secret.get(5..13).unwrap_or_default()),
        other => panic!("no mode is called {other}"),
    }
}

fn log(writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static, coloured: bool) {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(coloured)
        .with_writer(writer)
        .init();
}

fn span(planted: &Planted) -> tracing::Span {
    tracing::info_span!(
        "request",
        password = planted.secret,
        api_key = ?planted.secret,
        url = planted.url,
        userinfo = %planted.userinfo,
        header = ?planted.header,
        basic = planted.basic,
        body = planted.body,
        request = ?planted,
    )
}

async fn everything(planted: &Planted) {
    print("exhausted", calls::exhausted(planted).await);
    print("not retryable", calls::not_retryable(planted).await);
    print("deadline", calls::deadline(planted).await);
    print("attempt timeout", calls::attempt_timeout(planted).await);
    print("opens", calls::open(planted).await);
    print("open", calls::open(planted).await);
    print("opens alone", calls::open_alone(planted).await);
    print("open alone", calls::open_alone(planted).await);
    print("budget", calls::budget(planted).await);
    print("fallback", calls::fallback(planted).await);
    print("opens blocking", calls::blocking(planted));
    print("blocking", calls::blocking(planted));
    for with_an_error in [true, false] {
        let call = planted.clone();
        let call = async move { calls::panics(&call, with_an_error).await };
        let panicked = tokio::spawn(call.in_current_span()).await;
        println!("panicked: {}", panicked.is_err());
    }
    print("open after the panic", calls::panics(planted, true).await);
    config(planted);
    state();
    let kept = Redacted::new(planted.clone());
    println!("kept: {kept:?} {kept}");
}

/// Prints what came back: our own error as it is, the body's own through the filter, as a program would.
fn print(what: &str, out: Result<(), CallError>) {
    match out {
        Ok(()) => println!("{what}: fine"),
        Err(CallError::WaitOrDie(error)) => ours(what, error),
        Err(error) => {
            println!(
                "{what}: the body's own: {}",
                redact::filter(&error.to_string())
            );
            println!("{what}: {}", redact::filter(&format!("{error:?}")));
            println!("{what}: {}", redact::filter(&format!("{error:#?}")));
            let sources =
                std::iter::successors(std::error::Error::source(&error), |error| error.source());
            for source in sources {
                println!("{what}: because {}", redact::filter(&source.to_string()));
            }
        }
    }
}

fn ours(what: &str, error: Error) {
    println!("{what}: {error}");
    println!("{what}: {error:?}");
    println!("{what}: {error:#?}");
    println!("{what}: {:?} {:?}", error.breaker(), error.last_error());
    if let Error::Rejected(rejected) = &error {
        println!("{what}: {:?}", rejected.key());
    }
    println!("{what}: {:?}", io::Error::from(error));
}

/// A name that was made at run time, declared twice; listeners, settings in conflict, a budget's name.
fn config(planted: &Planted) {
    let name = format!("breaker of {}", planted.userinfo);
    let breaker = Breaker::register(name.clone(), BreakerPolicy::new()).expect("a new name");
    breaker.listen(|change| println!("{change:?}"));
    breaker.force_open();
    match breaker.acquire() {
        Ok(_) => println!("a forced breaker let a call pass"),
        Err(error) => ours("by hand", error),
    }
    let other = BreakerPolicy::new().with_failure_threshold(1);
    if let Err(error) = Breaker::register(name, other) {
        println!("conflict: {error}\nconflict: {error:?}");
        ours("conflict", error.into());
    }
    let refused = settings::CallSettings::new()
        .with_max_retries(1)
        .with_multiplier(0.0);
    let named = settings::Settings::new().with_call(planted.url.clone(), refused);
    if let Err(error) = settings::apply(named) {
        println!("settings: {error}");
    }
}

/// All state that can be looked at, as text and as JSON.
fn state() {
    for breaker in Breaker::list() {
        let snapshot = breaker.snapshot();
        println!("{breaker:?} {snapshot:?}");
        println!("{}", serde_json::to_string(&snapshot).unwrap_or_default());
    }
    for (name, snapshot) in Budget::all(now()) {
        println!(
            "{name} {snapshot:?} {}",
            serde_json::to_string(&snapshot).unwrap_or_default()
        );
    }
    println!("{:?}", settings::calls());
}
