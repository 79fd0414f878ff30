//! The filter, and what a program can add to it.

#[cfg(test)]
mod tests;

use core::fmt;
use std::borrow::Cow;

use super::index::{Kinds, Own};
use super::known::{Known, SHORTEST};
#[cfg(feature = "regex")]
use super::rules::Rules;
use super::scan::Scan;
use super::{FilterError, PLACEHOLDER, keys};

/// Hides what is secret in a text.
///
/// The built-in knowledge is complete in itself; what is added here comes to it. The parts that are known when the program is written are
/// `const`, so that a filter can be a `static`:
///
/// ```
/// use wait_or_die::redact::Filter;
///
/// static FILTER: Filter = Filter::new()
///     .keys(&["tenant_ref"])
///     .prefixes(&["acme_"])
///     .allow_keys(&["session_id"]);
///
/// assert_eq!(FILTER.filter("tenant_ref=northwind-7"), "tenant_ref=[REDACTED]");
/// assert_eq!(FILTER.filter("sent acme_4fK29sLq01"), "sent [REDACTED]");
/// assert_eq!(FILTER.filter("session_id=4fK29sLq01"), "session_id=4fK29sLq01");
/// ```
#[derive(Clone)]
pub struct Filter {
    /// The index of what the program added.
    own: Own,
    has_own: bool,
    pub(super) keys: &'static [&'static str],
    pub(super) allowed_keys: &'static [&'static str],
    pub(super) prefixes: &'static [&'static str],
    pub(super) allowed: &'static [&'static str],
    pub(super) keeps_last_four: bool,
    pub(super) known: Known,
    #[cfg(feature = "regex")]
    rules: Rules,
}

/// How often a text is filtered again before it is given up.
const MOST_TIMES: usize = 4;

impl Filter {
    /// The filter with the built-in knowledge.
    pub const fn new() -> Self {
        Self {
            own: Own::new(),
            has_own: false,
            keys: &[],
            allowed_keys: &[],
            prefixes: &[],
            allowed: &[],
            keeps_last_four: false,
            known: Known::new(),
            #[cfg(feature = "regex")]
            rules: Rules::new(),
        }
    }

    /// More names under which secrets stand, whatever their value is: `"tenant_ref"` knows `tenant_ref=`, `TENANT-REF: `,
    /// `"tenantRef": `, `old_tenant_ref=`. Replaces what an earlier call named.
    ///
    /// # Panics
    ///
    /// If a name has less than three letters: when the program is compiled, for a `static`.
    #[must_use]
    pub const fn keys(mut self, keys: &'static [&'static str]) -> Self {
        let mut index = 0;
        while index < keys.len() {
            assert!(
                keys[index].len() >= 3,
                "a key of less than three letters would be found by chance; write a longer one"
            );
            keys::add_name(&mut self.own, keys[index].as_bytes(), true);
            self.has_own = true;
            index += 1;
        }
        self.keys = keys;
        self
    }

    /// Names that are not secret, though the built-in knowledge or [`keys`](Self::keys) has them: `"session_id"` leaves out
    /// `session_id=` and `old_session_id=`, and no other name that ends in `id`. Replaces what an earlier call named.
    #[must_use]
    pub const fn allow_keys(mut self, keys: &'static [&'static str]) -> Self {
        self.allowed_keys = keys;
        self
    }

    /// Beginnings of tokens, in the case they have: `"acme_"` hides `acme_` and what follows of letters, digits and
    /// `_.-+/=`, if that is at least six long, the whole at least twelve up to its first `=`, and nothing of a word stands before it.
    /// Replaces what an earlier call named.
    ///
    /// # Panics
    ///
    /// If a prefix has less than three characters, or a blank, a double quote or one of `!;<=>?`: when the program is compiled, for
    /// a `static`.
    #[must_use]
    pub const fn prefixes(mut self, prefixes: &'static [&'static str]) -> Self {
        let mut index = 0;
        while index < prefixes.len() {
            let prefix = prefixes[index].as_bytes();
            assert!(
                prefix.len() >= 3,
                "a prefix of less than three characters would be found by chance; write a longer one"
            );
            assert!(
                !has_hard_sign(prefix),
                "a prefix with a blank, a double quote or one of `!;<=>?` is never found; write what stands behind that"
            );
            self.own.add_start_of(prefix, Kinds::OWN);
            self.has_own = true;
            index += 1;
        }
        self.prefixes = prefixes;
        self
    }

    /// Texts that stay, though they look like a token or a number of a card: a test account's, a public key's. Not under the name of
    /// a secret: there the value is hidden whatever it is, unless [`allow_keys`](Self::allow_keys) names the name.
    /// Replaces what an earlier call named.
    #[must_use]
    pub const fn allow(mut self, texts: &'static [&'static str]) -> Self {
        self.allowed = texts;
        self
    }

    /// Shows the last four digits of cards and accounts: `[REDACTED]1111`. Not shown by default.
    #[must_use]
    pub const fn show_last_four(mut self) -> Self {
        self.keeps_last_four = true;
        self
    }

    /// Secrets that the program knows, from its configuration or its environment: hidden wherever they stand, also in base64 (at each
    /// offset), in hexadecimal, percent-encoded, as forms have it, and with JSON's escapes. Added to those of earlier calls.
    ///
    /// They are kept in memory as long as the filter is. Each has a dozen to some thirty forms; the time of a search grows
    /// with the logarithm of their number.
    ///
    /// # Errors
    ///
    /// [`FilterError::TooShort`] if one has less than six bytes: it would be found by chance. The error does not hold it.
    pub fn values<V: AsRef<str>>(
        mut self,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Self, FilterError> {
        for (index, value) in values.into_iter().enumerate() {
            let value = value.as_ref();
            if value.len() < SHORTEST {
                return Err(FilterError::TooShort { index });
            }
            self.known.add(value);
        }
        Ok(self)
    }

    /// A regular expression; what it matches is hidden, or its group named `secret` if it has one. It is run before
    /// everything else, over the whole text.
    ///
    /// One search is linear in the text, as the crate `regex` has it. Where a search reads far beyond what it then matches,
    /// as with `.*[^A-Z]|[A-Z]`, all of them together are not.
    ///
    /// # Errors
    ///
    /// [`FilterError::Rule`] if the expression cannot be read, or matches the empty text.
    #[cfg(feature = "regex")]
    pub fn rule(mut self, pattern: &str) -> Result<Self, FilterError> {
        self.rules.add(pattern)?;
        Ok(self)
    }

    /// `text` with everything secret in it replaced by `[REDACTED]`; borrowed and unallocated if there is nothing.
    ///
    /// To filter the result again changes nothing. Takes time in proportion to the text, whatever it holds.
    pub fn filter<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.once(text) {
            Cow::Owned(hidden) => Cow::Owned(self.settled(hidden)),
            same @ Cow::Borrowed(_) => same,
        }
    }

    /// What the program added to the index, if it did.
    pub(super) fn own(&self) -> Option<&Own> {
        self.has_own.then_some(&self.own)
    }

    /// A text of which something was hidden, filtered until nothing changes.
    ///
    /// Nearly every text is settled after the first time. What is not is made of secrets that run into each other, or a rule matches
    /// what it made itself; of that nothing is shown if it does not settle soon.
    fn settled(&self, mut text: String) -> String {
        for _ in 0..MOST_TIMES {
            match self.once(&text) {
                Cow::Owned(again) if again != text => text = again,
                _ => return text,
            }
        }
        PLACEHOLDER.to_owned()
    }

    fn once<'t>(&self, text: &'t str) -> Cow<'t, str> {
        #[cfg(feature = "regex")]
        if let Cow::Owned(ruled) = self.rules.filter(text) {
            return Cow::Owned(self.known_to_us(&ruled).into_owned());
        }
        self.known_to_us(text)
    }

    fn known_to_us<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Scan::new(self, text).run()
    }
}

/// Whether there is a sign that no token has.
const fn has_hard_sign(prefix: &[u8]) -> bool {
    let mut place = 0;
    while place < prefix.len() {
        if matches!(prefix[place], 0..=b'"' | b';'..=b'?') {
            return true;
        }
        place += 1;
    }
    false
}

impl Default for Filter {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("keys", &self.keys)
            .field("allowed_keys", &self.allowed_keys)
            .field("prefixes", &self.prefixes)
            .field("allowed", &self.allowed)
            .field("keeps_last_four", &self.keeps_last_four)
            .finish_non_exhaustive()
    }
}
