//! What the workspace holds.

use std::time::Duration;

use serde_json::{Value, json};

use super::PAGES;
use crate::clock::Stopwatch;

/// Pages and blocks.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    pub(super) pages: Vec<HeldPage>,
    /// How long a new page is not found.
    pub(super) lag: Duration,
    /// How long a new page is unknown by its id.
    pub(super) unknown_for: Duration,
    /// How long from when answers with a page's blocks are out of date, and how many of its last blocks they leave out.
    pub(super) stale: Option<(Stopwatch, Duration, usize)>,
    ids: u64,
}

/// A page as it is held.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldPage {
    /// Its id.
    pub id: String,
    /// The id of what it is in.
    pub parent: String,
    /// Its title, in one piece.
    pub title: String,
    /// Its properties as they were sent.
    pub properties: Value,
    /// Its blocks, in order.
    pub blocks: Vec<HeldBlock>,
    /// Whether it is in the trash.
    pub in_trash: bool,
    /// When it was created, to the minute, as Notion tells it.
    pub created_time: String,
    /// The id of the user, or of the integration's bot, who made it.
    pub created_by: String,
    /// The same of who changed it last, or anything on it.
    pub last_edited_by: String,
    pub(super) since: Stopwatch,
}

/// A block as it is held.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldBlock {
    /// Its type's name.
    pub kind: String,
    /// What was sent of it, children left out.
    pub content: Value,
    /// Blocks inside it.
    pub children: Vec<HeldBlock>,
}

impl HeldBlock {
    pub(super) fn of(block: &Value) -> Self {
        let kind = block["type"].as_str().unwrap_or_default().to_owned();
        let mut content = block[&kind].clone();
        let children = content
            .as_object_mut()
            .and_then(|content| content.remove("children"));
        let children = children
            .as_ref()
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        Self {
            children: children.iter().map(Self::of).collect(),
            content,
            kind,
        }
    }

    pub(super) fn paragraph(text: &str) -> Self {
        let text = json!([{ "type": "text", "text": { "content": text } }]);
        Self::of(&json!({ "type": "paragraph", "paragraph": { "rich_text": text } }))
    }

    /// Its text and that of all that is inside it, cells and captions too, one after the other.
    pub fn text(&self) -> String {
        let mut text = plain(&self.content["rich_text"]);
        let cells = self.content["cells"].as_array().into_iter().flatten();
        text.extend(cells.map(plain));
        text.push_str(&plain(&self.content["caption"]));
        text.extend(self.children.iter().map(Self::text));
        text
    }

    /// As a request for the children of its parent gives it.
    pub(super) fn told(&self, id: &str) -> Value {
        let mut content = self.content.clone();
        if let Some(texts) = content["rich_text"].as_array_mut() {
            for text in texts {
                text["plain_text"] = text["text"]["content"].clone();
            }
        }
        let kind = self.kind.as_str();
        json!({
            "object": "block", "id": id, "type": kind, kind: content,
            "has_children": !self.children.is_empty(), "in_trash": false
        })
    }
}

impl HeldPage {
    /// The text of all its blocks, one after the other.
    pub fn text(&self) -> String {
        self.blocks.iter().map(HeldBlock::text).collect()
    }

    pub(super) fn told(&self) -> Value {
        json!({
            "object": "page", "id": self.id, "created_time": self.created_time,
            "created_by": { "object": "user", "id": self.created_by },
            "last_edited_by": { "object": "user", "id": self.last_edited_by },
            "in_trash": self.in_trash, "properties": self.properties
        })
    }

    /// As its parent's children have it.
    pub(super) fn told_as_child(&self) -> Value {
        json!({
            "object": "block", "id": self.id, "type": "child_page", "child_page": { "title": self.title },
            "created_time": self.created_time, "created_by": { "object": "user", "id": self.created_by },
            "in_trash": self.in_trash, "has_children": true
        })
    }
}

impl Workspace {
    /// A new id, and the time that goes with it: each minute has three pages.
    pub(super) fn next_id(&mut self) -> (String, String) {
        self.ids += 1;
        let minute = self.ids / 3;
        let time = format!(
            "2026-09-01T{:02}:{:02}:00.000Z",
            minute / 60 % 24,
            minute % 60
        );
        (format!("{PAGES}0000-4000-8000-{:012x}", self.ids), time)
    }

    /// How many blocks an answer leaves out, because it is out of date.
    pub(super) fn hidden(&self) -> usize {
        let stale = self
            .stale
            .filter(|(since, time, _)| since.elapsed() < *time);
        stale.map_or(0, |(.., blocks)| blocks)
    }

    /// The page of this id, if it is known by it yet.
    pub(super) fn page(&mut self, id: &str) -> Option<&mut HeldPage> {
        let unknown_for = self.unknown_for;
        self.pages
            .iter_mut()
            .find(|page| page.id == id && page.since.elapsed() >= unknown_for)
    }

    /// The pages in a parent that a look-up sees.
    pub(super) fn seen(&self, parent: &str) -> impl Iterator<Item = &HeldPage> {
        // Those in the trash too, marked: whether Notion does so is its own affair.
        let here = move |page: &&HeldPage| page.parent == parent;
        self.pages
            .iter()
            .filter(here)
            .filter(|page| page.since.elapsed() >= self.lag)
    }
}

/// The text of an array of rich texts.
pub(super) fn plain(texts: &Value) -> String {
    let content = |text: &Value| text["text"]["content"].as_str().map(str::to_owned);
    texts
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(content)
        .collect()
}
