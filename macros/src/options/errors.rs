//! Every mistake of one attribute, so that all of them are reported at once.

use proc_macro2::TokenTree;
use syn::parse::ParseStream;

/// Mistakes gathered so far.
#[derive(Debug, Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    /// Adds a mistake behind those already there.
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    /// Adds all mistakes of another list.
    pub(crate) fn append(&mut self, others: Self) {
        if let Some(error) = others.0 {
            self.push(error);
        }
    }

    /// The value of a step that worked; otherwise its mistake is kept.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    /// All mistakes, and behind them one that is there for certain.
    pub(crate) fn and_last(self, last: syn::Error) -> syn::Error {
        match self.0 {
            Some(mut first) => {
                first.combine(last);
                first
            }
            None => last,
        }
    }

    /// `value`, unless there was any mistake.
    pub(crate) fn finish<T>(self, value: T) -> syn::Result<T> {
        match self.0 {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }
}

/// Parses items between commas; a broken item costs that item alone, so that the ones behind it
/// are still read.
pub(super) fn separated<T>(
    input: ParseStream<'_>,
    item: impl Fn(ParseStream<'_>) -> syn::Result<T>,
) -> (Vec<T>, Errors) {
    let mut items = Vec::new();
    let mut errors = Errors::default();
    while !input.is_empty() {
        let parsed = item(input).and_then(|parsed| at_end(input).map(|()| parsed));
        items.extend(errors.keep(parsed));
        to_comma(input);
        let _comma: syn::Result<Option<syn::Token![,]>> = input.parse();
    }
    (items, errors)
}

/// Refuses anything but a comma or the end behind an entry.
pub(super) fn at_end(input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(syn::Token![,]) {
        Ok(())
    } else {
        Err(input.error("expected `,`; write one between two entries"))
    }
}

/// Goes on at the next comma that is not inside a group.
pub(super) fn to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(syn::Token![,]) {
        let _skipped: syn::Result<TokenTree> = input.parse();
    }
}

/// A parser's error with what to write instead.
pub(super) fn advise(error: &syn::Error, advice: &str) -> syn::Error {
    syn::Error::new(error.span(), format!("{error}; {advice}"))
}

/// The items of `key(a, b)`; the error holds every broken one.
pub(super) fn list_of<T>(
    entry: &super::written::Entry<'_>,
    item: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let list = super::written::list(entry)?;
    let (items, errors) =
        list.parse_args_with(|input: ParseStream<'_>| Ok(separated(input, item)))?;
    errors.finish(items)
}
