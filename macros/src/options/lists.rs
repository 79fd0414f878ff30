//! Options that are lists: what is cloned per attempt, what is recorded.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative as _;
use syn::spanned::Spanned;
use syn::{Expr, Ident, LitStr, Member, Token};

use super::errors::{Errors, advise, list_of};
use super::written::{Entry, FromWritten, peel};

/// `clone(a, b)`.
pub(super) struct Clones(pub(super) Vec<Ident>);

impl FromWritten for Clones {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let names = list_of(entry, cloned)?;
        let mut errors = Errors::default();
        for (index, name) in names.iter().enumerate() {
            if names.iter().take(index).any(|earlier| earlier == name) {
                errors.push(syn::Error::new(
                    name.span(),
                    format!("`{name}` is cloned twice; write it once"),
                ));
            }
        }
        errors.finish(Self(names))
    }
}

fn cloned(input: ParseStream<'_>) -> syn::Result<Ident> {
    if input.peek(Token![self]) {
        return Err(input.error(
            "`self` is not cloned; every attempt borrows it, write the clone of a field in the body",
        ));
    }
    if !input.peek(Ident::peek_any) {
        return Err(input.error("`clone` takes names of arguments; write `clone(a, b)`"));
    }
    input.parse()
}

/// A value that is recorded, as in `fields(order = order.id, %symbol)`.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name that it is recorded under.
    pub(crate) name: String,
    /// Where the name was written.
    pub(crate) span: Span,
    pub(crate) expr: Expr,
    /// `%`: recorded as its `Display` text.
    pub(crate) display: bool,
}

/// `fields(..)`.
pub(super) struct Fields(pub(super) Vec<Field>);

impl FromWritten for Fields {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let fields = list_of(entry, field)?;
        let mut errors = Errors::default();
        for (index, field) in fields.iter().enumerate() {
            if fields
                .iter()
                .take(index)
                .any(|earlier| earlier.name == field.name)
            {
                errors.push(syn::Error::new(
                    field.span,
                    format!(
                        "the field `{}` is written twice; give one of them another name",
                        field.name
                    ),
                ));
            }
        }
        errors.finish(Self(fields))
    }
}

fn field(input: ParseStream<'_>) -> syn::Result<Field> {
    let named = match name_before_equals(input)? {
        Some(named) => {
            let _equals: Token![=] = input.parse()?;
            Some(named)
        }
        None => None,
    };
    if input.peek(Token![?]) {
        return Err(input.error(
            "`Debug` is never recorded, it shows what should stay private; write `%` for the `Display` text",
        ));
    }
    let display = input.parse::<Option<Token![%]>>()?.is_some();
    let expr: Expr = (input.parse())
        .map_err(|error| advise(&error, "write the value, as in `fields(id = order.id())`"))?;
    let Some((name, span)) = named.or_else(|| Some((own_name(&expr)?, expr.span()))) else {
        return Err(syn::Error::new_spanned(
            expr,
            "the field has no name; write one before it, as in `fields(id = order.id())`",
        ));
    };
    Ok(Field {
        name,
        span,
        expr,
        display,
    })
}

/// The name in front of `=`: a word, words with dots between, or a text.
fn name_before_equals(input: ParseStream<'_>) -> syn::Result<Option<(String, Span)>> {
    let ahead = input.fork();
    let span = ahead.span();
    let name = if let Ok(text) = ahead.parse::<LitStr>() {
        text.value()
    } else {
        let mut name = String::new();
        while let Ok(word) = ahead.call(Ident::parse_any) {
            name.push_str(&word.unraw().to_string());
            if !ahead.peek(Token![.]) {
                break;
            }
            let _dot: Token![.] = ahead.parse()?;
            name.push('.');
        }
        name
    };
    if !ahead.peek(Token![=]) || ahead.peek(Token![==]) || ahead.peek(Token![=>]) {
        return Ok(None);
    }
    if name.trim().is_empty() {
        return Err(syn::Error::new(
            span,
            "the field has no name; write one before the `=`, as in `fields(id = order.id())`",
        ));
    }
    input.advance_to(&ahead);
    Ok(Some((name, span)))
}

/// The name that a path of fields has by itself: `order.id` is `order.id`, `self.id` is `id`.
fn own_name(expr: &Expr) -> Option<String> {
    match peel(expr) {
        Expr::Path(path) => path.path.get_ident().map(|word| word.unraw().to_string()),
        Expr::Field(field) => {
            let base = own_name(&field.base)?;
            let member = match &field.member {
                Member::Named(name) => name.unraw().to_string(),
                Member::Unnamed(index) => index.index.to_string(),
            };
            Some(if base == "self" {
                member
            } else {
                format!("{base}.{member}")
            })
        }
        Expr::Reference(reference) => own_name(&reference.expr),
        _ => None,
    }
}
