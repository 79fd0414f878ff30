//! Arguments that are bound anew inside each attempt.
//!
//! A `mut` left in the signature would let an attempt go on with what the one before it made of
//! the argument. A `&mut` argument is borrowed again, because a body may move it: into a generic
//! function, a `for` loop or an `async move` block.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{Attribute, FnArg, Ident, Local, Pat, PatIdent, Signature, Token, Type};

use crate::item::cfgs;

/// `let mut name = name;` or `let name: &mut _ = name;`.
pub(super) struct Rebound {
    cfgs: Vec<Attribute>,
    /// The user's own.
    mutability: Option<Token![mut]>,
    name: Ident,
    /// Typed as a `&mut`, which makes the `let` borrow again where it would move.
    reborrowed: bool,
}

impl ToTokens for Rebound {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            cfgs,
            mutability,
            name,
            reborrowed,
        } = self;
        let ty = reborrowed.then(|| mixed!(: &mut _));
        tokens.extend(mixed! {
            #(#cfgs)*
            #[allow(
                clippy::no_effect_underscore_binding,
                clippy::shadow_same,
                clippy::used_underscore_binding
            )]
            let #mutability #name #ty = #name;
        });
    }
}

/// Takes `mut` off the parameters for which `wanted` holds, and names them and the `&mut` ones.
/// `mut self` stays: it has no other name.
pub(super) fn take(sig: &mut Signature, wanted: impl Fn(&Type) -> bool) -> Vec<Rebound> {
    let mut found = Vec::new();
    for input in &mut sig.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let mut names = Names {
            cfgs: cfgs(&typed.attrs).cloned().collect(),
            found: &mut found,
        };
        match &mut *typed.pat {
            _ if !wanted(&typed.ty) => {}
            Pat::Ident(pat) if is_mutable_reference(&typed.ty) => names.reborrow(pat),
            Pat::Ident(pat) => names.visit_pat_ident_mut(pat),
            // Behind a reference `mut` is more than a permission: it makes a binding by value.
            _ if is_reference(&typed.ty) => {}
            pat => names.visit_pat_mut(pat),
        }
    }
    found
}

/// Takes `mut` off a `let`.
pub(super) fn take_from_let(local: &mut Local, found: &mut Vec<Rebound>) {
    let mut names = Names {
        cfgs: cfgs(&local.attrs).cloned().collect(),
        found,
    };
    names.visit_pat_mut(&mut local.pat);
}

struct Names<'a> {
    cfgs: Vec<Attribute>,
    found: &'a mut Vec<Rebound>,
}

impl Names<'_> {
    fn reborrow(&mut self, pat: &mut PatIdent) {
        if pat.by_ref.is_none() && pat.subpat.is_none() {
            let mutability = pat.mutability.take();
            self.push(mutability, &pat.ident, true);
        }
    }

    fn push(&mut self, mutability: Option<Token![mut]>, name: &Ident, reborrowed: bool) {
        self.found.push(Rebound {
            cfgs: self.cfgs.clone(),
            mutability,
            name: name.clone(),
            reborrowed,
        });
    }
}

impl VisitMut for Names<'_> {
    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        // In `ref mut name` the `mut` is the reference's.
        if pat.by_ref.is_none()
            && let Some(mutability) = pat.mutability.take()
        {
            self.push(Some(mutability), &pat.ident, false);
        }
        syn::visit_mut::visit_pat_ident_mut(self, pat);
    }
}

fn peeled(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peeled(&group.elem),
        Type::Paren(paren) => peeled(&paren.elem),
        other => other,
    }
}

/// Whether a type is visibly a reference.
pub(super) fn is_reference(ty: &Type) -> bool {
    matches!(peeled(ty), Type::Reference(_))
}

fn is_mutable_reference(ty: &Type) -> bool {
    matches!(peeled(ty), Type::Reference(reference) if reference.mutability.is_some())
}
