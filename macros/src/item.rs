//! The annotated function: signature parsed, body left as the tokens that the user typed.
//!
//! An opaque body survives code that does not parse yet, which is what an editor shows a macro
//! most of the time, and keeps every span where it was.

use crate::check::argument_names;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::{AttrStyle, Attribute, FnArg, Ident, Pat, ReturnType, Signature, Type, Visibility};

/// A function with a body.
pub(crate) struct FnItem {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// The user's own `{ .. }`.
    pub(crate) body: Group,
}

impl FnItem {
    /// Reads the item that `#[attribute]` stands on.
    pub(crate) fn parse(item: TokenStream, attribute: &str) -> syn::Result<Self> {
        (|input: ParseStream<'_>| Self::parse_from(input, attribute)).parse2(item)
    }

    fn parse_from(input: ParseStream<'_>, attribute: &str) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if !looks_like_fn(input) {
            return Err(input.error(format!(
                "`#[{attribute}]` belongs on a function; put it on the `fn` that makes the call",
            )));
        }
        let sig: Signature = input.parse()?;
        if input.peek(syn::Token![;]) {
            return Err(syn::Error::new(
                sig.ident.span(),
                format!(
                    "a function without a body makes no call; put `#[{attribute}]` on its implementation"
                ),
            ));
        }
        let (inner, body) = without_inner_attributes(braces(input)?);
        attrs.extend(inner);
        Ok(Self {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// The body, also where a `macro_rules!` matcher has wrapped it: `$body:block`.
fn braces(input: ParseStream<'_>) -> syn::Result<Group> {
    let mut token: TokenTree = input.parse()?;
    while let TokenTree::Group(group) = &token {
        let mut inside = group.stream().into_iter();
        token = match (group.delimiter(), inside.next(), inside.next()) {
            (Delimiter::Brace, ..) => return Ok(group.clone()),
            (Delimiter::None, Some(inner), None) => inner,
            _ => break,
        };
    }
    Err(syn::Error::new(
        token.span(),
        "expected the function's body in `{ .. }`",
    ))
}

/// Moves `#![..]` from the head of the body to the function, which is what they belong to: the
/// body becomes an expression, and an expression cannot carry them.
fn without_inner_attributes(body: Group) -> (Vec<Attribute>, Group) {
    let mut tokens = body.stream().into_iter();
    let inner = matches!(
        (tokens.next(), tokens.next()),
        (Some(TokenTree::Punct(hash)), Some(TokenTree::Punct(bang)))
            if hash.as_char() == '#' && bang.as_char() == '!'
    );
    let split = |input: ParseStream<'_>| {
        let attrs = input.call(Attribute::parse_inner)?;
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    match split.parse2(body.stream()) {
        Ok((mut attrs, rest)) if inner => {
            let mut group = Group::new(Delimiter::Brace, rest);
            group.set_span(body.span());
            for attr in &mut attrs {
                attr.style = AttrStyle::Outer;
            }
            (attrs, group)
        }
        _ => (Vec::new(), body),
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
        if ahead.parse::<TokenTree>().is_err() {
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

    /// The names that the arguments have in the body, `self` among them.
    pub(crate) fn names(&self) -> Vec<Ident> {
        let names = self.sig.inputs.iter().flat_map(|input| match input {
            FnArg::Receiver(receiver) => vec![Ident::from(receiver.self_token)],
            FnArg::Typed(typed) => argument_names(&typed.pat),
        });
        names.collect()
    }

    /// The arguments as a caller would pass them on: `self` and the names of the parameters.
    pub(crate) fn forwarded(&self) -> Vec<TokenStream> {
        self.sig
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Receiver(receiver) => Some(receiver.self_token.to_token_stream()),
                FnArg::Typed(typed) => match &*typed.pat {
                    Pat::Ident(pat) => {
                        let cfgs = cfgs(&typed.attrs);
                        let name = &pat.ident;
                        Some(quote!(#(#cfgs)* #name))
                    }
                    _ => None,
                },
            })
            .collect()
    }
}

/// The attributes that decide whether an argument is there at all; they have not been resolved yet
/// when the attribute on its function expands.
pub(crate) fn cfgs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}
