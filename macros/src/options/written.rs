//! The shapes in which an option can be written, before its value is looked at.

use darling::FromMeta;
use quote::ToTokens;
use syn::{Expr, Ident, Lit, MacroDelimiter, Meta, MetaList};

use super::wait_or_die::example;

/// What an option is made from.
pub(super) trait FromWritten: Sized {
    /// Reads one `key = value` or `key(..)`.
    fn from_written(meta: &Meta) -> syn::Result<Self>;
}

/// An option that was read, or the reason why it could not be.
///
/// darling keeps one span for an error and drops the struct as soon as one field fails. Held in
/// here, an error keeps both ends of its span, and the options that are right are still checked
/// against each other and against the signature.
pub(super) struct Tried<T>(pub(super) syn::Result<T>);

impl<T: FromWritten> FromMeta for Tried<T> {
    fn from_meta(meta: &Meta) -> darling::Result<Self> {
        Ok(Self(T::from_written(meta)))
    }
}

/// The option's name. Entries are only built from single identifiers.
pub(super) fn key(meta: &Meta) -> syn::Result<Ident> {
    meta.path().require_ident().cloned()
}

/// The value of `key = value`.
pub(super) fn value(meta: &Meta) -> syn::Result<&Expr> {
    let key = key(meta)?;
    match meta {
        Meta::NameValue(pair) => Ok(peel(&pair.value)),
        Meta::Path(_) => Err(syn::Error::new(
            key.span(),
            format!("`{key}` has no value; write `{}`", example(&key)),
        )),
        Meta::List(list) => Err(syn::Error::new_spanned(
            list,
            format!(
                "`{key}` takes one value after `=`; write `{}`",
                example(&key)
            ),
        )),
    }
}

/// The list of `key(..)`, which must not be empty.
pub(super) fn list(meta: &Meta) -> syn::Result<&MetaList> {
    let key = key(meta)?;
    let example = example(&key);
    match meta {
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
