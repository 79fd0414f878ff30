//! An id depends on what is pushed and on nothing else.

use serde_json::{Map, Value, json};

use super::{ExternalId, entries, write_object};

fn properties() -> Map<String, Value> {
    let text = json!([{ "text": { "content": "a \"b\" ü\n", "link": null } }]);
    let value =
        json!({ "Z": { "number": 1.5 }, "A": { "rich_text": text }, "M": { "checkbox": true } });
    value.as_object().cloned().unwrap()
}

#[test]
fn the_order_of_keys_is_not_part_of_an_id() {
    let properties = properties();
    let (mut forwards, mut backwards) = (String::new(), String::new());
    write_object(entries(&properties), &mut forwards);
    // As a map has them that keeps them as they came.
    let reversed: Vec<_> = entries(&properties).collect();
    write_object(reversed.into_iter().rev(), &mut backwards);
    assert_eq!(forwards, backwards);
    assert_eq!(
        forwards,
        r#"{"A":{"rich_text":[{"text":{"content":"a \"b\" ü\n","link":null}}]},"M":{"checkbox":true},"Z":{"number":1.5}}"#
    );
}

#[test]
fn ids_are_what_they_were() {
    // Pages have them: whoever changes how they are made no longer finds any.
    let plain = ExternalId::new("a.md", "A", &Map::new(), "text");
    let full = ExternalId::new("a.md", "A", &properties(), "text");
    assert_eq!(
        (plain.as_str(), full.as_str()),
        (
            "49ff4ad385598d68e3988ca80e9e4c1644905370a7c59d3cf971b2e45472a636",
            "554a241cc0cedb16fd3d71dec4036a71d683cee669b897a65fdbe8c460ba25f6"
        )
    );
    assert_eq!(plain.mark(), format!(" · {}", &plain.as_str()[..16]));
    // Text that moves from one part to the next makes another id.
    let moved = ExternalId::new("a.mdA", "", &Map::new(), "text");
    assert_ne!(moved, plain);
}
