//! The requests of Notion's API that are needed, one function each. None of them is protected: the call that makes them is.

mod list;

use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Request, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::timeout;

pub(crate) use self::list::Reading;
use self::list::{List, Listing};
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

/// Elements among which a page is searched: a hundred requests.
const MAX_SEARCHED: usize = 10_000;

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
    // First, so that pages are sorted by it: the oldest is kept. Notion gives it to the minute.
    #[serde(default)]
    pub(crate) created_time: String,
    pub(crate) id: String,
    created_by: Option<User>,
    last_edited_by: Option<User>,
    #[serde(default)]
    pub(crate) in_trash: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct User {
    id: String,
}

impl FoundPage {
    /// Whether the integration made it. A copy that somebody made of such a page is theirs.
    pub(crate) fn is_by(&self, bot: &str) -> bool {
        self.created_by.as_ref().is_some_and(|user| user.id == bot)
    }

    /// Whether nobody has changed the page or what is on it after the integration did.
    pub(crate) fn was_last_edited_by(&self, bot: &str) -> bool {
        let user = self.last_edited_by.as_ref();
        user.is_some_and(|user| user.id == bot)
    }
}

/// A block of a page as Notion tells it: its type, its text, and whether others are inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FoundBlock {
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) has_children: bool,
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

    /// A page itself, in the trash or not.
    pub(crate) async fn page(&self, page: &str) -> Result<FoundPage, NotionError> {
        let path = format!("/v1/pages/{}", segment(page)?);
        self.ask(Method::GET, &path, None).await
    }

    /// Moves a page to the trash, where it stays for thirty days. One that is there already is as good.
    pub(crate) async fn trash(&self, page: &str) -> Result<(), NotionError> {
        let path = format!("/v1/pages/{}", segment(page)?);
        let body = json!({ "in_trash": true });
        match self.ask::<Value>(Method::PATCH, &path, Some(body)).await {
            Err(error) if !error.is_in_trash() => Err(error),
            _ => Ok(()),
        }
    }

    /// The pages with the external id of this one that are not in the trash, the oldest first.
    pub(crate) async fn find(
        &self,
        page: &NewPage,
        reading: &mut Reading<FoundPage>,
    ) -> Result<Vec<FoundPage>, NotionError> {
        let mark = page.external_id().mark();
        let (listing, title) = match &page.parent {
            Parent::Page(id) => (Listing::children(id)?, Some(mark.as_str())),
            Parent::DataSource { id, id_property } => {
                let filter = match id_property {
                    Some(name) => {
                        json!({ "property": name, "rich_text": { "equals": page.external_id().as_str() } })
                    }
                    None => json!({ "property": "title", "title": { "ends_with": mark } }),
                };
                (Listing::query(id, &filter)?, None)
            }
        };
        let meant = |element: &Value| {
            let is_marked = title.is_none_or(|mark| {
                let title = element["child_page"]["title"].as_str();
                title.is_some_and(|title| title.ends_with(mark))
            });
            let shaped = || FoundPage::deserialize(element).map_err(|error| unexpected(&error));
            (is_marked && element["in_trash"] != true).then(shaped)
        };
        let (mut found, is_whole) = self.list(&listing, MAX_SEARCHED, meant, reading).await?;
        if !is_whole {
            return Err(NotionError::TooMany(MAX_SEARCHED));
        }
        found.sort();
        Ok(found)
    }

    /// The blocks of a page, without what is inside them; as many as asked for, and perhaps some more.
    pub(crate) async fn blocks(
        &self,
        page: &str,
        most: usize,
        reading: &mut Reading<FoundBlock>,
    ) -> Result<Vec<FoundBlock>, NotionError> {
        let listing = Listing::children(page)?;
        let whole = |block: &Value| Some(Ok(FoundBlock::of(block)));
        Ok(self.list(&listing, most, whole, reading).await?.0)
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
        self.read(&answer)
    }

    /// What an answer says.
    fn read<R: DeserializeOwned>(&self, answer: &Response<Vec<u8>>) -> Result<R, NotionError> {
        let (status, headers) = (answer.status(), answer.headers());
        if !status.is_success() {
            // What is before Notion answers in HTML, or not at all.
            let told: Told = serde_json::from_slice(answer.body()).unwrap_or_default();
            let (code, message) = (
                self.token.cut_out(&told.code),
                self.token.cut_out(&told.message),
            );
            return Err(NotionError::answered(status, headers, code, message));
        }
        if !is_json(headers) {
            return Err(NotionError::Unreadable("it is not JSON".to_owned()));
        }
        serde_json::from_slice(answer.body()).map_err(|error| {
            let text = self.token.cut_out(&error.to_string());
            if error.is_data() {
                NotionError::Unexpected(text)
            } else {
                NotionError::Unreadable(text)
            }
        })
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

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn unexpected(error: &serde_json::Error) -> NotionError {
    NotionError::Unexpected(error.to_string())
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
            has_children: block["has_children"] == true,
        }
    }
}
