//! The annotated function: signature parsed, body left as the tokens that the user typed.
//!
//! An opaque body survives code that does not parse yet, which is what an editor shows a macro
//! most of the time, and keeps every span where it was.

use proc_macro2::{Delimiter, Group};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, FnArg, Ident, Pat, ReturnType, Signature, Type, Visibility};

/// A function with a body.
pub(crate) struct FnItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// The user's own `{ .. }`.
    pub(crate) body: Group,
}

impl Parse for FnItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !looks_like_fn(input) {
            return Err(input.error(
                "`#[wait_or_die]` belongs on a function; put it on the `fn` whose body is one attempt",
            ));
        }
        let sig: Signature = input.parse()?;
        if input.peek(syn::Token![;]) {
            return Err(syn::Error::new(
                sig.ident.span(),
                "a function without a body has no attempt to repeat; put `#[wait_or_die]` on its implementation",
            ));
        }
        let body: Group = input.parse()?;
        if body.delimiter() != Delimiter::Brace {
            return Err(syn::Error::new(
                body.span(),
                "expected the function's body in `{ .. }`",
            ));
        }
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// Whether a signature starts here, whatever stands before its `fn`.
fn looks_like_fn(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    while ahead.peek(syn::Token![const])
        || ahead.peek(syn::Token![async])
        || ahead.peek(syn::Token![unsafe])
        || ahead.peek(syn::Token![extern])
        || ahead.peek(syn::Lit)
    {
        if ahead.parse::<proc_macro2::TokenTree>().is_err() {
            return false;
        }
    }
    ahead.peek(syn::Token![fn])
}

impl FnItem {
    /// The declared return type, if there is one.
    pub(crate) fn output(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Type(_, ty) => Some(ty),
            ReturnType::Default => None,
        }
    }

    /// Takes `mut` off the plain by-value parameters and names them.
    ///
    /// They are bound anew inside each attempt; left in the signature, an attempt would go on
    /// with what the one before it made of them.
    pub(crate) fn take_muts(&mut self) -> Vec<Ident> {
        self.sig
            .inputs
            .iter_mut()
            .filter_map(|input| match input {
                FnArg::Typed(typed) => match &mut *typed.pat {
                    Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                        pat.mutability.take().map(|_| pat.ident.clone())
                    }
                    _ => None,
                },
                FnArg::Receiver(_) => None,
            })
            .collect()
    }

    /// The arguments as a caller would pass them on: `self` and the names of the parameters.
    pub(crate) fn forwarded(&self) -> Vec<proc_macro2::TokenStream> {
        self.sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Receiver(receiver) => Some(receiver.self_token.to_token_stream()),
                FnArg::Typed(typed) => match &*typed.pat {
                    Pat::Ident(pat) => Some(pat.ident.to_token_stream()),
                    _ => None,
                },
            })
            .collect()
    }
}
