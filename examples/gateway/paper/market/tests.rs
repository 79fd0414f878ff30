use super::super::journal::Execution;
use super::{Market, Moved};
use crate::protocol::{Name, Order};
use crate::retcode::Retcode;
use crate::terminal::{Deal, Taken};
use serde_json::json;

fn order(side: &str, symbol: &str, volume: &str, price: &str) -> Order {
    serde_json::from_value(
        json!({"client_order_id": "o-1", "type": side, "symbol": symbol,
        "volume": volume, "price": price, "magic": 7}),
    )
    .unwrap()
}

fn trade(market: &mut Market, side: &str, volume: &str, price: &str) -> Result<Deal, Retcode> {
    let order = order(side, "EURUSD", volume, price);
    market.execute(&order, order.price, 1)
}

fn deal(ticket: u64, taken: Taken, volume: &str, price: &str) -> Deal {
    Deal {
        ticket,
        taken,
        volume: volume.parse().unwrap(),
        price: price.parse().unwrap(),
    }
}

fn eurusd() -> Name {
    Name::of_program("EURUSD")
}

#[test]
fn an_order_is_filled_at_the_best_price_if_its_own_allows_that_and_waits_if_not() {
    // Bid 1.08425, ask 1.08437.
    for (side, volume, price, taken, filled, at) in [
        ("OP_BUY", "0.10", "1.08437", Taken::Done, "0.10", "1.08437"),
        ("OP_BUY", "0.10", "1.20", Taken::Done, "0.10", "1.08437"),
        (
            "OP_BUY",
            "0.10",
            "1.08436",
            Taken::Placed,
            "0.10",
            "1.08436",
        ),
        ("OP_SELL", "0.10", "1.08425", Taken::Done, "0.10", "1.08425"),
        ("OP_SELL", "0.10", "1.00", Taken::Done, "0.10", "1.08425"),
        (
            "OP_SELL",
            "0.10",
            "1.08426",
            Taken::Placed,
            "0.10",
            "1.08426",
        ),
        // The book is 50 lots deep.
        ("OP_BUY", "50", "1.09", Taken::Done, "50", "1.08437"),
        ("OP_BUY", "50.01", "1.09", Taken::Partial, "50", "1.08437"),
    ] {
        let expected = deal(5_001_001, taken, filled, at);
        let traded = trade(&mut Market::new(), side, volume, price);
        assert_eq!(traded, Ok(expected), "{side} {volume} for {price}");
    }
}

#[test]
fn what_is_not_traded_and_what_cannot_be_paid_is_turned_down() {
    let mut market = Market::new();
    let unknown = order("OP_BUY", "DOGUSD", "0.10", "1.00");
    assert_eq!(
        market.execute(&unknown, unknown.price, 1),
        Err(Retcode(10_013))
    );
    // 50 lots bind 54,218.50 of 1,000,000; each position opened at the ask also lost the spread, 600.
    for _ in 0..18 {
        trade(&mut market, "OP_BUY", "50", "1.09").unwrap();
    }
    assert_eq!(
        trade(&mut market, "OP_BUY", "50", "1.09"),
        Err(Retcode(10_019))
    );
    assert_eq!(market.positions(7).len(), 18);
    // A smaller one is not too much, and takes the next ticket.
    let small = trade(&mut market, "OP_BUY", "0.01", "1.09").unwrap();
    assert_eq!(small.ticket, 5_001_019);
}

#[test]
fn what_waits_is_filled_for_its_own_price_when_the_market_comes_to_it() {
    let mut market = Market::new();
    for (side, price) in [
        ("OP_SELL", "1.08427"),
        ("OP_SELL", "1.08429"),
        ("OP_BUY", "1.08430"),
    ] {
        trade(&mut market, side, "60", price).unwrap();
    }
    assert!(market.positions(7).is_empty());
    let filled = |market: &mut Market, steps| -> Vec<Deal> {
        let Moved { filled, closed } = market.moves(&eurusd(), steps, 2);
        assert_eq!(closed, []);
        filled.into_iter().map(|(_, deal)| deal).collect()
    };
    assert_eq!(filled(&mut market, 1), []);
    let first = deal(5_001_001, Taken::Partial, "50", "1.08427");
    assert_eq!(filled(&mut market, 1), [first]);
    assert_eq!(filled(&mut market, 1), []);
    let second = deal(5_001_002, Taken::Partial, "50", "1.08429");
    assert_eq!(filled(&mut market, 5), [second]);
    let third = deal(5_001_003, Taken::Partial, "50", "1.08430");
    assert_eq!(filled(&mut market, -15), [third]);
    assert_eq!(market.positions(7).len(), 3);
    // Nothing waits any more; nor do prices become nothing.
    assert_eq!(filled(&mut market, -200_000), []);
    assert_eq!(market.quote(&eurusd()).unwrap().bid.to_string(), "1.08418");
    assert_eq!(
        market.moves(&Name::of_program("DOGUSD"), 1, 2),
        Moved::default()
    );
}

#[test]
fn what_waits_for_another_price_than_its_own_is_filled_for_the_one_that_was_told() {
    let mut market = Market::new();
    // The ask is 1.08443 now, and the order came after it, to 1.08440.
    market.moves(&eurusd(), 6, 1);
    let order = order("OP_BUY", "EURUSD", "1", "1.08437");
    let waits = market.execute(&order, "1.08440".parse().unwrap(), 1);
    let told = deal(5_001_001, Taken::Placed, "1", "1.08440");
    assert_eq!(waits, Ok(told));
    let filled = Moved {
        filled: vec![(order.clone(), deal(5_001_001, Taken::Done, "1", "1.08440"))],
        closed: vec![],
    };
    assert_eq!(market.moves(&eurusd(), -2, 2), Moved::default());
    assert_eq!(market.moves(&eurusd(), -1, 2), filled);
    // After a new start too, where the ask is 1.08437.
    let log = [Execution::of(order.clone(), told, 1)];
    assert_eq!(Market::of(&log, &[]).moves(&eurusd(), 3, 2), filled);
    assert_eq!(
        Market::of(&log, &[]).moves(&eurusd(), 4, 2),
        Moved::default()
    );
}

#[test]
fn positions_and_account_are_valued_at_the_prices_of_now() {
    let mut market = Market::new();
    trade(&mut market, "OP_BUY", "1", "1.09").unwrap();
    trade(&mut market, "OP_SELL", "2", "1.05").unwrap();
    market.moves(&eurusd(), 100, 2);
    let positions = market.positions(7);
    // Bought at 1.08437, now worth the bid of 1.08525; sold at 1.08425, to be bought back at 1.08537.
    let told: Vec<_> = positions
        .iter()
        .map(|position| {
            (
                position.price_current.to_string(),
                position.profit.to_string(),
            )
        })
        .collect();
    let expected = [("1.08525", "88.00"), ("1.08537", "-224.00")];
    assert_eq!(
        told,
        expected.map(|(price, profit)| (price.to_owned(), profit.to_owned()))
    );
    assert!(market.positions(8).is_empty());
    let account = market.account();
    let told = [
        account.balance,
        account.equity,
        account.margin_used,
        account.margin_free,
    ];
    assert_eq!(
        told.map(|money| money.to_string()),
        ["1000000.00", "999864.00", "3252.87", "996611.13"]
    );
}

#[test]
fn a_new_start_finds_positions_and_what_waits() {
    let mut market = Market::new();
    let orders = [
        order("OP_BUY", "EURUSD", "1", "1.09"),
        order("OP_SELL", "EURUSD", "1", "1.08426"),
        order("OP_SELL", "EURUSD", "1", "1.08460"),
    ];
    let mut log: Vec<Execution> = Vec::new();
    for order in &orders {
        let deal = market.execute(order, order.price, 1).unwrap();
        log.push(Execution::of(order.clone(), deal, 1));
    }
    for (order, deal) in market.moves(&eurusd(), 2, 2).filled {
        log.push(Execution::of(order, deal, 2));
    }
    assert_eq!(log.len(), 4);
    let mut anew = Market::of(&log, &[]);
    let opened = |market: &Market| -> Vec<(u64, u64)> {
        let positions = market.positions(7).into_iter();
        positions
            .map(|position| (position.ticket, position.opened_at))
            .collect()
    };
    assert_eq!(opened(&anew), [(5_001_001, 1), (5_001_002, 2)]);
    assert_eq!(opened(&anew), opened(&market));
    // The one that waits is filled once; prices begin where they always do.
    assert_eq!(anew.moves(&eurusd(), 35, 3).filled.len(), 1);
    assert_eq!(
        trade(&mut anew, "OP_BUY", "1", "1.09").unwrap().ticket,
        5_001_004
    );
}

fn stopped(side: &str, sl: Option<&str>, tp: Option<&str>) -> Order {
    let price = if side == "OP_BUY" { "1.09" } else { "1.05" };
    let mut order = order(side, "EURUSD", "1", price);
    let amount = |text: Option<&str>| text.map(|text| text.parse().unwrap());
    (order.sl, order.tp) = (amount(sl), amount(tp));
    order
}

#[test]
fn a_position_is_closed_when_it_comes_to_its_stops() {
    // Bought at 1.08437, to be sold at the bid; sold at 1.08425, to be bought back at the ask.
    for (side, sl, tp, steps, price, profit) in [
        ("OP_BUY", Some("1.08420"), None, -5, "1.0842", "-17.00"),
        ("OP_BUY", None, Some("1.08450"), 25, "1.0845", "13.00"),
        ("OP_SELL", Some("1.08440"), None, 3, "1.0844", "-15.00"),
        ("OP_SELL", None, Some("1.08420"), -17, "1.0842", "5.00"),
    ] {
        let mut market = Market::new();
        let order = stopped(side, sl, tp);
        market.execute(&order, order.price, 1).unwrap();
        let before = if steps > 0 { steps - 1 } else { steps + 1 };
        assert_eq!(market.moves(&eurusd(), before, 2), Moved::default());
        let closed = market.moves(&eurusd(), steps - before, 3).closed;
        let told: Vec<_> = closed
            .iter()
            .map(|closing| {
                (
                    closing.closed,
                    closing.price.to_string(),
                    closing.profit.to_string(),
                )
            })
            .collect();
        assert_eq!(told, [(5_001_001, price.to_owned(), profit.to_owned())]);
        assert!(market.positions(7).is_empty());
        let account = market.account();
        assert_eq!(
            account.balance.get(),
            super::DEPOSIT + closed[0].profit.get()
        );
        assert_eq!(account.equity, account.balance);
        // After a new start too.
        let deal = deal(5_001_001, Taken::Done, "1", price);
        let anew = Market::of(&[Execution::of(order, deal, 1)], &closed);
        assert_eq!(anew.account(), account);
        assert!(anew.positions(7).is_empty());
    }
}

#[test]
fn stops_on_the_wrong_side_are_turned_down() {
    for (side, sl, tp) in [
        ("OP_BUY", Some("1.08437"), None),
        ("OP_BUY", None, Some("1.08437")),
        ("OP_SELL", Some("1.08425"), None),
        ("OP_SELL", None, Some("1.08425")),
    ] {
        let order = stopped(side, sl, tp);
        let traded = Market::new().execute(&order, order.price, 1);
        assert_eq!(traded, Err(Retcode(10_016)), "{side} {sl:?} {tp:?}");
    }
}
