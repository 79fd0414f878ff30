//! What is wrong with an entry of the settings.

use core::fmt;

use crate::{BreakerPolicyError, PolicyError, SafeText};

/// Why settings were not put in force: the entry, and the rule that it breaks. Printed, the name goes through the
/// redaction filter.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("the settings of the {} `{}`: {}", .section.of(), SafeText::of(.name), .rule.message())]
pub struct SettingsError {
    section: Section,
    name: String,
    rule: SettingsRule,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Calls,
    Breakers,
}

impl Section {
    const fn of(self) -> &'static str {
        match self {
            Self::Calls => "call",
            Self::Breakers => "breaker",
        }
    }
}

impl SettingsError {
    pub(super) fn new(section: Section, name: &str, rule: SettingsRule) -> Self {
        Self {
            section,
            name: name.to_owned(),
            rule,
        }
    }

    /// The name of the entry, as it was given: an operation's, or a breaker's where the rule is one of breakers.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rule that the entry breaks.
    pub const fn rule(&self) -> SettingsRule {
        self.rule
    }
}

impl fmt::Debug for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SettingsError")
            .field("section", &self.section)
            .field("name", &SafeText::of(&self.name))
            .field("rule", &self.rule)
            .finish()
    }
}

/// A rule of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SettingsRule {
    /// What is set and what is written make a policy of retries that [`check`](crate::RetryPolicy::check) refuses.
    Retry(PolicyError),
    /// What is set and what is declared make a policy of a breaker that [`check`](crate::BreakerPolicy::check) refuses.
    Breaker(BreakerPolicyError),
    /// `attempt_timeout` is set for a plain `fn`.
    AttemptTimeoutOfPlainFn,
    /// More than `enabled` is set for a function that has only a breaker.
    NotRetried,
}

impl SettingsRule {
    /// The text; it names the options and says what to write.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Retry(rule) => rule.message(),
            Self::Breaker(rule) => rule.message(),
            Self::AttemptTimeoutOfPlainFn => {
                "`attempt_timeout` cannot be set for a plain `fn`, whose attempts nothing can stop; write `timeout`"
            }
            Self::NotRetried => {
                "only `enabled` can be set for a function without `#[wait_or_die]`; write the other settings under `breakers`"
            }
        }
    }
}

impl From<PolicyError> for SettingsRule {
    fn from(rule: PolicyError) -> Self {
        Self::Retry(rule)
    }
}

impl From<BreakerPolicyError> for SettingsRule {
    fn from(rule: BreakerPolicyError) -> Self {
        Self::Breaker(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::{Section, SettingsError, SettingsRule};

    #[test]
    fn a_name_is_given_as_it_is_and_printed_through_the_filter() {
        let rule = SettingsRule::NotRetried;
        let error = SettingsError::new(Section::Calls, "push password=hunter2secret", rule);
        assert_eq!(error.name(), "push password=hunter2secret");
        assert_eq!(
            error.to_string(),
            format!(
                "the settings of the call `push password=[REDACTED]`: {}",
                rule.message()
            )
        );
        assert_eq!(
            format!("{error:?}"),
            r#"SettingsError { section: Calls, name: "push password=[REDACTED]", rule: NotRetried }"#
        );
    }
}
