use super::shape::{NO_END, Part};
use super::{INFIXES, TOKENS, WEBHOOKS, infix_at, table, token_at, user_token_at, webhook_at};
use core::ops::Range;

mod addresses;
mod every;
mod formats;
mod kept;
mod packed;
mod tables;

/// `text` with the first secret that any of the functions finds in it hidden.
fn hidden(text: &str) -> String {
    let bytes = text.as_bytes();
    let found = (0..bytes.len()).find_map(|at| {
        token_at(bytes, at)
            .or_else(|| infix_at(bytes, at))
            .or_else(|| webhook_at(bytes, at))
    });
    replaced(text, found)
}

fn replaced(text: &str, found: Option<Range<usize>>) -> String {
    let Some(range) = found else {
        return text.to_owned();
    };
    format!("{}#{}", &text[..range.start], &text[range.end..])
}
