//! What is pushed.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::block::{Block, Kind};
use crate::error::NotionError;
use crate::external_id::ExternalId;
use crate::file;
use crate::fit::fit;
use crate::markdown;
use crate::properties::{self, TITLE};
use crate::text::{MAX_UNITS, RichText, cut};

/// The most bytes of a report's file.
pub const MAX_REPORT: usize = 16 * 1024 * 1024;

/// The most bytes of the title and the properties as they are sent: what the blocks of a request leave of the 500 KB that
/// Notion takes, but for what is around them.
pub const MAX_PROPERTIES: usize = 59_000;

/// Where a page is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parent {
    /// Under a page, among its other blocks.
    Page(String),
    /// Into a database, or rather one of its data sources.
    DataSource {
        /// The data source's id; a database's own id is another one.
        id: String,
        /// The property of type text that holds the external id. Without one the title ends with it.
        id_property: Option<String>,
    },
}

/// A page to be pushed.
#[derive(Debug, Clone)]
pub struct NewPage {
    pub(crate) parent: Parent,
    title: String,
    properties: Map<String, Value>,
    pub(crate) blocks: Vec<Block>,
    id: ExternalId,
}

impl NewPage {
    /// A page out of Markdown. `name` is what the caller calls the report, such as the number of the task: two tasks with
    /// the same text have two pages.
    pub fn new(parent: Parent, name: &str, title: &str, markdown: &str) -> Self {
        Self::with_properties(parent, name, title, markdown, Map::new())
    }

    /// The same with properties, as the API has them: `{"Status": {"select": {"name": "Done"}}}`. Only pages of a data
    /// source have any; the title and the external id are not among them. [`check`](Self::check) tells whether they can
    /// be sent.
    pub fn with_properties(
        parent: Parent,
        name: &str,
        title: &str,
        markdown: &str,
        properties: Map<String, Value>,
    ) -> Self {
        let blocks = markdown::blocks(markdown);
        Self::of(parent, name, title, markdown, blocks, properties)
    }

    /// A page out of a Markdown file of at most [`MAX_REPORT`] bytes, which is read once. What the caller calls the report
    /// is the file's name: the same report from elsewhere is the same page. Without a title it has that of the first
    /// heading that is not empty, else the file's name without its ending.
    ///
    /// # Errors
    /// [`NotionError::Report`] if the file cannot be read, has more bytes, or is not UTF-8.
    pub async fn from_file(
        parent: Parent,
        title: Option<&str>,
        markdown: &Path,
        properties: Map<String, Value>,
    ) -> Result<Self, NotionError> {
        let text = file::read(markdown, MAX_REPORT).await?;
        let name = markdown.file_name().unwrap_or_default().to_string_lossy();
        let blocks = markdown::blocks(&text);
        let title = match title {
            Some(title) => title.to_owned(),
            None => heading(&blocks).unwrap_or_else(|| {
                let stem = markdown.file_stem().unwrap_or_default();
                stem.to_string_lossy().into_owned()
            }),
        };
        Ok(Self::of(parent, &name, &title, &text, blocks, properties))
    }

    fn of(
        parent: Parent,
        name: &str,
        title: &str,
        markdown: &str,
        blocks: Vec<Block>,
        properties: Map<String, Value>,
    ) -> Self {
        Self {
            parent,
            title: title.to_owned(),
            id: ExternalId::new(name, title, &properties, markdown),
            properties,
            blocks: fit(blocks),
        }
    }

    /// Says what Notion would refuse of the title and the properties, or take for something else than is meant. The
    /// blocks are within Notion's limits whatever the report is.
    ///
    /// # Errors
    /// [`NotionError::Request`] if the page is put under a page and has properties; if one of them is the title, under
    /// whatever name, or the one that holds the external id; if one is not an object, or beyond a limit that Notion
    /// documents; if title and properties together have more than [`MAX_PROPERTIES`] bytes.
    pub fn check(&self) -> Result<(), NotionError> {
        properties::check(&self.parent, &self.properties).map_err(NotionError::Request)?;
        let bytes = self.property_values().to_string().len();
        if bytes > MAX_PROPERTIES {
            return Err(NotionError::Request(format!(
                "the title and the properties have {bytes} bytes as they are sent, and {MAX_PROPERTIES} are the most"
            )));
        }
        Ok(())
    }

    /// The id by which the page is found.
    pub const fn external_id(&self) -> &ExternalId {
        &self.id
    }

    /// Its blocks, each as it is sent.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The title as Notion gets it.
    pub fn full_title(&self) -> String {
        match &self.parent {
            Parent::DataSource {
                id_property: Some(_),
                ..
            } => self.title.clone(),
            _ => format!("{}{}", self.title, self.id.mark()),
        }
    }

    pub(crate) fn property_values(&self) -> Value {
        let mut values = self.properties.clone();
        values.insert(
            TITLE.to_owned(),
            json!({ TITLE: rich_text(&self.full_title()) }),
        );
        if let Parent::DataSource {
            id_property: Some(property),
            ..
        } = &self.parent
        {
            values.insert(
                property.clone(),
                json!({ "rich_text": rich_text(self.id.as_str()) }),
            );
        }
        Value::Object(values)
    }
}

/// The first heading that can be read, in one line.
fn heading(blocks: &[Block]) -> Option<String> {
    let headings = blocks
        .iter()
        .filter(|block| matches!(block.kind, Kind::Heading(_)));
    headings
        .map(|heading| {
            let text = heading.plain_text();
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .find(|title| !title.is_empty())
}

fn rich_text(text: &str) -> Value {
    let texts = cut(vec![RichText::plain(text)], MAX_UNITS);
    texts.iter().map(RichText::json).collect()
}
