//! The breaker round each attempt, or round the body alone.
//!
//! Output without `#[wait_or_die]` (paths shortened, and without the `__` of the locals):
//! ```text
//! async fn push(&self, n: u32) -> Result<Id, E> {
//!     static BREAKER: BreakerSite = BreakerSite::new("notion", file!(), line!());
//!     static SITE: Site = Site::unbounded(concat!(module_path!(), "::push"), file!(), line!());
//!     let mut call = BreakerCall::new(&SITE, &BREAKER);
//!     let out: Result<Id, E> = call.attempt(async move { BODY }).await;
//!     call.settle(&out, |error| ..);
//!     out
//! }
//! ```
//! The body runs at most once, so that it may consume its arguments: the block, or the closure of a
//! plain `fn`, is `move`, and asks nothing of them that the plain function does not. Only where a
//! predicate names an argument too does it borrow what it can.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::attempts::{Attempts, Flavour, located};
use super::judging::needs_parentheses;
use super::policy;
use crate::check::argument_names;
use crate::options::CircuitBreaker;
use crate::{paths, words};

impl Attempts<'_> {
    /// `let mut call = ..;`
    pub(super) fn open(&self) -> TokenStream {
        let krate = &self.annotations.krate;
        let call = match self.flavour {
            Flavour::Async(_) => mixed!(Call),
            Flavour::Blocking => mixed!(BlockingCall),
        };
        let call = mixed!(#krate::__private::#call::new(&__WAIT_OR_DIE_SITE));
        let call = match &self.annotations.breaker {
            None => call,
            Some(breaker) => self.behind(breaker, &mixed!(Guarded), &call),
        };
        mixed!(let mut __call = #call;)
    }

    /// A call behind the breaker, or behind that of its key. What the key borrows is given back
    /// before the first attempt.
    fn behind(
        &self,
        breaker: &CircuitBreaker,
        ty: &TokenStream,
        first: &TokenStream,
    ) -> TokenStream {
        // At the breaker's attribute, which may be another than the one that expands.
        let place = located(breaker.place);
        let krate = paths::at(&self.annotations.krate, place);
        let Some(key) = &breaker.key else {
            return quote_spanned!(place=> #krate::__private::#ty::new(#first, &__WAIT_OR_DIE_BREAKER));
        };
        let span = located(key.span());
        let value = self.in_function(key);
        let value = if needs_parentheses(key) {
            quote_spanned!(span=> &(#value))
        } else {
            quote_spanned!(span=> &#value)
        };
        quote_spanned!(place=> #krate::__private::#ty::keyed(#first, &__WAIT_OR_DIE_BREAKER, #value))
    }

    /// The body behind the breaker, without another attempt.
    pub(super) fn once(&self, breaker: &CircuitBreaker) -> TokenStream {
        let krate = &self.annotations.krate;
        let operation = policy::operation(self.name);
        let ret = &self.ret;
        let call = self.behind(breaker, &mixed!(BreakerCall), &mixed!(&__WAIT_OR_DIE_SITE));
        let moved = (!self.is_borrowed(breaker)).then(|| mixed!(move));
        let attempt = match self.flavour {
            Flavour::Async(span) => {
                let block = self.typed_block();
                let block = quote_spanned!(located(span)=> async #moved #block);
                quote_spanned!(self.on_type()=> (&mut __call).attempt(#block).await)
            }
            Flavour::Blocking => self.run(moved.as_ref()),
        };
        let outcome = self.outcome(breaker);
        // At the error's type, as the attempt: of one mistake in it the compiler then speaks once.
        let settle =
            quote_spanned!(self.on_type()=> (&mut __call).settle(&__out, |__error| #outcome));
        mixed! {
            static __WAIT_OR_DIE_SITE: #krate::__private::Site =
                #krate::__private::Site::unbounded(#operation, ::core::file!(), ::core::line!());
            let mut __call = #call;
            let __out: #ret = #attempt;
            #settle;
            __out
        }
    }

    /// Whether a predicate, which is asked after the attempt, reads an argument.
    fn is_borrowed(&self, breaker: &CircuitBreaker) -> bool {
        let predicates = [&breaker.failure_if, &breaker.ignore_if];
        (predicates.into_iter().flatten()).any(|predicate| match predicate {
            Expr::Closure(closure) => {
                let bound: Vec<Ident> = closure.inputs.iter().flat_map(argument_names).collect();
                let names = self.names.iter().filter(|name| !bound.contains(name));
                let names: Vec<Ident> = names.cloned().collect();
                words::read_any(closure.body.to_token_stream(), &names)
            }
            // An argument that is itself a function.
            Expr::Path(path) => {
                (path.path.get_ident()).is_some_and(|name| self.names.contains(name))
            }
            _ => false,
        })
    }

    /// What an error is to the breaker: by `ignore_if` and `failure_if`, else by `Classify` if the
    /// error has it, else a failure. Which of the two is found by the methods that it has.
    fn outcome(&self, breaker: &CircuitBreaker) -> TokenStream {
        let krate = &self.annotations.krate;
        let found = mixed! {
            #[allow(unused_imports)]
            use #krate::__private::{ByClassify as _, ByDefault as _};
            (&&#krate::__private::Unknown(__error)).__wait_or_die_outcome()
        };
        let judged = self.judged(breaker, &found, &|outcome| outcome);
        judged.unwrap_or_else(|| mixed!({ #found }))
    }

    /// An expression of the user's that is evaluated in the function, where `self` may have another
    /// name.
    pub(super) fn in_function(&self, expr: &Expr) -> TokenStream {
        match &self.receiver {
            Some(receiver) => renamed(expr.to_token_stream(), receiver),
            None => expr.to_token_stream(),
        }
    }
}

/// The tokens with another name in place of `self`; `self::` is a module and stays.
fn renamed(tokens: TokenStream, receiver: &TokenStream) -> TokenStream {
    let mut renamed = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(word) if word == "self" => {
                let module =
                    matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
                if module {
                    renamed.extend([TokenTree::Ident(word)]);
                } else {
                    renamed.extend(receiver.clone());
                }
            }
            TokenTree::Group(group) => {
                let mut inner = proc_macro2::Group::new(
                    group.delimiter(),
                    self::renamed(group.stream(), receiver),
                );
                inner.set_span(group.span());
                renamed.extend([TokenTree::Group(inner)]);
            }
            other => renamed.extend([other]),
        }
    }
    renamed
}
