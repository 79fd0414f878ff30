//! From the model to the implementation.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Generics, Member, Path, Type, WherePredicate};

use super::model::{Arm, Model, Verdict};

/// The implementation of `Classify`.
///
/// Input:
/// ```text
/// #[derive(Classify)]
/// enum E {
///     #[classify(transient)] Lost,
///     #[classify(throttled(after = 0))] Busy(Duration),
///     #[classify(source)] Io(io::Error),
/// }
/// ```
/// Output:
/// ```text
/// impl Classify for E {
///     fn classify(&self) -> Verdict {
///         match self {
///             Self::Lost { .. } => Verdict::Transient,
///             Self::Busy { 0: field, .. } => throttled(field),
///             Self::Io { 0: field, .. } => classify(field),
///         }
///     }
/// }
/// ```
pub(super) fn implementation(model: &Model<'_>) -> TokenStream {
    let arms = model.arms.iter().map(|arm| expand_arm(&model.krate, arm));
    let body = if model.arms.is_empty() {
        // A reference is never empty, not even one to a type without values.
        quote! { match *self {} }
    } else {
        quote! { match self { #(#arms)* } }
    };
    implement(model, &body)
}

/// What stands in while there are mistakes.
pub(super) fn stub(model: &Model<'_>) -> TokenStream {
    let krate = &model.krate;
    implement(model, &quote! { #krate::__private::Verdict::Permanent })
}

fn implement(model: &Model<'_>, body: &TokenStream) -> TokenStream {
    let Model {
        krate,
        ident,
        generics,
        ..
    } = model;
    let bounded = bounded(model);
    let (parameters, arguments, _) = generics.split_for_impl();
    let conditions = &bounded.where_clause;
    quote! {
        #[automatically_derived]
        // A variant that its own author has deprecated still has to be matched.
        #[allow(deprecated)]
        impl #parameters #krate::__private::Classify for #ident #arguments #conditions {
            fn classify(&self) -> #krate::__private::Verdict {
                #body
            }
        }
    }
}

fn expand_arm(krate: &Path, arm: &Arm<'_>) -> TokenStream {
    let variant = arm.variant.into_iter();
    let place = quote! { Self #(::#variant)* };
    let verdict = quote! { #krate::__private::Verdict };
    match &arm.verdict {
        Verdict::Transient => quote! { #place { .. } => #verdict::Transient, },
        Verdict::Throttled => {
            quote! { #place { .. } => #verdict::Throttled(#krate::__private::None), }
        }
        Verdict::Permanent => quote! { #place { .. } => #verdict::Permanent, },
        Verdict::Fault => quote! { #place { .. } => #verdict::Fault, },
        Verdict::Ignore => quote! { #place { .. } => #verdict::Ignore, },
        // At the name in the attribute, so that "is no delay" is reported there.
        Verdict::After(member, named) => ask(krate, &place, member, "throttled", *named),
        // At the field's type, so that "does not say what may be retried" is reported there.
        Verdict::Source(member, ty) => ask(krate, &place, member, "classify", ty.span()),
    }
}

/// An arm that hands a field to one of the runtime's functions; mistakes are reported `at` a place.
fn ask(
    krate: &Path,
    place: &TokenStream,
    member: &Member,
    function: &str,
    at: Span,
) -> TokenStream {
    let span = Span::mixed_site().located_at(at);
    let field = Ident::new("__field", span);
    let function = Ident::new(function, span);
    quote_spanned! { span=>
        #place { #member: #field, .. } => #krate::__private::#function(#field),
    }
}

/// The generics, with a bound for each field that is asked and whose type depends on them.
fn bounded(model: &Model<'_>) -> Generics {
    let mut bounded = model.generics.clone();
    let krate = &model.krate;
    for arm in &model.arms {
        if let Verdict::Source(_, ty) = &arm.verdict
            && depends_on(ty, model.generics)
        {
            let bound: WherePredicate = syn::parse_quote!(#ty: #krate::__private::Classify);
            bounded.make_where_clause().predicates.push(bound);
        }
    }
    bounded
}

fn depends_on(ty: &Type, generics: &Generics) -> bool {
    generics
        .type_params()
        .any(|parameter| mentions(ty.to_token_stream(), &parameter.ident))
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
