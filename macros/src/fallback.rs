//! What is emitted where something was wrong.

use proc_macro2::TokenStream;

/// The item as the user wrote it, and behind it every mistake at its place.
///
/// The item comes first and untouched: an editor maps a place in the source to the first token
/// that came from it, and the rest of the file goes on knowing the function.
#[expect(
    clippy::needless_pass_by_value,
    reason = "both are used up by the expansion"
)]
pub(crate) fn fallback(item: TokenStream, errors: syn::Error) -> TokenStream {
    let mut tokens = item;
    tokens.extend(errors.to_compile_error());
    tokens
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use quote::quote;

    use super::fallback;

    #[test]
    fn the_item_is_untouched_and_every_error_follows() {
        let item = quote!(async fn send() -> u32 { let y = = 3; });
        let mut errors = syn::Error::new(proc_macro2::Span::call_site(), "first");
        errors.combine(syn::Error::new(proc_macro2::Span::call_site(), "second"));
        let told = fallback(item.clone(), errors).to_string();
        let rest = told
            .strip_prefix(&item.to_string())
            .expect("the item comes first");
        assert_eq!(
            rest.trim(),
            quote!(::core::compile_error! { "first" } ::core::compile_error! { "second" })
                .to_string()
        );
    }
}
