//! The loop of attempts around the user's body.
//!
//! Input:
//! ```text
//! async fn push(&self, mut n: u32) -> Result<Id, E> { BODY }
//! ```
//! Output (paths shortened, and without the `__` of the locals, which keeps them apart from
//! constants and statics of the user's: those are items, and hygiene does not hold for items):
//! ```text
//! async fn push(&self, n: u32) -> Result<Id, E> {
//!     const POLICY: RetryPolicy = RetryPolicy::new().with_..(..);
//!     static SITE: Site = Site::new(concat!(module_path!(), "::push"), file!(), line!(), POLICY);
//!     let mut call = Call::new(&SITE);
//!     loop {
//!         let attempt = async {
//!             if let Some(out) = None::<Result<Id, E>> { return out; }
//!             let mut n = n;
//!             let out: Result<Id, E> = { BODY };
//!             out
//!         };
//!         {
//!             let out: Result<Id, E> = call.attempt(attempt).await;
//!             if settle(&mut call, &out, classify, no_fields, no_hook).is_break() { break out; }
//!         }
//!         call.wait().await;
//!     }
//! }
//! ```
//! The attempt is a block, not a closure handed to a generic function: that would lose `Send` for
//! every borrow, and could not re-borrow `&mut` arguments.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::spanned::Spanned;

use super::muts::Rebound;
use super::policy;
use crate::options::{Arm, WaitOrDie};
use crate::paths;

/// How the function runs.
#[derive(Clone, Copy)]
pub(super) enum Flavour {
    /// An `async` block per attempt; the span is that of the user's `async`.
    Async(Span),
    Blocking,
}

/// Everything that the loop is made of.
pub(super) struct Attempts<'a> {
    pub(super) options: &'a WaitOrDie,
    pub(super) flavour: Flavour,
    pub(super) name: &'a Ident,
    pub(super) declared: &'a Type,
    /// The declared type, fit for a `let`.
    pub(super) ret: Type,
    pub(super) body: &'a Group,
    pub(super) muts: Vec<Rebound>,
    pub(super) forwarded: Vec<TokenStream>,
}

impl Attempts<'_> {
    pub(super) fn expand(&self) -> TokenStream {
        let items = policy::items(self.options, self.flavour, self.name);
        let attempts = self.attempts();
        let Some(path) = &self.options.fallback else {
            return mixed!(#items #attempts);
        };
        let krate = &self.options.krate;
        let ret = &self.ret;
        let forwarded = &self.forwarded;
        let call = quote_spanned!(located(path.span())=> #path(#(#forwarded,)* __error));
        let awaited = match self.flavour {
            Flavour::Async(_) => quote_spanned!(located(path.span())=> #call.await),
            Flavour::Blocking => call,
        };
        mixed! {
            #items
            let __out: #ret = { #attempts };
            match #krate::__private::Outcome::split(__out) {
                #krate::__private::Ok(__out) => __out,
                #krate::__private::Err(__error) => #awaited,
            }
        }
    }

    fn attempts(&self) -> TokenStream {
        let krate = &self.options.krate;
        let call = match self.flavour {
            Flavour::Async(_) => mixed!(Call),
            Flavour::Blocking => mixed!(BlockingCall),
        };
        let context = self
            .options
            .attempt
            .as_ref()
            .map(|name| mixed!(let #name = (&__call).context();));
        let out = self.out();
        let lint = match self.flavour {
            Flavour::Async(_) => None,
            Flavour::Blocking => Some(mixed!(#[allow(clippy::redundant_closure_call)])),
        };
        let settle = self.settle();
        // A plain `fn` keeps the failed outcome while it sleeps. An `async fn` must not: an error
        // that is not `Send` would take `Send` from the future.
        let (sleep, wait) = match self.flavour {
            Flavour::Async(_) => (None, Some(mixed!((&mut __call).wait().await;))),
            Flavour::Blocking => (
                Some(mixed! {
                    if !(&mut __call).wait() {
                        break __out;
                    }
                }),
                None,
            ),
        };
        // Methods are called on references, because a trait of the user's for every type can have a
        // method of the same name that takes `self`.
        mixed! {
            let mut __call = #krate::__private::#call::new(&__WAIT_OR_DIE_SITE);
            loop {
                #lint
                {
                    #context
                    #out
                    if ::core::ops::ControlFlow::is_break(&#settle) {
                        break __out;
                    }
                    #sleep
                }
                #wait
            }
        }
    }

    /// `let out = ..;`, the outcome of one attempt.
    fn out(&self) -> TokenStream {
        let krate = &self.options.krate;
        let ret = &self.ret;
        let attempt = self.attempt();
        if self.options.clone.is_empty() {
            return mixed!(let __out: #ret = #attempt;);
        }
        let clones = self.options.clone.iter().map(|name| {
            // The bound of `clone` is reported on the name that was asked for.
            let value =
                quote_spanned!(located(name.span())=> #krate::__private::Clone::clone(&#name));
            mixed!(#[allow(clippy::shadow_reuse)] let #name = #value;)
        });
        // The clones end with the attempt: `fields(..)` is evaluated with the arguments themselves.
        mixed! {
            let __out: #ret;
            {
                #(#clones)*
                __out = #attempt;
            }
        }
    }

    /// One attempt, as an expression of the declared type.
    fn attempt(&self) -> TokenStream {
        let krate = &self.options.krate;
        let ret = &self.ret;
        let body = self.body;
        let rebound = &self.muts;
        // The declared type is known before the body is checked: coercions such as
        // `Err(Box::new(e))`, `?` and error spans work as in the plain function.
        let typed = mixed! {
            #(#rebound)*
            #[allow(unused_braces, clippy::diverging_sub_expression)]
            let __out: #ret = #body;
            #[allow(unreachable_code)]
            __out
        };
        let on_type = located(error_span(self.declared));
        match self.flavour {
            Flavour::Async(span) => {
                let block = mixed! {{
                    if let #krate::__private::Some(__out) = #krate::__private::None::<#ret> {
                        return __out;
                    }
                    #typed
                }};
                let block = quote_spanned!(located(span)=> async #block);
                quote_spanned!(on_type=> (&mut __call).attempt(#block).await)
            }
            Flavour::Blocking => {
                // At the function's name: a consumed argument is reported where the closure starts.
                let body = mixed!({ #typed });
                let run = quote_spanned!(located(self.name.span())=> (|| -> #ret #body)());
                mixed!({
                    let __inside = (&__call).enter();
                    #run
                })
            }
        }
    }

    /// The judging of an outcome: verdict, recorded fields, `on_retry`.
    ///
    /// What is not written is a named function and no closure, so that all annotated functions
    /// with the same return type share one copy of the judging.
    fn settle(&self) -> TokenStream {
        let krate = &self.options.krate;
        let verdict = self.verdict();
        let fields = self.fields();
        let hook = if let Some(path) = &self.options.on_retry {
            let krate = paths::at(krate, path.span());
            let told =
                quote_spanned!(located(path.span())=> #krate::__private::hook(#path(__retry)));
            mixed!(|__retry| #told)
        } else {
            mixed!(#krate::__private::no_hook)
        };
        let on_error = located(error_span(self.declared));
        let krate = paths::at(krate, on_error);
        quote_spanned!(on_error=>
            #krate::__private::Engine::settle(&mut __call, &__out, #verdict, #fields, #hook)
        )
    }

    /// `abort_on` first; then `retry_on`, else `retry_if`, else the error's own `Classify`, none of
    /// which is asked about an attempt that was cut off: its error is none of the body's.
    fn verdict(&self) -> TokenStream {
        let krate = &self.options.krate;
        let decision = &self.options.decision;
        let rest = if !decision.retry_on.is_empty() {
            let matched = matched(&decision.retry_on);
            mixed!(#krate::__private::retry_on(__cut, || #matched))
        } else if let Some(decide) = &decision.retry_if {
            let krate = paths::at(krate, decide.span());
            quote_spanned!(located(decide.span())=>
                #krate::__private::retry_if(__error, __cut, #decide))
        } else {
            let on_error = located(error_span(self.declared));
            let krate = paths::at(krate, on_error);
            let classify = quote_spanned!(on_error=> #krate::__private::classify_attempt);
            if decision.abort_on.is_empty() {
                return classify;
            }
            mixed!(#classify(__error, __cut))
        };
        if decision.abort_on.is_empty() {
            return mixed!(|__error, __cut| #rest);
        }
        let matched = matched(&decision.abort_on);
        mixed!(|__error, __cut| if #matched { #krate::__private::Verdict::Permanent } else { #rest })
    }

    fn fields(&self) -> TokenStream {
        if self.options.fields.is_empty() {
            let krate = &self.options.krate;
            return mixed!(#krate::__private::no_fields);
        }
        let records = self.options.fields.iter().map(|field| {
            let name = &field.name;
            let expr = &field.expr;
            let span = located(expr.span());
            let value = if needs_parentheses(expr) {
                quote_spanned!(span=> &(#expr))
            } else {
                quote_spanned!(span=> &#expr)
            };
            if field.display {
                quote_spanned!(span=> __fields.record_display(#name, #value);)
            } else {
                quote_spanned!(span=> __fields.record(#name, #value);)
            }
        });
        mixed!(|__fields| { #(#records)* })
    }
}

/// Whether the error matches one of the patterns; the patterns are the user's tokens.
fn matched(arms: &[Arm]) -> TokenStream {
    mixed!(match __error {
        #(#arms => true,)*
        #[allow(unreachable_patterns)]
        _ => false,
    })
}

/// Whether `&` in front would take only the first part of the expression.
const fn needs_parentheses(expr: &syn::Expr) -> bool {
    matches!(
        expr,
        syn::Expr::Assign(_)
            | syn::Expr::Binary(_)
            | syn::Expr::Cast(_)
            | syn::Expr::Closure(_)
            | syn::Expr::Range(_)
    )
}

/// The macro's hygiene at the user's place.
fn located(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// Where the error type stands, if the return type shows it.
fn error_span(declared: &Type) -> Span {
    if let Type::Path(path) = declared
        && let Some(last) = path.path.segments.last()
        && let syn::PathArguments::AngleBracketed(args) = &last.arguments
        && args.args.len() > 1
        && let Some(error) = args.args.last()
    {
        return error.span();
    }
    declared.span()
}
