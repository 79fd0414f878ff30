//! The other libraries, as their documentation recommends to use them.

pub(crate) mod breaker;
pub(crate) mod fixed;
pub(crate) mod resilience;
pub(crate) mod retry;
pub(crate) mod seatbelt;
pub(crate) mod stacked;
pub(crate) mod tower;
