//! The shapes in which an option can be written, before its value is looked at.

use core::marker::PhantomData;

use darling::FromMeta;
use quote::ToTokens;
use syn::{Expr, Ident, Lit, MacroDelimiter, Meta, MetaList};

use super::errors::Errors;
use super::vocabulary::{UNNAMED, Vocabulary};

/// One option as it was written.
pub(super) struct Entry<'a> {
    pub(super) meta: &'a Meta,
    /// Of the attribute that it was written for: an option of the same name can be another thing
    /// there, and messages quote how it is written.
    pub(super) vocabulary: &'static Vocabulary,
}

impl Entry<'_> {
    /// How the option is written.
    pub(super) fn example(&self) -> &'static str {
        self.meta
            .path()
            .get_ident()
            .map_or(UNNAMED, |key| self.vocabulary.example(key))
    }
}

/// What an option is made from.
pub(super) trait FromWritten: Sized {
    /// Reads one `key = value` or `key(..)`.
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self>;
}

/// An option that was written, to be read as a `T`.
///
/// darling keeps one span for an error and drops the struct as soon as one field fails. Read behind
/// its back, an error keeps both ends of its span, and the options that are right are still checked
/// against each other and against the signature.
pub(super) struct Tried<T> {
    meta: Meta,
    read_as: PhantomData<T>,
}

impl<T: FromWritten> FromMeta for Tried<T> {
    fn from_meta(meta: &Meta) -> darling::Result<Self> {
        Ok(Self {
            meta: meta.clone(),
            read_as: PhantomData,
        })
    }
}

/// Reads the options of one attribute.
pub(super) struct Reader<'a> {
    vocabulary: &'static Vocabulary,
    errors: &'a mut Errors,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(vocabulary: &'static Vocabulary, errors: &'a mut Errors) -> Self {
        Self { vocabulary, errors }
    }

    /// The value of an option, if it was written and can be read.
    pub(super) fn take<T: FromWritten>(&mut self, written: Option<Tried<T>>) -> Option<T> {
        let tried = written?;
        let entry = Entry {
            meta: &tried.meta,
            vocabulary: self.vocabulary,
        };
        self.errors.keep(T::from_written(&entry))
    }
}

/// The option's name. Entries are only built from single identifiers.
pub(super) fn key(entry: &Entry<'_>) -> syn::Result<Ident> {
    entry.meta.path().require_ident().cloned()
}

/// The value of `key = value`.
pub(super) fn value<'a>(entry: &Entry<'a>) -> syn::Result<&'a Expr> {
    let key = key(entry)?;
    let example = entry.example();
    match entry.meta {
        Meta::NameValue(pair) => Ok(peel(&pair.value)),
        Meta::Path(_) => Err(syn::Error::new(
            key.span(),
            format!("`{key}` has no value; write `{example}`"),
        )),
        Meta::List(list) => Err(syn::Error::new_spanned(
            list,
            format!("`{key}` takes one value after `=`; write `{example}`"),
        )),
    }
}

/// The list of `key(..)`, which must not be empty.
pub(super) fn list<'a>(entry: &Entry<'a>) -> syn::Result<&'a MetaList> {
    let key = key(entry)?;
    let example = entry.example();
    match entry.meta {
        Meta::List(list) if !matches!(list.delimiter, MacroDelimiter::Paren(_)) => {
            Err(syn::Error::new_spanned(
                list,
                format!("`{key}` takes a list in parentheses; write `{example}`"),
            ))
        }
        Meta::List(list) if list.tokens.is_empty() => Err(syn::Error::new_spanned(
            list,
            format!("`{key}()` is empty; write `{example}`, or leave `{key}` out"),
        )),
        Meta::List(list) => Ok(list),
        Meta::Path(_) => Err(syn::Error::new(
            key.span(),
            format!("`{key}` has no list; write `{example}`"),
        )),
        Meta::NameValue(pair) => Err(syn::Error::new_spanned(
            pair,
            format!("`{key}` takes a list in parentheses; write `{example}`"),
        )),
    }
}

/// The expression inside the invisible groups that `macro_rules` puts around `$value:expr`.
pub(super) fn peel(mut expr: &Expr) -> &Expr {
    while let Expr::Group(group) = expr {
        expr = &group.expr;
    }
    expr
}

/// The literal that an expression consists of.
pub(super) fn literal(expr: &Expr) -> Option<&Lit> {
    match peel(expr) {
        Expr::Lit(literal) => Some(&literal.lit),
        _ => None,
    }
}

/// The path that an expression consists of, without `<T as Trait>::`.
pub(super) fn path(expr: &Expr) -> Option<&syn::Path> {
    match peel(expr) {
        Expr::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

/// The word that an expression consists of.
pub(super) fn word(expr: &Expr) -> Option<&Ident> {
    path(expr).and_then(syn::Path::get_ident)
}

/// Whether an expression starts with a minus sign.
pub(super) fn is_negative(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Neg(_)),
        // Another macro can make a literal that carries its sign.
        Expr::Lit(literal) => literal.lit.to_token_stream().to_string().starts_with('-'),
        _ => false,
    }
}

/// The name of a float constant that is no number to wait for: `f64::NAN`, `f64::INFINITY`.
pub(super) fn not_finite(expr: &Expr) -> Option<&Ident> {
    let name = &path(expr)?.segments.last()?.ident;
    (name == "NAN" || name == "INFINITY" || name == "NEG_INFINITY").then_some(name)
}

/// Whether an expression can stand where the compiler wants a constant.
///
/// What is left out is not a constant of any type that an option has, and says so more clearly
/// here than in a type error.
pub(super) fn can_be_const(expr: &Expr) -> bool {
    !matches!(
        expr,
        Expr::Lit(_)
            | Expr::Array(_)
            | Expr::Assign(_)
            | Expr::Async(_)
            | Expr::Await(_)
            | Expr::Break(_)
            | Expr::Closure(_)
            | Expr::Continue(_)
            | Expr::Let(_)
            | Expr::Range(_)
            | Expr::Reference(_)
            | Expr::Repeat(_)
            | Expr::Return(_)
            | Expr::Tuple(_)
            | Expr::Yield(_)
    )
}
