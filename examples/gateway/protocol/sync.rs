//! What a start-up asks for, and how it knows that the answer is whole.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::order::Name;
use super::reply::{AccountView, Facts, PositionView};

/// A time as RFC 3339 has it, in UTC, to the millisecond: `2026-01-05T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Timestamp(u64);

impl Timestamp {
    /// From milliseconds since 1970.
    pub(crate) const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    pub(crate) const fn millis(self) -> u64 {
        self.0
    }
}

impl TryFrom<String> for Timestamp {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        const WRITE: &str =
            "a time is written as RFC 3339 has it, in UTC: \"2026-01-05T09:30:00Z\"";
        let time = humantime::parse_rfc3339(&text).map_err(|_| WRITE)?;
        let since: Duration = time.duration_since(UNIX_EPOCH).map_err(|_| WRITE)?;
        u64::try_from(since.as_millis())
            .map(Self)
            .map_err(|_| WRITE)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time: SystemTime = UNIX_EPOCH + Duration::from_millis(self.0);
        write!(f, "{}", humantime::format_rfc3339_millis(time))
    }
}

impl From<Timestamp> for String {
    fn from(time: Timestamp) -> Self {
        time.to_string()
    }
}

/// Asks for the account and the open positions of one magic number: all of them, or those of some symbols and of a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SyncRequest {
    pub(crate) magic_number: u64,
    /// When the client asked, by its own clock.
    pub(crate) timestamp: Timestamp,
    /// Only these symbols; all of them if it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) symbols: Vec<Name>,
    /// Only positions opened at this time or later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Timestamp>,
    /// Only positions opened before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Timestamp>,
}

impl SyncRequest {
    /// Whether the positions are not all there are.
    pub(crate) fn is_partial(&self) -> bool {
        !self.symbols.is_empty() || self.from.is_some() || self.to.is_some()
    }

    /// Whether a position opened at `opened` is asked for.
    pub(crate) fn asks_for(&self, symbol: &Name, opened: Timestamp) -> bool {
        (self.symbols.is_empty() || self.symbols.contains(symbol))
            && self.from.is_none_or(|from| opened >= from)
            && self.to.is_none_or(|to| opened < to)
    }
}

/// The account and positions of a magic number at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Portfolio {
    pub(crate) account: AccountView,
    pub(crate) positions: Vec<PositionView>,
    pub(crate) state_version: u64,
}

impl Portfolio {
    /// What goes over the wire, with a checksum.
    pub(crate) fn facts(self, message: String) -> Facts {
        let checksum = self.checksum();
        Facts {
            account: Some(self.account),
            positions: Some(self.positions),
            state_version: Some(self.state_version),
            checksum: Some(checksum),
            message: Some(message),
        }
    }

    fn checksum(&self) -> String {
        let written = serde_json::to_vec(&(&self.account, &self.positions, self.state_version));
        format!(
            "{:08x}",
            crc::Crc::<u32>::new(&crc::CRC_32_ISCSI).checksum(&written.unwrap_or_default())
        )
    }
}

/// What is missing, or wrong, in an answer.
impl TryFrom<Facts> for Portfolio {
    type Error = &'static str;

    fn try_from(facts: Facts) -> Result<Self, &'static str> {
        let portfolio = Self {
            account: facts.account.ok_or("`account` is missing")?,
            positions: facts.positions.ok_or("`positions` is missing")?,
            state_version: facts.state_version.ok_or("`state_version` is missing")?,
        };
        let checksum = facts.checksum.ok_or("`checksum` is missing")?;
        if checksum == portfolio.checksum() {
            Ok(portfolio)
        } else {
            Err("the checksum is another one: something was changed on the way")
        }
    }
}
