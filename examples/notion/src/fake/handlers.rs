//! What each address answers.

use std::collections::HashMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::clock::Stopwatch;

use super::held::{HeldBlock, HeldPage, plain};
use super::{BOT, DATA_SOURCE, FakeNotion, PARENT, TOKEN, limits};

type Answer = Result<Json<Value>, Refusal>;

/// An error as Notion tells it.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "validation_error", message)
    }

    fn not_found(id: &str) -> Self {
        let message = format!("Could not find block with ID: {id}.");
        Self::new(StatusCode::NOT_FOUND, "object_not_found", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({
            "object": "error", "status": self.status.as_u16(), "code": self.code, "message": self.message
        });
        (self.status, Json(body)).into_response()
    }
}

pub(super) async fn me(headers: HeaderMap) -> Answer {
    admit(&headers)?;
    Ok(Json(json!({
        "object": "user", "id": BOT, "type": "bot", "name": "reports", "bot": {}
    })))
}

pub(super) async fn create(
    State(fake): State<FakeNotion>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    admit(&headers)?;
    let body = parse(&body)?;
    let parent = body["parent"]["page_id"]
        .as_str()
        .or(body["parent"]["data_source_id"].as_str());
    let parent = parent
        .and_then(known)
        .ok_or_else(|| Refusal::not_found("of the parent"))?;
    let title = plain(&body["properties"]["title"]["title"]);
    let mut workspace = fake.locked();
    let (id, created_time) = workspace.next_id();
    let page = HeldPage {
        id,
        parent: parent.to_owned(),
        title,
        properties: body["properties"].clone(),
        blocks: blocks(&body)?,
        in_trash: false,
        created_time,
        created_by: BOT.to_owned(),
        last_edited_by: BOT.to_owned(),
        since: Stopwatch::start(),
    };
    let told = page.told();
    workspace.pages.push(page);
    Ok(Json(told))
}

pub(super) async fn page(
    State(fake): State<FakeNotion>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    admit(&headers)?;
    let mut workspace = fake.locked();
    let page = workspace.page(&id).ok_or_else(|| Refusal::not_found(&id))?;
    Ok(Json(page.told()))
}

pub(super) async fn update(
    State(fake): State<FakeNotion>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    admit(&headers)?;
    let in_trash = parse(&body)?["in_trash"] == true;
    let mut workspace = fake.locked();
    let page = workspace.page(&id);
    let page = page.ok_or_else(|| Refusal::not_found(&id))?;
    if page.in_trash && in_trash {
        return Err(archived());
    }
    page.in_trash = in_trash;
    BOT.clone_into(&mut page.last_edited_by);
    Ok(Json(page.told()))
}

pub(super) async fn append(
    State(fake): State<FakeNotion>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    admit(&headers)?;
    let added = blocks(&parse(&body)?)?;
    let mut workspace = fake.locked();
    let page = workspace.page(&id);
    let page = page.ok_or_else(|| Refusal::not_found(&id))?;
    if page.in_trash {
        return Err(archived());
    }
    let told: Vec<_> = added.iter().map(|block| block.told("new")).collect();
    page.blocks.extend(added);
    BOT.clone_into(&mut page.last_edited_by);
    Ok(Json(list(&told, None)))
}

pub(super) async fn children(
    State(fake): State<FakeNotion>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Answer {
    admit(&headers)?;
    let mut workspace = fake.locked();
    let all: Vec<Value> = if known(&id) == Some(PARENT) {
        // Somebody has written on the parent too.
        let mut all = vec![HeldBlock::paragraph("All reports").told("intro")];
        all.extend(workspace.seen(PARENT).map(HeldPage::told_as_child));
        all
    } else {
        let hidden = workspace.hidden();
        let page = workspace.page(&id);
        let page = page.ok_or_else(|| Refusal::not_found(&id))?;
        let told = |(number, block): (usize, &HeldBlock)| block.told(&format!("{id}-{number}"));
        let shown = page.blocks.len().saturating_sub(hidden);
        page.blocks
            .iter()
            .enumerate()
            .take(shown)
            .map(told)
            .collect()
    };
    let size = query.get("page_size").and_then(|size| size.parse().ok());
    part(all, query.get("start_cursor").map(String::as_str), size)
}

/// The elements of a list from a cursor on, a hundred at most.
fn part(all: Vec<Value>, cursor: Option<&str>, size: Option<usize>) -> Answer {
    let start = cursor.map_or(Ok(0), str::parse::<usize>);
    let start = start.map_err(|_| Refusal::invalid("start_cursor should be a valid cursor"))?;
    let size = size.unwrap_or(100).min(100);
    let more = all.len() > start + size;
    let results: Vec<_> = all.into_iter().skip(start).take(size).collect();
    Ok(Json(list(&results, more.then(|| start + size))))
}

pub(super) async fn query(
    State(fake): State<FakeNotion>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    admit(&headers)?;
    let body = parse(&body)?;
    let filter = &body["filter"];
    if known(&id) != Some(DATA_SOURCE) {
        return Err(Refusal::not_found(&id));
    }
    let workspace = fake.locked();
    let matching = |page: &&HeldPage| match filter["property"].as_str() {
        Some("title") => filter["title"]["ends_with"]
            .as_str()
            .is_some_and(|end| page.title.ends_with(end)),
        Some(name) => plain(&page.properties[name]["rich_text"]) == filter["rich_text"]["equals"],
        None => false,
    };
    let found: Vec<_> = workspace
        .seen(DATA_SOURCE)
        .filter(matching)
        .map(HeldPage::told)
        .collect();
    let size = body["page_size"]
        .as_u64()
        .and_then(|size| usize::try_from(size).ok());
    part(found, body["start_cursor"].as_str(), size)
}

fn archived() -> Refusal {
    Refusal::invalid(
        "Can't edit block that is archived. You must unarchive the block before editing.",
    )
}

fn list(results: &[Value], next: Option<usize>) -> Value {
    json!({
        "object": "list", "results": results, "has_more": next.is_some(),
        "next_cursor": next.map(|next| next.to_string())
    })
}

/// The parent of this id, which may be written with hyphens or without.
fn known(id: &str) -> Option<&'static str> {
    let dense = |id: &str| id.replace('-', "");
    let mut parents = [PARENT, DATA_SOURCE].into_iter();
    parents.find(|parent| dense(parent) == dense(id))
}

fn admit(headers: &HeaderMap) -> Result<(), Refusal> {
    let is = |name: &str, value: &str| headers.get(name).is_some_and(|header| header == value);
    if !is("authorization", &format!("Bearer {TOKEN}")) {
        return Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "API token is invalid.",
        ));
    }
    if !is("notion-version", crate::VERSION) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "missing_version",
            "Notion-Version header should be defined.",
        ));
    }
    Ok(())
}

fn parse(body: &Bytes) -> Result<Value, Refusal> {
    if body.len() > limits::MAX_BYTES {
        return Err(Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "validation_error",
            "The body is too large.",
        ));
    }
    serde_json::from_slice(body).map_err(|_| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "invalid_json",
            "Error parsing JSON body.",
        )
    })
}

fn blocks(body: &Value) -> Result<Vec<HeldBlock>, Refusal> {
    let children = &body["children"];
    limits::check(children).map_err(Refusal::invalid)?;
    Ok(children
        .as_array()
        .into_iter()
        .flatten()
        .map(HeldBlock::of)
        .collect())
}
