//! `#[classify(..)]` as it is written.

use core::fmt::Display;

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Expr, ExprLit, Index, Lit, Member, Meta, MetaList, MetaNameValue, Path, Token,
};

use crate::options::{Errors, nearest};
use crate::paths;

/// The words that a verdict is written with, in the order in which messages list them.
const WORDS: [(&str, Word); 6] = [
    ("transient", Word::Transient),
    ("throttled", Word::Throttled),
    ("permanent", Word::Permanent),
    ("fault", Word::Fault),
    ("ignore", Word::Ignore),
    ("source", Word::Source),
];

/// Words from other places, and what they are called here.
const ALIASES: [(&str, &str); 9] = [
    ("retry", "transient"),
    ("retryable", "transient"),
    ("temporary", "transient"),
    ("abort", "permanent"),
    ("fatal", "permanent"),
    ("rate_limited", "throttled"),
    ("throttle", "throttled"),
    ("from", "source"),
    ("transparent", "source"),
];

/// Every verdict as it is written, for messages.
pub(super) const EVERY: &str = "`#[classify(transient)]`, `#[classify(throttled)]`, \
     `#[classify(permanent)]`, `#[classify(fault)]`, `#[classify(ignore)]` or `#[classify(source)]`";

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Transient,
    Throttled,
    Permanent,
    Fault,
    Ignore,
    Source,
}

/// A verdict as it is written.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) word: Word,
    pub(super) span: Span,
    /// The field of `throttled(after = field)` or `source = field`.
    pub(super) field: Option<Member>,
}

/// All that the attributes of one type or variant say.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) verdict: Option<Written>,
    pub(super) krate: Option<(Span, Path)>,
    /// Something was written and is recorded as a mistake: that no verdict is left is no second one.
    pub(super) unreadable: bool,
}

impl Attributes {
    /// Reads those of `attributes` that are ours; what cannot be read is recorded in `errors`.
    pub(super) fn of(attributes: &[Attribute], errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for attribute in ours(attributes) {
            let items = errors.keep(items(attribute));
            read.unreadable |= items.is_none();
            for item in items.into_iter().flatten() {
                if item.path().is_ident("crate") {
                    errors.keep(read.krate(&item));
                } else if errors.keep(read.verdict(&item)).is_none() {
                    read.unreadable = true;
                }
            }
        }
        read
    }

    fn verdict(&mut self, item: &Meta) -> syn::Result<()> {
        let written = verdict(item)?;
        if self.verdict.is_some() {
            return refuse(written.span, "a second verdict; leave one of them");
        }
        self.verdict = Some(written);
        Ok(())
    }

    fn krate(&mut self, item: &Meta) -> syn::Result<()> {
        let pair = item.require_name_value()?;
        let path = paths::path("crate", "the crate `wait-or-die`", &pair.value)?;
        paths::absolute(&path)?;
        let span = item.path().span();
        if self.krate.is_some() {
            return refuse(span, "`crate` is written twice; leave one of them");
        }
        self.krate = Some((span, path));
        Ok(())
    }
}

/// The span of the first `#[classify(..)]`, for places where none belongs.
pub(super) fn misplaced(attributes: &[Attribute]) -> Option<Span> {
    ours(attributes)
        .map(|attribute| attribute.path().span())
        .next()
}

fn ours(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("classify"))
}

fn items(attribute: &Attribute) -> syn::Result<Punctuated<Meta, Token![,]>> {
    let items = match &attribute.meta {
        Meta::List(list) => list.parse_args_with(Punctuated::parse_terminated)?,
        Meta::Path(_) | Meta::NameValue(_) => Punctuated::new(),
    };
    if items.is_empty() {
        let message = format!("a verdict is missing; write {EVERY}");
        return Err(syn::Error::new_spanned(&attribute.meta, message));
    }
    Ok(items)
}

fn refuse<T>(span: Span, message: impl Display) -> syn::Result<T> {
    Err(syn::Error::new(span, message))
}

fn verdict(item: &Meta) -> syn::Result<Written> {
    let span = item.path().span();
    let Some(name) = item.path().get_ident().map(ToString::to_string) else {
        return refuse(span, format!("not a verdict; write {EVERY}"));
    };
    let Some((_, word)) = WORDS.into_iter().find(|(known, _)| *known == name) else {
        return refuse(span, unknown(&name));
    };
    let field = match (word, item) {
        (_, Meta::Path(_)) => None,
        (Word::Throttled, Meta::List(list)) => Some(after(list)?),
        (Word::Source, Meta::NameValue(pair)) => Some(member(&pair.value)?),
        (Word::Throttled, Meta::NameValue(_)) => {
            return refuse(
                span,
                "`throttled` is not written with `=`; write `throttled(after = field)`",
            );
        }
        (Word::Source, Meta::List(_)) => {
            return refuse(
                span,
                "`source` takes no parentheses; write `source` or `source = field`",
            );
        }
        (_, Meta::List(_) | Meta::NameValue(_)) => {
            return refuse(
                span,
                format!("`{name}` takes nothing; write `{name}` alone"),
            );
        }
    };
    Ok(Written { word, span, field })
}

fn unknown(name: &str) -> String {
    let meant = ALIASES
        .into_iter()
        .find_map(|(alias, word)| (alias == name).then_some(word))
        .or_else(|| nearest(name, WORDS.into_iter().map(|(word, _)| word)));
    match meant {
        Some(word) => format!("unknown verdict `{name}`; write `{word}`"),
        None => format!("unknown verdict `{name}`; write {EVERY}"),
    }
}

/// The field of `throttled(after = field)`.
fn after(list: &MetaList) -> syn::Result<Member> {
    const HELP: &str = "write `throttled(after = field)`, where the field is the server's delay";
    if list.tokens.is_empty() {
        return refuse(list.path.span(), format!("the delay is missing; {HELP}"));
    }
    let pair: MetaNameValue = list
        .parse_args()
        .or_else(|error| refuse(error.span(), format!("not a delay; {HELP}")))?;
    if pair.path.is_ident("after") {
        return member(&pair.value);
    }
    refuse(
        pair.path.span(),
        format!("`throttled` takes `after` alone; {HELP}"),
    )
}

/// A field, by name or by number.
fn member(value: &Expr) -> syn::Result<Member> {
    let member = match value {
        Expr::Path(path) => path.path.get_ident().cloned().map(Member::Named),
        Expr::Lit(ExprLit {
            lit: Lit::Int(number),
            ..
        }) => number.base10_parse().ok().map(|index| {
            Member::Unnamed(Index {
                index,
                span: number.span(),
            })
        }),
        _ => None,
    };
    member.map_or_else(
        || {
            refuse(
                value.span(),
                "not a field; write its name, or its number in a tuple, such as `0`",
            )
        },
        Ok,
    )
}
