//! Which properties are refused, and what is said of them.

use serde_json::{Map, Value, json};

use super::check;
use crate::report::Parent;

fn data_source(id_property: Option<&str>) -> Parent {
    Parent::DataSource {
        id: "d".to_owned(),
        id_property: id_property.map(str::to_owned),
    }
}

/// One property, checked.
fn checked(name: &str, value: Value) -> Result<(), String> {
    let properties = Map::from_iter([(name.to_owned(), value)]);
    check(&data_source(Some("External ID")), &properties)
}

fn refused(name: &str, value: Value) -> String {
    checked(name, value).unwrap_err()
}

#[test]
fn there_is_one_title_whatever_its_name_is() {
    let title = json!([{ "text": { "content": "T" } }]);
    for (name, value) in [
        ("title", json!({ "title": title })),
        ("title", json!({ "rich_text": title })),
        ("Name", json!({ "title": title })),
        ("Name", json!({ "type": "title" })),
        ("Name", json!({ "id": "title", "rich_text": [] })),
    ] {
        let what = "is the title, which is given by itself and only once: leave it out";
        assert_eq!(
            refused(name, value),
            format!("the property `{name}` {what}")
        );
    }
    // Other properties may be called so.
    assert_eq!(checked("Title", json!({ "rich_text": title })), Ok(()));
    // Without its type nobody can tell what it is.
    for value in [title, json!("T"), Value::Null] {
        assert_eq!(
            refused("Name", value),
            r#"the property `Name` is not as the API has it, such as {"select": {"name": "Done"}}"#
        );
    }
}

#[test]
fn the_external_id_has_a_property_to_itself() {
    assert_eq!(
        refused("External ID", json!({ "rich_text": [] })),
        "the property `External ID` holds the external id: leave it out of the properties, or let another one hold the id"
    );
    assert_eq!(checked("external id", json!({ "rich_text": [] })), Ok(()));
    for name in ["title", ""] {
        assert_eq!(
            check(&data_source(Some(name)), &Map::new()).unwrap_err(),
            "the external id is held by a property of type text that has a name of its own"
        );
    }
    // Where the title holds it, the name is free.
    let properties = Map::from_iter([("External ID".to_owned(), json!({ "rich_text": [] }))]);
    assert_eq!(check(&data_source(None), &properties), Ok(()));
}

#[test]
fn a_page_under_a_page_has_a_title_only() {
    let parent = Parent::Page("p".to_owned());
    let properties = Map::from_iter([("Status".to_owned(), json!({ "checkbox": true }))]);
    assert_eq!(check(&parent, &Map::new()), Ok(()));
    assert_eq!(
        check(&parent, &properties).unwrap_err(),
        "a page under a page has no properties but its title"
    );
}

/// A rich text, inside a property of that type.
fn text(text: &Value) -> Value {
    json!({ "rich_text": [text] })
}

/// A property of that many.
type Make<'a> = &'a dyn Fn(usize) -> Value;

#[test]
fn what_notion_has_no_room_for_is_told() {
    let many = |what: Value, count| Value::Array(vec![what; count]);
    let long = |count| "a".repeat(count);
    let cases: &[(&str, &str, usize, Make<'_>)] = &[
        ("content", "characters", 2_000, &|n| {
            text(&json!({ "text": { "content": "é".repeat(n) } }))
        }),
        ("url", "characters", 2_000, &|n| {
            text(&json!({ "text": { "content": "a", "link": { "url": long(n) } } }))
        }),
        ("expression", "characters", 1_000, &|n| {
            text(&json!({ "equation": { "expression": long(n) } }))
        }),
        (
            "url",
            "characters",
            2_000,
            &|n| json!({ "files": [{ "name": "f", "external": { "url": long(n) } }] }),
        ),
        ("url", "characters", 2_000, &|n| json!({ "url": long(n) })),
        ("email", "characters", 200, &|n| json!({ "email": long(n) })),
        (
            "phone_number",
            "characters",
            200,
            &|n| json!({ "phone_number": long(n) }),
        ),
        (
            "rich_text",
            "elements",
            100,
            &|n| json!({ "rich_text": many(json!({ "text": { "content": "a" } }), n) }),
        ),
        (
            "multi_select",
            "elements",
            100,
            &|n| json!({ "multi_select": many(json!({ "name": "a" }), n) }),
        ),
        (
            "relation",
            "elements",
            100,
            &|n| json!({ "relation": many(json!({ "id": "a" }), n) }),
        ),
        (
            "people",
            "elements",
            100,
            &|n| json!({ "people": many(json!({ "id": "a" }), n) }),
        ),
    ];
    for (key, of, most, make) in cases {
        assert_eq!(checked("P", make(*most)), Ok(()), "{key}");
        let over = most + 1;
        assert_eq!(
            refused("P", make(over)),
            format!(
                "the property `P` is too long: `{key}` has {over} {of}, and Notion takes {most}"
            )
        );
    }
    // As Notion counts, an emoji is two.
    assert_eq!(
        refused("P", json!({ "email": "😀".repeat(101) })),
        "the property `P` is too long: `email` has 202 characters, and Notion takes 200"
    );
}
