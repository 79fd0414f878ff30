//! The argument list of an attribute as entries, each with a known name that occurs once.

use darling::ast::NestedMeta;
use proc_macro2::extra::DelimSpan;
use proc_macro2::{Group, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, MacroDelimiter, Meta, MetaList, MetaNameValue};

use super::errors::{Errors, advise, at_end, separated, to_comma};
use super::suggest::nearest;
use super::wait_or_die::example;

/// The names that an attribute knows.
pub(super) struct Vocabulary {
    /// Each option with an example of how it is written.
    pub(super) options: &'static [(&'static str, &'static str)],
    /// Names that other libraries use, with the option that does the same here.
    pub(super) elsewhere: &'static [(&'static str, &'static str)],
}

/// Entries fit for darling, their names in the order in which they were written, and what was
/// wrong with the others.
pub(super) fn entries(
    args: TokenStream,
    vocabulary: &Vocabulary,
) -> (Vec<NestedMeta>, Vec<Ident>, Errors) {
    let parser = |input: ParseStream<'_>| Ok(separated(input, entry));
    let (metas, mut errors) = match parser.parse2(args) {
        Ok(parsed) => parsed,
        Err(error) => {
            let mut errors = Errors::default();
            errors.push(error);
            (Vec::new(), errors)
        }
    };
    let mut kept = Vec::new();
    let mut keys: Vec<Ident> = Vec::new();
    for (key, meta) in metas {
        if !vocabulary.options.iter().any(|(name, _)| key == name) {
            errors.push(unknown(&key, vocabulary));
        } else if keys.contains(&key) {
            errors.push(syn::Error::new(
                key.span(),
                format!("`{key}` is written twice; remove one of them"),
            ));
        } else {
            keys.push(key);
            kept.extend(errors.keep(meta).map(NestedMeta::Meta));
        }
    }
    (kept, keys, errors)
}

/// One `key`, `key = value` or `key(..)`.
///
/// A name whose value does not parse is still given back: no rule must take that option for one
/// that was left out.
fn entry(input: ParseStream<'_>) -> syn::Result<(Ident, syn::Result<Meta>)> {
    if !input.peek(Ident::peek_any) {
        return Err(input.error(
            "expected the name of an option; write `name = value`, such as `timeout = \"30s\"`",
        ));
    }
    let key = input.call(Ident::parse_any)?;
    let meta = rest(input, &key).and_then(|meta| at_end(input).map(|()| meta));
    to_comma(input);
    Ok((key, meta))
}

/// What follows the name.
fn rest(input: ParseStream<'_>, key: &Ident) -> syn::Result<Meta> {
    let path = syn::Path::from(key.clone());
    if input.is_empty() || input.peek(syn::Token![,]) {
        return Ok(Meta::Path(path));
    }
    if let Some(delimiter) = delimiter(input) {
        let group: Group = input.parse()?;
        return Ok(Meta::List(MetaList {
            path,
            delimiter: delimiter(group.delim_span()),
            tokens: group.stream(),
        }));
    }
    if !input.peek(syn::Token![=]) || input.peek(syn::Token![==]) || input.peek(syn::Token![=>]) {
        let example = example(key);
        return Err(input.error(format!("expected `=` after `{key}`; write `{example}`")));
    }
    let eq_token = input.parse()?;
    if input.is_empty() || input.peek(syn::Token![,]) {
        // The same text as for a name alone.
        return Ok(Meta::Path(path));
    }
    let value =
        (input.parse()).map_err(|error| advise(&error, &format!("write `{}`", example(key))))?;
    Ok(Meta::NameValue(MetaNameValue {
        path,
        eq_token,
        value,
    }))
}

/// The kind of group that comes next.
fn delimiter(input: ParseStream<'_>) -> Option<fn(DelimSpan) -> MacroDelimiter> {
    use syn::token::{Brace, Bracket, Paren};
    if input.peek(Paren) {
        Some(|span| MacroDelimiter::Paren(Paren { span }))
    } else if input.peek(Bracket) {
        Some(|span| MacroDelimiter::Bracket(Bracket { span }))
    } else if input.peek(Brace) {
        Some(|span| MacroDelimiter::Brace(Brace { span }))
    } else {
        None
    }
}

/// The error for a name that is no option.
fn unknown(key: &Ident, vocabulary: &Vocabulary) -> syn::Error {
    let word = key.to_string();
    let names = || vocabulary.options.iter().map(|(name, _)| *name);
    let elsewhere = vocabulary.elsewhere.iter().find(|(name, _)| *name == word);
    let meant = elsewhere
        .map(|(_, ours)| *ours)
        .or_else(|| nearest(&word, names()));
    let advice = if let Some(name) = meant {
        format!("did you mean `{name}`?")
    } else {
        let names: Vec<String> = names().map(|name| format!("`{name}`")).collect();
        format!("write one of {}", names.join(", "))
    };
    syn::Error::new(key.span(), format!("unknown option `{key}`; {advice}"))
}
