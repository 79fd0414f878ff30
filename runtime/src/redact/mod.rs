//! Text that is fit to be printed.

mod ahead;
mod cli;
mod edge;
mod error;
mod filter;
#[cfg(test)]
mod hostile;
#[cfg(feature = "http")]
mod http;
mod index;
mod joints;
mod keys;
mod known;
mod numbers;
mod out;
mod panics;
mod pem;
mod plain;
mod process;
mod redacted;
#[cfg(feature = "regex")]
mod rules;
mod safe_text;
mod scan;
mod scheme;
mod span;
mod texts;
mod tokens;
mod under;
mod userinfo;
mod value;
mod varied;
mod writer;
mod written;

pub use self::error::FilterError;
pub use self::filter::Filter;
#[cfg(feature = "http")]
pub use self::http::{Headers, headers, mark_sensitive, url};
pub(crate) use self::panics::payload_text;
pub use self::panics::{install_panic_hook, panic_text};
pub(crate) use self::plain::Plain;
pub use self::process::{FilterAlreadySet, filter, set_filter};
pub use self::redacted::Redacted;
#[cfg(feature = "zeroize")]
pub use self::redacted::RedactedString;
pub use self::safe_text::SafeText;
pub(crate) use self::under::under;
#[cfg(feature = "subscriber")]
pub use self::writer::MakeWriter;
pub use self::writer::Writer;

/// What stands in the place of a text that must not be shown.
pub(crate) const PLACEHOLDER: &str = "[REDACTED]";
