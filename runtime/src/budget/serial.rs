//! Budgets in configuration files: the names of the settings, the memory as text or seconds.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::BudgetPolicy;
use crate::policy::serial::Text;

#[derive(Serialize, Deserialize)]
#[serde(rename = "BudgetPolicy", deny_unknown_fields, default)]
struct Options {
    ratio: f64,
    reserve_per_second: u32,
    memory: Text,
}

impl From<&BudgetPolicy> for Options {
    fn from(policy: &BudgetPolicy) -> Self {
        Self {
            ratio: policy.ratio(),
            reserve_per_second: policy.reserve_per_second(),
            memory: Text(policy.memory()),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::from(&BudgetPolicy::DEFAULT)
    }
}

/// The memory as text such as `"10s"`.
impl Serialize for BudgetPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Options::from(self).serialize(serializer)
    }
}

/// The memory is text (`"10s"`) or a number of seconds. What is missing has its default, an unknown name is refused,
/// and the whole must pass [`BudgetPolicy::check`]. Needs a format that describes itself (JSON, TOML, YAML).
impl<'de> Deserialize<'de> for BudgetPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let options = Options::deserialize(deserializer)?;
        let policy = Self::new()
            .with_ratio(options.ratio)
            .with_reserve_per_second(options.reserve_per_second)
            .with_memory(options.memory.0);
        policy.check().map_err(D::Error::custom)?;
        Ok(policy)
    }
}
