//! From checked options and a function to the function that is emitted.

/// `quote!` with the hygiene of a `macro_rules!` local: an argument of the user's called `call` or
/// `out` is another variable, and neither sees the other.
macro_rules! mixed {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

mod async_trait;
mod attempts;
mod breaker;
mod constants;
mod guarded;
mod judging;
mod muts;
mod policy;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::quote;
use syn::visit_mut::VisitMut;

use crate::check::{self, Annotations, Found};
use crate::fuse::{self, Fused, Kind, Written};
use crate::item::FnItem;
use crate::{fallback, options};
use async_trait::AsyncTrait;
use attempts::{Attempts, Flavour};

/// One attribute of ours: the expansion of all that stand on the item, the item as it was with
/// every mistake beside it, or the item with a note for the attribute that will expand last.
pub(crate) fn attribute(kind: Kind, args: TokenStream, item: TokenStream) -> TokenStream {
    let place = Span::call_site();
    finished(fuse::fuse(vec![Written { kind, place, args }], item))
}

/// The note, where no attribute of ours came behind it.
pub(crate) fn finish(args: TokenStream, item: TokenStream) -> TokenStream {
    match fuse::held(args) {
        Some(written) => finished(fuse::fuse(written, item)),
        None => fallback::fallback(
            item,
            syn::Error::new(
                Span::call_site(),
                "this attribute is part of an expansion; write `#[wait_or_die]` or `#[circuit_breaker]`",
            ),
        ),
    }
}

fn finished(fused: Fused) -> TokenStream {
    match fused {
        Fused::Later(item) => item,
        Fused::Now { written, item } => try_expand(written, item.clone())
            .unwrap_or_else(|errors| fallback::fallback(item, errors)),
    }
}

fn try_expand(written: Vec<Written>, item: TokenStream) -> syn::Result<TokenStream> {
    let Some(first) = written.first() else {
        return Ok(item);
    };
    let function = FnItem::parse(item, first.kind.name());
    let found = read(written);
    match function {
        Ok(function) => {
            let annotations = check::all(found, &function.sig, kind(&function))?;
            expand(&annotations, function)
        }
        Err(error) => {
            let mut errors = found.into_errors();
            errors.push(error.clone());
            errors.finish(TokenStream::new()).and(Err(error))
        }
    }
}

/// The options of every attribute; a second one of a kind is a mistake.
fn read(written: Vec<Written>) -> Found {
    let mut found = Found::default();
    for Written { kind, place, args } in written {
        let again = match kind {
            Kind::WaitOrDie => found.wait.is_some(),
            Kind::CircuitBreaker => found.breaker.is_some(),
        };
        if again {
            let name = kind.name();
            found.errors.push(syn::Error::new(
                place,
                format!(
                    "`#[{name}]` is written twice on one function; put the options of both into one"
                ),
            ));
            continue;
        }
        match kind {
            Kind::WaitOrDie => found.wait = Some(options::wait_or_die(args)),
            Kind::CircuitBreaker => found.breaker = Some(options::circuit_breaker(args, place)),
        }
    }
    found
}

/// How the function runs, as far as the checks are concerned.
fn kind(function: &FnItem) -> check::Kind {
    if function.sig.asyncness.is_some() {
        check::Kind::Async
    } else if let Some(output) = async_trait::boxed_output(&function.sig) {
        check::Kind::Boxed(output.clone())
    } else {
        check::Kind::Plain
    }
}

fn expand(annotations: &Annotations, mut function: FnItem) -> syn::Result<TokenStream> {
    if function.sig.asyncness.is_none()
        && let Some(output) = async_trait::boxed_output(&function.sig)
    {
        let Some(parts) = AsyncTrait::parse(&function.body, output) else {
            return Err(syn::Error::new(
                function.sig.ident.span(),
                "a plain `fn` that returns a boxed future is not one attempt; make it an `async fn`, \
                 or put `#[async_trait]` on the impl so that it expands before this attribute; \
                 an attribute between the two, such as `#[tracing::instrument]`, belongs below this one",
            ));
        };
        return Ok(boxed(annotations, function, parts));
    }
    // Without another attempt there is nothing to start afresh.
    let repeated = annotations.wait.is_some();
    let muts = muts::take(&mut function.sig, |_| repeated);
    let output = function.output().cloned().ok_or_else(|| {
        syn::Error::new(function.sig.ident.span(), "the function returns nothing")
    })?;
    let flavour = match &function.sig.asyncness {
        Some(token) => Flavour::Async(token.span),
        None => Flavour::Blocking,
    };
    if matches!(flavour, Flavour::Blocking)
        && annotations
            .wait
            .as_ref()
            .is_some_and(|wait| !wait.clone.is_empty())
    {
        // The body consumes the clone; that the argument itself is only cloned is our doing.
        function
            .attrs
            .push(syn::parse_quote!(#[allow(clippy::needless_pass_by_value)]));
    }
    let block = Attempts {
        annotations,
        flavour,
        name: &function.sig.ident,
        declared: &output,
        ret: erased(output.clone()),
        body: &function.body,
        muts,
        forwarded: function.forwarded(),
        names: function.names(),
        receiver: None,
    }
    .expand();
    Ok(emit(&function, &block))
}

fn boxed(annotations: &Annotations, mut function: FnItem, mut parts: AsyncTrait) -> TokenStream {
    // `#[async_trait]` binds anew what is passed by value, and leaves references where they are.
    let mut muts = Vec::new();
    if annotations.wait.is_some() {
        muts = muts::take(&mut function.sig, muts::is_reference);
        muts.extend(parts.take_muts());
    }
    let mut forwarded = function.forwarded();
    if let (Some(receiver), Some(_), Some(first)) = (
        parts.receiver(),
        function.sig.receiver(),
        forwarded.first_mut(),
    ) {
        *first = receiver;
    }
    let block = Attempts {
        annotations,
        flavour: Flavour::Async(parts.async_span),
        name: &function.sig.ident,
        declared: &parts.ret,
        ret: erased(parts.ret.clone()),
        body: &parts.body,
        muts,
        forwarded,
        names: function.names(),
        receiver: parts.receiver(),
    }
    .expand();
    emit(&function, &parts.assemble(&block))
}

/// The function with another block; the signature's tokens stay the user's.
fn emit(function: &FnItem, block: &TokenStream) -> TokenStream {
    let FnItem {
        attrs, vis, sig, ..
    } = function;
    // The user's own braces: a lint about the whole function, such as `missing_docs`, is told from
    // its first token to its last, and falls back to the block where the two are not of one kind.
    let mut block = Group::new(Delimiter::Brace, block.clone());
    block.set_span(function.body.span());
    quote!(#(#attrs)* #vis #sig #block)
}

/// `impl Trait` cannot stand in a `let`, so it becomes `_`; inference finds the same type.
fn erased(mut ty: syn::Type) -> syn::Type {
    struct Erase;
    impl VisitMut for Erase {
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            if let syn::Type::ImplTrait(found) = ty {
                *ty = syn::Type::Infer(syn::TypeInfer {
                    attrs: Vec::new(),
                    underscore_token: syn::Token![_](found.impl_token.span),
                });
            }
            syn::visit_mut::visit_type_mut(self, ty);
        }
    }
    Erase.visit_type_mut(&mut ty);
    ty
}
