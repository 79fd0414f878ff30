//! Settings that cannot hold.

use core::fmt;

use crate::breaker::Place;
use crate::{BreakerPolicyError, Error, SafeText};

/// The settings of a named breaker contradict those that it has, or are wrong in themselves. The call was not made.
///
/// One machine word wide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(Box<ConfigParts>);

/// What a [`ConfigError`] is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ConfigParts {
    breaker: SafeText,
    place: Place,
    wrong: Wrong,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// Declared at this place already, with settings that differ in these ways.
    Conflict(Place, Vec<Difference>),
    /// A rule is broken.
    Rule(BreakerPolicyError),
}

/// A setting that two places declare differently, as they would write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) setting: &'static str,
    pub(crate) first: String,
    pub(crate) second: String,
}

impl ConfigError {
    fn new(breaker: SafeText, place: Place, wrong: Wrong) -> Self {
        Self(Box::new(ConfigParts {
            breaker,
            place,
            wrong,
        }))
    }

    /// `place` declares settings other than those that were declared at `first`.
    pub(crate) fn conflict(
        breaker: SafeText,
        first: Place,
        place: Place,
        differences: Vec<Difference>,
    ) -> Self {
        Self::new(breaker, place, Wrong::Conflict(first, differences))
    }

    /// `place` declares settings that break a rule.
    pub(crate) fn rule(breaker: SafeText, place: Place, rule: BreakerPolicyError) -> Self {
        Self::new(breaker, place, Wrong::Rule(rule))
    }

    /// The name of the breaker; one that was made at run time has gone through the filter.
    pub fn breaker(&self) -> &SafeText {
        &self.0.breaker
    }

    /// Where the settings that were refused are written.
    pub fn place(&self) -> Place {
        self.0.place
    }

    /// Where the settings in force were declared before, if they are what the refused ones contradict.
    pub fn first_place(&self) -> Option<Place> {
        match self.0.wrong {
            Wrong::Conflict(first, _) => Some(first),
            Wrong::Rule(_) => None,
        }
    }

    /// The rule that the refused settings break, if they are wrong in themselves.
    pub fn rule_broken(&self) -> Option<BreakerPolicyError> {
        match self.0.wrong {
            Wrong::Rule(rule) => Some(rule),
            Wrong::Conflict(..) => None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = &*self.0;
        let (name, place) = (&parts.breaker, parts.place);
        match &parts.wrong {
            Wrong::Conflict(first, differences) => {
                write!(
                    f,
                    "circuit breaker `{name}` is declared at {first} and, differently, at {place}: "
                )?;
                for (index, difference) in differences.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    difference.fmt(f)?;
                }
                f.write_str(
                    "; write the same settings in both places, or `name` alone in one of them",
                )
            }
            Wrong::Rule(rule) => write!(f, "circuit breaker `{name}` at {place}: {rule}"),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            setting,
            first,
            second,
        } = self;
        write!(f, "`{setting}` is {first} and {second}")
    }
}

impl std::error::Error for ConfigError {}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}
