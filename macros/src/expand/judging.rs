//! What an outcome means: the verdict for the retry, the outcome for the breaker, what is recorded.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Expr;
use syn::spanned::Spanned;

use super::attempts::{Attempts, located};
use crate::options::{Arm, CircuitBreaker, WaitOrDie};
use crate::paths;

impl Attempts<'_> {
    /// The judging of an outcome: verdict, recorded fields, `on_retry`.
    ///
    /// What is not written is a named function and no closure, so that all annotated functions
    /// with the same return type share one copy of the judging.
    pub(super) fn settle(&self, options: &WaitOrDie) -> TokenStream {
        let krate = &self.annotations.krate;
        let verdict = self.verdict(options);
        let fields = self.fields(options);
        let hook = if let Some(path) = &options.on_retry {
            let krate = paths::at(krate, path.span());
            let told =
                quote_spanned!(located(path.span())=> #krate::__private::hook(#path(__retry)));
            mixed!(|__retry| #told)
        } else {
            mixed!(#krate::__private::no_hook)
        };
        let on_error = self.on_type();
        let krate = paths::at(krate, on_error);
        quote_spanned!(on_error=>
            #krate::__private::Engine::settle(&mut __call, &__failed, #verdict, #fields, #hook)
        )
    }

    /// The judging of a failed attempt as a function of its error and of whether it was cut off.
    fn verdict(&self, options: &WaitOrDie) -> TokenStream {
        let krate = &self.annotations.krate;
        let breaker = self.annotations.breaker.as_ref();
        let judged = breaker.and_then(|breaker| {
            let none = mixed!(#krate::__private::None);
            self.judged(
                breaker,
                &none,
                &|outcome| mixed!(#krate::__private::Some(#outcome)),
            )
        });
        let decision = &options.decision;
        let plain = decision.abort_on.is_empty()
            && decision.retry_on.is_empty()
            && decision.retry_if.is_none();
        match judged {
            None if plain => self.by_classify(),
            None => {
                let verdict = self.decided(options);
                mixed!(|__error, __cut| #verdict)
            }
            Some(outcome) => {
                let verdict = self.decided(options);
                mixed!(|__error, __cut| #krate::__private::assessed(#verdict, __cut, || #outcome))
            }
        }
    }

    fn by_classify(&self) -> TokenStream {
        let on_error = self.on_type();
        let krate = paths::at(&self.annotations.krate, on_error);
        quote_spanned!(on_error=> #krate::__private::classify_attempt)
    }

    /// `abort_on` first; then `retry_on`, else `retry_if`, else the error's own `Classify`, none of
    /// which is asked about an attempt that was cut off: its error is none of the body's.
    fn decided(&self, options: &WaitOrDie) -> TokenStream {
        let krate = &self.annotations.krate;
        let decision = &options.decision;
        let rest = if !decision.retry_on.is_empty() {
            let matched = self.matched(&decision.retry_on);
            mixed!(#krate::__private::retry_on(__cut, || #matched))
        } else if let Some(decide) = &decision.retry_if {
            let span = decide.span();
            let krate = paths::at(krate, span);
            let decide = self.in_function(decide);
            quote_spanned!(located(span)=> #krate::__private::retry_if(__error, __cut, #decide))
        } else {
            let classify = self.by_classify();
            mixed!(#classify(__error, __cut))
        };
        if decision.abort_on.is_empty() {
            return rest;
        }
        let matched = self.matched(&decision.abort_on);
        mixed!(if #matched { #krate::__private::Verdict::Permanent } else { #rest })
    }

    /// What an error is to the breaker by `ignore_if` and `failure_if`; `rest` where neither says.
    /// Nothing if none is written.
    pub(super) fn judged(
        &self,
        breaker: &CircuitBreaker,
        rest: &TokenStream,
        wrap: &dyn Fn(TokenStream) -> TokenStream,
    ) -> Option<TokenStream> {
        let krate = &self.annotations.krate;
        let asked = |predicate| {
            let span = Spanned::span(predicate);
            let krate = paths::at(krate, span);
            let predicate = self.in_function(predicate);
            quote_spanned!(located(span)=> #krate::__private::yes(__error, #predicate))
        };
        let outcome = |word| wrap(mixed!(#krate::__private::BreakerOutcome::#word));
        let failure = breaker.failure_if.as_ref().map(|predicate| {
            let asked = asked(predicate);
            let failure = outcome(mixed!(Failure));
            let success = outcome(mixed!(Success));
            mixed!(if #asked { #failure } else { #success })
        });
        let Some(predicate) = &breaker.ignore_if else {
            return failure;
        };
        let asked = asked(predicate);
        let ignore = outcome(mixed!(Ignore));
        let rest = failure.unwrap_or_else(|| mixed!({ #rest }));
        Some(mixed!(if #asked { #ignore } else #rest))
    }

    /// Whether the error matches one of the patterns; the patterns are the user's tokens.
    fn matched(&self, arms: &[Arm]) -> TokenStream {
        let arms = arms.iter().map(|arm| Arm {
            pat: arm.pat.clone(),
            guard: (arm.guard.as_ref()).map(|guard| Expr::Verbatim(self.in_function(guard))),
        });
        mixed!(match __error {
            #(#arms => true,)*
            #[allow(unreachable_patterns)]
            _ => false,
        })
    }

    fn fields(&self, options: &WaitOrDie) -> TokenStream {
        if options.fields.is_empty() {
            let krate = &self.annotations.krate;
            return mixed!(#krate::__private::no_fields);
        }
        let records = options.fields.iter().map(|field| {
            let name = &field.name;
            let expr = &field.expr;
            let span = located(expr.span());
            let value = self.in_function(expr);
            let value = if needs_parentheses(expr) {
                quote_spanned!(span=> &(#value))
            } else {
                quote_spanned!(span=> &#value)
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

/// Whether `&` in front would take only the first part of the expression.
pub(super) const fn needs_parentheses(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Assign(_) | Expr::Binary(_) | Expr::Cast(_) | Expr::Closure(_) | Expr::Range(_)
    )
}
