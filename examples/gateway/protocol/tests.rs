use super::{Action, Body, Facts, Portfolio, Reply, Request, SyncRequest};
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
        json!({"id": "r-4", "action": "POSITIONS", "magic": 7}),
        json!({"id": "r-5", "action": "ACCOUNT"}),
        json!({"id": "r-6", "action": "SYNC_ALL", "magic_number": 7, "timestamp": "2026-01-05T09:30:00.000Z"}),
        json!({"id": "r-7", "action": "SYNC_ALL", "magic_number": 7, "timestamp": "2026-01-05T09:30:00.000Z",
               "symbols": ["EURUSD"], "from": "2026-01-05T00:00:00.000Z", "to": "2026-01-06T00:00:00.000Z"}),
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
    let (_, text) = message(json!({"id": "1", "action": "ORDER_STATUS", "x".repeat(60_000): 1}));
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

fn portfolio() -> Portfolio {
    let account = json!({"balance": "10000.00", "equity": "10050.00", "margin_free": "9000.00",
        "margin_used": "1050.00", "margin_level": "957.14", "leverage": 100});
    let position = json!({"symbol": "EURUSD", "ticket": 123_456, "volume": "0.10", "profit": "50.00",
        "price_current": "1.085", "price_open": "1.08", "type": "OP_BUY", "time_open": "2026-01-05T09:30:00.000Z",
        "magic": 7, "client_order_id": "o-1"});
    Portfolio {
        account: serde_json::from_value(account).unwrap(),
        positions: vec![serde_json::from_value(position).unwrap()],
        state_version: 12,
    }
}

#[test]
fn what_is_synchronised_is_checked_before_it_is_used() {
    let facts = portfolio().facts("1 open position".to_owned());
    assert_eq!(Portfolio::try_from(facts.clone()), Ok(portfolio()));
    let changed = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts.clone();
        change(&mut facts);
        Portfolio::try_from(facts).unwrap_err()
    };
    assert_eq!(
        changed(&|facts| facts.account = None),
        "`account` is missing"
    );
    assert_eq!(
        changed(&|facts| facts.positions = None),
        "`positions` is missing"
    );
    assert_eq!(
        changed(&|facts| facts.checksum = None),
        "`checksum` is missing"
    );
    for change in [
        &(|facts: &mut Facts| facts.state_version = Some(13)) as &dyn Fn(&mut Facts),
        &|facts| facts.positions = Some(Vec::new()),
        &|facts| facts.checksum = Some("00000000".to_owned()),
    ] {
        let told = changed(change);
        assert!(told.starts_with("the checksum is another one"), "{told}");
    }
}

#[test]
fn a_part_is_asked_for_by_symbol_and_time() {
    let sync = |more: Value| {
        let mut sync = json!({"magic_number": 7, "timestamp": "2026-01-05T09:30:00Z"});
        for (name, value) in more.as_object().unwrap() {
            sync[name] = value.clone();
        }
        serde_json::from_value::<SyncRequest>(sync).unwrap()
    };
    let position = &portfolio().positions[0];
    let asks = |sync: SyncRequest| {
        (
            sync.is_partial(),
            sync.asks_for(&position.symbol, position.time_open),
        )
    };
    assert_eq!(asks(sync(json!({}))), (false, true));
    assert_eq!(
        asks(sync(json!({"symbols": ["GBPUSD", "EURUSD"]}))),
        (true, true)
    );
    assert_eq!(asks(sync(json!({"symbols": ["GBPUSD"]}))), (true, false));
    assert_eq!(
        asks(sync(json!({"from": "2026-01-05T09:30:00Z"}))),
        (true, true)
    );
    assert_eq!(
        asks(sync(json!({"from": "2026-01-05T09:30:01Z"}))),
        (true, false)
    );
    assert_eq!(
        asks(sync(json!({"to": "2026-01-05T09:30:00Z"}))),
        (true, false)
    );
    let wrong = json!({"magic_number": 7, "timestamp": "yesterday"});
    let told = serde_json::from_value::<SyncRequest>(wrong)
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("write") || told.contains("RFC 3339"),
        "{told}"
    );
}
