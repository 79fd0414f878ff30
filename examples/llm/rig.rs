//! What the tests of calls are made on: one service in memory, in time that stands still while nothing happens.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::Frame;
use serde_json::Value;
use tokio::time::Instant;
use wait_or_die::redact::Redacted;
use wait_or_die::testing::{self, Scope};
use wait_or_die_example_faults::{Answer as Told, Plan, Server, Step};

use crate::attempt::Answer;
use crate::calls;
use crate::demo::fakes;
use crate::error::CallError;
use crate::member::{Member, Prepared};
use crate::opinion::Opinion;
use crate::provider::{Provider, Question};
use crate::transport::Transport;
use crate::usage::{Account, Meter};

/// Tokens of the question, which the services count by words.
pub(crate) const INPUT: u64 = 2;
/// And those of an answer that approves.
pub(crate) const OUTPUT: u64 = 11;

/// One service, and how often it was asked.
pub(crate) struct Rig {
    pub(crate) server: Arc<Server>,
    pub(crate) transport: Transport,
    provider: Provider,
    since: Instant,
    _scope: Option<Scope>,
}

impl Rig {
    /// A service that approves once its plan is over; breakers, budgets and settings of its own.
    pub(crate) fn new(provider: Provider, plan: Plan) -> Self {
        let scope = testing::scope(7);
        Self {
            _scope: Some(scope),
            ..Self::beside(provider, plan)
        }
    }

    /// Another service beside one that is there, so that they share what is shared.
    pub(crate) fn beside(provider: Provider, plan: Plan) -> Self {
        Self::with(provider, fakes::service(provider, Opinion::Approve), plan)
    }

    /// With an application of the test's own, and no scope.
    pub(crate) fn with(provider: Provider, application: axum::Router, plan: Plan) -> Self {
        let server = Arc::new(Server::in_memory(application, plan));
        Self {
            transport: Transport::Memory(Arc::clone(&server)),
            server,
            provider,
            since: now(),
            _scope: None,
        }
    }

    pub(crate) fn prepared(&self, stream: bool) -> Prepared {
        member(self.provider, &self.server.url())
            .prepare(&question(stream))
            .unwrap()
    }

    /// Asks once, as a user would, and gives the account too.
    pub(crate) async fn ask(&self) -> (Result<Answer, CallError>, Account) {
        let meter = Meter::default();
        let answer = calls::ask(&self.transport, &self.prepared(false), &meter).await;
        (answer, meter.account())
    }

    /// The same as a stream; what of it was shown comes too.
    pub(crate) async fn stream(
        &self,
    ) -> (Result<Answer, (CallError, Option<String>)>, Account, String) {
        let meter = Meter::default();
        let shown = std::sync::Mutex::new(String::new());
        let show = |text: &str| shown.lock().unwrap().push_str(text);
        let answer = calls::stream(&self.transport, &self.prepared(true), &meter, &show).await;
        (answer, meter.account(), shown.into_inner().unwrap())
    }

    /// On tokio's clock, since it was made.
    pub(crate) fn elapsed(&self) -> Duration {
        now() - self.since
    }
}

#[allow(clippy::disallowed_methods)] // tests see the clock that they pause
fn now() -> Instant {
    Instant::now()
}

pub(crate) fn member(provider: Provider, url: &str) -> Member {
    Member {
        provider,
        url: url.parse().unwrap(),
        model: "m-1".to_owned(),
        key: Some(Redacted::from(fakes::KEY.to_owned())),
    }
}

pub(crate) const fn question(stream: bool) -> Question<'static> {
    Question {
        model: "m-1",
        task: "do",
        document: "this",
        max_tokens: 9,
        stream,
    }
}

/// A body of which this comes, and then nothing more: neither bytes nor an end.
pub(crate) struct Stalled(pub(crate) Option<&'static str>);

impl hyper::body::Body for Stalled {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.0.take() {
            Some(text) => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(text.as_bytes()))))),
            None => Poll::Pending,
        }
    }
}

/// A step that answers with this status and this JSON.
pub(crate) fn answer(status: u16, body: &Value) -> Step {
    let status = http::StatusCode::from_u16(status).unwrap();
    Step::answer(Told::status(status).with_body(body.to_string()))
}

/// A step that answers with this status and nothing else.
pub(crate) fn status(status: u16) -> Step {
    Step::status(http::StatusCode::from_u16(status).unwrap())
}
