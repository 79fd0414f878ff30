//! Rules between the attributes on one function.

use quote::ToTokens;

use super::Found;
use crate::options::Errors;

pub(super) fn check(found: &Found) -> Errors {
    let mut errors = Errors::default();
    let wait = found.wait.as_ref().map(|parsed| &parsed.options);
    let breaker = found.breaker.as_ref().map(|parsed| &parsed.options);
    if let (Some(option), None) = (wait.and_then(|wait| wait.when_open.as_ref()), breaker) {
        errors.push(syn::Error::new(
            option.key.span(),
            "`when_open` needs a breaker; write `#[circuit_breaker(name = \"notion\")]` on the function too, or remove `when_open`",
        ));
    }
    if let (Some(first), Some(second)) = (
        wait.and_then(|wait| wait.krate.as_ref()),
        breaker.and_then(|breaker| breaker.krate.as_ref()),
    ) {
        let [first, text] = [first, second].map(|path| {
            let text = path.to_token_stream().to_string();
            text.replace(' ', "")
        });
        // `$crate` of a macro is another name for a crate that also has a name of its own.
        let known = !first.starts_with('$') && !text.starts_with('$');
        if known && first != text {
            errors.push(syn::Error::new_spanned(
                second,
                format!("`crate` is `{first}` in `#[wait_or_die]`; write the same path in both, or in one of them"),
            ));
        }
    }
    errors
}
