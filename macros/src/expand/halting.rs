//! The watch over a call whose death stops the program.
//!
//! Output with `halt` (paths shortened, and without the `__` of the locals):
//! ```text
//! async fn sync(&self) -> Result<Id, E> {
//!     static SITE: Site = ..;
//!     let watch = Watch::system(&SITE);
//!     (&watch).over(async {
//!         let mut call = Call::new(&SITE);
//!         let out: Result<Id, E> = loop { (&watch).starts(&call); .. };
//!         (&watch).ends(&call, &out);
//!         out
//!     }).await
//! }
//! ```
//! One more future round the whole, because a future alone can tell a panic from being dropped.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::attempts::{Attempts, Flavour, located};
use super::judging::needs_parentheses;
use crate::options::HaltOption;
use crate::paths;

impl Attempts<'_> {
    /// The attempts, with their end told to the watch before anything answers for it.
    pub(super) fn noted(&self, open: &TokenStream, attempts: &TokenStream) -> TokenStream {
        let ret = &self.ret;
        // At the error's type, as the judging: of one mistake in it the compiler then speaks once.
        let ends = quote_spanned!(self.on_type()=> (&__watch).ends(&__call, &__out));
        mixed! {
            #open
            let __out: #ret = #attempts;
            #ends;
            __out
        }
    }

    /// The whole of the function under the watch.
    pub(super) fn watched(&self, halt: &HaltOption, call: &TokenStream) -> TokenStream {
        let watch = self.watch(halt);
        let ret = &self.ret;
        // As above.
        let seen = match self.flavour {
            Flavour::Async(span) => {
                let block = quote_spanned!(located(span)=> async { #call });
                quote_spanned!(self.on_type()=> (&__watch).over(#block).await)
            }
            Flavour::Blocking => {
                let closure = quote_spanned!(located(self.name.span())=> || -> #ret { #call });
                quote_spanned!(self.on_type()=> (&__watch).run(#closure))
            }
        };
        mixed!(#watch #seen)
    }

    /// `let watch = ..;`
    fn watch(&self, halt: &HaltOption) -> TokenStream {
        let krate = &self.annotations.krate;
        match halt {
            HaltOption::System => mixed! {
                let __watch = #krate::__private::Watch::system(&__WAIT_OR_DIE_SITE);
            },
            HaltOption::Of(expr) => {
                // Of another type than it should be, the value is what is at fault.
                let span = located(expr.span());
                let at = paths::at(krate, span);
                let value = self.in_function(expr);
                let value = if needs_parentheses(expr) {
                    quote_spanned!(span=> &(#value))
                } else {
                    quote_spanned!(span=> &#value)
                };
                // In two steps, so that what is expected reaches no branch of an `if` inside, where no reference
                // becomes another.
                let halt = quote_spanned!(span=> __halt);
                let ty = quote_spanned!(span=> &#at::__private::Halt);
                mixed! {
                    let __halt = #value;
                    let __halt: #ty = #halt;
                    let __watch = #krate::__private::Watch::new(&__WAIT_OR_DIE_SITE, __halt);
                }
            }
        }
    }
}
