//! The paper terminal's market: a book for each symbol, positions, an account.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::journal::{Closing, Execution};
use crate::amount::{Amount, Money};
use crate::protocol::{Name, Order, Side};
use crate::retcode::Retcode;
use crate::terminal::{Account, Deal, Position, Quote, Taken};

/// The number of the first ticket.
const FIRST_TICKET: u64 = 5_001_001;
/// What the account holds before its first order.
const DEPOSIT: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);
const LEVERAGE: u32 = 100;
/// Units of the base currency in one lot.
const LOT: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);
/// Lots that a book holds at its best price; what an order asks for beyond them is cancelled.
const DEPTH: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

const INVALID: Retcode = Retcode(10_013);
const INVALID_STOPS: Retcode = Retcode(10_016);
const NO_MONEY: Retcode = Retcode(10_019);

/// The symbols that are traded: name, bid and ask in units of the last digit, digits after the point.
const SYMBOLS: [(&str, u32, u32, u32); 4] = [
    ("EURUSD", 108_425, 108_437, 5),
    ("GBPUSD", 126_870, 126_885, 5),
    ("USDCHF", 88_120, 88_133, 5),
    ("XAUUSD", 265_310, 265_345, 2),
];

/// One symbol: its best prices, and the orders that wait for better ones.
#[derive(Debug)]
struct Book {
    bid: Decimal,
    ask: Decimal,
    /// By how much the prices move at a time.
    step: Decimal,
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    order: Order,
    ticket: u64,
    /// What it waits for: the price that it came at, which may be another one than its own.
    price: Amount,
}

/// Everything that is traded, and what came of it.
#[derive(Debug)]
pub(super) struct Market {
    books: BTreeMap<&'static str, Book>,
    positions: BTreeMap<u64, Position>,
    next_ticket: u64,
    /// What was deposited, and what closed positions have brought.
    balance: Decimal,
}

/// What came of a move of the prices.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    /// Orders that waited for it, each filled for the price that it waited for.
    pub(super) filled: Vec<(Order, Deal)>,
    /// Positions that came to their stops.
    pub(super) closed: Vec<Closing>,
}

impl Market {
    fn new() -> Self {
        let book = |(name, bid, ask, digits): (_, u32, u32, u32)| {
            let book = Book {
                bid: Decimal::new(bid.into(), digits),
                ask: Decimal::new(ask.into(), digits),
                step: Decimal::new(1, digits),
                waiting: Vec::new(),
            };
            (name, book)
        };
        Self {
            books: SYMBOLS.into_iter().map(book).collect(),
            positions: BTreeMap::new(),
            next_ticket: FIRST_TICKET,
            balance: DEPOSIT,
        }
    }

    /// The market with what was executed in it before: open positions, orders that wait. An order that waited and was
    /// filled is in there twice.
    pub(super) fn of(executions: &[Execution], closings: &[Closing]) -> Self {
        let mut market = Self::new();
        for execution in executions {
            let Execution { order, ticket, .. } = execution;
            market.next_ticket = market.next_ticket.max(ticket.saturating_add(1));
            match execution.taken {
                Taken::Placed => market.wait(order, *ticket, execution.price),
                Taken::Done | Taken::Partial => {
                    market.waits_no_more(order, *ticket);
                    market.open(
                        order,
                        *ticket,
                        execution.volume,
                        execution.price,
                        execution.at,
                    );
                }
            }
        }
        for closing in closings {
            market.positions.remove(&closing.closed);
            market.balance += closing.profit.get();
        }
        market
    }

    pub(super) fn quote(&self, symbol: &Name) -> Option<Quote> {
        let book = self.books.get(symbol.as_str())?;
        Some(Quote {
            bid: book.bid.try_into().ok()?,
            ask: book.ask.try_into().ok()?,
        })
    }

    /// Executes an order: at the best price of the book, as far as that goes, if its own price allows it; it waits if not.
    ///
    /// # Errors
    /// The return code of an order that is turned down.
    pub(super) fn execute(
        &mut self,
        order: &Order,
        price: Amount,
        now: u64,
    ) -> Result<Deal, Retcode> {
        let best = self.quote(&order.symbol).ok_or(INVALID)?.of(order.side);
        let crosses = match order.side {
            Side::Buy => price >= best,
            Side::Sell => price <= best,
        };
        if !stops_are_right(order, best) {
            return Err(INVALID_STOPS);
        }
        let (volume, taken) = filled(order.volume);
        if margin(volume, best) > self.account().margin_free.get() {
            return Err(NO_MONEY);
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        if !crosses {
            self.wait(order, ticket, price);
            return Ok(Deal {
                ticket,
                taken: Taken::Placed,
                volume: order.volume,
                price,
            });
        }
        self.open(order, ticket, volume, best, now);
        Ok(Deal {
            ticket,
            taken,
            volume,
            price: best,
        })
    }

    fn wait(&mut self, order: &Order, ticket: u64, price: Amount) {
        if let Some(book) = self.books.get_mut(order.symbol.as_str()) {
            book.waiting.push(Waiting {
                order: order.clone(),
                ticket,
                price,
            });
        }
    }

    fn waits_no_more(&mut self, order: &Order, ticket: u64) {
        if let Some(book) = self.books.get_mut(order.symbol.as_str()) {
            book.waiting.retain(|waiting| waiting.ticket != ticket);
        }
    }

    fn open(&mut self, order: &Order, ticket: u64, volume: Amount, price: Amount, now: u64) {
        let position = Position {
            ticket,
            client_order_id: order.client_order_id.clone(),
            magic: order.magic,
            symbol: order.symbol.clone(),
            side: order.side,
            volume,
            price_open: price,
            sl: order.sl,
            tp: order.tp,
            price_current: price,
            profit: Money::default(),
            opened_at: now,
        };
        self.positions.insert(ticket, position);
    }

    /// Moves the prices of a symbol by so many steps: fills what waited for that, then closes what comes to its stops.
    pub(super) fn moves(&mut self, symbol: &Name, steps: i32, now: u64) -> Moved {
        let Some(book) = self.books.get_mut(symbol.as_str()) else {
            return Moved::default();
        };
        let by = book.step * Decimal::from(steps);
        if book.bid + by <= Decimal::ZERO {
            return Moved::default();
        }
        book.bid += by;
        book.ask += by;
        let (bid, ask) = (book.bid, book.ask);
        let is_due = |waiting: &mut Waiting| match waiting.order.side {
            Side::Buy => waiting.price.get() >= ask,
            Side::Sell => waiting.price.get() <= bid,
        };
        let due: Vec<Waiting> = book.waiting.extract_if(.., is_due).collect();
        let filled = due
            .into_iter()
            .map(|waiting| {
                let Waiting {
                    order,
                    ticket,
                    price,
                } = waiting;
                let (volume, taken) = filled(order.volume);
                let deal = Deal {
                    ticket,
                    taken,
                    volume,
                    price,
                };
                self.open(&order, ticket, volume, price, now);
                (order, deal)
            })
            .collect();
        let closed = self.close(symbol, now);
        Moved { filled, closed }
    }

    /// Closes the positions of a symbol that the prices of now stop, for these prices.
    fn close(&mut self, symbol: &Name, now: u64) -> Vec<Closing> {
        let stopped = self
            .positions
            .values()
            .filter(|position| position.symbol == *symbol)
            .map(|position| self.valued(position))
            .filter(is_stopped);
        let closed: Vec<Closing> = stopped
            .map(|position| Closing {
                at: now,
                closed: position.ticket,
                magic: position.magic,
                price: position.price_current,
                profit: position.profit,
            })
            .collect();
        for closing in &closed {
            self.positions.remove(&closing.closed);
            self.balance += closing.profit.get();
        }
        closed
    }

    /// As if the order had never been executed.
    pub(super) fn take_back(&mut self, order: &Order, ticket: u64) {
        self.waits_no_more(order, ticket);
        self.positions.remove(&ticket);
    }

    /// The open positions of a magic number at the prices of now.
    pub(super) fn positions(&self, magic: u64) -> Vec<Position> {
        let of_magic = self
            .positions
            .values()
            .filter(|position| position.magic == magic);
        of_magic.map(|position| self.valued(position)).collect()
    }

    /// A position is worth what it would bring now.
    fn valued(&self, position: &Position) -> Position {
        let other_side = match position.side {
            Side::Buy => Side::Sell,
            Side::Sell => Side::Buy,
        };
        let current = self
            .quote(&position.symbol)
            .map_or(position.price_open, |quote| quote.of(other_side));
        let gain = match position.side {
            Side::Buy => current.get() - position.price_open.get(),
            Side::Sell => position.price_open.get() - current.get(),
        };
        Position {
            price_current: current,
            profit: (gain * position.volume.get() * LOT).into(),
            ..position.clone()
        }
    }

    pub(super) fn account(&self) -> Account {
        let (mut profit, mut used) = (Decimal::ZERO, Decimal::ZERO);
        for position in self.positions.values() {
            profit += self.valued(position).profit.get();
            used += margin(position.volume, position.price_open);
        }
        let equity = self.balance + profit;
        Account {
            balance: self.balance.into(),
            equity: equity.into(),
            margin_used: used.into(),
            margin_free: (equity - used).into(),
            leverage: LEVERAGE,
        }
    }
}

/// A loss is taken below what was bought for and above what was sold for, and a gain on the other side.
fn stops_are_right(order: &Order, best: Amount) -> bool {
    let (lower, upper) = match order.side {
        Side::Buy => (order.sl, order.tp),
        Side::Sell => (order.tp, order.sl),
    };
    lower.is_none_or(|lower| lower < best) && upper.is_none_or(|upper| upper > best)
}

fn is_stopped(position: &Position) -> bool {
    let now = position.price_current;
    match position.side {
        Side::Buy => {
            position.sl.is_some_and(|sl| now <= sl) || position.tp.is_some_and(|tp| now >= tp)
        }
        Side::Sell => {
            position.sl.is_some_and(|sl| now >= sl) || position.tp.is_some_and(|tp| now <= tp)
        }
    }
}

/// How much of an order the book can fill.
fn filled(volume: Amount) -> (Amount, Taken) {
    match Amount::try_from(DEPTH) {
        Ok(depth) if depth < volume => (depth, Taken::Partial),
        _ => (volume, Taken::Done),
    }
}

/// What a position of this size binds.
fn margin(volume: Amount, price: Amount) -> Decimal {
    volume.get() * LOT * price.get() / Decimal::from(LEVERAGE)
}

#[cfg(test)]
mod tests;
