//! What the function has to be for the options, and for the attribute at all.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{FnArg, Pat, PatType, ReturnType, Signature, Type};

use super::Kind;
use crate::options::{Errors, WaitOrDie, nearest};
use crate::words::{self, After, Before, Found};

/// What every annotated function has to be.
pub(super) fn function(sig: &Signature, kind: &Kind) -> Errors {
    let mut errors = qualifiers(sig);
    errors.append(output(sig, kind));
    errors
}

/// What it has to be for the options of `#[wait_or_die]`.
pub(super) fn options(options: &WaitOrDie, sig: &Signature, kind: &Kind) -> Errors {
    let mut errors = Errors::default();
    errors.append(attempt_timeout(options, sig, kind));
    errors.append(clones(options, sig));
    errors.append(binding(options, sig));
    if options.fallback.is_some() {
        errors.append(fallback(sig));
    }
    errors
}

fn qualifiers(sig: &Signature) -> Errors {
    let mut errors = Errors::default();
    if let Some(token) = &sig.constness {
        errors.push(syn::Error::new(
            token.span,
            "a `const fn` can have neither a clock nor a state; remove `const`",
        ));
    }
    if let Some(abi) = &sig.abi {
        errors.push(syn::Error::new_spanned(
            abi,
            "a function with a foreign calling convention cannot return a `Result`; \
             put the attribute on a Rust function and call that",
        ));
    }
    if let Some(variadic) = &sig.variadic {
        errors.push(syn::Error::new_spanned(
            variadic,
            "variadic arguments cannot be passed on to the body; put the attribute on a function without them",
        ));
    }
    errors
}

/// Refuses what is visibly no `Result`. A name can be an alias, so that the trait system has to tell.
fn output(sig: &Signature, kind: &Kind) -> Errors {
    let mut errors = Errors::default();
    let ty = match (kind, &sig.output) {
        (Kind::Boxed(ty), _) => ty,
        (_, ReturnType::Type(_, ty)) => &**ty,
        (_, ReturnType::Default) => {
            errors.push(syn::Error::new(
                sig.ident.span(),
                format!(
                    "`{}` returns nothing, so it cannot say that it failed; write `-> Result<(), E>`",
                    sig.ident
                ),
            ));
            return errors;
        }
    };
    if let Some(message) = no_result(ty) {
        errors.push(syn::Error::new_spanned(ty, message));
    }
    errors
}

fn no_result(ty: &Type) -> Option<String> {
    let advice = match ty {
        Type::Group(group) => return no_result(&group.elem),
        Type::Paren(paren) => return no_result(&paren.elem),
        Type::Path(path) if path.qself.is_none() => {
            let last = path.path.segments.last()?;
            let name = last.ident.to_string();
            // A path that is longer than one word can lead to anything with a familiar name.
            if path.path.segments.len() > 1 || !never_a_result(&name) {
                return None;
            }
            return Some(match &last.arguments {
                syn::PathArguments::AngleBracketed(args) if name == "Option" => {
                    let value = compact(&args.args);
                    format!("`Option` does not say what failed; write `Result<{value}, E>`")
                }
                _ => format!(
                    "a `{name}` cannot say that the call failed; write `Result<{}, E>`",
                    compact(ty)
                ),
            });
        }
        Type::ImplTrait(found) if is_future(found) => {
            "the body would only make a future and not run it; write an `async fn` that returns a `Result`"
        }
        Type::ImplTrait(_) => {
            "an `impl Trait` hides whether the call failed; write `Result<impl Trait, E>`"
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => {
            "`()` cannot say that the call failed; write `Result<(), E>`"
        }
        Type::Never(_) => {
            "a function that never returns cannot say that it failed; write `Result<(), E>`"
        }
        Type::Array(_)
        | Type::FnPtr(_)
        | Type::Ptr(_)
        | Type::Reference(_)
        | Type::Slice(_)
        | Type::TraitObject(_)
        | Type::Tuple(_) => {
            return Some(format!(
                "this type cannot say that the call failed; write `Result<{}, E>`",
                compact(ty)
            ));
        }
        _ => return None,
    };
    Some(advice.to_owned())
}

/// The primitives, and the names of the prelude and of std that nobody gives to a `Result`.
fn never_a_result(name: &str) -> bool {
    let names = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64", "String", "Option", "Vec", "Box", "Rc", "Arc",
        "Duration", "HashMap", "HashSet", "BTreeMap", "BTreeSet",
    ];
    names.contains(&name)
}

fn is_future(found: &syn::TypeImplTrait) -> bool {
    found.bounds.iter().any(|bound| match bound {
        syn::TypeParamBound::Trait(bound) => bound
            .path
            .segments
            .last()
            .is_some_and(|last| last.ident == "Future"),
        _ => false,
    })
}

/// A type as it would be typed.
fn compact(ty: &impl ToTokens) -> String {
    let text = ty.to_token_stream().to_string();
    let tight = [
        (" :: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" ;", ";"),
    ];
    tight
        .iter()
        .fold(text, |text, (loose, tight)| text.replace(loose, tight))
}

fn attempt_timeout(options: &WaitOrDie, sig: &Signature, kind: &Kind) -> Errors {
    let mut errors = Errors::default();
    if let (Kind::Plain, Some(option)) = (kind, &options.attempt_timeout) {
        errors.push(syn::Error::new(
            option.key.span(),
            format!(
                "nothing can stop an attempt of a plain `fn`; write `async fn {}`, or remove `attempt_timeout` and set a time limit in the body",
                sig.ident
            ),
        ));
    }
    errors
}

/// Every name in `clone(..)` has to be an argument that the function owns.
fn clones(options: &WaitOrDie, sig: &Signature) -> Errors {
    let mut errors = Errors::default();
    for name in &options.clone {
        let found = typed(sig).find(|typed| argument_names(&typed.pat).contains(name));
        let message = match found {
            Some(typed) if matches!(*typed.ty, Type::Reference(_)) && is_name(&typed.pat) => {
                format!(
                    "`{name}` is a reference, which every attempt can use as it is; remove it from `clone(..)`"
                )
            }
            Some(_) => continue,
            None => unknown_argument(name, sig),
        };
        errors.push(syn::Error::new(name.span(), message));
    }
    errors
}

fn unknown_argument(name: &Ident, sig: &Signature) -> String {
    let names: Vec<String> = typed(sig)
        .flat_map(|typed| argument_names(&typed.pat))
        .map(|name| name.to_string())
        .collect();
    let word = name.to_string();
    let advice = match nearest(&word, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "remove it".to_owned(),
        None => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("write one of {}", names.join(", "))
        }
    };
    format!("`{}` has no argument `{name}`; {advice}", sig.ident)
}

/// The attempt must not take the place of an argument that the body uses.
fn binding(options: &WaitOrDie, sig: &Signature) -> Errors {
    let mut errors = Errors::default();
    let Some(name) = &options.attempt else {
        return errors;
    };
    if typed(sig).any(|typed| argument_names(&typed.pat).contains(name)) {
        errors.push(syn::Error::new(
            name.span(),
            format!("`{name}` is an argument already; write another name for the attempt"),
        ));
    }
    errors
}

/// `fallback` is called with the arguments, so that each needs a name.
fn fallback(sig: &Signature) -> Errors {
    let mut errors = Errors::default();
    for typed in typed(sig).filter(|typed| !is_name(&typed.pat)) {
        errors.push(syn::Error::new(
            typed.pat.span(),
            "`fallback` is given the arguments by their names; write a name here and take it apart in the body",
        ));
    }
    errors
}

fn typed(sig: &Signature) -> impl Iterator<Item = &PatType> {
    sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    })
}

/// Whether a parameter is a plain name, `mut` or not.
fn is_name(pat: &Pat) -> bool {
    matches!(pat, Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none())
}

/// The names that a parameter brings into the body.
pub(crate) fn argument_names(pat: &Pat) -> Vec<Ident> {
    let mut names = Vec::new();
    match pat {
        Pat::Ident(name) => {
            names.push(name.ident.clone());
            if let Some((_, inner)) = &name.subpat {
                names.append(&mut argument_names(inner));
            }
        }
        Pat::Wild(_) => {}
        other => bound_names(other.to_token_stream(), &mut names),
    }
    names
}

/// Bindings among the tokens of a pattern: lower-case words that are not a path, a field or a call.
fn bound_names(tokens: TokenStream, names: &mut Vec<Ident>) {
    words::walk(tokens, &mut |found| {
        // `field: name` binds the name behind one colon, `path::NAME` does not behind two.
        if let Found::Word(word) = found
            && word.before != Before::Path
            && word.after == After::Other
        {
            let text = word.ident.to_string();
            let lower = text.starts_with(|letter: char| letter.is_lowercase() || letter == '_');
            if lower && text != "_" {
                names.push(word.ident.clone());
            }
        }
    });
}
