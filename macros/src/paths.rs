//! Options that are paths: the runtime crate and the functions that a user names.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Expr, Path};

/// The runtime crate's path where `crate = ..` is not written.
pub(crate) fn default_crate() -> Path {
    syn::parse_quote!(::wait_or_die)
}

/// The crate's path as if it were written at another place.
///
/// An expression begins where its first token was written, so that one which begins with a path
/// from the attribute would drag every error there.
pub(crate) fn at(krate: &Path, span: Span) -> TokenStream {
    (krate.to_token_stream().into_iter())
        .map(|mut token| {
            token.set_span(token.span().located_at(span));
            token
        })
        .collect()
}

/// The path of `crate = ..`, which has to mean the same in every module.
///
/// The expansion opens blocks of its own and is often written by other macros, so a path that
/// depends on where it stands would be found in the one place and not in the other.
pub(crate) fn absolute(path: &Path) -> syn::Result<()> {
    let first = path.segments.first().map(|segment| &segment.ident);
    let rooted = path.leading_colon.is_some()
        || first.is_some_and(|first| first == "crate" || first == "$crate");
    if rooted {
        return Ok(());
    }
    let tail = |skip| {
        let rest: Vec<String> = (path.segments.iter().skip(skip))
            .map(|segment| segment.ident.to_string())
            .collect();
        rest.join("::")
    };
    let relative =
        first.is_some_and(|first| first == "self" || first == "super" || first == "Self");
    let message = if relative {
        format!(
            "`crate` must not depend on the module; write the path from the root, such as `crate::{}`",
            if path.segments.len() > 1 {
                tail(1)
            } else {
                "wait_or_die".to_owned()
            }
        )
    } else {
        let name = tail(0);
        format!(
            "`crate` must be an absolute path; write `crate = ::{name}`, or `crate = crate::{name}` for a re-export of this crate"
        )
    };
    Err(syn::Error::new_spanned(path, message))
}

/// The path that is written for `key`; `what` says what it should lead to.
pub(crate) fn path(key: &str, what: &str, expr: &Expr) -> syn::Result<Path> {
    let refuse = |advice: String| {
        Err(syn::Error::new_spanned(
            expr,
            format!("`{key}` takes the path of {what}; {advice}"),
        ))
    };
    match expr {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path.clone()),
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) if text.parse::<Path>().is_ok() => refuse(format!(
                "write it without quotes: `{key} = {}`",
                text.value()
            )),
            _ => refuse(format!("write `{key} = path::to::it`")),
        },
        Expr::Call(call) if call.args.is_empty() && matches!(&*call.func, Expr::Path(_)) => {
            let Expr::Path(function) = &*call.func else {
                return refuse(format!("write `{key} = path::to::it`"));
            };
            let segments = function
                .path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string());
            let name = segments.collect::<Vec<_>>().join("::");
            refuse(format!(
                "write it without the parentheses: `{key} = {name}`"
            ))
        }
        Expr::Closure(_) => refuse("write a function with a name and give its path".to_owned()),
        _ => refuse(format!("write `{key} = path::to::it`")),
    }
}
