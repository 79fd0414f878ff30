//! What all connections of a server share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::Bytes;
use http::header::{DATE, HeaderMap, HeaderValue};
use http::request::Parts;

use crate::clock::Start;
use crate::plan::Plan;
use crate::received::Received;
use crate::retry_after::imf_fixdate;
use crate::step::Step;

/// The address of the loop that `Fault::RedirectLoop` sends clients into.
pub(crate) const LOOP: &str = "/redirect-loop";

pub(crate) struct Shared {
    application: Router,
    start: Start,
    state: Mutex<State>,
}

struct State {
    plan: Plan,
    /// Since the start of the server, and the requests before it.
    plan_set: (Duration, usize),
    requests: Vec<Received>,
}

impl Shared {
    pub(crate) fn new(application: Router, plan: Plan) -> Self {
        Self {
            application,
            start: Start::now(plan.date()),
            state: Mutex::new(State {
                plan,
                plan_set: (Duration::ZERO, 0),
                requests: Vec::new(),
            }),
        }
    }

    pub(crate) fn application(&self) -> Router {
        self.application.clone()
    }

    /// Nothing that is held under the lock can be left half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request whose head has arrived, and says what it meets and under which number it is recorded.
    pub(crate) fn arrived(&self, head: &Parts) -> (usize, Step) {
        let at = self.start.elapsed();
        let mut state = self.state();
        let number = state.requests.len();
        let step = state.meet(number, at, head);
        state.requests.push(Received {
            method: head.method.clone(),
            uri: head.uri.clone(),
            headers: head.headers.clone(),
            body: Bytes::new(),
            at,
            met: step.as_ref().map(|step| step.fault().clone()),
            reached_application: false,
        });
        (number, step.unwrap_or_else(Step::pass))
    }

    /// Records that the request of this number has been read whole.
    pub(crate) fn read(&self, number: usize, body: &Bytes, reaches_application: bool) {
        if let Some(received) = self.state().requests.get_mut(number) {
            received.body = body.clone();
            received.reached_application = reaches_application;
        }
    }

    /// Dates an answer, unless it is dated; gives the server's date.
    pub(crate) fn date(&self, headers: &mut HeaderMap) -> SystemTime {
        let date = self.start.date();
        if let Ok(text) = HeaderValue::from_str(&imf_fixdate(date, Duration::ZERO)) {
            headers.entry(DATE).or_insert(text);
        }
        date
    }

    pub(crate) fn requests(&self) -> Vec<Received> {
        self.state().requests.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.state().requests.len()
    }

    pub(crate) fn steps_left(&self) -> usize {
        self.state().plan.steps().len()
    }

    pub(crate) fn set_plan(&self, plan: Plan) {
        let at = self.start.elapsed();
        let mut state = self.state();
        state.plan_set = (at, state.requests.len());
        state.plan = plan;
    }
}

impl State {
    fn meet(&mut self, number: usize, at: Duration, head: &Parts) -> Option<Step> {
        if head.uri.path() == LOOP {
            return Some(Step::redirect_loop());
        }
        let (set_at, before) = self.plan_set;
        let (number, at) = (number.saturating_sub(before), at.saturating_sub(set_at));
        self.plan.meet(number, at, &head.method, head.uri.path())
    }
}
