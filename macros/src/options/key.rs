//! The expression that chooses one of many breakers.

use syn::Expr;

use super::leaving::leaving;
use super::written::{Entry, FromWritten, value};

/// `key = expression`, read before each call.
pub(super) struct Key(pub(super) Expr);

impl FromWritten for Key {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        let expr = value(entry)?;
        let refuse = |place, advice| {
            Err(syn::Error::new_spanned(
                place,
                format!("`key` takes a value that names one of many breakers; {advice}"),
            ))
        };
        let advice = match expr {
            Expr::Lit(_) => {
                "this one is the same for every call; write a value that tells calls apart, such as `key = host`, or leave it out"
            }
            Expr::Closure(_) => {
                "it is evaluated for each call as it stands; write the value itself, such as `key = host`"
            }
            Expr::Async(_) | Expr::Await(_) => {
                "it is needed at once; write a value that is there without waiting, such as `key = host`"
            }
            Expr::Assign(_)
            | Expr::Array(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Let(_)
            | Expr::Range(_)
            | Expr::Repeat(_)
            | Expr::Return(_)
            | Expr::Tuple(_)
            | Expr::Yield(_) => {
                "write a value that is `Display`, such as `key = host` or `key = format_args!(\"{host}/{port}\")`"
            }
            _ => {
                return leaving(expr, "key", "key = host")
                    .map_or_else(|| Ok(Self(expr.clone())), Err);
            }
        };
        refuse(expr, advice)
    }
}
