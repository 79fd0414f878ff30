//! What only the inside can see of breakers that are found by name.

mod keyed;
#[path = "../../../../tests/breaker_named/lines.rs"]
mod lines;
mod named;
#[cfg(feature = "test-util")]
mod scoped;
