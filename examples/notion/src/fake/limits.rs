//! The limits that Notion documents, read from its reference and not from the client.

use serde_json::Value;

/// Bytes of a request.
pub(super) const MAX_BYTES: usize = 500_000;
const MAX_ARRAY: usize = 100;
const MAX_CONTENT: usize = 2_000;
const MAX_BLOCKS: usize = 1_000;
/// Levels below the first.
const MAX_NESTING: usize = 2;

/// Says what is wrong with the blocks of a request, as Notion does.
pub(super) fn check(children: &Value) -> Result<(), String> {
    let mut count = 0;
    blocks(children, 0, "body.children", &mut count)?;
    if count > MAX_BLOCKS {
        return Err(format!(
            "body failed validation: {count} blocks should be ≤ `{MAX_BLOCKS}`"
        ));
    }
    Ok(())
}

fn blocks(children: &Value, depth: usize, at: &str, count: &mut usize) -> Result<(), String> {
    let children = array(children, at)?;
    for (number, block) in children.iter().enumerate() {
        let at = format!("{at}[{number}]");
        *count += 1;
        let kind = block["type"]
            .as_str()
            .ok_or_else(|| format!("{at}.type should be defined"))?;
        let content = &block[kind];
        if !content.is_object() {
            return Err(format!(
                "body failed validation: {at}.{kind} should be defined, instead was `undefined`."
            ));
        }
        texts(&content["rich_text"], &format!("{at}.rich_text"))?;
        texts(&content["caption"], &format!("{at}.caption"))?;
        for cell in array(&content["cells"], &format!("{at}.cells"))? {
            texts(cell, &format!("{at}.cells"))?;
        }
        kind_of(kind, content, &at)?;
        let inside = &content["children"];
        if !inside.is_null() {
            if depth == MAX_NESTING {
                return Err(format!(
                    "body failed validation: {at}.children should be not present"
                ));
            }
            blocks(inside, depth + 1, &format!("{at}.children"), count)?;
        }
    }
    Ok(())
}

fn kind_of(kind: &str, content: &Value, at: &str) -> Result<(), String> {
    if kind == "code"
        && content["language"]
            .as_str()
            .and_then(crate::language::known)
            .is_none()
    {
        return Err(format!(
            "body failed validation: {at}.code.language should be a language"
        ));
    }
    if kind == "table" {
        let width = content["table_width"].as_u64().unwrap_or_default();
        let rows = array(&content["children"], at)?;
        let wide = |row: &Value| row["table_row"]["cells"].as_array().map(Vec::len);
        if rows.is_empty()
            || rows
                .iter()
                .any(|row| wide(row).and_then(|n| u64::try_from(n).ok()) != Some(width))
        {
            return Err(format!(
                "body failed validation: {at}: each row should have {width} cells"
            ));
        }
    }
    Ok(())
}

fn texts(texts: &Value, at: &str) -> Result<(), String> {
    for (number, text) in array(texts, at)?.iter().enumerate() {
        let content = text["text"]["content"].as_str();
        let content =
            content.ok_or_else(|| format!("{at}[{number}].text.content should be defined"))?;
        let length = content.encode_utf16().count();
        if length > MAX_CONTENT {
            return Err(format!(
                "body failed validation: {at}[{number}].text.content.length should be ≤ `{MAX_CONTENT}`, instead was `{length}`."
            ));
        }
        let link = text["text"]["link"]["url"].as_str();
        let absolute = |link: &str| {
            ["http://", "https://", "mailto:"]
                .iter()
                .any(|scheme| link.starts_with(scheme))
        };
        if link.is_some_and(|link| !absolute(link) || link.encode_utf16().count() > MAX_CONTENT) {
            return Err(
                "Content creation Failed. Fix the following: \nInvalid URL for link.".to_owned(),
            );
        }
    }
    Ok(())
}

fn array<'a>(value: &'a Value, at: &str) -> Result<&'a [Value], String> {
    let array = value.as_array().map(Vec::as_slice).unwrap_or_default();
    if array.len() > MAX_ARRAY {
        let length = array.len();
        return Err(format!(
            "body failed validation: {at}.length should be ≤ `{MAX_ARRAY}`, instead was `{length}`."
        ));
    }
    Ok(array)
}
