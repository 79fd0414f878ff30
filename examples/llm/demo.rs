//! The demonstration: two services on the loopback interface that are busy, down, out of quota, and break off.

pub(crate) mod fakes;

use std::process::ExitCode;

use http::StatusCode;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use wait_or_die::Breaker;
use wait_or_die::redact::Redacted;
use wait_or_die::settings::{self, CallSettings, Settings};
use wait_or_die_example_faults::{Answer, Plan, Server, Step};

use crate::command::Failure;
use crate::events::Events;
use crate::member::Member;
use crate::opinion::Opinion;
use crate::provider::Provider::{self, Anthropic, Gemini};
use crate::render::{self, Screen};
use crate::review::{self, Gate, Options};
use crate::transport::Transport;
use crate::usage::{self, Account};

/// Waits and bounds for outages that are over in seconds.
const SHORT: &str = include_str!("demo.json");

/// The document that is reviewed.
const DOCUMENT: &str = "\
Calls are retried up to 50 times within 300 s, the first time after 1 s, at last every 60 s.
A wait of more than the time left is not begun.";

/// Runs it, and says whether all went as it should.
///
/// # Errors
/// A server cannot be started on the loopback interface.
pub(crate) async fn run() -> Result<ExitCode, Failure> {
    let screen = render::stdout();
    tracing_subscriber::registry()
        .with(Events::new(screen.clone()))
        .try_init()?;
    screen.line("two services on the loopback interface, behind a server that misbehaves; waits are shortened");
    if !cfg!(feature = "resilience") {
        screen.line(
            "built without the feature `resilience`: there are no retries, deadlines and breakers",
        );
    }
    let mut stage = Stage {
        transport: Transport::network()?,
        screen,
        accounts: Vec::new(),
        surprises: 0,
    };
    for scene in scenes() {
        stage.play(scene).await?;
    }
    Ok(stage.end())
}

/// One review, what happens to it, and what should come of it.
struct Scene {
    title: &'static str,
    anthropic: Plan,
    gemini: Plan,
    /// What Gemini thinks; Anthropic approves of everything.
    opinion: Opinion,
    gemini_is_down: bool,
    stream: bool,
    is_protected: bool,
    gate: Gate,
    /// Requests that each of the two gets; not told where that depends on how long it takes.
    requests: Option<[usize; 2]>,
}

impl Scene {
    fn new(
        title: &'static str,
        anthropic: Plan,
        gemini: Plan,
        gate: Gate,
        requests: Option<[usize; 2]>,
    ) -> Self {
        Self {
            title,
            anthropic,
            gemini,
            opinion: Opinion::Approve,
            gemini_is_down: false,
            stream: false,
            is_protected: true,
            gate,
            requests,
        }
    }
}

fn scenes() -> [Scene; 6] {
    let down = || Plan::of(Step::status(StatusCode::SERVICE_UNAVAILABLE).times(100));
    let busy = [
        Plan::of([overloaded(), Step::reset().after_work()]),
        Plan::of([throttled(), empty()]),
    ];
    let [anthropic, gemini] = busy.clone();
    let one = Scene::new(
        "both are busy at first",
        anthropic,
        gemini,
        Gate::Approved,
        Some([3, 3]),
    );
    let (healthy, gate) = (Plan::healthy, Gate::Incomplete);
    let two = Scene {
        gemini_is_down: true,
        ..Scene::new("one is down", healthy(), healthy(), gate, Some([1, 0]))
    };
    let quota = Plan::of([spent()]);
    let three = Scene {
        opinion: Opinion::Reject,
        ..Scene::new(
            "one has no quota left",
            quota,
            healthy(),
            Gate::Rejected,
            Some([1, 1]),
        )
    };
    let (middle, start) = (
        Plan::of([Step::truncated_transfer()]),
        Plan::of([Step::reset()]),
    );
    let four = Scene {
        stream: true,
        ..Scene::new(
            "streams break: one in its middle, one before it begins",
            middle,
            start,
            gate,
            Some([1, 2]),
        )
    };
    let five = Scene::new("both are down", down(), down(), Gate::Unavailable, None);
    let [anthropic, gemini] = busy;
    let title = "as the first, with the protection switched off in the settings";
    let six = Scene {
        is_protected: false,
        ..Scene::new(title, anthropic, gemini, Gate::Unavailable, Some([1, 1]))
    };
    [one, two, three, four, five, six]
}

fn overloaded() -> Step {
    let body = json!({ "type": "error", "error": { "type": "overloaded_error", "message": "Overloaded" } });
    answer(529, &body)
}

fn throttled() -> Step {
    let body = json!({ "error": { "code": 429, "status": "RESOURCE_EXHAUSTED", "message": "retry in 0.3s",
        "details": [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0.3s" }] } });
    answer(429, &body)
}

/// An answer that was paid for, and has no text.
fn empty() -> Step {
    let body = json!({ "candidates": [{ "finishReason": "OTHER" }],
        "usageMetadata": { "promptTokenCount": 110, "thoughtsTokenCount": 20, "totalTokenCount": 130 } });
    answer(200, &body)
}

fn spent() -> Step {
    let body = json!({ "type": "error", "error": { "type": "rate_limit_error", "message": "monthly usage threshold",
        "details": { "error_code": "enforced_spend_limit_reached" } } });
    answer(429, &body)
}

fn answer(status: u16, body: &serde_json::Value) -> Step {
    let status = StatusCode::from_u16(status).unwrap_or_default();
    Step::answer(Answer::status(status).with_body(body.to_string()))
}

struct Stage {
    screen: Screen,
    transport: Transport,
    accounts: Vec<(&'static str, Account)>,
    surprises: u32,
}

impl Stage {
    async fn play(&mut self, scene: Scene) -> Result<(), Failure> {
        self.screen.line(&format!("\n-- {} --", scene.title));
        settings::apply(settings_of(scene.is_protected)?)?;
        for provider in [Anthropic, Gemini] {
            // What the scene before left behind is not this one's matter.
            if let Some(breaker) = Breaker::find(provider.name()) {
                breaker.reset();
            }
        }
        let first =
            Server::start(fakes::service(Anthropic, Opinion::Approve), scene.anthropic).await?;
        let second = Server::start(fakes::service(Gemini, scene.opinion), scene.gemini).await?;
        let members = [member(Anthropic, &first)?, member(Gemini, &second)?];
        if scene.gemini_is_down {
            second.go_down().await;
        }
        let options = Options {
            max_tokens: 1000,
            stream: scene.stream,
        };
        let reviews =
            review::review(&self.transport, &members, DOCUMENT, options, &self.screen).await;
        let gate = review::report(&reviews, &self.screen);
        let accounts = reviews
            .iter()
            .map(|review| (review.provider.name(), review.account));
        self.accounts.extend(accounts);
        let requests = [first.count(), second.count()];
        self.screen.line(&format!(
            "requests that arrived: {} and {}",
            requests[0], requests[1]
        ));
        let as_told =
            gate == scene.gate && scene.requests.is_none_or(|expected| expected == requests);
        if cfg!(feature = "resilience") && !as_told {
            self.surprises += 1;
            self.screen.line("that is not what should have come of it");
        }
        Ok(())
    }

    fn end(self) -> ExitCode {
        self.screen.line("\n-- all of it --");
        let sum = |name| {
            let of_name = self.accounts.iter().filter(|(known, _)| *known == name);
            of_name.fold(Account::default(), |sum, (_, account)| sum.plus(*account))
        };
        let names = ["anthropic", "gemini"];
        self.screen
            .line(&usage::table(&names.map(|name| (name, sum(name)))));
        if self.surprises > 0 {
            self.screen.line(&format!(
                "{} reviews did not end as they should have",
                self.surprises
            ));
            return ExitCode::FAILURE;
        }
        self.screen.line("every review ended as it should have");
        ExitCode::SUCCESS
    }
}

fn settings_of(is_protected: bool) -> Result<Settings, Failure> {
    if is_protected {
        return Ok(serde_json::from_str(SHORT)?);
    }
    let off = CallSettings::new().with_enabled(false);
    let calls = ["anthropic.ask", "gemini.ask"].into_iter();
    Ok(calls.fold(Settings::new(), |settings, name| {
        settings.with_call(name, off)
    }))
}

fn member(provider: Provider, server: &Server) -> Result<Member, Failure> {
    Ok(Member {
        provider,
        url: server.url().parse()?,
        model: "demo".to_owned(),
        key: Some(Redacted::from(fakes::KEY.to_owned())),
    })
}
