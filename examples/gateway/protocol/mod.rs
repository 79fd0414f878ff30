//! The JSON spoken over the socket: one request, one reply, told apart by the request's id.
//!
//! ```json
//! {"id":"r-1","action":"PING"}
//! {"id":"r-2","action":"ORDER_SEND","client_order_id":"o-1","type":"OP_BUY","symbol":"EURUSD",
//!  "volume":"0.10","price":"1.08425","magic":202401}
//! {"id":"r-3","action":"ORDER_STATUS","client_order_id":"o-1"}
//! {"id":"r-4","action":"POSITIONS","magic":202401}
//! {"id":"r-5","action":"ACCOUNT"}
//! {"id":"r-6","action":"SYNC_ALL","magic_number":202401,"timestamp":"2026-01-05T09:30:00Z"}
//! ```
//!
//! A reply carries the `id` and a `status`. Of an order:
//!
//! | status | what became of the order | what to do |
//! |---|---|---|
//! | `FILLED`, `PARTIAL` | executed: as a whole, in part | nothing |
//! | `PLACED` | the terminal has it, and fills it later | ask with `ORDER_STATUS` |
//! | `REJECTED` | certainly not executed, and it never will be | nothing |
//! | `NOT_EXECUTED` | certainly not executed | it may be sent again, with the same id |
//! | `IN_PROGRESS` | somebody is at it | ask with `ORDER_STATUS` |
//! | `UNKNOWN` | it may have been executed | ask with `ORDER_STATUS`; never send it under another id |
//! | `NOT_FOUND` | the gateway has not heard of it; it may be on its way still | send it again, with the same id |
//! | `ERROR` | the request was not understood, or its id belongs to another order | mend the request |
//!
//! The other requests are answered with `OK`, what was asked for, or `UNAVAILABLE` if the terminal cannot be asked.
//! `NOT_EXECUTED`, `UNKNOWN` and `UNAVAILABLE` may carry `retry_after_ms`: the terminal is down and is not asked for so
//! many milliseconds. A request that comes sooner gets the same answer at once.

mod order;
mod reply;
mod request;
mod sync;
#[cfg(test)]
mod tests;
mod unique;

pub(crate) use order::{Name, Order, OrderRef, Side};
#[cfg(test)]
pub(crate) use reply::Took;
pub(crate) use reply::{Body, Facts, PositionView, Reply};
pub(crate) use request::{Action, Request};
pub(crate) use sync::{Portfolio, SyncRequest, Timestamp};
pub(crate) use unique::Unique;
