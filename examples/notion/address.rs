//! Ids and addresses as people copy them.

use url::Url;
use wait_or_die_example_notion::{URL, is_loopback};

#[cfg(test)]
mod tests;

/// What is no id, and where none can be found.
const NO_ID: &str = "no id of Notion's, which has 32 hexadecimal digits";

/// The id of a page: itself, or its address. Besides the id, which may have the title before it, an address has what
/// Notion puts behind it: how the page was shared, a block in it after `#`, and `p=`, the page that is shown over a
/// database, whose own id is then before it.
///
/// # Errors
/// If there is no id, or it is that of a database.
pub(crate) fn page(written: &str) -> Result<String, String> {
    let address = written.split('#').next().unwrap_or_default().trim();
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let asked = |name| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    if let Some(shown) = asked("p") {
        return id(shown);
    }
    if asked("v").is_some() {
        return Err(
            "this is the address of a database; a page is put into one of its data sources, with --data-source"
                .to_owned(),
        );
    }
    let segment = path.trim_end_matches('/').rsplit('/').next();
    id_behind_title(segment.unwrap_or_default())
}

/// The id of a data source. No address has it.
///
/// # Errors
/// If it is none.
pub(crate) fn data_source(written: &str) -> Result<String, String> {
    if written.contains('/') {
        return Err(
            "an address has the id of a page or a database, and a data source has one of its own: in Notion, the database's settings, `Manage data sources`, `Copy data source ID`"
                .to_owned(),
        );
    }
    id(written.trim())
}

/// What an address ends with: `Some-Title-` and an id, or an id alone.
fn id_behind_title(segment: &str) -> Result<String, String> {
    let last = segment.rsplit('-').next().unwrap_or_default();
    if let Ok(id) = id(last) {
        return Ok(id);
    }
    let start = segment.len().checked_sub(36).ok_or(NO_ID)?;
    let (title, hyphenated) = segment.split_at_checked(start).ok_or(NO_ID)?;
    if title.is_empty() || title.ends_with('-') {
        return id(hyphenated);
    }
    Err(NO_ID.to_owned())
}

/// An id with or without hyphens, without them.
fn id(written: &str) -> Result<String, String> {
    let lengths: Vec<_> = written.split('-').map(str::len).collect();
    let formed = lengths == [32] || lengths == [8, 4, 4, 4, 12];
    let digits: String = written.chars().filter(|c| *c != '-').collect();
    if formed && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(digits.to_lowercase())
    } else {
        Err(NO_ID.to_owned())
    }
}

/// An address that a token may be sent to: encrypted, or on this machine.
///
/// # Errors
/// If it is none.
pub(crate) fn server(written: &str) -> Result<String, String> {
    let url = Url::parse(written).map_err(|error| format!("{error}; write `{URL}`"))?;
    // A name may be told to be another machine's.
    let here = is_loopback(&url) && url.domain().is_none();
    match url.scheme() {
        "https" => Ok(written.to_owned()),
        "http" if here => Ok(written.to_owned()),
        _ => Err(format!(
            "a token is sent encrypted, or to 127.0.0.1; write `{URL}`"
        )),
    }
}
