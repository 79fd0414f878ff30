//! Options that say which errors are worth another attempt.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Lit, Pat};

use super::errors::{advise, list_of};
use super::written::{self, Entry, FromWritten, value};

/// Who decides: `abort_on` first, then `retry_on` or `retry_if`, else the error's own `Classify`.
#[derive(Debug, Default)]
pub(crate) struct Decision {
    /// A path or a closure.
    pub(crate) retry_if: Option<Expr>,
    /// Empty where the option is not written.
    pub(crate) retry_on: Vec<Arm>,
    /// Empty where the option is not written.
    pub(crate) abort_on: Vec<Arm>,
}

/// One pattern as in a `match`, with alternatives and a guard: `A(_) | B if ready()`.
///
/// Its tokens fit behind the comma of `matches!`.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) pat: Pat,
    pub(crate) guard: Option<Expr>,
}

impl ToTokens for Arm {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.pat.to_tokens(tokens);
        if let Some(guard) = &self.guard {
            tokens.extend(quote::quote!(if #guard));
        }
    }
}

/// A question about an error, `retry_if = path | closure`.
pub(super) struct Predicate(pub(super) Expr);

impl FromWritten for Predicate {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let key = written::key(entry)?;
        let expr = value(entry)?;
        let advice = match expr {
            Expr::Closure(closure) if closure.asyncness.is_some() => {
                "an error is judged on the spot; write the closure without `async`".to_owned()
            }
            Expr::Closure(closure) if closure.inputs.len() != 1 => {
                "it is given the error; write `|error| error.is_timeout()`".to_owned()
            }
            Expr::Path(_) | Expr::Closure(_) => return Ok(Self(expr.clone())),
            _ => match written::literal(expr) {
                Some(Lit::Str(text)) if text.parse::<syn::Path>().is_ok() => {
                    format!("write it without quotes: `{key} = {}`", text.value())
                }
                Some(Lit::Bool(_)) => every_error(&key).to_owned(),
                _ => {
                    let path = entry.example().rsplit(' ').next().unwrap_or_default();
                    format!("write `{path}` or `|error| error.is_timeout()`")
                }
            },
        };
        Err(syn::Error::new_spanned(
            expr,
            format!("`{key}` takes the path of a function or a closure; {advice}"),
        ))
    }
}

/// What to write in place of `true` or `false`.
fn every_error(key: &Ident) -> &'static str {
    if key == "retry_if" {
        "write `|_| true` to retry on every error, or `max_retries = 0` to retry on none"
    } else {
        "write `|_| true` for every error, or `|_| false` for none"
    }
}

/// `retry_on(..)` and `abort_on(..)`.
pub(super) struct Arms(pub(super) Vec<Arm>);

impl FromWritten for Arms {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        list_of(entry, arm).map(Self)
    }
}

fn arm(input: ParseStream<'_>) -> syn::Result<Arm> {
    let pat = Pat::parse_multi_with_leading_vert(input)
        .map_err(|error| advise(&error, "write a pattern such as `MyError::Timeout { .. }`"))?;
    let guard = if input.peek(syn::Token![if]) {
        let _if: syn::Token![if] = input.parse()?;
        let guard = input.parse();
        Some(guard.map_err(|error| advise(&error, "write a condition after `if`"))?)
    } else {
        None
    };
    match &pat {
        Pat::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => Err(syn::Error::new_spanned(
            &pat,
            "a text matches no error; write a pattern of the error's type, such as `MyError::Timeout { .. }`",
        )),
        Pat::Ident(name) if guard.is_none() && binds_everything(name) => {
            Err(syn::Error::new_spanned(
                &pat,
                format!(
                    "`{0}` on its own is a new name that matches every error; write a pattern such as `MyError::Timeout`, a guard as in `{0} if {0}.is_timeout()`, or `_`",
                    name.ident
                ),
            ))
        }
        _ => Ok(Arm { pat, guard }),
    }
}

/// A lower-case name is a binding. Others can be constants or imported variants; where they are
/// not, the compiler says so itself.
fn binds_everything(name: &syn::PatIdent) -> bool {
    let lower = |letter: char| letter.is_lowercase() || letter == '_';
    name.subpat.is_none() && name.ident.to_string().chars().next().is_some_and(lower)
}
