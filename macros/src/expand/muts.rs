//! `mut` arguments: taken off the signature and bound anew inside each attempt.
//!
//! Left in the signature, an attempt would go on with what the one before it made of them.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{Attribute, FnArg, Ident, Pat, PatIdent, Signature, Token, Type};

/// `let mut name = name;`, the `mut` being the user's own.
pub(super) struct Rebound {
    /// `#[cfg(..)]` of the argument: attributes expand before its arguments are configured away.
    pub(super) cfgs: Vec<Attribute>,
    pub(super) mutability: Token![mut],
    pub(super) name: Ident,
    /// A `&mut` argument is borrowed again where a plain `let` would move it into the first attempt.
    pub(super) reborrowed: bool,
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
        tokens.extend(mixed!(#(#cfgs)* let #mutability #name #ty = #name;));
    }
}

/// Takes `mut` off the parameters for which `wanted` holds. `mut self` stays: it has no other name.
pub(super) fn take(sig: &mut Signature, wanted: impl Fn(&Type) -> bool) -> Vec<Rebound> {
    let mut found = Vec::new();
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input
            && wanted(&typed.ty)
        {
            let is_name = matches!(&*typed.pat, Pat::Ident(_));
            // Behind a reference `mut` is more than a permission: it makes a binding by value.
            if !is_name && is_reference(&typed.ty) {
                continue;
            }
            let mut names = Names {
                cfgs: cfgs(&typed.attrs).cloned().collect(),
                reborrowed: is_mutable_reference(&typed.ty),
                found: &mut found,
            };
            names.visit_pat_mut(&mut typed.pat);
        }
    }
    found
}

/// The attributes that decide whether an argument is there at all.
pub(super) fn cfgs(attrs: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg"))
}

struct Names<'a> {
    cfgs: Vec<Attribute>,
    reborrowed: bool,
    found: &'a mut Vec<Rebound>,
}

impl VisitMut for Names<'_> {
    fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
        // In `ref mut name` the `mut` is the reference's.
        if pat.by_ref.is_none()
            && let Some(mutability) = pat.mutability.take()
        {
            self.found.push(Rebound {
                cfgs: self.cfgs.clone(),
                mutability,
                name: pat.ident.clone(),
                reborrowed: self.reborrowed,
            });
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
