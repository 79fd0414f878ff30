//! Which attributes behind ours may be ours as well.
//!
//! An attribute macro sees names and no meaning: ours can have been imported under any name, and a
//! `cfg_attr` is resolved only when its turn comes. Waiting for one that turns out to be somebody
//! else's changes who expands first, so that those which are known to do something to the function
//! are not waited for.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Ident, MacroDelimiter, Meta, Path, Token};

use super::Kind;
use crate::options;

/// Whether this attribute may be one of ours.
pub(super) fn may_be_ours(meta: &Meta) -> bool {
    let Some(name) = last_word(meta.path()) else {
        return false;
    };
    let word = name.to_string();
    if Kind::ALL.iter().any(|kind| word == kind.name()) {
        return true;
    }
    let tool = meta.path().segments.len() > 1
        && (meta.path().segments.first()).is_some_and(|first| any(&first.ident, TOOLS));
    if tool || any(name, INERT) || any(name, TRANSFORMING) {
        return false;
    }
    match meta {
        Meta::Path(_) => true,
        Meta::List(list) if word == "cfg_attr" => conditional(list.tokens.clone()),
        Meta::List(list) => {
            matches!(list.delimiter, MacroDelimiter::Paren(_))
                && options::could_be_ours(list.tokens.clone())
        }
        Meta::NameValue(_) => false,
    }
}

/// Whether one of the attributes of `cfg_attr(condition, attribute, ..)` may be ours.
fn conditional(args: TokenStream) -> bool {
    let parser = |input: ParseStream<'_>| {
        let _condition = Meta::parse(input)?;
        let _comma: Token![,] = input.parse()?;
        Punctuated::<Meta, Token![,]>::parse_terminated(input)
    };
    // What cannot be read is for the compiler to refuse, and ours to wait for.
    (parser.parse2(args)).map_or(true, |metas| metas.iter().any(may_be_ours))
}

pub(super) fn last_word(path: &Path) -> Option<&Ident> {
    path.segments.last().map(|segment| &segment.ident)
}

fn any(word: &Ident, words: &[&str]) -> bool {
    words.iter().any(|known| word == known)
}

/// Tools whose attributes are read from outside the compiler.
const TOOLS: &[&str] = &["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];

/// Attributes of the language: nothing of them expands.
const INERT: &[&str] = &[
    "allow",
    "automatically_derived",
    "cfg",
    "cold",
    "coverage",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "ignore",
    "inline",
    "link_section",
    "must_use",
    "naked",
    "no_mangle",
    "no_sanitize",
    "optimize",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "rustc_on_unimplemented",
    "should_panic",
    "stable",
    "target_feature",
    "track_caller",
    "unsafe",
    "unstable",
    "warn",
];

/// Attribute macros that belong below ours, and have to go on finding the expanded body.
const TRANSFORMING: &[&str] = &[
    "async_recursion",
    "async_trait",
    "bench",
    "cached",
    "case",
    "export",
    "instrument",
    "io_cached",
    "main",
    "maybe_async",
    "memoize",
    "once",
    "rstest",
    "test",
    "test_case",
    "test_log",
    "trace",
];
