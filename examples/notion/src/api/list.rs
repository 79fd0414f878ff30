//! Lists, a part at a time.

use std::time::Duration;

use http::{Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, segment};
use crate::clock::Stopwatch;
use crate::error::NotionError;
use crate::http::Transport;

/// Elements of a page of results; as many as Notion gives.
const PAGE_SIZE: usize = 100;

/// A list that was left for longer than the waits between attempts is read from the beginning: what was read of it may be out
/// of date.
const HOLDS_FOR: Duration = Duration::from_secs(70);

/// A list as far as it has been read.
#[derive(Debug)]
pub(crate) struct Reading<R> {
    kept: Vec<R>,
    read: usize,
    cursor: Option<String>,
    /// When the last part was read.
    at: Option<Stopwatch>,
}

impl<R> Default for Reading<R> {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            read: 0,
            cursor: None,
            at: None,
        }
    }
}

impl<R> Reading<R> {
    /// Whether it is read from the beginning next time.
    pub(crate) fn is_at_its_beginning(&self) -> bool {
        self.at.is_none_or(|at| at.elapsed() > HOLDS_FOR)
    }
}

/// What lists are asked for.
#[derive(Debug)]
pub(super) struct Listing {
    method: Method,
    path: String,
    body: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct List {
    results: Vec<Value>,
    next_cursor: Option<String>,
    #[serde(default)]
    has_more: bool,
}

impl Listing {
    pub(super) fn children(parent: &str) -> Result<Self, NotionError> {
        Ok(Self {
            method: Method::GET,
            path: format!(
                "/v1/blocks/{}/children?page_size={PAGE_SIZE}",
                segment(parent)?
            ),
            body: None,
        })
    }

    pub(super) fn query(data_source: &str, filter: &Value) -> Result<Self, NotionError> {
        Ok(Self {
            method: Method::POST,
            path: format!("/v1/data_sources/{}/query", segment(data_source)?),
            body: Some(json!({ "filter": filter, "page_size": PAGE_SIZE })),
        })
    }

    /// The path and the body that ask for the part behind a cursor.
    fn from(&self, cursor: Option<&str>) -> Result<(String, Option<Value>), NotionError> {
        let (mut path, mut body) = (self.path.clone(), self.body.clone());
        match (cursor, &mut body) {
            (None, _) => {}
            (Some(cursor), Some(body)) => body["start_cursor"] = json!(cursor),
            (Some(cursor), None) => {
                path.push_str("&start_cursor=");
                path.push_str(segment(cursor)?);
            }
        }
        Ok((path, body))
    }
}

impl<T: Transport> Api<T> {
    /// What `keep` makes of the elements of a list, a hundred at a time, until so many have been read; and whether these
    /// were all. Soon after a failure it goes on with the part that failed.
    pub(super) async fn list<R>(
        &self,
        of: &Listing,
        most: usize,
        keep: impl Fn(&Value) -> Option<Result<R, NotionError>>,
        reading: &mut Reading<R>,
    ) -> Result<(Vec<R>, bool), NotionError> {
        if reading.is_at_its_beginning() {
            *reading = Reading::default();
        }
        loop {
            let (path, body) = of.from(reading.cursor.as_deref())?;
            let list: List = match self.ask(of.method.clone(), &path, body).await {
                Err(error)
                    if reading.cursor.is_some() && error.has_status(StatusCode::BAD_REQUEST) =>
                {
                    // The cursor is too old: from the beginning.
                    *reading = Reading::default();
                    return Err(error.passing());
                }
                list => list?,
            };
            let kept = list.results.iter().filter_map(&keep);
            let mut kept = kept.collect::<Result<Vec<R>, _>>()?;
            // An empty part of a list counts too: there may be no end of them.
            reading.read += list.results.len().max(1);
            reading.kept.append(&mut kept);
            let next = list.next_cursor.filter(|_| list.has_more);
            if next.is_none() || reading.read > most {
                return Ok((std::mem::take(reading).kept, next.is_none()));
            }
            if next == reading.cursor {
                *reading = Reading::default();
                let text = "a part of a list that is followed by itself".to_owned();
                return Err(NotionError::Unexpected(text));
            }
            reading.cursor = next;
            reading.at = Some(Stopwatch::start());
        }
    }
}
