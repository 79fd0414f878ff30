//! Expressions that are read before a call and must not end it.

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Macro, Token};

/// The mistake of an expression that can leave the function, or suspend it, before the call.
///
/// What it would leave is the call as a whole, unseen by retries, fallback and breaker.
///
/// `example` is how the option is written.
pub(super) fn leaving(
    expr: &Expr,
    option: &'static str,
    example: &'static str,
) -> Option<syn::Error> {
    let mut ways = Ways {
        option,
        example,
        first: None,
    };
    ways.visit_expr_mut(&mut expr.clone());
    ways.first
}

const FAILS: &str = "an expression that cannot fail";
const WAITS: &str = "a value that is there without waiting";

/// The first way out.
struct Ways {
    option: &'static str,
    example: &'static str,
    first: Option<syn::Error>,
}

impl Ways {
    fn out(&mut self, place: proc_macro2::Span, word: &str, advice: &str) {
        let Self {
            option,
            example,
            first,
        } = self;
        first.get_or_insert_with(|| {
            let message = format!(
                "`{word}` cannot stand in a `{option}`, which is read before the call; write {advice}, such as `{example}`, or compute it in the caller and pass it as an argument"
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
