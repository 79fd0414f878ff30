//! Retry, deadlines, circuit breakers and typed outcomes for functions that call things which fail, as two attributes.
//!
//! ```
//! use wait_or_die::wait_or_die;
//!
//! #[wait_or_die(timeout = "30s", max_retries = 5, initial_wait = "500ms", max_wait = "5s")]
//! async fn fetch(host: &str) -> std::io::Result<String> {
//!     // one attempt; it is repeated, with back-off, while that may help
//!     Ok(format!("page of {host}"))
//! }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
//! #     .block_on(async { assert_eq!(fetch("h").await.unwrap(), "page of h") });
//! ```
//!
//! With a circuit breaker round each attempt, in whichever order the two are written:
//!
//! ```
//! use wait_or_die::{circuit_breaker, wait_or_die};
//!
//! #[circuit_breaker(name = "notion", failure_threshold = 5, recovery_timeout = "60s")]
//! #[wait_or_die(timeout = "300s", attempt_timeout = "10s")]
//! async fn push(page: &str) -> std::io::Result<usize> {
//!     Ok(page.len())
//! }
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
//! #     .block_on(async { assert_eq!(push("page").await.unwrap(), 4) });
//! ```
//!
//! - [`macro@wait_or_die`] and [`macro@circuit_breaker`] are the attributes: their options, what they expand to, their
//!   limits and their cost.
//! - [`RetryPolicy`] and [`BreakerPolicy`] hold the numbers; [`backoff`] the arithmetic of waits, and strategies of
//!   one's own.
//! - [`mod@settings`] go over what is written, by name, while the program runs.
//! - [`Budget`] bounds the load that the retries of many calls add together.
//! - `Breaker` is a circuit breaker by name, for code without attributes, and to look at, listen to and set by hand;
//!   [`mod@breaker`] says what counts as what; [`breaker::Core`] is one without a name or a clock, for integrations of
//!   one's own.
//! - `Protection` puts together by hand what the attributes put round a function.
//! - [`Classify`] and [`Verdict`] say what an error means for a retry; `classify::http` (feature `http`) what HTTP does.
//! - [`mod@halt`] stops the program when an operation dies that it cannot do without.
//! - [`Error`] is what a call gets when a deadline or a breaker left it no error of its own.
//! - [`Attempt`] and [`Retry`] are what the body and `on_retry` see of a running call.
//! - [`SafeText`] is the only text that is ever printed; [`mod@redact`] hides the secrets in it.
//!   [`Redacted`](redact::Redacted) is for those of your own.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `macros` | yes | the attributes and `#[derive(Classify)]` |
//! | `serde` | | policies and settings in configuration files; snapshots of breakers |
//! | `anyhow` | | `Classify` for `anyhow::Error` |
//! | `eyre` | | `Classify` for `eyre::Report` |
//! | `http` | | `classify::http`: verdicts on HTTP responses; `redact::headers`, `redact::url`: headers and URLs fit to be printed |
//! | `reqwest` | | verdicts on the errors of reqwest 0.13 |
//! | `zeroize` | | `Redacted` secrets that are overwritten with zeros on drop |
//! | `backoff` | | interoperation with the unmaintained `backoff` crate |
//! | `regex` | | `redact::Filter::rule`: regular expressions of what to hide besides |
//! | `subscriber` | | `redact::MakeWriter`, which filters what `tracing-subscriber` prints |
//! | `test-util` | | `testing::scope`: seeded jitter, virtual time, breakers and settings of the test's own |
#![cfg_attr(docsrs, feature(doc_cfg))]
// Loom's atomics cannot be in statics, so its models get what is below them and nothing that is found by name.
#![cfg_attr(loom, allow(dead_code, unused_imports))]

mod clock;
mod contain;
mod error;
#[cfg(not(loom))]
mod observe;
mod random;
mod sync;
mod trace_id;

pub mod backoff;
pub mod breaker;
pub mod budget;
pub mod classify;
#[cfg(not(loom))]
pub mod halt;
#[cfg(feature = "backoff")]
pub mod interop;
pub mod policy;
pub mod redact;
#[cfg(not(loom))]
pub mod retry;
#[cfg(not(loom))]
pub mod settings;
#[cfg(all(not(loom), feature = "test-util"))]
pub mod testing;

#[cfg(not(loom))]
mod protection;

#[cfg(not(loom))]
#[doc(hidden)]
pub mod __private;

pub use backoff::{Jitter, Strategy};
#[cfg(not(loom))]
pub use breaker::{Breaker, BreakerPermit, BreakerSnapshot};
pub use budget::{Budget, BudgetError, BudgetPolicy};
pub use classify::{Classify, Verdict};
pub use error::{Bound, ConfigError, Error, Rejected, TimedOut};
pub use policy::{BreakerPolicy, BreakerPolicyError, OnCancel, PolicyError, RetryPolicy, Window};
#[cfg(not(loom))]
pub use protection::Protection;
pub use redact::SafeText;
#[cfg(not(loom))]
pub use retry::{Attempt, Retry};
pub use trace_id::TraceId;
#[cfg(feature = "macros")]
pub use wait_or_die_macros::{Classify, circuit_breaker, wait_or_die};
