//! Rules between options, and between options and the function.
//!
//! Only what is known now is judged here. Values that only the compiler knows are checked by the
//! `const` items of the expansion.

mod bounds;
mod breaker;
mod conflicts;
mod generics;
mod signature;
#[cfg(test)]
mod tests;
mod together;

pub(crate) use signature::argument_names;
use syn::{Path, Signature, Type};

use crate::options::{CircuitBreaker, Errors, Parsed, WaitOrDie};
use crate::paths;

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

/// What was read of all attributes on one function, and what was wrong with them so far.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) wait: Option<Parsed<WaitOrDie>>,
    pub(crate) breaker: Option<Parsed<CircuitBreaker>>,
    /// What is wrong with the attributes as such.
    pub(crate) errors: Errors,
}

/// What holds for one function.
#[derive(Debug)]
pub(crate) struct Annotations {
    /// Where the runtime crate is found.
    pub(crate) krate: Path,
    pub(crate) wait: Option<WaitOrDie>,
    pub(crate) breaker: Option<CircuitBreaker>,
}

impl Found {
    fn split(self) -> (Annotations, Errors) {
        let mut errors = self.errors;
        let wait = self.wait.map(|parsed| {
            errors.append(parsed.errors);
            parsed.options
        });
        let breaker = self.breaker.map(|parsed| {
            errors.append(parsed.errors);
            parsed.options
        });
        let written = (wait.as_ref().and_then(|wait| wait.krate.clone()))
            .or_else(|| breaker.as_ref().and_then(|breaker| breaker.krate.clone()));
        let annotations = Annotations {
            krate: written.unwrap_or_else(paths::default_crate),
            wait,
            breaker,
        };
        (annotations, errors)
    }
}

/// Every mistake of the attributes themselves, and that of the item, which cannot be annotated.
pub(crate) fn without_function(found: Found, item: syn::Error) -> syn::Error {
    let errors = attributes(&found);
    let mut all = found.split().1;
    all.append(errors);
    all.and_last(item)
}

/// What is wrong with one `#[wait_or_die]`, whatever it stands on.
pub(crate) fn wait(parsed: Parsed<WaitOrDie>) -> Errors {
    let rules = rules_of_wait(&parsed);
    let mut errors = parsed.errors;
    errors.append(rules);
    errors
}

/// What is wrong with one `#[circuit_breaker]`, whatever it stands on.
pub(crate) fn breaker(parsed: Parsed<CircuitBreaker>) -> Errors {
    let rules = breaker::check(&parsed);
    let mut errors = parsed.errors;
    errors.append(rules);
    errors
}

fn rules_of_wait(parsed: &Parsed<WaitOrDie>) -> Errors {
    let mut errors = conflicts::check(parsed);
    errors.append(bounds::check(parsed));
    errors
}

/// The rules that have nothing to do with the function.
fn attributes(found: &Found) -> Errors {
    let mut errors = together::check(found);
    if let Some(wait) = &found.wait {
        errors.append(rules_of_wait(wait));
    }
    if let Some(breaker) = &found.breaker {
        errors.append(breaker::check(breaker));
    }
    errors
}

/// What holds for the function, if the options are right in themselves, with each other and for
/// the function.
///
/// # Errors
/// Every mistake at once, those of the options first.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a kind is made for this call alone"
)]
pub(crate) fn all(found: Found, sig: &Signature, kind: Kind) -> syn::Result<Annotations> {
    let mut errors = attributes(&found);
    if let Some(wait) = &found.wait {
        errors.append(generics::check(generics::of_wait(&wait.options), sig));
    }
    if let Some(breaker) = &found.breaker {
        errors.append(generics::check(generics::of_breaker(&breaker.options), sig));
    }
    errors.append(signature::function(sig, &kind));
    if let Some(wait) = &found.wait {
        errors.append(signature::options(&wait.options, sig, &kind));
    }
    let (annotations, mut all) = found.split();
    all.append(errors);
    all.finish(annotations)
}
