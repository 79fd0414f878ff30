//! Rules between options, and between options and the function.
//!
//! Only what is known now is judged here. Values that only the compiler knows are checked by the
//! `const` items of the expansion.

mod bounds;
mod conflicts;
mod generics;
mod signature;
#[cfg(test)]
mod tests;

use syn::{Signature, Type};

use crate::options::{Parsed, WaitOrDie};

/// How the function runs.
#[expect(
    clippy::large_enum_variant,
    reason = "one is made for each expansion, and used up at once"
)]
pub(crate) enum Kind {
    /// `async fn`.
    Async,
    /// A plain `fn` that returns a boxed future of this type, as `#[async_trait]` makes it.
    Boxed(Type),
    /// A plain `fn`.
    Plain,
}

/// The options, if they are right in themselves, with each other and for the function.
///
/// # Errors
/// Every mistake at once, those of the options first.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a kind is made for this call alone"
)]
pub(crate) fn all(parsed: Parsed, sig: &Signature, kind: Kind) -> syn::Result<WaitOrDie> {
    let mut errors = conflicts::check(&parsed);
    errors.append(bounds::check(&parsed));
    errors.append(generics::check(&parsed.options, sig));
    errors.append(signature::check(&parsed.options, sig, &kind));
    let mut found = parsed.errors;
    found.append(errors);
    found.finish(parsed.options)
}
