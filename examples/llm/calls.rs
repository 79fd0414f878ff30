//! The protected calls: a function per service, each with a breaker and a budget of its own.
//!
//! The bodies are one line, because all that has to do with failing is in the attributes. Without the feature `resilience`
//! the attributes are not there, and each function is what it would be without them: one attempt, as long as it takes.
//!
//! `attempt_timeout` cuts off an attempt that hangs; the service may be working on it, which the account shows as not
//! known. `when_open = wait` stands by while the breaker is open, within `timeout`. A stream is asked for again only until
//! its first event; what reads it to its end has no retries, and no breaker either, which could turn away a stream that has
//! begun.

use crate::attempt::{self, Answer, Stream};
use crate::error::CallError;
use crate::member::Prepared;
use crate::provider::Provider;
use crate::transport::Transport;
use crate::usage::Meter;

#[cfg_attr(
    feature = "resilience",
    wait_or_die::circuit_breaker(name = "anthropic", failure_threshold = 5, recovery_timeout = "30s"),
    wait_or_die::wait_or_die(
        name = "anthropic.ask",
        timeout = 300,
        max_retries = 50,
        initial_wait = 1,
        max_wait = 60,
        attempt_timeout = 150,
        budget = "anthropic",
        when_open = wait,
        fields(model = prepared.model)
    )
)]
async fn ask_anthropic(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Answer, CallError> {
    attempt::whole(transport, prepared, meter).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::circuit_breaker(name = "gemini", failure_threshold = 5, recovery_timeout = "30s"),
    wait_or_die::wait_or_die(
        name = "gemini.ask",
        timeout = 300,
        max_retries = 50,
        initial_wait = 1,
        max_wait = 60,
        attempt_timeout = 150,
        budget = "gemini",
        when_open = wait,
        fields(model = prepared.model)
    )
)]
async fn ask_gemini(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Answer, CallError> {
    attempt::whole(transport, prepared, meter).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::circuit_breaker(name = "openai", failure_threshold = 5, recovery_timeout = "30s"),
    wait_or_die::wait_or_die(
        name = "openai.ask",
        timeout = 300,
        max_retries = 50,
        initial_wait = 1,
        max_wait = 60,
        attempt_timeout = 150,
        budget = "openai",
        when_open = wait,
        fields(model = prepared.model)
    )
)]
async fn ask_openai(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Answer, CallError> {
    attempt::whole(transport, prepared, meter).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::circuit_breaker(name = "anthropic", failure_threshold = 5, recovery_timeout = "30s"),
    wait_or_die::wait_or_die(
        name = "anthropic.open",
        timeout = 300,
        max_retries = 50,
        initial_wait = 1,
        max_wait = 60,
        attempt_timeout = 100,
        budget = "anthropic",
        when_open = wait,
        fields(model = prepared.model)
    )
)]
async fn open_anthropic(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Stream, CallError> {
    attempt::open(transport, prepared, meter).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::circuit_breaker(name = "gemini", failure_threshold = 5, recovery_timeout = "30s"),
    wait_or_die::wait_or_die(
        name = "gemini.open",
        timeout = 300,
        max_retries = 50,
        initial_wait = 1,
        max_wait = 60,
        attempt_timeout = 100,
        budget = "gemini",
        when_open = wait,
        fields(model = prepared.model)
    )
)]
async fn open_gemini(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Stream, CallError> {
    attempt::open(transport, prepared, meter).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::circuit_breaker(name = "openai", failure_threshold = 5, recovery_timeout = "30s"),
    wait_or_die::wait_or_die(
        name = "openai.open",
        timeout = 300,
        max_retries = 50,
        initial_wait = 1,
        max_wait = 60,
        attempt_timeout = 100,
        budget = "openai",
        when_open = wait,
        fields(model = prepared.model)
    )
)]
async fn open_openai(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Stream, CallError> {
    attempt::open(transport, prepared, meter).await
}

/// Takes each part of the text as it comes.
pub(crate) type Show<'a> = &'a (dyn Fn(&str) + Sync);

#[cfg_attr(
    feature = "resilience",
    wait_or_die::wait_or_die(name = "anthropic.read", timeout = 300, max_retries = 0)
)]
async fn read_anthropic(stream: &mut Stream, show: Show<'_>) -> Result<(), CallError> {
    stream.rest(show).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::wait_or_die(name = "gemini.read", timeout = 300, max_retries = 0)
)]
async fn read_gemini(stream: &mut Stream, show: Show<'_>) -> Result<(), CallError> {
    stream.rest(show).await
}

#[cfg_attr(
    feature = "resilience",
    wait_or_die::wait_or_die(name = "openai.read", timeout = 300, max_retries = 0)
)]
async fn read_openai(stream: &mut Stream, show: Show<'_>) -> Result<(), CallError> {
    stream.rest(show).await
}

/// Asks the service for its whole answer.
pub(crate) async fn ask(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Answer, CallError> {
    match prepared.provider {
        Provider::Anthropic => ask_anthropic(transport, prepared, meter).await,
        Provider::Gemini => ask_gemini(transport, prepared, meter).await,
        Provider::OpenAi => ask_openai(transport, prepared, meter).await,
    }
}

/// Asks the service for its answer as a stream. What of it had arrived comes back too, where it broke off.
///
/// # Errors
/// As the calls. A stream that broke off is not asked for again.
pub(crate) async fn stream(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
    show: Show<'_>,
) -> Result<Answer, (CallError, Option<String>)> {
    let opened = match prepared.provider {
        Provider::Anthropic => open_anthropic(transport, prepared, meter).await,
        Provider::Gemini => open_gemini(transport, prepared, meter).await,
        Provider::OpenAi => open_openai(transport, prepared, meter).await,
    };
    let mut stream = opened.map_err(|error| (error, None))?;
    let read = match prepared.provider {
        Provider::Anthropic => read_anthropic(&mut stream, show).await,
        Provider::Gemini => read_gemini(&mut stream, show).await,
        Provider::OpenAi => read_openai(&mut stream, show).await,
    };
    match read {
        Ok(()) => stream.answer(meter).map_err(|error| (error, None)),
        Err(error) => Err((error, Some(stream.text().to_owned()))),
    }
}

#[cfg(test)]
mod tests;
