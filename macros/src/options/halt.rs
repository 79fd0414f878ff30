//! What an operation's death stops.

use syn::{Expr, Lit, Meta};

use super::leaving::leaving;
use super::written::{Entry, FromWritten, key, value};

/// `halt`, or `halt = expression`, read before each call.
#[derive(Debug)]
pub(crate) enum HaltOption {
    /// The process's.
    System,
    Of(Expr),
}

const EITHER: &str = "write `halt` alone to stop the whole program, or `halt = HALT` with a `wait_or_die::halt::Halt` of your own";

impl FromWritten for HaltOption {
    fn from_written(entry: &Entry<'_>) -> syn::Result<Self> {
        match entry.meta {
            Meta::Path(_) => return Ok(Self::System),
            Meta::List(list) => {
                let key = key(entry)?;
                return Err(syn::Error::new_spanned(
                    list,
                    format!("`{key}` takes no list; {EITHER}"),
                ));
            }
            Meta::NameValue(_) => {}
        }
        let expr = value(entry)?;
        if let Some(mistake) = mistaken(expr) {
            return Err(syn::Error::new_spanned(expr, mistake));
        }
        leaving(expr, "halt", "halt = HALT").map_or_else(|| Ok(Self::Of(expr.clone())), Err)
    }
}

/// What is said of a value that is a `Halt` in no program.
fn mistaken(expr: &Expr) -> Option<String> {
    let mistake = match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Bool(switch) if switch.value => "`halt` is no switch; write `halt` alone".into(),
            Lit::Bool(_) => "`halt` is no switch; leave it out".into(),
            _ => format!("`halt` names what is stopped, and this is no `Halt`; {EITHER}"),
        },
        Expr::Closure(_)
        | Expr::Async(_)
        | Expr::Array(_)
        | Expr::Assign(_)
        | Expr::Break(_)
        | Expr::Continue(_)
        | Expr::Let(_)
        | Expr::Range(_)
        | Expr::Repeat(_)
        | Expr::Tuple(_)
        | Expr::Yield(_) => {
            format!("`halt` names what is stopped, and this is no `Halt`; {EITHER}")
        }
        _ => return None,
    };
    Some(mistake)
}
