//! Methods that `#[async_trait]` has rewritten before this attribute sees them.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::Parser;
use syn::{
    Block, GenericArgument, Pat, PathArguments, ReturnType, Signature, Stmt, Type, TypeParamBound,
};

use super::muts::{self, Rebound};

/// A method in the shape that `#[async_trait]` gives it:
///
/// ```text
/// fn name<'life0, 'async_trait>(&'life0 self, key: String) -> Pin<Box<dyn Future<Output = Ret> + ..>> {
///     Box::pin(async move {
///         ..                                       // prefix: the arguments, bound anew
///         let __ret: Ret = { the user's body };
///         #[allow(unreachable_code)] __ret         // suffix
///     })
/// }
/// ```
pub(super) struct AsyncTrait {
    /// `Box :: pin`, and the parentheses' span.
    call: Vec<TokenTree>,
    call_span: Span,
    /// `async move`.
    keywords: Vec<TokenTree>,
    block_span: Span,
    prefix: Vec<TokenTree>,
    /// `let __ret : Ret =`.
    binding: Vec<TokenTree>,
    suffix: Vec<TokenTree>,
    pub(super) ret: Type,
    pub(super) body: Group,
    pub(super) async_span: Span,
}

/// Whether a plain `fn` returns a boxed future, and of what.
pub(super) fn boxed_output(sig: &Signature) -> Option<&Type> {
    let ReturnType::Type(_, ty) = &sig.output else {
        return None;
    };
    let boxed = argument(last_segment(ty, "Pin")?)?;
    let Type::TraitObject(object) = argument(last_segment(boxed, "Box")?)? else {
        return None;
    };
    object.bounds.iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) => {
            let last = bound.path.segments.last()?;
            (last.ident == "Future").then_some(())?;
            let PathArguments::AngleBracketed(args) = &last.arguments else {
                return None;
            };
            args.args.iter().find_map(|arg| match arg {
                GenericArgument::AssocType(output) if output.ident == "Output" => Some(&output.ty),
                _ => None,
            })
        }
        _ => None,
    })
}

fn last_segment<'a>(ty: &'a Type, name: &str) -> Option<&'a PathArguments> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    (last.ident == name).then_some(&last.arguments)
}

fn argument(args: &PathArguments) -> Option<&Type> {
    let PathArguments::AngleBracketed(args) = args else {
        return None;
    };
    args.args.iter().find_map(|arg| match arg {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

impl AsyncTrait {
    /// Takes the method apart, or gives `None` where it has another shape.
    pub(super) fn parse(body: &Group, output: &Type) -> Option<Self> {
        let mut outer: Vec<_> = body.stream().into_iter().collect();
        let TokenTree::Group(call_args) = outer.pop()? else {
            return None;
        };
        let path: String = outer.iter().map(ToString::to_string).collect();
        if path != "Box::pin" || call_args.delimiter() != Delimiter::Parenthesis {
            return None;
        }
        let mut keywords: Vec<_> = call_args.stream().into_iter().collect();
        let TokenTree::Group(block) = keywords.pop()? else {
            return None;
        };
        let words: Vec<_> = keywords.iter().map(ToString::to_string).collect();
        if words != ["async", "move"] || block.delimiter() != Delimiter::Brace {
            return None;
        }
        let inner: Vec<_> = block.stream().into_iter().collect();
        let start = inner.windows(2).position(|pair| {
            matches!(pair, [TokenTree::Ident(first), TokenTree::Ident(second)]
                if *first == "let" && *second == "__ret")
        })?;
        let (prefix, rest) = inner.split_at(start);
        let end = rest
            .iter()
            .position(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';'))?;
        let (binding, suffix) = rest.split_at(end);
        let (last, binding) = binding.split_last()?;
        let TokenTree::Group(body) = last else {
            return None;
        };
        Some(Self {
            async_span: keywords.first()?.span(),
            call: outer,
            call_span: call_args.span(),
            keywords,
            block_span: block.span(),
            prefix: prefix.to_vec(),
            binding: binding.to_vec(),
            suffix: suffix.to_vec(),
            ret: output.clone(),
            body: body.clone(),
        })
    }

    /// Takes `mut` off the arguments that the prefix binds anew. `__self` keeps it, as `self` does
    /// elsewhere: it is moved into the block once, and every attempt borrows it.
    pub(super) fn take_muts(&mut self) -> Vec<Rebound> {
        let mut found = Vec::new();
        let prefix: TokenStream = self.prefix.iter().cloned().collect();
        if let Ok(mut statements) = Block::parse_within.parse2(prefix) {
            for statement in &mut statements {
                if let Stmt::Local(local) = statement
                    && !matches!(&local.pat, Pat::Ident(pat) if pat.ident == "__self")
                {
                    muts::take_from_let(local, &mut found);
                }
            }
            self.prefix = quote!(#(#statements)*).into_iter().collect();
        }
        found
    }

    /// The name that stands for `self` inside the block, with the hygiene it was given there.
    pub(super) fn receiver(&self) -> Option<TokenStream> {
        self.prefix.iter().find_map(|token| match token {
            TokenTree::Ident(name) if *name == "__self" => Some(name.to_token_stream()),
            _ => None,
        })
    }

    /// Puts the method's block together again around `attempts`.
    pub(super) fn assemble(&self, attempts: &TokenStream) -> TokenStream {
        let Self {
            call,
            keywords,
            prefix,
            binding,
            suffix,
            ..
        } = self;
        let inner = quote!(#(#prefix)* #(#binding)* { #attempts } #(#suffix)*);
        let block = quote_spanned!(self.block_span=> { #inner });
        let args = quote_spanned!(self.call_span=> (#(#keywords)* #block));
        quote!(#(#call)* #args)
    }
}
