//! A loopback HTTP server that misbehaves as a plan says, for demonstrations and tests of HTTP clients.
mod clock;
mod connection;
mod plan;
mod received;
mod retry_after;
mod script;
mod server;
mod shared;
mod step;
mod wire;

pub use plan::Plan;
pub use received::Received;
pub use retry_after::RetryAfter;
pub use server::Server;
pub use step::{Answer, Fault, Step};
