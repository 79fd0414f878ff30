//! Values as constants, and the checks of those that only the compiler knows.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, Path};

use crate::options::{
    CountOption, CountValue, DurationOption, DurationValue, FloatOption, FloatValue,
};
use crate::paths;

/// The `const` that stands for what is not written.
pub(super) fn base(krate: &Path, ty: &TokenStream, written: Option<&Path>) -> TokenStream {
    if let Some(path) = written {
        let span = path.span().resolved_at(Span::mixed_site());
        quote_spanned!(span=> { let __base: #krate::__private::#ty = #path; __base })
    } else {
        mixed!(#krate::__private::#ty::new())
    }
}

/// `.with_name(value)`.
pub(super) fn setter(name: &str, value: &TokenStream) -> TokenStream {
    let setter = quote::format_ident!("with_{name}", span = Span::mixed_site());
    mixed!(.#setter(#value))
}

pub(super) fn duration(krate: &Path, option: &DurationOption) -> TokenStream {
    match &option.value {
        DurationValue::Literal(value) => literal_duration(krate, *value),
        DurationValue::Const(expr) => typed(expr, &mixed!(#krate::__private::Duration)),
    }
}

pub(super) fn literal_duration(krate: &Path, value: core::time::Duration) -> TokenStream {
    let (secs, nanos) = (value.as_secs(), value.subsec_nanos());
    mixed!(#krate::__private::Duration::new(#secs, #nanos))
}

pub(super) fn count(option: &CountOption) -> TokenStream {
    match &option.value {
        CountValue::Literal(value) => value.to_token_stream(),
        CountValue::Const(expr) => typed(expr, &mixed!(::core::primitive::u32)),
    }
}

pub(super) fn float(option: &FloatOption) -> TokenStream {
    match &option.value {
        FloatValue::Literal(value) => value.to_token_stream(),
        FloatValue::Const(expr) => typed(expr, &mixed!(::core::primitive::f64)),
    }
}

/// A value with its type written beside it, so that a mismatch is reported on the value.
pub(super) fn typed(expr: &Expr, ty: &TokenStream) -> TokenStream {
    mixed!({ let __value: #ty = #expr; __value })
}

/// A written value that rules are about.
pub(super) struct Value {
    pub(super) name: &'static str,
    /// The value's place.
    pub(super) span: Span,
    /// Whether the macro has judged it already.
    pub(super) literal: bool,
}

/// A rule, and the options it is about: the first written one is at fault.
pub(super) type Rule = (&'static str, &'static [&'static str]);

/// The policy that is checked, and what was written of it.
pub(super) struct Checks<'a> {
    pub(super) krate: &'a Path,
    /// The constant.
    pub(super) policy: syn::Ident,
    /// The function that checks it, and the type of its rules.
    pub(super) check: TokenStream,
    pub(super) rules: TokenStream,
    pub(super) base: Option<Span>,
    pub(super) values: Vec<Value>,
}

impl Checks<'_> {
    /// One `const _` for each rule about a value that the macro could not read, at the option at
    /// fault: a failing one is reported by `cargo check`, which an inline `const {}` in a body is
    /// not. `lifted` names rules that cannot be judged from literals.
    pub(super) fn of(&self, rules: &[Rule], lifted: impl Fn(&str) -> bool) -> TokenStream {
        let mut checks = TokenStream::new();
        for (rule, about) in rules {
            let written = || {
                about
                    .iter()
                    .filter_map(|name| self.values.iter().find(|value| value.name == *name))
            };
            if self.base.is_none() && !lifted(rule) && written().all(|value| value.literal) {
                continue;
            }
            let Some(place) = written().next().map(|value| value.span).or(self.base) else {
                continue;
            };
            let span = place.resolved_at(Span::mixed_site());
            let krate = paths::at(self.krate, span);
            let rule = syn::Ident::new(rule, span);
            let Self {
                policy,
                check,
                rules,
                ..
            } = self;
            checks.extend(quote_spanned!(span=>
                const _: () = #krate::__private::#check(&#policy, #krate::__private::#rules::#rule);
            ));
        }
        checks
    }
}
