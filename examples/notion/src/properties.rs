//! What a page's properties may be.

use serde_json::{Map, Value};

use crate::report::Parent;
use crate::text::units;

#[cfg(test)]
mod tests;

/// The name of the title for all data sources: its id, whatever it is called there.
pub(crate) const TITLE: &str = "title";

/// The most elements of an array, by the name that it has in a property. Of files Notion says nothing.
const MAX_ELEMENTS: &[(&str, usize)] = &[
    ("rich_text", 100),
    ("title", 100),
    ("multi_select", 100),
    ("relation", 100),
    ("people", 100),
];

/// The most characters of a text, in UTF-16 units, by the name that it has in a property.
const MAX_CHARACTERS: &[(&str, usize)] = &[
    ("content", 2_000),
    ("url", 2_000),
    ("expression", 1_000),
    ("email", 200),
    ("phone_number", 200),
];

/// Says what is wrong with the properties that a caller gives, besides the title and the external id.
pub(crate) fn check(parent: &Parent, properties: &Map<String, Value>) -> Result<(), String> {
    match parent {
        Parent::Page(_) if !properties.is_empty() => {
            return Err("a page under a page has no properties but its title".to_owned());
        }
        Parent::DataSource {
            id_property: Some(name),
            ..
        } => check_id_property(name, properties)?,
        Parent::Page(_) | Parent::DataSource { .. } => {}
    }
    for (name, value) in properties {
        let told = |what| format!("the property `{name}` {what}");
        let Value::Object(value) = value else {
            let example = r#"is not as the API has it, such as {"select": {"name": "Done"}}"#;
            return Err(told(example.to_owned()));
        };
        if is_title(name, value) {
            let what = "is the title, which is given by itself and only once: leave it out";
            return Err(told(what.to_owned()));
        }
        check_sizes(value).map_err(told)?;
    }
    Ok(())
}

fn check_id_property(name: &str, properties: &Map<String, Value>) -> Result<(), String> {
    if name == TITLE || name.is_empty() {
        return Err(
            "the external id is held by a property of type text that has a name of its own"
                .to_owned(),
        );
    }
    if properties.contains_key(name) {
        return Err(format!(
            "the property `{name}` holds the external id: leave it out of the properties, or let another one hold the id"
        ));
    }
    Ok(())
}

/// Whether a property is the title, which in each data source has another name, and one only.
fn is_title(name: &str, value: &Map<String, Value>) -> bool {
    let is = |key| value.get(key).is_some_and(|value| value == TITLE);
    name == TITLE || value.contains_key(TITLE) || is("type") || is("id")
}

fn check_sizes(object: &Map<String, Value>) -> Result<(), String> {
    object.iter().try_for_each(|(key, value)| match value {
        Value::Array(array) => {
            within(key, array.len(), "elements", MAX_ELEMENTS)?;
            let inside = array.iter().filter_map(Value::as_object);
            inside.into_iter().try_for_each(check_sizes)
        }
        Value::String(text) => within(key, units(text), "characters", MAX_CHARACTERS),
        Value::Object(object) => check_sizes(object),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    })
}

fn within(key: &str, size: usize, of: &str, limits: &[(&str, usize)]) -> Result<(), String> {
    match limits.iter().find(|(name, _)| *name == key) {
        Some((_, most)) if size > *most => Err(format!(
            "is too long: `{key}` has {size} {of}, and Notion takes {most}"
        )),
        _ => Ok(()),
    }
}
