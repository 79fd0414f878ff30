//! What a client asks for.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::order::{Name, Order, OrderRef};
use super::reply::Reply;
use super::sync::SyncRequest;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    Ping,
    OrderSend(Order),
    OrderStatus(OrderRef),
    /// The open positions of this magic number.
    Positions(u64),
    Account,
    SyncAll(SyncRequest),
}

/// The fields of `POSITIONS`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfMagic {
    magic: u64,
}

/// A request with the id that its reply will carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) id: Name,
    pub(crate) action: Action,
}

impl Request {
    /// The message as it goes over the wire.
    ///
    /// # Errors
    /// Never for these types; the serializer's signature says so.
    pub(crate) fn encode(&self) -> serde_json::Result<Vec<u8>> {
        let nothing = || Value::Object(Map::new());
        let (action, mut fields) = match &self.action {
            Action::Ping => ("PING", nothing()),
            Action::OrderSend(order) => ("ORDER_SEND", serde_json::to_value(order)?),
            Action::OrderStatus(order) => ("ORDER_STATUS", serde_json::to_value(order)?),
            Action::Positions(magic) => ("POSITIONS", serde_json::json!({ "magic": magic })),
            Action::Account => ("ACCOUNT", nothing()),
            Action::SyncAll(sync) => ("SYNC_ALL", serde_json::to_value(sync)?),
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

fn action(mut fields: Map<String, Value>) -> Result<Action, String> {
    const KNOWN: &str = "write \"action\":\"PING\", \"ORDER_SEND\", \"ORDER_STATUS\", \"POSITIONS\", \"ACCOUNT\" or \
                         \"SYNC_ALL\"";
    let action = fields.remove("action");
    match action.as_ref().and_then(Value::as_str) {
        Some(name @ "PING") => nothing_in(name, &fields).map(|()| Action::Ping),
        Some(name @ "ACCOUNT") => nothing_in(name, &fields).map(|()| Action::Account),
        Some(name @ "ORDER_SEND") => read(name, fields).map(Action::OrderSend),
        Some(name @ "ORDER_STATUS") => read(name, fields).map(Action::OrderStatus),
        Some(name @ "POSITIONS") => {
            read(name, fields).map(|OfMagic { magic }| Action::Positions(magic))
        }
        Some(name @ "SYNC_ALL") => read(name, fields).map(Action::SyncAll),
        Some(_) => Err(format!("unknown `action`; {KNOWN}")),
        None => Err(format!("`action` is missing; {KNOWN}")),
    }
}

fn nothing_in(name: &str, fields: &Map<String, Value>) -> Result<(), String> {
    if fields.is_empty() {
        Ok(())
    } else {
        Err(format!("`{name}` takes nothing but an `id`"))
    }
}

fn read<T: DeserializeOwned>(name: &str, fields: Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(fields)).map_err(|error| format!("`{name}`: {error}"))
}
