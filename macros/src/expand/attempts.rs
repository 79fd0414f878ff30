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
//!             if let Some(out) = none::<Result<Id, E>>() { return out; }
//!             let mut n = n;
//!             let out: Result<Id, E> = { BODY };
//!             out
//!         };
//!         {
//!             let out: Result<Id, E> = call.attempt(attempt).await;
//!             if passed(&mut call, &out) { break out; }
//!             let failed: Result<Id, E> = out.failure();
//!             if settle(&mut call, &failed, classify, no_fields, no_hook).is_break() { break failed; }
//!         }
//!         call.wait().await;
//!     }
//! }
//! ```
//! The attempt is a block, not a closure handed to a generic function: that would lose `Send` for
//! every borrow, and could not re-borrow `&mut` arguments.
//!
//! The judging is a call, so that what it is given has an address. A failure is moved before it is judged, and a success
//! can stay in registers, where it would be copied twice while it is still being written.

use proc_macro2::{Group, Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;
use syn::spanned::Spanned;

use super::muts::Rebound;
use super::{breaker, policy};
use crate::check::Annotations;
use crate::options::WaitOrDie;
use crate::paths;

/// How the function runs.
#[derive(Clone, Copy)]
pub(super) enum Flavour {
    /// An `async` block per attempt; the span is that of the user's `async`.
    Async(Span),
    Blocking,
}

/// Everything that the block of the function is made of.
pub(super) struct Attempts<'a> {
    pub(super) annotations: &'a Annotations,
    pub(super) flavour: Flavour,
    pub(super) name: &'a Ident,
    pub(super) declared: &'a Type,
    /// The declared type, fit for a `let`.
    pub(super) ret: Type,
    pub(super) body: &'a Group,
    pub(super) muts: Vec<Rebound>,
    pub(super) forwarded: Vec<TokenStream>,
    /// The names of the arguments.
    pub(super) names: Vec<Ident>,
    /// What stands for `self` where `#[async_trait]` has given it another name.
    pub(super) receiver: Option<TokenStream>,
}

impl Attempts<'_> {
    pub(super) fn expand(&self) -> TokenStream {
        let krate = &self.annotations.krate;
        let breaker = self.annotations.breaker.as_ref();
        let items = breaker.map(|breaker| breaker::items(krate, breaker));
        let rest = match (&self.annotations.wait, breaker) {
            (Some(options), _) => self.bounded(options),
            (None, Some(breaker)) => self.once(breaker),
            (None, None) => self.body.stream(),
        };
        mixed!(#items #rest)
    }

    /// Under `#[wait_or_die]`, with or without a breaker.
    fn bounded(&self, options: &WaitOrDie) -> TokenStream {
        let items = policy::items(self.annotations, options, self.flavour, self.name);
        let call = self.answered(options);
        let call = match &options.halt {
            Some(halt) => self.watched(halt, &call),
            None => call,
        };
        mixed!(#items #call)
    }

    /// The attempts, and what answers for them in the end.
    fn answered(&self, options: &WaitOrDie) -> TokenStream {
        let attempts = self.attempts(options);
        let Some(path) = &options.fallback else {
            return attempts;
        };
        let krate = &self.annotations.krate;
        let ret = &self.ret;
        let forwarded = &self.forwarded;
        let call = quote_spanned!(located(path.span())=> #path(#(#forwarded,)* __error));
        let awaited = match self.flavour {
            Flavour::Async(_) => quote_spanned!(located(path.span())=> #call.await),
            Flavour::Blocking => call,
        };
        mixed! {
            let __out: #ret = { #attempts };
            match #krate::__private::Outcome::split(__out) {
                #krate::__private::Ok(__out) => __out,
                #krate::__private::Err(__error) => #awaited,
            }
        }
    }

    fn attempts(&self, options: &WaitOrDie) -> TokenStream {
        let ret = &self.ret;
        let open = self.open();
        let context =
            (options.attempt.as_ref()).map(|name| mixed!(let #name = (&__call).context();));
        let out = self.out(options);
        let lint = match (self.flavour, &self.annotations.breaker) {
            (Flavour::Blocking, None) => Some(mixed!(#[allow(clippy::redundant_closure_call)])),
            _ => None,
        };
        let (passed, failure) = self.parted();
        let settle = self.settle(options);
        // A plain `fn` keeps the failed outcome while it sleeps. An `async fn` must not: an error
        // that is not `Send` would take `Send` from the future.
        let (sleep, wait) = match self.flavour {
            Flavour::Async(_) => (None, Some(mixed!((&mut __call).wait().await;))),
            Flavour::Blocking => (
                Some(mixed! {
                    if !(&mut __call).wait() {
                        break __failed;
                    }
                }),
                None,
            ),
        };
        let starts = (options.halt.as_ref()).map(|_| mixed!((&__watch).starts(&__call);));
        // Methods are called on references, because a trait of the user's for every type can have a
        // method of the same name that takes `self`.
        let attempts = mixed! {
            loop {
                #lint
                {
                    #starts
                    #context
                    #out
                    if #passed {
                        break __out;
                    }
                    let __failed: #ret = #failure;
                    if ::core::ops::ControlFlow::is_break(&#settle) {
                        break __failed;
                    }
                    #sleep
                }
                #wait
            }
        };
        if options.halt.is_some() {
            self.noted(&open, &attempts)
        } else {
            mixed!(#open #attempts)
        }
    }

    /// Whether the attempt has succeeded, which is settled with it; and its failure, in a place of its own. At the
    /// type, as the judging: of one mistake in it the compiler then speaks once.
    fn parted(&self) -> (TokenStream, TokenStream) {
        let on_type = self.on_type();
        let krate = paths::at(&self.annotations.krate, on_type);
        (
            quote_spanned!(on_type=> #krate::__private::Engine::passed(&mut __call, &__out)),
            quote_spanned!(on_type=> #krate::__private::Outcome::failure(__out)),
        )
    }

    /// `let out = ..;`, the outcome of one attempt.
    fn out(&self, options: &WaitOrDie) -> TokenStream {
        let krate = &self.annotations.krate;
        let ret = &self.ret;
        let attempt = self.attempt();
        if options.clone.is_empty() {
            return mixed!(let __out: #ret = #attempt;);
        }
        let clones = options.clone.iter().map(|name| {
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
        match (self.flavour, &self.annotations.breaker) {
            (Flavour::Async(span), _) => {
                let block = self.typed_block();
                let block = quote_spanned!(located(span)=> async #block);
                quote_spanned!(self.on_type()=> (&mut __call).attempt(#block).await)
            }
            (Flavour::Blocking, Some(_)) => self.run(None),
            (Flavour::Blocking, None) => {
                let closure = self.closure(None);
                let run = quote_spanned!(located(self.name.span())=> (#closure)());
                mixed!({
                    let __inside = (&__call).enter();
                    #run
                })
            }
        }
    }

    /// A plain `fn`'s attempt behind a breaker, which may refuse to run it.
    pub(super) fn run(&self, moved: Option<&TokenStream>) -> TokenStream {
        let closure = self.closure(moved);
        quote_spanned!(self.on_type()=> (&mut __call).run(#closure))
    }

    /// The body as a closure, at the function's name: a consumed argument is reported where the
    /// closure starts.
    fn closure(&self, moved: Option<&TokenStream>) -> TokenStream {
        let ret = &self.ret;
        let typed = self.typed();
        let body = mixed!({ #typed });
        quote_spanned!(located(self.name.span())=> #moved || -> #ret #body)
    }

    /// The block behind `async`.
    pub(super) fn typed_block(&self) -> TokenStream {
        let krate = &self.annotations.krate;
        let ret = &self.ret;
        let typed = self.typed();
        // By one name without a path: of two errors at the very same place the compiler tells one.
        let none = quote_spanned!(self.on_type()=> __wait_or_die_none());
        mixed! {{
            if let #krate::__private::Some(__out) = {
                use #krate::__private::none as __wait_or_die_none;
                let __none: #krate::__private::Option<#ret> = #none;
                __none
            } {
                return __out;
            }
            #typed
        }}
    }

    /// The body, of the declared type: that is known before the body is checked, so that coercions
    /// such as `Err(Box::new(e))`, `?` and error spans work as in the plain function.
    fn typed(&self) -> TokenStream {
        let ret = &self.ret;
        let body = self.body;
        let rebound = &self.muts;
        mixed! {
            #(#rebound)*
            #[allow(unused_braces, clippy::diverging_sub_expression)]
            let __out: #ret = #body;
            #[allow(unreachable_code)]
            __out
        }
    }

    /// Where a missing `From<wait_or_die::Error>` is reported.
    pub(super) fn on_type(&self) -> Span {
        located(error_span(self.declared))
    }
}

/// The macro's hygiene at the user's place.
pub(super) fn located(span: Span) -> Span {
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
