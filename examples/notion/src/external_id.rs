//! The id by which a page is found again.

use ring::digest::{Context, SHA256};
use serde_json::{Map, Value};

#[cfg(test)]
mod tests;

/// What a page is found by: the SHA-256 of what the caller calls it, of its title, its properties and its text.
///
/// The same report under the same name is the same page, whoever pushes it how often. Another text is another page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl ExternalId {
    pub(crate) fn new(
        name: &str,
        title: &str,
        properties: &Map<String, Value>,
        markdown: &str,
    ) -> Self {
        let mut written = String::new();
        write_object(entries(properties), &mut written);
        Self::of([name, title, &written, markdown])
    }

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

fn entries(object: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    object.iter().map(|(key, value)| (key.as_str(), value))
}

/// An object with its keys in order. In which order `serde_json` keeps them depends on its feature `preserve_order`,
/// which any crate of the program may switch on.
fn write_object<'a>(entries: impl Iterator<Item = (&'a str, &'a Value)>, to: &mut String) {
    let mut entries: Vec<_> = entries.collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    to.push('{');
    for (number, (key, value)) in entries.into_iter().enumerate() {
        if number > 0 {
            to.push(',');
        }
        to.push_str(&Value::from(key).to_string());
        to.push(':');
        write_value(value, to);
    }
    to.push('}');
}

fn write_value(value: &Value, to: &mut String) {
    match value {
        Value::Object(object) => write_object(entries(object), to),
        Value::Array(array) => {
            to.push('[');
            for (number, element) in array.iter().enumerate() {
                if number > 0 {
                    to.push(',');
                }
                write_value(element, to);
            }
            to.push(']');
        }
        single => to.push_str(&single.to_string()),
    }
}
