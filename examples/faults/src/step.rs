//! What the server does with one request.

#[cfg(test)]
mod tests;

use std::time::Duration;

use axum::body::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

use crate::retry_after::RetryAfter;

/// What a step answers in the application's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) retry_after: Option<RetryAfter>,
}

impl Answer {
    /// This status and an empty body.
    pub fn status(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            retry_after: None,
        }
    }

    /// Adds a header; those of the same name before it stay. A `content-length` is ignored: the answer is well formed.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// This body; `application/json`, unless a `content-type` is given.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Says when to come again; once only, the last one counts.
    #[must_use]
    pub fn with_retry_after(mut self, form: RetryAfter) -> Self {
        self.retry_after = Some(form);
        self
    }

    /// The status that it answers with.
    pub fn code(&self) -> StatusCode {
        self.status
    }

    /// What it says about when to come again.
    pub fn retry_after(&self) -> Option<&RetryAfter> {
        self.retry_after.as_ref()
    }

    pub(crate) fn content_type(&self) -> Option<HeaderValue> {
        let silent = self.body.is_empty() || self.headers.contains_key(CONTENT_TYPE);
        (!silent).then_some(HeaderValue::from_static("application/json"))
    }
}

/// What goes wrong with one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: the application answers.
    Pass,
    /// This answer in place of the application's.
    Answer(Box<Answer>),
    /// The head of the application's answer comes in eight pieces, the last of them after this time.
    SlowHeaders(Duration),
    /// The body of the application's answer comes in eight pieces, the last of them after this time.
    SlowBody(Duration),
    /// The connection is reset when the head of the request has come; its body is not read.
    ResetUnread,
    /// The connection is reset when the whole request has been read.
    Reset,
    /// The first half of the application's body, with the `Content-Length` of that half.
    TruncatedJson,
    /// The first half of the application's body, with the `Content-Length` of the whole, then the end of the connection.
    TruncatedTransfer,
    /// Bytes that are no HTTP, then the end of the connection.
    Garbage,
    /// A redirect (307) to an address that redirects to itself for ever.
    RedirectLoop,
    /// The application's answer, called `text/html`.
    WrongContentType,
    /// A JSON text of so many bytes, at least two.
    LongBody(u64),
    /// A JSON list that never ends.
    EndlessBody,
    /// No answer, for as long as the client waits.
    Hang,
}

impl Fault {
    /// What it sends is made of the application's answer.
    fn needs_application(&self) -> bool {
        matches!(
            self,
            Self::Pass
                | Self::SlowHeaders(_)
                | Self::SlowBody(_)
                | Self::TruncatedJson
                | Self::TruncatedTransfer
                | Self::WrongContentType
        )
    }
}

/// When the application does its work on a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Never,
    /// Before the client is told anything.
    First,
    /// So long after the request has been read, whatever the client is told meanwhile.
    Later(Duration),
}

/// One step of a plan: what goes wrong, whether the application has done its work by then, and for which requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    fault: Fault,
    work: Work,
    method: Option<Method>,
    path: Option<String>,
}

impl Step {
    fn new(fault: Fault) -> Self {
        let work = if fault.needs_application() {
            Work::First
        } else {
            Work::Never
        };
        Self {
            fault,
            work,
            method: None,
            path: None,
        }
    }

    /// Lets the request through.
    pub fn pass() -> Self {
        Self::new(Fault::Pass)
    }

    /// Answers with this status and an empty body.
    pub fn status(status: StatusCode) -> Self {
        Self::answer(Answer::status(status))
    }

    /// Answers in the application's place.
    pub fn answer(answer: Answer) -> Self {
        Self::new(Fault::Answer(Box::new(answer)))
    }

    /// Answers 429, and when to come again.
    pub fn retry_after(form: RetryAfter) -> Self {
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self::answer(Answer::status(status).with_retry_after(form))
    }

    /// [`Fault::SlowHeaders`]: the head is complete after `over`.
    pub fn slow_headers(over: Duration) -> Self {
        Self::new(Fault::SlowHeaders(over))
    }

    /// [`Fault::SlowBody`]: the body is complete after `over`.
    pub fn slow_body(over: Duration) -> Self {
        Self::new(Fault::SlowBody(over))
    }

    /// [`Fault::ResetUnread`]. The head is read all the same, since a step may be bound to it.
    pub fn reset_unread() -> Self {
        Self::new(Fault::ResetUnread)
    }

    /// [`Fault::Reset`]: before the application sees the request, or [after its work](Self::after_work).
    pub fn reset() -> Self {
        Self::new(Fault::Reset)
    }

    /// [`Fault::TruncatedJson`]: the transfer is well, the text is not.
    pub fn truncated_json() -> Self {
        Self::new(Fault::TruncatedJson)
    }

    /// [`Fault::TruncatedTransfer`]: the connection ends before the body does.
    pub fn truncated_transfer() -> Self {
        Self::new(Fault::TruncatedTransfer)
    }

    /// [`Fault::Garbage`].
    pub fn garbage() -> Self {
        Self::new(Fault::Garbage)
    }

    /// [`Fault::RedirectLoop`]. The requests of a client that follows are recorded, and use up no further step.
    pub fn redirect_loop() -> Self {
        Self::new(Fault::RedirectLoop)
    }

    /// [`Fault::WrongContentType`].
    pub fn wrong_content_type() -> Self {
        Self::new(Fault::WrongContentType)
    }

    /// [`Fault::LongBody`]: a client that reads without a bound holds all of it in memory.
    pub fn long_body(bytes: u64) -> Self {
        Self::new(Fault::LongBody(bytes))
    }

    /// [`Fault::EndlessBody`]: no `Content-Length` warns of it.
    pub fn endless_body() -> Self {
        Self::new(Fault::EndlessBody)
    }

    /// [`Fault::Hang`]: before the application sees the request, or [after its work](Self::after_work).
    pub fn hang() -> Self {
        Self::new(Fault::Hang)
    }

    /// The application does its work first; its answer is thrown away. What is made of the application's answer does so
    /// anyway, and an unread request is never worked on: there it changes nothing.
    #[must_use]
    pub fn after_work(self) -> Self {
        self.working(Work::First)
    }

    /// The application does its work so long after the request has been read, whether or not the client still waits: what
    /// a server does with a request that queues, or whose client was told too early that it failed. What is made of the
    /// application's answer has it first all the same, and an unread request is never worked on: there it changes nothing.
    #[must_use]
    pub fn working_after(self, delay: Duration) -> Self {
        self.working(Work::Later(delay))
    }

    fn working(mut self, when: Work) -> Self {
        let fixed = self.fault.needs_application() || self.fault == Fault::ResetUnread;
        if !fixed {
            self.work = when;
        }
        self
    }

    /// Only for requests of this method and path; see [`on_path`](Self::on_path).
    #[must_use]
    pub fn on(self, method: Method, path: impl Into<String>) -> Self {
        self.on_method(method).on_path(path)
    }

    /// Only for requests of this method.
    #[must_use]
    pub fn on_method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Only for requests of this path, without the query. With `*` at its end, for all that begin with what stands before.
    #[must_use]
    pub fn on_path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The step so many times.
    pub fn times(self, count: usize) -> Vec<Self> {
        vec![self; count]
    }

    /// What goes wrong.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Whether the application sees the request, be it later.
    pub fn works(&self) -> bool {
        self.work != Work::Never
    }

    pub(crate) fn work(&self) -> Work {
        self.work
    }

    pub(crate) fn matches(&self, method: &Method, path: &str) -> bool {
        let by_path = |bound: &str| match bound.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == bound,
        };
        self.method.as_ref().is_none_or(|bound| bound == method)
            && self.path.as_deref().is_none_or(by_path)
    }
}
