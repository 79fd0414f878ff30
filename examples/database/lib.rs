//! A `PostgreSQL` client and a small memory store on top of it, protected by `#[wait_or_die]` and `#[circuit_breaker]`.
//!
//! - [`Database`]: one connection that is opened again when it is lost. [`execute`](Database::execute),
//!   [`fetch`](Database::fetch), [`fetch_row`](Database::fetch_row) and [`fetch_value`](Database::fetch_value) retry what
//!   the server's SQLSTATE says may pass; [`transaction_once`](Database::transaction_once) repeats a whole transaction
//!   until it is known to be done, and does it once.
//! - [`Store`]: keeps texts, finds them by what they mean, and by their words where nobody can say what they mean.
//! - [`Server`]: a `PostgreSQL` of one's own in a temporary folder, for tests and demonstrations.
//!
//! What a lost connection leaves unknown is never repeated unless the caller has said that it may be.

mod database;
mod embedding;
mod error;
mod intent;
mod key;
mod link;
mod pace;
mod server;
#[cfg(test)]
mod simulated;
mod sqlstate;
mod store;
mod target;
mod transaction;
mod turns;

pub use database::Database;
pub use embedding::{EmbedError, Embedder, HashedWords};
pub use error::{DbError, Loss, Refused};
pub use key::Key;
pub use link::Limits;
pub use server::{Server, ServerError};
pub use sqlstate::{is_end_of_session, verdict};
pub use store::{By, CaughtUp, Found, Hit, Saved, Store, StoreError};
pub use target::{Target, TargetError};
pub use transaction::{Once, Transaction, Work};
