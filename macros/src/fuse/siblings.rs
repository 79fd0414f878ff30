//! Which attributes behind ours may be ours as well.
//!
//! An attribute macro sees names and no meaning: ours can have been imported under any name, and a
//! `cfg_attr` is resolved only when its turn comes. Waiting for one that turns out to be somebody
//! else's changes who expands first, and leaves what we hold to whatever it makes of the function's
//! attributes. So only what carries options of ours is waited for, besides our own names.

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
    if Kind::ALL.iter().any(|kind| name == kind.name()) {
        return true;
    }
    let Meta::List(list) = meta else {
        return false;
    };
    if name == "cfg_attr" {
        // What cannot be read is for the compiler to refuse.
        return conditional(list.tokens.clone()).is_none_or(|metas| metas.iter().any(may_be_ours));
    }
    if !matches!(list.delimiter, MacroDelimiter::Paren(_)) {
        return false;
    }
    let Some(options) = options::names_if_ours(list.tokens.clone()) else {
        return false;
    };
    let mut options = options.iter();
    !is_known(meta.path(), name) || options.any(|option| !any(option, SHARED))
}

/// The `crate = ..` of an attribute that may be one of ours.
pub(super) fn crate_path(meta: &Meta) -> Option<Path> {
    match meta {
        Meta::List(list) if may_be_ours(meta) => match last_word(&list.path) {
            Some(name) if name == "cfg_attr" => conditional(list.tokens.clone())?
                .iter()
                .find_map(crate_path),
            _ => options::crate_path(list.tokens.clone()),
        },
        _ => None,
    }
}

/// The attributes of `cfg_attr(condition, attribute, ..)`.
fn conditional(args: TokenStream) -> Option<Punctuated<Meta, Token![,]>> {
    let parser = |input: ParseStream<'_>| {
        let _condition = Meta::parse(input)?;
        let _comma: Token![,] = input.parse()?;
        Punctuated::parse_terminated(input)
    };
    parser.parse2(args).ok()
}

/// Whether an attribute has the name of one that everybody knows.
fn is_known(path: &Path, name: &Ident) -> bool {
    let tool = path.segments.len() > 1
        && (path.segments.first()).is_some_and(|first| any(&first.ident, TOOLS));
    tool || any(name, INERT) || any(name, TRANSFORMING)
}

pub(super) fn last_word(path: &Path) -> Option<&Ident> {
    path.segments.last().map(|segment| &segment.ident)
}

fn any(word: &Ident, words: &[&str]) -> bool {
    words.iter().any(|known| word == known)
}

/// Options that known attributes have as well: `instrument(name = .., fields(..))`,
/// `main(crate = ..)`, `cached(key = ..)`. Under such a name they do not tell whose it is.
const SHARED: &[&str] = &["crate", "fields", "key", "name"];

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
