//! Exact counts in time that stands still while nothing happens. What the attributes do is tested where they are; here it is
//! that these are on these calls, and that they are asked about the right errors.

mod account;
#[cfg(feature = "resilience")]
mod outages;
#[cfg(not(feature = "resilience"))]
mod plain;
#[cfg(feature = "resilience")]
mod protected;
mod stream;
