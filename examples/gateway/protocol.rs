//! The JSON spoken over the socket: one request, one reply, told apart by the request's id.
//!
//! ```json
//! {"id":"r-1","action":"PING"}
//! {"id":"r-2","action":"ORDER_SEND","client_order_id":"o-1","type":"OP_BUY","symbol":"EURUSD",
//!  "volume":"0.10","price":"1.08425","magic":202401}
//! {"id":"r-3","action":"ORDER_STATUS","client_order_id":"o-1"}
//! ```
//!
//! A reply carries the `id` and a `status`: `OK`, `FILLED`, `REJECTED`, `NOT_EXECUTED` (certainly; it may
//! be sent again), `UNKNOWN` (ask with `ORDER_STATUS`; never send it again) or `ERROR` (no such request).
//!
//! `NOT_EXECUTED` and `UNKNOWN` may carry `retry_after_ms`: the terminal is down and is not asked for so
//! many milliseconds. A request that comes sooner gets the same answer at once.
//!
//! ```json
//! {"id":"r-2","status":"NOT_EXECUTED","message":"..","retry_after_ms":1000}
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::amount::Amount;

/// Longest id or symbol, in bytes.
const LONGEST_NAME: usize = 64;
/// Longest text of an error reply, in characters; it may quote what the client sent.
const LONGEST_MESSAGE: usize = 200;

/// A short printable name: an id or a symbol.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Name(String);

impl Name {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Name {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        if printable && !text.is_empty() && text.len() <= LONGEST_NAME {
            Ok(Self(text))
        } else {
            Err("a name is 1 to 64 printable ASCII characters without spaces")
        }
    }
}

/// Which way an order goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Side {
    #[serde(rename = "OP_BUY")]
    Buy,
    #[serde(rename = "OP_SELL")]
    Sell,
}

/// An order as the client writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Executed at most once, whatever is sent how often.
    pub(crate) client_order_id: Name,
    #[serde(rename = "type")]
    pub(crate) side: Side,
    pub(crate) symbol: Name,
    pub(crate) volume: Amount,
    pub(crate) price: Amount,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sl: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) tp: Option<Amount>,
    pub(crate) magic: u64,
}

/// Which order is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrderRef {
    pub(crate) client_order_id: Name,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Ping,
    OrderSend(Order),
    OrderStatus(OrderRef),
}

/// A request with the id that its reply will carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: Name,
    pub(crate) action: Action,
}

/// Where an order stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Body {
    Ok,
    Filled {
        ticket: u64,
        price: Amount,
        /// Attempts that the terminal took.
        attempts: u32,
        /// The terminal's answer was lost, and the terminal was asked afterwards.
        reconciled: bool,
    },
    Rejected {
        retcode: u32,
        message: String,
    },
    NotExecuted {
        message: String,
        /// Not worth sending again before so many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    Unknown {
        message: String,
        /// Not worth asking about before so many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<u64>,
    },
    Error {
        message: String,
    },
}

/// The one reply to a request; without an id where the request had none that could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) id: Option<Name>,
    #[serde(flatten)]
    pub(crate) body: Body,
}

impl Reply {
    /// The reply to something that is not a request.
    pub(crate) fn error(id: Option<Name>, message: &str) -> Self {
        let message = message.chars().take(LONGEST_MESSAGE).collect();
        Self {
            id,
            body: Body::Error { message },
        }
    }
}

impl Request {
    /// The message as it goes over the wire.
    ///
    /// # Errors
    /// Never for these types; the serializer's signature says so.
    pub(crate) fn encode(&self) -> serde_json::Result<Vec<u8>> {
        let (action, mut fields) = match &self.action {
            Action::Ping => ("PING", Value::Object(serde_json::Map::new())),
            Action::OrderSend(order) => ("ORDER_SEND", serde_json::to_value(order)?),
            Action::OrderStatus(order) => ("ORDER_STATUS", serde_json::to_value(order)?),
        };
        if let Value::Object(fields) = &mut fields {
            fields.insert("id".to_owned(), serde_json::to_value(&self.id)?);
            fields.insert("action".to_owned(), action.into());
        }
        serde_json::to_vec(&fields)
    }

    /// Reads a request out of a JSON value.
    ///
    /// # Errors
    /// The error reply, which carries the id if there was one.
    pub(crate) fn parse(value: Value) -> Result<Self, Reply> {
        let Value::Object(mut fields) = value else {
            return Err(Reply::error(None, "a request is a JSON object"));
        };
        let id = match fields.remove("id").map(serde_json::from_value::<Name>) {
            Some(Ok(id)) => id,
            Some(Err(error)) => return Err(Reply::error(None, &format!("`id`: {error}"))),
            None => return Err(Reply::error(None, "`id` is missing; write \"id\":\"1\"")),
        };
        match action(fields) {
            Ok(action) => Ok(Self { id, action }),
            Err(message) => Err(Reply::error(Some(id), &message)),
        }
    }
}

fn action(mut fields: serde_json::Map<String, Value>) -> Result<Action, String> {
    const KNOWN: &str = "write \"action\":\"PING\", \"ORDER_SEND\" or \"ORDER_STATUS\"";
    let action = fields.remove("action");
    let fields_of = |name: &str, error: &serde_json::Error| format!("`{name}`: {error}");
    match action.as_ref().and_then(Value::as_str) {
        Some("PING") if fields.is_empty() => Ok(Action::Ping),
        Some("PING") => Err("`PING` takes nothing but an `id`".to_owned()),
        Some(name @ "ORDER_SEND") => serde_json::from_value(Value::Object(fields))
            .map(Action::OrderSend)
            .map_err(|error| fields_of(name, &error)),
        Some(name @ "ORDER_STATUS") => serde_json::from_value(Value::Object(fields))
            .map(Action::OrderStatus)
            .map_err(|error| fields_of(name, &error)),
        Some(_) => Err(format!("unknown `action`; {KNOWN}")),
        None => Err(format!("`action` is missing; {KNOWN}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, Body, Reply, Request};
    use serde_json::{Value, json};

    fn order() -> Value {
        json!({"id": "r-2", "action": "ORDER_SEND", "client_order_id": "o-1", "type": "OP_BUY",
               "symbol": "EURUSD", "volume": "0.10", "price": "1.08425", "magic": 202_401})
    }

    fn message(value: Value) -> (Option<String>, String) {
        let reply = Request::parse(value).unwrap_err();
        let id = reply.id.map(|id| id.as_str().to_owned());
        match reply.body {
            Body::Error { message } => (id, message),
            other => panic!("not an error reply: {other:?}"),
        }
    }

    #[test]
    fn requests_survive_the_wire() {
        for value in [
            json!({"id": "r-1", "action": "PING"}),
            order(),
            json!({"id": "r-3", "action": "ORDER_STATUS", "client_order_id": "o-1"}),
        ] {
            let request = Request::parse(value.clone()).unwrap();
            let wire: Value = serde_json::from_slice(&request.encode().unwrap()).unwrap();
            assert_eq!(wire, value);
        }
        let Action::OrderSend(order) = Request::parse(order()).unwrap().action else {
            panic!("not an order");
        };
        assert_eq!(order.volume.to_string(), "0.10");
    }

    #[test]
    fn error_replies_carry_the_id_and_say_what_is_wrong() {
        assert_eq!(message(json!([1])).1, "a request is a JSON object");
        assert_eq!(
            message(json!({"action": "PING"})),
            (None, "`id` is missing; write \"id\":\"1\"".to_owned())
        );
        assert_eq!(message(json!({"id": 7, "action": "PING"})).0, None);
        let (id, text) = message(json!({"id": "r-9", "action": "SYNC"}));
        assert_eq!(id.as_deref(), Some("r-9"));
        assert!(text.starts_with("unknown `action`; write "), "{text}");
        assert_eq!(
            message(json!({"id": "1", "action": "PING", "x": 1})).1,
            "`PING` takes nothing but an `id`"
        );
    }

    #[test]
    fn a_wrong_field_of_an_order_is_named() {
        for (field, value, told) in [
            ("volume", json!("-1"), "an amount is a positive decimal"),
            ("volume", json!(0.1), "expected a string"),
            ("type", json!("OP_HOLD"), "expected `OP_BUY` or `OP_SELL`"),
            ("symbol", json!("EUR USD"), "printable ASCII"),
            ("colour", json!("red"), "unknown field `colour`"),
        ] {
            let mut wrong = order();
            wrong[field] = value;
            let (id, text) = message(wrong);
            assert_eq!(id.as_deref(), Some("r-2"));
            assert!(text.contains(told), "{field}: {text}");
        }
        let mut short = order();
        short.as_object_mut().unwrap().remove("price");
        assert_eq!(message(short).1, "`ORDER_SEND`: missing field `price`");
    }

    #[test]
    fn an_error_reply_is_short_whatever_was_sent() {
        let (_, text) =
            message(json!({"id": "1", "action": "ORDER_STATUS", "x".repeat(60_000): 1}));
        assert_eq!(text.chars().count(), 200);
    }

    #[test]
    fn replies_are_tagged_by_status() {
        let reply = |retry_after_ms| Reply {
            id: None,
            body: Body::NotExecuted {
                message: "no".to_owned(),
                retry_after_ms,
            },
        };
        let plain = json!({"id": null, "status": "NOT_EXECUTED", "message": "no"});
        let mut later = plain.clone();
        later["retry_after_ms"] = json!(640);
        for (reply, wire) in [(reply(None), plain), (reply(Some(640)), later)] {
            assert_eq!(serde_json::to_value(&reply).unwrap(), wire);
            assert_eq!(serde_json::from_value::<Reply>(wire).unwrap(), reply);
        }
    }
}
