//! What can be seen of a breaker with a name.

use super::{Place, Snapshot};
use crate::SafeText;

/// A breaker with a name at one moment. With the feature `serde` it is written flat, durations as text, without what
/// it does not have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct BreakerSnapshot {
    /// The name; one that was made at run time has gone through the filter.
    pub name: SafeText,
    /// The key after redaction.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub key: Option<SafeText>,
    /// Where the settings were declared; `None` while the defaults hold, and of a breaker that nobody finds by its name.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub declared_at: Option<Place>,
    /// State and counts.
    #[cfg_attr(feature = "serde", serde(flatten))]
    pub core: Snapshot,
}
