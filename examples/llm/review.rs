//! The gate: one document, several services at once, and what comes of their verdicts.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::attempt::Answer;
use crate::calls;
use crate::clock::Stopwatch;
use crate::error::CallError;
use crate::member::{Member, Prepared};
use crate::opinion::{Opinion, TASK};
use crate::provider::{Provider, Question};
use crate::render::Screen;
use crate::transport::Transport;
use crate::usage::{self, Account, Meter};

/// What became of one service's review.
#[derive(Debug)]
pub(crate) struct Review {
    pub(crate) provider: Provider,
    pub(crate) outcome: Result<Answer, CallError>,
    /// The answer has been shown as it came.
    pub(crate) is_shown: bool,
    /// Of a stream that broke off: what of it had arrived.
    pub(crate) arrived: Option<String>,
    pub(crate) account: Account,
    pub(crate) took: Duration,
}

/// What the reviews come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    /// All answered, and all approve.
    Approved,
    /// At least one rejects.
    Rejected,
    /// Whoever answered approves, but not all answered.
    Incomplete,
    /// Nobody answered.
    Unavailable,
}

impl Gate {
    pub(crate) fn of(reviews: &[Review]) -> Self {
        let answers = || {
            reviews
                .iter()
                .filter_map(|review| review.outcome.as_ref().ok())
        };
        if answers().any(|answer| answer.opinion == Opinion::Reject) {
            return Self::Rejected;
        }
        match answers().count() {
            0 => Self::Unavailable,
            count if count < reviews.len() => Self::Incomplete,
            _ => Self::Approved,
        }
    }

    /// What the program exits with.
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Approved => 0,
            Self::Rejected => 3,
            Self::Incomplete => 4,
            // `EX_UNAVAILABLE`
            Self::Unavailable => 69,
        })
    }
}

/// Asks all members at once; none waits for another, and none is given up because of another.
pub(crate) async fn review(
    transport: &Transport,
    members: &[Member],
    document: &str,
    options: Options,
    screen: &Screen,
) -> Vec<Review> {
    let mut running = JoinSet::new();
    for (place, member) in members.iter().enumerate() {
        let question = Question {
            model: &member.model,
            task: TASK,
            document,
            max_tokens: options.max_tokens,
            stream: options.stream,
        };
        let call = One {
            provider: member.provider,
            prepared: member.prepare(&question).map(Arc::new),
            transport: transport.clone(),
            screen: screen.clone(),
        };
        running.spawn(async move { (place, call.run().await) });
    }
    let mut reviews = Vec::new();
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(review) => reviews.push(review),
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    reviews.sort_by_key(|(place, _)| *place);
    reviews.into_iter().map(|(_, review)| review).collect()
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) max_tokens: u32,
    pub(crate) stream: bool,
}

/// One member's part.
struct One {
    provider: Provider,
    prepared: Result<Arc<Prepared>, CallError>,
    transport: Transport,
    screen: Screen,
}

impl One {
    async fn run(self) -> Review {
        let meter = Meter::default();
        let since = Stopwatch::start();
        let is_shown = self
            .prepared
            .as_ref()
            .is_ok_and(|prepared| prepared.is_stream);
        let (outcome, arrived) = match self.prepared {
            Ok(prepared) => ask(&self.transport, &prepared, &meter, &self.screen).await,
            Err(error) => (Err(error), None),
        };
        Review {
            provider: self.provider,
            outcome,
            is_shown,
            arrived,
            account: meter.account(),
            took: since.elapsed(),
        }
    }
}

async fn ask(
    transport: &Transport,
    prepared: &Prepared,
    meter: &Meter,
    screen: &Screen,
) -> (Result<Answer, CallError>, Option<String>) {
    if !prepared.is_stream {
        return (calls::ask(transport, prepared, meter).await, None);
    }
    let lines = screen.lines_of(prepared.provider.name());
    let answer = calls::stream(transport, prepared, meter, &|text| lines.add(text)).await;
    lines.end();
    match answer {
        Ok(answer) => (Ok(answer), None),
        Err((error, arrived)) => (Err(error), arrived),
    }
}

/// What is told of the reviews, and what they come to.
pub(crate) fn report(reviews: &[Review], screen: &Screen) -> Gate {
    for review in reviews {
        screen.line(&told(review));
    }
    let accounts: Vec<_> = reviews
        .iter()
        .map(|review| (review.provider.name(), review.account))
        .collect();
    screen.line("");
    screen.line(&usage::table(&accounts));
    let gate = Gate::of(reviews);
    screen.line(&summary(gate, reviews));
    gate
}

fn told(review: &Review) -> String {
    let name = review.provider.name();
    let took = review.took.as_secs_f64();
    match &review.outcome {
        Ok(answer) => {
            let cut = if answer.is_cut {
                " (cut off at the limit of tokens)"
            } else {
                ""
            };
            let opinion = answer.opinion.as_str();
            let findings = if review.is_shown {
                ""
            } else {
                answer.text.trim()
            };
            format!("== {name}: {opinion} after {took:.1} s{cut}\n{findings}\n")
        }
        Err(error) => match review.arrived.as_deref().map(str::trim) {
            Some(arrived) if !arrived.is_empty() => {
                format!(
                    "== {name}: no review after {took:.1} s: {error}\nwhat had arrived:\n{arrived}\n"
                )
            }
            _ => format!("== {name}: no review after {took:.1} s: {error}\n"),
        },
    }
}

fn summary(gate: Gate, reviews: &[Review]) -> String {
    let answered = reviews
        .iter()
        .filter(|review| review.outcome.is_ok())
        .count();
    let of = reviews.len();
    let missing: Vec<_> = reviews
        .iter()
        .filter(|review| review.outcome.is_err())
        .map(|review| review.provider.name())
        .collect();
    let missing = missing.join(", ");
    match gate {
        Gate::Approved => format!("approved by {answered} of {of}"),
        Gate::Rejected if answered < of => format!("rejected; without {missing}"),
        Gate::Rejected => "rejected".to_owned(),
        Gate::Incomplete => format!("approved by {answered} of {of} only: without {missing}"),
        Gate::Unavailable => format!("not reviewed: no answer from {missing}"),
    }
}

#[cfg(test)]
mod tests;
