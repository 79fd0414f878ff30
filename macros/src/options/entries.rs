//! The argument list of an attribute as entries, each with a known name that occurs once.

use darling::FromMeta;
use darling::ast::NestedMeta;
use proc_macro2::extra::DelimSpan;
use proc_macro2::{Group, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, LitStr, MacroDelimiter, Meta, MetaList, MetaNameValue, Path};

use super::errors::{Errors, advise, at_end, separated, to_comma};
use super::vocabulary::{UNNAMED, Vocabulary, is_option_anywhere};
use crate::paths;

/// Entries fit for darling, their names in the order in which they were written, and what was
/// wrong with the others.
pub(super) fn entries(
    args: TokenStream,
    vocabulary: &'static Vocabulary,
) -> (Vec<NestedMeta>, Vec<Ident>, Errors) {
    let parser = |input: ParseStream<'_>| Ok(separated(input, |input| entry(input, vocabulary)));
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
        if !vocabulary.knows(&key) {
            errors.push(vocabulary.unknown(&key));
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
fn entry(
    input: ParseStream<'_>,
    vocabulary: &Vocabulary,
) -> syn::Result<(Ident, syn::Result<Meta>)> {
    if !input.peek(Ident::peek_any) {
        // A breaker's name is what is most often written alone.
        if vocabulary.attribute == "circuit_breaker" && input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            return Err(syn::Error::new(
                name.span(),
                format!(
                    "a text on its own is no option; write `name = {}`",
                    name.token()
                ),
            ));
        }
        let example = vocabulary
            .options
            .first()
            .map_or(UNNAMED, |(_, example)| example);
        return Err(input.error(format!(
            "expected the name of an option; write `name = value`, such as `{example}`",
        )));
    }
    let key = input.call(Ident::parse_any)?;
    let meta =
        rest(input, vocabulary.example(&key), &key).and_then(|meta| at_end(input).map(|()| meta));
    to_comma(input);
    Ok((key, meta))
}

/// What follows the name.
fn rest(input: ParseStream<'_>, example: &str, key: &Ident) -> syn::Result<Meta> {
    let path = Path::from(key.clone());
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
        return Err(input.error(format!("expected `=` after `{key}`; write `{example}`")));
    }
    let eq_token = input.parse()?;
    if input.is_empty() || input.peek(syn::Token![,]) {
        // The same text as for a name alone, except where that is an option by itself.
        return if key == "halt" {
            Err(syn::Error::new(
                key.span(),
                format!("`{key} =` has no value; write `{key}` alone, or `{example}`"),
            ))
        } else {
            Ok(Meta::Path(path))
        };
    }
    let value = (input.parse()).map_err(|error| advise(&error, &format!("write `{example}`")))?;
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

/// What darling makes of the entries.
pub(super) fn fill<W: FromMeta + Default>(entries: &[NestedMeta], errors: &mut Errors) -> W {
    match W::from_list(entries) {
        Ok(written) => written,
        Err(error) => {
            errors.push(error.into());
            W::default()
        }
    }
}

/// The names of the arguments, if there are any and all are options of ours.
///
/// This is asked about attributes of another name, which can be ours under a name of the user's.
pub(crate) fn names_if_ours(args: TokenStream) -> Option<Vec<Ident>> {
    let names = |input: ParseStream<'_>| {
        let (keys, errors) = separated(input, |input| {
            let key = input.call(Ident::parse_any)?;
            to_comma(input);
            Ok(key)
        });
        errors.finish(keys)
    };
    let keys = names.parse2(args).ok()?;
    (!keys.is_empty() && keys.iter().all(is_option_anywhere)).then_some(keys)
}

/// The `crate = ..` among the arguments, if it is right.
pub(crate) fn crate_path(args: TokenStream) -> Option<Path> {
    let paths = |input: ParseStream<'_>| {
        let (paths, _) = separated(input, |input| {
            let key = input.call(Ident::parse_any)?;
            let path = if key == "crate" && input.peek(syn::Token![=]) {
                let _eq: syn::Token![=] = input.parse()?;
                Some(input.call(Path::parse_mod_style)?)
            } else {
                to_comma(input);
                None
            };
            Ok(path)
        });
        Ok(paths)
    };
    let found = paths.parse2(args).ok()?.into_iter().flatten().next();
    found.filter(|path| paths::absolute(path).is_ok())
}
