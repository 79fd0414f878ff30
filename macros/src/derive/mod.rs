//! `#[derive(Classify)]`: attributes -> model -> implementation.

mod attribute;
mod expand;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

use self::model::Model;
use crate::options::Errors;

/// The implementation; with mistakes, a stub of it and every one of them.
///
/// The stub keeps code that uses the type from lighting up beside the mistake itself.
pub(crate) fn derive_classify(input: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut errors = Errors::default();
    let model = Model::of(&input, &mut errors);
    match errors.finish(()) {
        Ok(()) => expand::implementation(&model),
        Err(mistakes) => {
            let stub = expand::stub(&model);
            let mistakes = mistakes.into_compile_error();
            quote! { #stub #mistakes }
        }
    }
}
