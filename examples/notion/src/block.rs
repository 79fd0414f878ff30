//! Blocks, the paragraphs of a Notion page.

use serde_json::{Map, Value, json};

use crate::text::RichText;

/// A block with its text and what is inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Its own text; of a table's row the cells have it.
    pub text: Vec<RichText>,
    /// Blocks inside it; of a table, its rows.
    pub children: Vec<Block>,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Plain text.
    Paragraph,
    /// A heading of level 1 to 4.
    Heading(u8),
    /// An item of a list with bullets.
    Bulleted,
    /// An item of a numbered list. Notion counts by itself.
    Numbered,
    /// An item with a box, checked or not.
    ToDo(bool),
    /// A quotation.
    Quote,
    /// Code in a language of [`language`](crate::language), and what was said of it besides.
    Code {
        /// One of Notion's names.
        language: &'static str,
        /// Shown below the code.
        caption: Vec<RichText>,
    },
    /// A line across the page.
    Divider,
    /// A table; its children are rows.
    Table {
        /// Columns, at least 1.
        width: usize,
        /// Whether the first row is a heading.
        header: bool,
    },
    /// A row: the text of each cell.
    Row(Vec<Vec<RichText>>),
}

impl Kind {
    /// The name of the type, as the API has it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Heading(1) => "heading_1",
            Self::Heading(2) => "heading_2",
            Self::Heading(3) => "heading_3",
            Self::Heading(_) => "heading_4",
            Self::Bulleted => "bulleted_list_item",
            Self::Numbered => "numbered_list_item",
            Self::ToDo(_) => "to_do",
            Self::Quote => "quote",
            Self::Code { .. } => "code",
            Self::Divider => "divider",
            Self::Table { .. } => "table",
            Self::Row(_) => "table_row",
        }
    }
}

impl Block {
    /// An empty block.
    pub const fn new(kind: Kind) -> Self {
        Self {
            kind,
            text: Vec::new(),
            children: Vec::new(),
        }
    }

    /// A block with text.
    pub const fn with_text(kind: Kind, text: Vec<RichText>) -> Self {
        Self {
            kind,
            text,
            children: Vec::new(),
        }
    }

    /// How many blocks it is, with all that are inside it.
    pub fn count(&self) -> usize {
        1 + self.children.iter().map(Self::count).sum::<usize>()
    }

    /// As the API wants it.
    pub fn json(&self) -> Value {
        let name = self.kind.name();
        json!({ "type": name, name: self.content() })
    }

    fn content(&self) -> Value {
        let mut content = Map::new();
        match &self.kind {
            Kind::Divider => {}
            Kind::Row(cells) => {
                let cells = cells.iter().map(|cell| texts(cell)).collect();
                content.insert("cells".to_owned(), Value::Array(cells));
            }
            Kind::Table { width, header } => {
                content.insert("table_width".to_owned(), json!(width));
                content.insert("has_column_header".to_owned(), json!(header));
                content.insert("has_row_header".to_owned(), json!(false));
            }
            kind => {
                content.insert("rich_text".to_owned(), texts(&self.text));
                match kind {
                    Kind::ToDo(checked) => {
                        content.insert("checked".to_owned(), json!(checked));
                    }
                    Kind::Code { language, caption } => {
                        content.insert("language".to_owned(), json!(language));
                        if !caption.is_empty() {
                            content.insert("caption".to_owned(), texts(caption));
                        }
                    }
                    _ => {}
                }
            }
        }
        if !self.children.is_empty() {
            let children = self.children.iter().map(Self::json).collect();
            content.insert("children".to_owned(), Value::Array(children));
        }
        Value::Object(content)
    }

    /// The text of this block alone, without style.
    pub fn plain_text(&self) -> String {
        plain(&self.text)
    }
}

/// The characters of several runs, one after the other.
pub fn plain(texts: &[RichText]) -> String {
    texts.iter().map(|text| text.content.as_str()).collect()
}

fn texts(texts: &[RichText]) -> Value {
    texts.iter().map(RichText::json).collect()
}
