//! The client and a fake Notion behind the server that misbehaves, joined in memory, so that the clock can be virtual.
#![allow(dead_code)] // each test file uses its part

use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::Map;
use wait_or_die::Verdict;
use wait_or_die_example_faults::{Answer, Plan, Server, Step};
use wait_or_die_example_notion::fake::{self, FakeNotion, HeldPage};
use wait_or_die_example_notion::{NewPage, Notion, Parent, Token, Transport, TransportError};

/// A connection of its own for each request, through memory.
#[derive(Clone, Debug)]
pub(crate) struct Memory(Arc<Server>);

impl Transport for Memory {
    async fn send(
        &self,
        request: Request<Vec<u8>>,
        most: usize,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let lost = |error: hyper::Error| TransportError {
            not_sent: false,
            verdict: Verdict::Transient,
            text: error.to_string(),
        };
        let io = TokioIo::new(self.0.connect());
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io)
            .await
            .map_err(lost)?;
        let connection = tokio::spawn(connection);
        let _guard = AbortOnDrop(connection);
        let mut request = request.map(|body| Full::new(Bytes::from(body)));
        request
            .headers_mut()
            .insert("host", http::HeaderValue::from_static("faults.test"));
        let answer = sender.send_request(request).await.map_err(lost)?;
        let (parts, mut body) = answer.into_parts();
        let mut whole = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.map_err(lost)?.into_data() {
                if whole.len() + data.len() > most {
                    return Err(TransportError::too_long(most));
                }
                whole.extend_from_slice(&data);
            }
        }
        Ok(Response::from_parts(parts, whole))
    }
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub(crate) const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// What Notion answers, with an error as it tells it.
pub(crate) fn told(status: u16, code: &str) -> Answer {
    let body = format!(r#"{{"object":"error","status":{status},"code":"{code}","message":"no"}}"#);
    Answer::status(StatusCode::from_u16(status).unwrap()).with_body(body)
}

/// Notion refuses, or says that it failed.
pub(crate) fn refusal(status: u16, code: &str) -> Step {
    Step::answer(told(status, code))
}

/// Notion says that it failed, which is the end of its work.
pub(crate) fn failed() -> Step {
    refusal(500, "internal_server_error")
}

/// Notion does what is asked, and its answer is lost.
pub(crate) fn lost(method: Method) -> Step {
    Step::reset().after_work().on_method(method)
}

pub(crate) struct Bench {
    pub(crate) server: Arc<Server>,
    pub(crate) fake: FakeNotion,
    pub(crate) notion: Notion<Memory>,
}

impl Bench {
    pub(crate) fn new(plan: Plan) -> Self {
        Self::with(FakeNotion::new(), plan)
    }

    pub(crate) fn with(fake: FakeNotion, plan: Plan) -> Self {
        Self::with_token(fake, plan, fake::TOKEN)
    }

    pub(crate) fn with_token(fake: FakeNotion, plan: Plan, token: &str) -> Self {
        let server = Arc::new(Server::in_memory(fake.router(), plan));
        let token = Token::new(token).unwrap();
        let notion = Notion::with_transport(Memory(Arc::clone(&server)), &server.url(), token);
        Self {
            server,
            fake,
            notion,
        }
    }

    /// A client that knows nothing of the others, as a new process has.
    pub(crate) fn another_client(&self) -> Notion<Memory> {
        let token = Token::new(fake::TOKEN).unwrap();
        Notion::with_transport(Memory(Arc::clone(&self.server)), &self.server.url(), token)
    }

    /// Makes two pages of the report, as two processes do that push it at the same moment; gives the younger one.
    pub(crate) async fn two_pages(&self, page: &NewPage) -> String {
        let first = self.notion.push_page(page).await.unwrap().page;
        self.fake.trash(&first);
        let second = self.another_client().push_page(page).await.unwrap().page;
        self.fake.bring_back(&first);
        second
    }

    /// The pages that are not in the trash.
    pub(crate) fn pages(&self) -> Vec<HeldPage> {
        self.fake
            .pages()
            .into_iter()
            .filter(|page| !page.in_trash)
            .collect()
    }

    /// What was sent, as one letter each: who am I, find (the parent's children or a query), create, look (a page's
    /// children), the page itself, append, trash.
    pub(crate) fn requests(&self) -> String {
        let letter = |received: &wait_or_die_example_faults::Received| {
            let path = received.path();
            let parent = path.contains(fake::PARENT) || path.contains("/query");
            match (&received.method, path) {
                (_, "/v1/users/me") => 'm',
                (&Method::GET, _) if parent => 'f',
                (&Method::GET, path) if path.starts_with("/v1/pages/") => 'p',
                (&Method::GET, _) => 'l',
                (&Method::POST, "/v1/pages") => 'c',
                (&Method::POST, _) => 'f',
                (_, path) if path.starts_with("/v1/pages/") => 't',
                _ => 'a',
            }
        };
        self.server.requests().iter().map(letter).collect()
    }
}

/// A report of so many paragraphs.
pub(crate) fn report(paragraphs: usize) -> NewPage {
    NewPage::new(
        Parent::Page(fake::PARENT.to_owned()),
        "task-7",
        "Nightly",
        &markdown(paragraphs),
    )
}

/// The same for the data source.
pub(crate) fn entry(paragraphs: usize, id_property: Option<&str>) -> NewPage {
    let parent = Parent::DataSource {
        id: fake::DATA_SOURCE.to_owned(),
        id_property: id_property.map(str::to_owned),
    };
    NewPage::with_properties(
        parent,
        "task-7",
        "Nightly",
        &markdown(paragraphs),
        Map::new(),
    )
}

pub(crate) fn markdown(paragraphs: usize) -> String {
    lines(paragraphs).join("\n\n")
}

fn lines(paragraphs: usize) -> Vec<String> {
    (1..=paragraphs)
        .map(|number| format!("line {number};"))
        .collect()
}

/// What the page of such a report holds.
pub(crate) fn text(paragraphs: usize) -> String {
    lines(paragraphs).concat()
}

/// Exactly one page, and in it the report, once and in order.
pub(crate) fn assert_one_page(bench: &Bench, paragraphs: usize) {
    let pages = bench.pages();
    assert_eq!(pages.len(), 1, "requests: {}", bench.requests());
    assert_eq!(
        pages[0].text(),
        text(paragraphs),
        "requests: {}",
        bench.requests()
    );
    assert_eq!(pages[0].blocks.len(), paragraphs);
}
