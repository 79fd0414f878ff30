//! Rich text, and how it is cut to what Notion takes.

use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

/// The longest content of one rich text. Notion counts UTF-16 units, as JavaScript does: an emoji counts as two or more.
pub const MAX_UNITS: usize = 2_000;

/// The length of a text as Notion counts it.
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// A run of text that looks the same all along.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RichText {
    /// What is read.
    pub content: String,
    /// How it looks, and where it leads.
    pub style: Style,
}

/// How a run of text looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // four switches that Notion has, each by itself
pub struct Style {
    /// Where it leads: an absolute address.
    pub link: Option<String>,
    /// Heavier.
    pub bold: bool,
    /// Slanted.
    pub italic: bool,
    /// Crossed out.
    pub strikethrough: bool,
    /// In the type of code.
    pub code: bool,
}

impl RichText {
    /// Text without any style.
    pub fn plain(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            style: Style::default(),
        }
    }

    /// As the API wants it. What is not set is left out: each key costs bytes of a request that may have 500 KB.
    pub fn json(&self) -> Value {
        let mut text = json!({ "content": self.content });
        if let Some(link) = &self.style.link {
            text["link"] = json!({ "url": link });
        }
        let mut value = json!({ "type": "text", "text": text });
        let set = [
            ("bold", self.style.bold),
            ("italic", self.style.italic),
            ("strikethrough", self.style.strikethrough),
            ("code", self.style.code),
        ];
        for (name, _) in set.into_iter().filter(|(_, set)| *set) {
            value["annotations"][name] = Value::Bool(true);
        }
        value
    }
}

/// The same text in pieces of at most `max` units (at least 2), each in the style that it had. Empty runs are left out.
pub fn cut(texts: Vec<RichText>, max: usize) -> Vec<RichText> {
    texts
        .into_iter()
        .flat_map(|text| cut_one(text, max))
        .collect()
}

fn cut_one(text: RichText, max: usize) -> Vec<RichText> {
    if text.content.is_empty() {
        return Vec::new();
    }
    if units(&text.content) <= max {
        return vec![text];
    }
    pieces(&text.content, max)
        .into_iter()
        .map(|content| RichText {
            content: content.to_owned(),
            style: text.style.clone(),
        })
        .collect()
}

/// Pieces of at most `max` units (at least 2), cut between grapheme clusters. Only a cluster that is longer than `max` by
/// itself, a letter under hundreds of accents, is cut inside, between its characters.
pub fn pieces(text: &str, max: usize) -> Vec<&str> {
    let clusters = text.grapheme_indices(true).flat_map(|(at, cluster)| {
        let whole = units(cluster) <= max;
        let inside = (!whole).then(|| {
            cluster
                .char_indices()
                .map(move |(in_it, c)| (at + in_it, c.len_utf16()))
        });
        whole
            .then(|| (at, units(cluster)))
            .into_iter()
            .chain(inside.into_iter().flatten())
    });
    let (mut pieces, mut start, mut length) = (Vec::new(), 0, 0);
    for (at, units) in clusters {
        if length + units > max {
            pieces.extend(text.get(start..at));
            (start, length) = (at, 0);
        }
        length += units;
    }
    pieces.extend(text.get(start..).filter(|rest| !rest.is_empty()));
    pieces
}
