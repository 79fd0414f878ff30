//! The names that an attribute knows, and what is said to those that it does not.

use syn::Ident;

use super::suggest::nearest;
use super::{circuit_breaker, wait_or_die};

/// The options of one attribute.
pub(super) struct Vocabulary {
    /// The attribute's own name.
    pub(super) attribute: &'static str,
    /// Each option with an example of how it is written.
    pub(super) options: &'static [(&'static str, &'static str)],
    /// Names that other libraries use, with the option that does the same here.
    pub(super) elsewhere: &'static [(&'static str, &'static str)],
}

/// How an option is written of which not even the name is known.
pub(super) const UNNAMED: &str = "name = value";

/// Every attribute that can stand on a function.
const ALL: [&Vocabulary; 2] = [&wait_or_die::VOCABULARY, &circuit_breaker::VOCABULARY];

/// Whether any attribute of ours has an option of this name.
pub(super) fn is_option_anywhere(key: &Ident) -> bool {
    ALL.iter().any(|vocabulary| vocabulary.knows(key))
}

impl Vocabulary {
    pub(super) fn knows(&self, key: &Ident) -> bool {
        self.options.iter().any(|(name, _)| key == name)
    }

    /// How an option is written.
    pub(super) fn example(&self, key: &Ident) -> &'static str {
        let known = self.options.iter().find(|(name, _)| key == name);
        known.map_or(UNNAMED, |(_, example)| example)
    }

    /// The error for a name that is no option of this attribute.
    pub(super) fn unknown(&self, key: &Ident) -> syn::Error {
        syn::Error::new(
            key.span(),
            format!("unknown option `{key}`; {}", self.advice(key)),
        )
    }

    /// The option that an unknown name stands for.
    pub(super) fn meant(&self, key: &Ident) -> Option<&'static str> {
        let word = key.to_string();
        let elsewhere = self.elsewhere.iter().find(|(name, _)| *name == word);
        if let Some((_, ours)) = elsewhere {
            return Some(ours);
        }
        if is_option_anywhere(key) {
            return None;
        }
        nearest(&word, self.options.iter().map(|(name, _)| *name))
    }

    fn advice(&self, key: &Ident) -> String {
        if let Some(ours) = self.meant(key) {
            return format!("did you mean `{ours}`?");
        }
        if let Some(other) = ALL.iter().find(|vocabulary| vocabulary.knows(key)) {
            return format!("it belongs to `#[{}]`; write it there", other.attribute);
        }
        let names = self.options.iter().map(|(name, _)| format!("`{name}`"));
        format!("write one of {}", names.collect::<Vec<_>>().join(", "))
    }
}
