//! What is pushed, and the id by which it is found again.

use ring::digest::{Context, SHA256};
use serde_json::{Map, Value, json};

use crate::block::Block;
use crate::fit::fit;
use crate::markdown;
use crate::text::{MAX_UNITS, RichText, cut};

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

/// What a page is found by: the SHA-256 of what the caller calls it, of its title, its properties and its text.
///
/// The same report under the same name is the same page, whoever pushes it how often. Another text is another page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl ExternalId {
    /// All 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the title ends with where no property holds the id: a dot and 16 digits. Two reports with the same ones are
    /// to be expected after four thousand million of them.
    pub fn mark(&self) -> String {
        format!(" · {}", self.0.get(..16).unwrap_or(&self.0))
    }

    /// Every part has its length before it, so that text cannot move from one to the next.
    fn of(parts: [&str; 4]) -> Self {
        let mut context = Context::new(&SHA256);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part.as_bytes());
        }
        let hash = context.finish();
        let digits = hash.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Self(
            digits
                .filter_map(|digit| char::from_digit(digit.into(), 16))
                .collect(),
        )
    }
}

impl NewPage {
    /// A page out of Markdown. `name` is what the caller calls the report, such as the number of the task: two tasks with
    /// the same text have two pages.
    pub fn new(parent: Parent, name: &str, title: &str, markdown: &str) -> Self {
        Self::with_properties(parent, name, title, markdown, Map::new())
    }

    /// The same with properties, as the API has them: `{"Status": {"select": {"name": "Done"}}}`. Only pages of a data
    /// source have any.
    pub fn with_properties(
        parent: Parent,
        name: &str,
        title: &str,
        markdown: &str,
        properties: Map<String, Value>,
    ) -> Self {
        let id = ExternalId::of([
            name,
            title,
            &Value::from(properties.clone()).to_string(),
            markdown,
        ]);
        Self {
            parent,
            title: title.to_owned(),
            properties,
            blocks: fit(markdown::blocks(markdown)),
            id,
        }
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
        // The title's id is `title` in every data source, whatever its name is there.
        values.insert(
            "title".to_owned(),
            json!({ "title": rich_text(&self.full_title()) }),
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

fn rich_text(text: &str) -> Value {
    let texts = cut(vec![RichText::plain(text)], MAX_UNITS);
    texts.iter().map(RichText::json).collect()
}
