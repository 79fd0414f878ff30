//! An optional duration as text or seconds.

use core::time::Duration;

use serde::{Deserialize, Deserializer};

use crate::policy::serial::Text;

pub(super) use crate::policy::optional_text as serialize;

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let text = Option::<Text>::deserialize(deserializer)?;
    Ok(text.map(|text| text.0))
}
