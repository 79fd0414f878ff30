//! The expression that chooses one of many breakers.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Macro, Token};

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
            _ => return leaving(expr).map_or_else(|| Ok(Self(expr.clone())), Err),
        };
        refuse(expr, advice)
    }
}

/// The mistake of an expression that can leave the function, or suspend it, before the call.
///
/// What it would leave is the call as a whole, unseen by retries, fallback and breaker.
fn leaving(expr: &Expr) -> Option<syn::Error> {
    let mut ways = Ways(None);
    ways.visit_expr_mut(&mut expr.clone());
    ways.0
}

const FAILS: &str = "write an expression that cannot fail, such as `key = host`, or compute it in the caller and pass it as an argument";
const WAITS: &str = "write a value that is there without waiting, such as `key = host`, or compute it in the caller and pass it as an argument";

/// The first way out.
struct Ways(Option<syn::Error>);

impl Ways {
    fn out(&mut self, place: proc_macro2::Span, word: &str, advice: &str) {
        self.0.get_or_insert_with(|| {
            let message = format!(
                "`{word}` cannot stand in a `key`, which is read before the call; {advice}"
            );
            syn::Error::new(place, message)
        });
    }
}

impl VisitMut for Ways {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match expr {
            // These leave or suspend themselves alone.
            Expr::Closure(_) | Expr::Async(_) => return,
            Expr::Try(found) => self.out(found.question_token.span(), "?", FAILS),
            Expr::Return(found) => self.out(found.return_token.span(), "return", FAILS),
            Expr::Await(found) => self.out(found.await_token.span(), ".await", WAITS),
            _ => {}
        }
        visit_mut::visit_expr_mut(self, expr);
    }

    fn visit_macro_mut(&mut self, call: &mut Macro) {
        // As `format_args!` has them; what other macros make of their tokens is theirs to say.
        let args = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(call.tokens.clone());
        for mut arg in args.into_iter().flatten() {
            self.visit_expr_mut(&mut arg);
        }
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
