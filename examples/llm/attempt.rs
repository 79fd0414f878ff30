//! One attempt: what `calls.rs` protects.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use tokio::time::timeout;
use wait_or_die::Verdict;

use crate::error::{CallError, read_bounded};
use crate::member::Prepared;
use crate::opinion::Opinion;
use crate::provider::{End, Event, Message, Provider, Told};
use crate::sse::{Parser, TooLong};
use crate::transport::Transport;
use crate::usage::{Attempt, Meter};

/// Bytes of an answer, whole or in a stream.
pub(crate) const LONGEST_ANSWER: usize = 8 * 1024 * 1024;
/// Bytes of one event of a stream.
const LONGEST_EVENT: usize = 1024 * 1024;
/// How long the body of an error is waited for: its status is known already, and decides without it.
const PATIENCE_WITH_ERRORS: Duration = Duration::from_secs(5);
/// The longest silence in a stream that has begun.
const LONGEST_SILENCE: Duration = Duration::from_secs(60);
/// How many answers of no use one call asks anew for: each of them is paid for.
const USELESS_ALLOWED: u32 = 2;

/// What a service thinks of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) opinion: Opinion,
    pub(crate) text: String,
    /// It ended at the limit of tokens; its verdict was there by then.
    pub(crate) is_cut: bool,
}

/// Asks for the whole answer at once.
pub(crate) async fn whole(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Answer, CallError> {
    let mut attempt = meter.attempt();
    let response = send(transport, prepared, &mut attempt).await?;
    let body = read_bounded(response, LONGEST_ANSWER).await?;
    let message = prepared.provider.message(&body)?;
    attempt.cost(message.tokens);
    let answer = judged(message, meter)?;
    attempt.answered();
    Ok(answer)
}

async fn send(
    transport: &Transport,
    prepared: &Prepared,
    attempt: &mut Attempt,
) -> Result<Response, CallError> {
    let failed = match transport.send(prepared.request()?).await {
        Ok(response) if response.status().is_success() => return Ok(response),
        Ok(response) => {
            let (status, headers) = (response.status(), response.headers().clone());
            // An error whose body is lost, late or too long is known by its status all the same. A long one is read
            // too: whether a quota comes back is in the body alone.
            let body = timeout(PATIENCE_WITH_ERRORS, read_bounded(response, LONGEST_ANSWER)).await;
            let body = body.ok().and_then(Result::ok).unwrap_or_default();
            CallError::answered(status, &headers, &body)
        }
        Err(error) => error,
    };
    if failed.is_free() {
        attempt.cost_nothing();
    }
    Err(failed)
}

/// The answer in a message that came whole.
fn judged(message: Message, meter: &Meter) -> Result<Answer, CallError> {
    let useless = |what| {
        // The model draws its words, so the next answer may be better.
        let verdict = if meter.useless() <= USELESS_ALLOWED {
            Verdict::Throttled(None)
        } else {
            Verdict::Permanent
        };
        CallError::Useless { what, verdict }
    };
    if message.end == End::Refused {
        return Err(CallError::Useless {
            what: "the service would not answer",
            verdict: Verdict::Permanent,
        });
    }
    if matches!(message.end, End::Open | End::Failed) {
        // What would have followed may be the finding that matters.
        return Err(useless("it broke off, or its end was not told"));
    }
    let is_cut = message.end == End::Cut;
    let opinion = if is_cut {
        Opinion::of_cut(&message.text)
    } else {
        Opinion::of(&message.text)
    };
    match opinion {
        Some(opinion) => Ok(Answer {
            opinion,
            text: message.text,
            is_cut,
        }),
        None if is_cut => Err(CallError::Useless {
            what: "it reached the limit of tokens before its verdict",
            verdict: Verdict::Permanent,
        }),
        None if message.text.trim().is_empty() => Err(useless("no text")),
        None => Err(useless("no verdict in its first line")),
    }
}

/// A stream that has begun: from its first event on it is not asked for again.
#[derive(Debug)]
pub(crate) struct Stream {
    provider: Provider,
    response: Response,
    parser: Parser,
    message: Message,
    /// Bytes of the text that have been shown.
    shown: usize,
    read: usize,
    is_done: bool,
    /// The longest silence; until the first event that is for `attempt_timeout` to say.
    patience: Duration,
    attempt: Attempt,
}

/// Asks for a stream, and waits for its first event.
pub(crate) async fn open(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
) -> Result<Stream, CallError> {
    let mut attempt = meter.attempt();
    let response = send(transport, prepared, &mut attempt).await?;
    let kind = response.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("text/event-stream") {
        return Err(CallError::Malformed("it is no stream of events"));
    }
    let mut stream = Stream {
        provider: prepared.provider,
        response,
        parser: Parser::new(LONGEST_EVENT),
        message: Message::default(),
        shown: 0,
        read: 0,
        is_done: false,
        patience: Duration::MAX,
        attempt,
    };
    stream.first().await?;
    stream.patience = LONGEST_SILENCE;
    Ok(stream)
}

/// Why a stream ended before its end.
enum Break {
    Lost(CallError),
    Told(Told),
    Ended,
    /// Not a byte came for as long as is waited for one.
    Silent,
    Malformed(CallError),
}

/// As it is told.
const SILENT: &str = "nothing came for 60 s";

const fn not_begun(what: &'static str) -> CallError {
    CallError::Lost {
        what,
        cause: None,
        verdict: Verdict::Transient,
    }
}

impl From<TooLong> for Break {
    fn from(_: TooLong) -> Self {
        Self::Malformed(CallError::Malformed("an event is longer than any"))
    }
}

impl Stream {
    /// What of the answer has arrived.
    pub(crate) fn text(&self) -> &str {
        &self.message.text
    }

    async fn first(&mut self) -> Result<(), CallError> {
        match self.step().await {
            Ok(()) => Ok(()),
            Err(Break::Lost(error) | Break::Malformed(error)) => Err(error),
            Err(Break::Told(told)) => Err(CallError::in_stream(&told)),
            Err(Break::Ended) => Err(not_begun("the stream ended before its first event")),
            Err(Break::Silent) => Err(not_begun(SILENT)),
        }
    }

    /// Reads to the end, and shows each part of the text as it comes.
    pub(crate) async fn rest(&mut self, show: &(dyn Fn(&str) + Sync)) -> Result<(), CallError> {
        self.show(show);
        while !self.is_done {
            let step = self.step().await;
            self.show(show);
            step.map_err(|error| self.broken(error))?;
        }
        Ok(())
    }

    /// The answer of a stream that was read to its end.
    pub(crate) fn answer(self, meter: &Meter) -> Result<Answer, CallError> {
        let Self {
            message,
            mut attempt,
            ..
        } = self;
        attempt.cost(message.tokens);
        let answer = judged(message, meter)?;
        attempt.answered();
        Ok(answer)
    }

    fn show(&mut self, show: &(dyn Fn(&str) + Sync)) {
        let text = self.message.text.get(self.shown..).unwrap_or_default();
        if !text.is_empty() {
            show(text);
        }
        self.shown = self.message.text.len();
    }

    /// Takes in one event that says something of the answer, or the end.
    async fn step(&mut self) -> Result<(), Break> {
        loop {
            while let Some(data) = self.parser.next_event()? {
                let event = self.provider.event(&data, &mut self.message);
                match event.map_err(|error| Break::Malformed(error.into()))? {
                    Event::Ping => {}
                    Event::Failed(told) => return Err(Break::Told(told)),
                    event => {
                        self.is_done = event == Event::Done;
                        self.attempt
                            .cost_at_least(self.message.tokens.unwrap_or_default());
                        return Ok(());
                    }
                }
            }
            let chunk = timeout(self.patience, self.response.chunk()).await;
            let chunk = chunk.map_err(|_| Break::Silent)?;
            match chunk.map_err(|error| Break::Lost(CallError::lost(&error)))? {
                Some(chunk) => self.feed(&chunk)?,
                None => return self.ended(),
            }
        }
    }

    fn feed(&mut self, chunk: &[u8]) -> Result<(), Break> {
        self.read += chunk.len();
        if self.read > LONGEST_ANSWER {
            return Err(Break::Malformed(CallError::Malformed(
                "it is longer than any answer",
            )));
        }
        self.parser.feed(chunk);
        Ok(())
    }

    fn ended(&mut self) -> Result<(), Break> {
        let parser = std::mem::replace(&mut self.parser, Parser::new(0));
        let told = Told::of_body(&parser.leftover());
        if told != Told::default() {
            return Err(Break::Told(told));
        }
        if self.provider.may_end(&self.message) {
            self.is_done = true;
            return Ok(());
        }
        Err(Break::Ended)
    }

    fn broken(&self, error: Break) -> CallError {
        let why = match error {
            Break::Lost(error) | Break::Malformed(error) => error.to_string(),
            Break::Told(told) => CallError::in_stream(&told).to_string(),
            Break::Ended => "it ended in the middle".to_owned(),
            Break::Silent => SILENT.to_owned(),
        };
        CallError::Broken {
            why,
            arrived: self.message.text.len(),
        }
    }
}

#[cfg(test)]
mod tests;
