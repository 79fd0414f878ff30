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
mod muts;
mod policy;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::quote;
use syn::visit_mut::VisitMut;

use crate::item::FnItem;
use crate::options::WaitOrDie;
use crate::{check, fallback, options};
use async_trait::AsyncTrait;
use attempts::{Attempts, Flavour};

/// The expansion, or the item as it was with every mistake beside it.
pub(crate) fn wait_or_die(args: TokenStream, item: TokenStream) -> TokenStream {
    try_expand(args, item.clone()).unwrap_or_else(|errors| fallback::fallback(item, errors))
}

fn try_expand(args: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut parsed = options::parse(args);
    let function = match syn::parse2::<FnItem>(item) {
        Ok(function) => function,
        Err(error) => {
            parsed.errors.push(error.clone());
            return parsed.errors.finish(TokenStream::new()).and(Err(error));
        }
    };
    let options = check::all(parsed, &function.sig, kind(&function))?;
    expand(&options, function)
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

fn expand(options: &WaitOrDie, mut function: FnItem) -> syn::Result<TokenStream> {
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
        return Ok(boxed(options, function, parts));
    }
    let muts = muts::take(&mut function.sig, |_| true);
    let output = function.output().cloned().ok_or_else(|| {
        syn::Error::new(function.sig.ident.span(), "the function returns nothing")
    })?;
    let flavour = match &function.sig.asyncness {
        Some(token) => Flavour::Async(token.span),
        None => Flavour::Blocking,
    };
    if matches!(flavour, Flavour::Blocking) && !options.clone.is_empty() {
        // The body consumes the clone; that the argument itself is only cloned is our doing.
        function
            .attrs
            .push(syn::parse_quote!(#[allow(clippy::needless_pass_by_value)]));
    }
    let block = Attempts {
        options,
        flavour,
        name: &function.sig.ident,
        declared: &output,
        ret: erased(output.clone()),
        body: &function.body,
        muts,
        forwarded: function.forwarded(),
    }
    .expand();
    Ok(emit(&function, &block))
}

fn boxed(options: &WaitOrDie, mut function: FnItem, mut parts: AsyncTrait) -> TokenStream {
    // `#[async_trait]` binds anew what is passed by value, and leaves references where they are.
    let mut muts = muts::take(&mut function.sig, muts::is_reference);
    muts.extend(parts.take_muts());
    let mut forwarded = function.forwarded();
    if let (Some(receiver), Some(_), Some(first)) = (
        parts.receiver(),
        function.sig.receiver(),
        forwarded.first_mut(),
    ) {
        *first = receiver;
    }
    let block = Attempts {
        options,
        flavour: Flavour::Async(parts.async_span),
        name: &function.sig.ident,
        declared: &parts.ret,
        ret: erased(parts.ret.clone()),
        body: &parts.body,
        muts,
        forwarded,
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
