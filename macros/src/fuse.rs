//! Several attributes of ours on one function become one expansion.
//!
//! The attribute that expands last does it. Whichever expands before another one may still come
//! leaves a marker behind that one, which holds its arguments and the place where it stood:
//!
//! ```text
//! #[circuit_breaker(name = "notion")]      // expands first
//! #[guard(timeout = "30s")]                // `use wait_or_die::wait_or_die as guard;`
//! async fn push() -> Result<(), E> { .. }
//! ```
//! becomes
//! ```text
//! #[guard(timeout = "30s")]                // finds the marker, takes it away, expands both
//! #[::wait_or_die::__private::__finish(circuit_breaker { name = "notion" })]
//! async fn push() -> Result<(), E> { .. }
//! ```
//! If `guard` was an attribute of somebody else's, the marker expands as what it is: an attribute.

mod siblings;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Meta;

use crate::{options, paths};

/// The last word of the marker's path.
const MARKER: &str = "__finish";

/// Which attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    WaitOrDie,
    CircuitBreaker,
}

impl Kind {
    const ALL: [Self; 2] = [Self::WaitOrDie, Self::CircuitBreaker];

    /// The attribute's own name, whatever it was imported as.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::WaitOrDie => "wait_or_die",
            Self::CircuitBreaker => "circuit_breaker",
        }
    }
}

/// One attribute as it was written.
pub(crate) struct Written {
    pub(crate) kind: Kind,
    /// Where it stands.
    pub(crate) place: Span,
    pub(crate) args: TokenStream,
}

/// What to do with an item.
pub(crate) enum Fused {
    /// Another attribute of ours may follow: the item, with the marker behind that attribute.
    Later(TokenStream),
    /// Everything that stood on the item, in the order in which it was written.
    Now {
        written: Vec<Written>,
        /// Without markers.
        item: TokenStream,
    },
}

/// Puts `own` to what the markers on the item hold.
pub(crate) fn fuse(own: Vec<Written>, item: TokenStream) -> Fused {
    let Gathered {
        written,
        attributes,
        rest,
    } = gather(own, item);
    let last = attributes
        .iter()
        .rposition(|attribute| attribute.meta.as_ref().is_some_and(siblings::may_be_ours));
    let Some(last) = last else {
        let item = quote!(#(#attributes)* #rest);
        return Fused::Now { written, item };
    };
    let (before, behind) = attributes.split_at(last + 1);
    let marker = marker(&written, before);
    Fused::Later(quote!(#(#before)* #marker #(#behind)* #rest))
}

/// The same for a marker, which waits for nobody: an attribute that cannot be found is put back in
/// its place, and would be waited for again and again.
pub(crate) fn fuse_last(own: Vec<Written>, item: TokenStream) -> Fused {
    let Gathered {
        written,
        attributes,
        rest,
    } = gather(own, item);
    let item = quote!(#(#attributes)* #rest);
    Fused::Now { written, item }
}

/// An item without markers, and what they held.
struct Gathered {
    written: Vec<Written>,
    attributes: Vec<Attribute>,
    rest: TokenStream,
}

fn gather(own: Vec<Written>, item: TokenStream) -> Gathered {
    let (mut attributes, rest) = split(item);
    let mut written = Vec::new();
    attributes.retain(|attribute| match attribute.held() {
        Some(mut held) => {
            written.append(&mut held);
            false
        }
        None => true,
    });
    written.extend(own);
    Gathered {
        written,
        attributes,
        rest,
    }
}

/// What the arguments of a marker say.
pub(crate) fn held(args: TokenStream) -> Option<Vec<Written>> {
    let mut found = Vec::new();
    let mut tokens = args.into_iter();
    while let Some(word) = tokens.next() {
        let TokenTree::Ident(word) = word else {
            return None;
        };
        let kind = Kind::ALL.into_iter().find(|kind| word == kind.name())?;
        match tokens.next() {
            Some(TokenTree::Group(args)) if args.delimiter() == Delimiter::Brace => {
                found.push(Written {
                    kind,
                    place: word.span(),
                    args: args.stream(),
                });
            }
            _ => return None,
        }
    }
    Some(found)
}

/// The marker that holds `written`, to stand behind `before`.
fn marker(written: &[Written], before: &[Attribute]) -> TokenStream {
    let held = written.iter().map(|written| {
        let name = Ident::new(written.kind.name(), written.place);
        let args = Group::new(Delimiter::Brace, written.args.clone());
        quote!(#name #args)
    });
    let own = written
        .iter()
        .find_map(|written| options::crate_path(written.args.clone()));
    // One of two attributes may say where the runtime crate is for both.
    let krate = own.or_else(|| {
        let mut metas = before
            .iter()
            .filter_map(|attribute| attribute.meta.as_ref());
        metas.find_map(siblings::crate_path)
    });
    let krate = krate.unwrap_or_else(paths::default_crate);
    let name = Ident::new(MARKER, Span::call_site());
    quote!(#[#krate::__private::#name(#(#held)*)])
}

/// One `#[..]` in front of an item, its tokens as they were.
struct Attribute {
    hash: TokenTree,
    brackets: Group,
    /// Missing where it is no attribute that could be read.
    meta: Option<Meta>,
}

impl ToTokens for Attribute {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.hash.to_tokens(tokens);
        self.brackets.to_tokens(tokens);
    }
}

impl Attribute {
    /// What it holds, if it is a marker.
    fn held(&self) -> Option<Vec<Written>> {
        match &self.meta {
            Some(Meta::List(list)) if siblings::last_word(&list.path)? == MARKER => {
                held(list.tokens.clone())
            }
            _ => None,
        }
    }
}

/// The attributes in front of an item, and the rest of it.
fn split(item: TokenStream) -> (Vec<Attribute>, TokenStream) {
    let mut attributes = Vec::new();
    let mut tokens = item.into_iter().peekable();
    let is_hash =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '#');
    while let Some(hash) = tokens.next_if(is_hash) {
        match tokens.next() {
            Some(TokenTree::Group(brackets)) if brackets.delimiter() == Delimiter::Bracket => {
                let meta = syn::parse2(brackets.stream()).ok();
                attributes.push(Attribute {
                    hash,
                    brackets,
                    meta,
                });
            }
            other => {
                let rest = core::iter::once(hash).chain(other).chain(tokens).collect();
                return (attributes, rest);
            }
        }
    }
    (attributes, tokens.collect())
}
