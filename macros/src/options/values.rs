//! Options with one value that is no quantity: names, switches, keys and paths.

use proc_macro2::Span;
use syn::{Expr, Ident, Lit, LitStr, Path};

use super::written::{self, Entry, FromWritten, key, value};
use crate::paths;

/// `name = ".."`.
pub(super) struct Name(pub(super) LitStr);

impl FromWritten for Name {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let expr = value(entry)?;
        match written::literal(expr) {
            Some(Lit::Str(text)) if text.value().trim().is_empty() => Err(syn::Error::new(
                text.span(),
                match entry.vocabulary.attribute {
                    "circuit_breaker" => {
                        "`name` is empty; write the breaker's name, such as `name = \"notion\"`"
                    }
                    _ => {
                        "`name` is empty; write the operation's name, or leave it out for the function's path"
                    }
                },
            )),
            Some(Lit::Str(text)) => Ok(Self(text.clone())),
            _ => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`name` takes a text; write it in quotes, such as `{}`",
                    entry.example()
                ),
            )),
        }
    }
}

/// `exponential_backoff = true | false`.
pub(super) struct Switch {
    pub(super) on: bool,
    pub(super) span: Span,
}

impl FromWritten for Switch {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = key(entry)?;
        let expr = value(entry)?;
        match written::literal(expr) {
            Some(Lit::Bool(switch)) => Ok(Self {
                on: switch.value,
                span: switch.span,
            }),
            _ => Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`{key}` takes `true` (waits double) or `false` (waits stay the same); write one of them, or `strategy = exponential`"
                ),
            )),
        }
    }
}

/// `crate = ..`.
pub(super) struct Crate(pub(super) Path);

impl FromWritten for Crate {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let path = paths::path("crate", "this library", value(entry)?)?;
        paths::absolute(&path)?;
        Ok(Self(path))
    }
}

/// The path of a constant or of a function.
pub(super) struct Named(pub(super) Path);

impl FromWritten for Named {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = key(entry)?.to_string();
        let expr = value(entry)?;
        let policy = match entry.vocabulary.attribute {
            "circuit_breaker" => "BreakerPolicy",
            _ => "RetryPolicy",
        };
        if key == "policy" && matches!(expr, Expr::Call(_) | Expr::MethodCall(_)) {
            return Err(syn::Error::new_spanned(
                expr,
                format!(
                    "`policy` takes the path of a `const`; write `const POLICY: {policy} = ..;` and `policy = POLICY`"
                ),
            ));
        }
        let what = match key.as_str() {
            "policy" => format!("a `const` of type `{policy}`"),
            _ => "a function".to_owned(),
        };
        paths::path(&key, &what, expr).map(Self)
    }
}

/// `attempt = identifier`.
pub(super) struct Binding(pub(super) Ident);

impl FromWritten for Binding {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let expr = value(entry)?;
        match written::word(expr) {
            Some(word)
                if word != "self" && word != "Self" && word != "crate" && word != "super" =>
            {
                Ok(Self(word.clone()))
            }
            _ => Err(syn::Error::new_spanned(
                expr,
                "`attempt` takes the name that the body uses for the attempt; write an identifier such as `attempt = attempt`",
            )),
        }
    }
}
