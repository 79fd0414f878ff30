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
mod halting;
mod judging;
mod muts;
mod policy;
#[cfg(test)]
mod tests;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
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
        Some(written) => finished(fuse::fuse_last(written, item)),
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
    let (kind, place) = (first.kind, first.place);
    let found = read(written);
    let function = match FnItem::parse(item, kind.name()) {
        Ok(function) => function,
        Err(error) => return Err(check::without_function(found, error)),
    };
    let shape = shape(&function);
    let body = match &shape {
        Ok(Shape::Boxed(parts)) => &parts.body,
        _ => &function.body,
    };
    if is_expansion(body) {
        return Err(syn::Error::new(place, apart(kind)));
    }
    let checked = check::all(found, &function.sig, checked_kind(&function));
    match (shape, checked) {
        (Ok(shape), Ok(annotations)) => expand(&annotations, function, shape),
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => Err(error),
        (Err(error), Err(mut errors)) => {
            errors.combine(error);
            Err(errors)
        }
    }
}

/// The options of every attribute; a second one of a kind is a mistake, beside its own.
fn read(written: Vec<Written>) -> Found {
    let mut found = Found::default();
    for Written { kind, place, args } in written {
        let again = match kind {
            Kind::WaitOrDie => {
                let parsed = options::wait_or_die(args);
                match &found.wait {
                    None => {
                        found.wait = Some(parsed);
                        continue;
                    }
                    Some(_) => check::wait(parsed),
                }
            }
            Kind::CircuitBreaker => {
                let parsed = options::circuit_breaker(args, place);
                match &found.breaker {
                    None => {
                        found.breaker = Some(parsed);
                        continue;
                    }
                    Some(_) => check::breaker(parsed),
                }
            }
        };
        let name = kind.name();
        found.errors.push(syn::Error::new(
            place,
            format!(
                "`#[{name}]` is written twice on one function; put the options of both into one"
            ),
        ));
        found.errors.append(again);
    }
    found
}

/// Whether a body is what one of our attributes has made of a function.
fn is_expansion(body: &Group) -> bool {
    let mut tokens = body.stream().into_iter();
    let (Some(TokenTree::Ident(keyword)), Some(TokenTree::Ident(name))) =
        (tokens.next(), tokens.next())
    else {
        return false;
    };
    (keyword == "static" || keyword == "const") && name.to_string().starts_with("__WAIT_OR_DIE_")
}

/// What is said where the attribute above has expanded by itself.
fn apart(kind: Kind) -> String {
    let name = kind.name();
    let or_option = match kind {
        Kind::WaitOrDie => ", or with an option",
        // It has one: its name.
        Kind::CircuitBreaker => "",
    };
    format!(
        "two attributes of this crate on one function were not put together; write the lower one under its own name, `#[{name}]`{or_option}"
    )
}

/// What a function is made of.
#[expect(
    clippy::large_enum_variant,
    reason = "one is made for each expansion, and used up at once"
)]
enum Shape {
    Async(Span),
    Plain,
    /// A method that `#[async_trait]` has rewritten.
    Boxed(AsyncTrait),
}

fn shape(function: &FnItem) -> syn::Result<Shape> {
    if let Some(token) = &function.sig.asyncness {
        return Ok(Shape::Async(token.span));
    }
    let Some(output) = async_trait::boxed_output(&function.sig) else {
        return Ok(Shape::Plain);
    };
    AsyncTrait::parse(&function.body, output).map_or_else(
        || {
            Err(syn::Error::new(
                function.sig.ident.span(),
                "a plain `fn` that returns a boxed future ends before the future runs; make it an `async fn`, \
                 or put `#[async_trait]` on the impl so that it expands before this attribute; \
                 an attribute between the two, such as `#[tracing::instrument]`, belongs below this one",
            ))
        },
        |parts| Ok(Shape::Boxed(parts)),
    )
}

/// How the function runs, as far as the checks are concerned.
fn checked_kind(function: &FnItem) -> check::Kind {
    if function.sig.asyncness.is_some() {
        check::Kind::Async
    } else if let Some(output) = async_trait::boxed_output(&function.sig) {
        check::Kind::Boxed(output.clone())
    } else {
        check::Kind::Plain
    }
}

fn expand(
    annotations: &Annotations,
    mut function: FnItem,
    shape: Shape,
) -> syn::Result<TokenStream> {
    let flavour = match shape {
        Shape::Boxed(parts) => return Ok(boxed(annotations, function, parts)),
        Shape::Async(span) => Flavour::Async(span),
        Shape::Plain => Flavour::Blocking,
    };
    // Without another attempt there is nothing to start afresh.
    let repeated = annotations.wait.is_some();
    let muts = muts::take(&mut function.sig, |_| repeated);
    let output = function.output().cloned().ok_or_else(|| {
        syn::Error::new(function.sig.ident.span(), "the function returns nothing")
    })?;
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
