//! The requests of Notion's API that are needed, one function each. None of them is protected: the call that makes them is.

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::block::Block;
use crate::error::NotionError;
use crate::http::{MAX_ANSWER, Transport};
use crate::report::{NewPage, Parent};
use crate::token::Token;

/// The version of the API that this client speaks. Notion changes nothing within a version.
pub const VERSION: &str = "2026-03-11";

/// How long one request may take. Notion gives up by itself after 60 s, so what is given up here is hardly ever carried
/// out afterwards.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(65);

/// Elements of a page of results; as many as Notion gives.
const PAGE_SIZE: usize = 100;

/// Whom a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bot {
    /// The integration's id.
    pub id: String,
    /// Its name, if it has one.
    pub name: Option<String>,
}

/// A page that Notion has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct FoundPage {
    // First, so that pages are sorted by it: the oldest is kept.
    #[serde(default)]
    pub(crate) created_time: String,
    pub(crate) id: String,
}

impl FoundPage {
    /// A page that is there and was not found.
    pub(crate) fn unseen(id: &str) -> Self {
        Self {
            created_time: String::new(),
            id: id.to_owned(),
        }
    }
}

/// A block of a page as Notion tells it: its type and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundBlock {
    pub(crate) kind: String,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
struct List {
    results: Vec<Value>,
    next_cursor: Option<String>,
    #[serde(default)]
    has_more: bool,
}

/// An error as Notion tells it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    code: String,
    message: String,
}

/// The API at an address, for a token.
#[derive(Debug, Clone)]
pub(crate) struct Api<T> {
    transport: T,
    base: String,
    token: Token,
}

impl<T: Transport> Api<T> {
    pub(crate) fn new(transport: T, base: &str, token: Token) -> Self {
        Self {
            transport,
            base: base.trim_end_matches('/').to_owned(),
            token,
        }
    }

    /// Whom the token belongs to.
    pub(crate) async fn me(&self) -> Result<Bot, NotionError> {
        self.ask(Method::GET, "/v1/users/me", None).await
    }

    /// Creates a page with its first blocks.
    pub(crate) async fn create(
        &self,
        page: &NewPage,
        children: &[Block],
    ) -> Result<String, NotionError> {
        let parent = match &page.parent {
            Parent::Page(id) => json!({ "type": "page_id", "page_id": id }),
            Parent::DataSource { id, .. } => {
                json!({ "type": "data_source_id", "data_source_id": id })
            }
        };
        let body = json!({ "parent": parent, "properties": page.property_values(), "children": jsons(children) });
        let page: FoundPage = self.ask(Method::POST, "/v1/pages", Some(body)).await?;
        Ok(page.id)
    }

    /// Puts blocks behind those that a page has.
    pub(crate) async fn append(&self, page: &str, children: &[Block]) -> Result<(), NotionError> {
        let path = format!("/v1/blocks/{}/children", segment(page)?);
        let body = json!({ "children": jsons(children) });
        self.ask::<List>(Method::PATCH, &path, Some(body))
            .await
            .map(drop)
    }

    /// Moves a page to the trash, where it stays for thirty days.
    pub(crate) async fn trash(&self, page: &str) -> Result<(), NotionError> {
        let path = format!("/v1/pages/{}", segment(page)?);
        self.ask::<Value>(Method::PATCH, &path, Some(json!({ "in_trash": true })))
            .await
            .map(drop)
    }

    /// The pages with the external id of this one that are not in the trash, the oldest first.
    pub(crate) async fn find(&self, page: &NewPage) -> Result<Vec<FoundPage>, NotionError> {
        let mark = page.external_id().mark();
        let found = match &page.parent {
            Parent::Page(id) => {
                let mut children = self.children(id).await?;
                let marked = |title: &str| title.ends_with(&mark);
                children.retain(|block| block["child_page"]["title"].as_str().is_some_and(marked));
                children
            }
            Parent::DataSource { id, id_property } => {
                let filter = match id_property {
                    Some(name) => {
                        json!({ "property": name, "rich_text": { "equals": page.external_id().as_str() } })
                    }
                    None => json!({ "property": "title", "title": { "ends_with": mark } }),
                };
                self.query(id, &filter).await?
            }
        };
        let present = found.iter().filter(|page| page["in_trash"] != true);
        let mut found = present.map(shape).collect::<Result<Vec<FoundPage>, _>>()?;
        found.sort();
        Ok(found)
    }

    async fn query(&self, data_source: &str, filter: &Value) -> Result<Vec<Value>, NotionError> {
        let path = format!("/v1/data_sources/{}/query", segment(data_source)?);
        let body = json!({ "filter": filter, "page_size": PAGE_SIZE });
        // More than a hundred pages with one id there cannot be: a push makes ten at most, and looks first.
        let list: List = self.ask(Method::POST, &path, Some(body)).await?;
        Ok(list.results)
    }

    /// The blocks of a page, without what is inside them.
    pub(crate) async fn blocks(&self, page: &str) -> Result<Vec<FoundBlock>, NotionError> {
        Ok(self
            .children(page)
            .await?
            .iter()
            .map(FoundBlock::of)
            .collect())
    }

    async fn children(&self, parent: &str) -> Result<Vec<Value>, NotionError> {
        let path = format!(
            "/v1/blocks/{}/children?page_size={PAGE_SIZE}",
            segment(parent)?
        );
        let mut children = Vec::new();
        let mut cursor = String::new();
        loop {
            let list: List = self
                .ask(Method::GET, &format!("{path}{cursor}"), None)
                .await?;
            children.extend(list.results);
            match list.next_cursor {
                Some(next) if list.has_more => {
                    cursor = format!("&start_cursor={}", segment(&next)?);
                }
                _ => return Ok(children),
            }
        }
    }

    async fn ask<R: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<R, NotionError> {
        let request = self.request(method, path, body)?;
        let sent = timeout(REQUEST_TIMEOUT, self.transport.send(request, MAX_ANSWER));
        let answer = sent
            .await
            .map_err(|_| NotionError::NoAnswer(REQUEST_TIMEOUT.as_secs()))??;
        read(&answer)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Request<Vec<u8>>, NotionError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(AUTHORIZATION, self.token.header())
            .header("notion-version", HeaderValue::from_static(VERSION));
        if body.is_some() {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let body = body.map_or_else(Vec::new, |body| body.to_string().into_bytes());
        request
            .body(body)
            .map_err(|error| NotionError::Request(error.to_string()))
    }
}

/// What an answer says.
fn read<R: DeserializeOwned>(answer: &Response<Vec<u8>>) -> Result<R, NotionError> {
    let (status, headers) = (answer.status(), answer.headers());
    if !status.is_success() {
        // What is before Notion answers in HTML, or not at all.
        let told: Told = serde_json::from_slice(answer.body()).unwrap_or_default();
        return Err(NotionError::answered(
            status,
            headers,
            told.code,
            told.message,
        ));
    }
    if !is_json(headers) {
        return Err(NotionError::Unreadable("it is not JSON".to_owned()));
    }
    serde_json::from_slice(answer.body()).map_err(|error| {
        if error.is_data() {
            NotionError::Unexpected(error.to_string())
        } else {
            NotionError::Unreadable(error.to_string())
        }
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn shape(value: &Value) -> Result<FoundPage, NotionError> {
    FoundPage::deserialize(value).map_err(|error| NotionError::Unexpected(error.to_string()))
}

/// An id as a part of a path. Notion's are UUIDs, with or without hyphens.
fn segment(id: &str) -> Result<&str, NotionError> {
    let plain = !id.is_empty()
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    plain.then_some(id).ok_or_else(|| {
        NotionError::Request(
            "this is not an id of Notion's: letters, digits and hyphens".to_owned(),
        )
    })
}

fn jsons(blocks: &[Block]) -> Value {
    blocks.iter().map(Block::json).collect()
}

impl FoundBlock {
    fn of(block: &Value) -> Self {
        let kind = block["type"].as_str().unwrap_or_default();
        let texts = block[kind]["rich_text"].as_array();
        let plain = |text: &Value| text["plain_text"].as_str().map(str::to_owned);
        Self {
            kind: kind.to_owned(),
            text: texts.into_iter().flatten().filter_map(plain).collect(),
        }
    }
}
