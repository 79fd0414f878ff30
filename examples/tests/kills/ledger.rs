//! Reads the ledger's log by the description of its format alone.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Bytes of the header, and of a record before its payload.
const HEADER: usize = 40;
const HEAD: usize = 16;

/// What went wrong with some bytes.
pub(crate) type Flaw = String;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum State {
    Reserved,
    Sent,
    Done,
    Rejected,
    Unknown,
}

/// An order in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) state: State,
    pub(crate) payload: Vec<u8>,
    pub(crate) answer: Option<Vec<u8>>,
}

/// The orders of a log.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    pub(crate) orders: BTreeMap<String, Order>,
    /// Bytes at the end that are no whole record.
    pub(crate) torn: usize,
}

impl Ledger {
    /// The log in this file; an empty ledger if there is none.
    pub(crate) fn read(path: &Path) -> Result<Self, Flaw> {
        match fs::read(path) {
            Ok(bytes) => Self::decode(&bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn decode(bytes: &[u8]) -> Result<Self, Flaw> {
        let mut sequence = first_sequence(bytes)?;
        let mut ledger = Self::default();
        let mut rest = &bytes[HEADER..];
        while !rest.is_empty() {
            let Some((payload, behind)) = record(rest, sequence) else {
                ledger.torn = rest.len();
                break;
            };
            let mut fields = Fields(payload);
            while !fields.0.is_empty() {
                ledger.event(&mut fields)?;
            }
            (rest, sequence) = (behind, sequence + 1);
        }
        Ok(ledger)
    }

    /// One event: id, time, kind and what the kind brings.
    fn event(&mut self, fields: &mut Fields<'_>) -> Result<(), Flaw> {
        let id = String::from_utf8(fields.blob()?).map_err(|error| error.to_string())?;
        let _at = fields.number()?;
        let kind = fields.number()?;
        let from = self.orders.get(&id).map(|order| order.state);
        match (kind, from) {
            (0, None) => {
                let order = Order {
                    state: State::Reserved,
                    payload: fields.blob()?,
                    answer: None,
                };
                self.orders.insert(id, order);
            }
            (1, Some(State::Reserved)) => self.becomes(&id, State::Sent, None),
            (2, Some(State::Sent | State::Unknown)) => self.becomes(&id, State::Reserved, None),
            (3, Some(from)) => {
                let to = settled(fields.number()?, from).ok_or("settled as nothing it can be")?;
                let answer = fields.blob()?;
                self.becomes(&id, to, Some(answer));
            }
            (4, None) => {
                let order = kept(fields)?;
                self.orders.insert(id, order);
            }
            _ => return Err(format!("order {id}: event {kind} in state {from:?}")),
        }
        Ok(())
    }

    fn becomes(&mut self, id: &str, state: State, answer: Option<Vec<u8>>) {
        if let Some(order) = self.orders.get_mut(id) {
            (order.state, order.answer) = (state, answer);
        }
    }
}

/// What an order in state `from` becomes by the outcome with this number.
fn settled(outcome: u64, from: State) -> Option<State> {
    match (outcome, from) {
        // An order that waited is DONE, and has another answer when it is filled.
        (0, State::Sent | State::Unknown | State::Done) => Some(State::Done),
        (1, State::Reserved | State::Sent | State::Unknown) => Some(State::Rejected),
        (2, State::Sent) => Some(State::Unknown),
        _ => None,
    }
}

/// An order as a checkpoint has it.
fn kept(fields: &mut Fields<'_>) -> Result<Order, Flaw> {
    let payload = fields.blob()?;
    let state = match fields.number()? {
        0 => State::Reserved,
        1 => State::Sent,
        2 => State::Done,
        3 => State::Rejected,
        4 => State::Unknown,
        other => return Err(format!("state {other}")),
    };
    let answer = match fields.number()? {
        0 => None,
        1 => Some(fields.blob()?),
        other => return Err(format!("neither none nor some, but {other}")),
    };
    let _registered_at = fields.number()?;
    Ok(Order {
        state,
        payload,
        answer,
    })
}

/// Checks the header: magic, format, generation, first sequence, base, checksum.
fn first_sequence(bytes: &[u8]) -> Result<u64, Flaw> {
    let header = bytes.get(..HEADER).ok_or("the header is cut short")?;
    if !header.starts_with(b"WODLEDGR\x01\0\0\0") {
        return Err("neither the magic nor the format of a ledger".to_owned());
    }
    let sum = little_endian(&header[HEADER - 4..]);
    if sum != u64::from(crc32c(&header[..HEADER - 4])) {
        return Err("the header's checksum is wrong".to_owned());
    }
    Ok(little_endian(&header[20..28]))
}

/// The payload of the record in front, and what stands behind it; `None` if it is not whole.
fn record(bytes: &[u8], sequence: u64) -> Option<(&[u8], &[u8])> {
    let len = usize::try_from(little_endian(bytes.get(..4)?)).ok()?;
    let sum = little_endian(bytes.get(4..8)?);
    let summed = bytes.get(8..HEAD + len)?;
    let whole =
        len > 0 && little_endian(&summed[..8]) == sequence && sum == u64::from(crc32c(summed));
    whole.then(|| bytes[HEAD..].split_at(len))
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Castagnoli's polynomial, bits reversed.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// The remainder of each byte.
const REMAINDERS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let mut remainder = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            let carry = remainder & 1;
            remainder = (remainder >> 1) ^ (carry * POLYNOMIAL);
            bit += 1;
        }
        table[byte] = remainder;
        byte += 1;
    }
    table
};

fn crc32c(bytes: &[u8]) -> u32 {
    let remainder = bytes.iter().fold(u32::MAX, |remainder, byte| {
        let at = (remainder ^ u32::from(*byte)) & 0xff;
        (remainder >> 8) ^ REMAINDERS[at as usize]
    });
    !remainder
}

/// Postcard: numbers in groups of seven bits, the lowest first; texts and blobs after their length.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn number(&mut self) -> Result<u64, Flaw> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first().ok_or("an event is cut short")?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err("a number without an end".to_owned())
    }

    fn blob(&mut self) -> Result<Vec<u8>, Flaw> {
        let len = self.number()?;
        let len = usize::try_from(len).map_err(|error| error.to_string())?;
        let (blob, rest) = self.0.split_at_checked(len).ok_or("a blob is cut short")?;
        self.0 = rest;
        Ok(blob.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Order, State, crc32c};

    fn header() -> Vec<u8> {
        let mut bytes = b"WODLEDGR\x01\0\0\0".to_vec();
        for number in [1_u64, 7, 40] {
            bytes.extend(number.to_le_bytes());
        }
        let sum = crc32c(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    fn add(log: &mut Vec<u8>, sequence: u64, payload: &[u8]) {
        let summed = [&sequence.to_le_bytes()[..], payload].concat();
        log.extend(u32::try_from(payload.len()).unwrap().to_le_bytes());
        log.extend(crc32c(&summed).to_le_bytes());
        log.extend(summed);
    }

    #[test]
    fn the_checksum_is_the_one_of_the_catalogue() {
        assert_eq!(crc32c(b"123456789"), 0xe306_9283);
    }

    /// `o-1` from its registration to its answer, and `k` as a checkpoint keeps it.
    fn log() -> Vec<u8> {
        let mut log = header();
        // The time is 300, which takes two bytes.
        add(&mut log, 7, b"\x03o-1\xac\x02\x00\x02{}\x03o-1\x01\x01");
        add(&mut log, 8, b"\x03o-1\x01\x02\x03o-1\x01\x01");
        add(
            &mut log,
            9,
            b"\x03o-1\x02\x03\x00\x01A\x01k\x05\x04\x01P\x04\x01\x01B\x05",
        );
        log
    }

    #[test]
    fn a_log_is_read_as_it_is_described() {
        let ledger = Ledger::decode(&log()).unwrap();
        let order = |state, payload: &str, answer: &str| Order {
            state,
            payload: payload.into(),
            answer: Some(answer.into()),
        };
        let orders = [
            ("k".to_owned(), order(State::Unknown, "P", "B")),
            ("o-1".to_owned(), order(State::Done, "{}", "A")),
        ];
        assert_eq!((ledger.orders, ledger.torn), (orders.into(), 0));
    }

    #[test]
    fn what_is_not_whole_is_torn() {
        let whole = log();
        let cut = Ledger::decode(&whole[..whole.len() - 1]).unwrap();
        assert_eq!(cut.torn, HEAD_AND_LAST - 1);
        assert_eq!(cut.orders["o-1"].state, State::Sent);
        let mut damaged = whole;
        *damaged.last_mut().unwrap() ^= 1;
        assert_eq!(Ledger::decode(&damaged).unwrap().torn, HEAD_AND_LAST);
    }

    /// Bytes of the last record of [`log`].
    const HEAD_AND_LAST: usize = 16 + 20;

    #[test]
    fn what_cannot_be_is_refused() {
        let mut twice = log();
        add(&mut twice, 10, b"\x03o-1\x01\x01");
        let mut damaged = log();
        damaged[30] ^= 1;
        for (log, flaw) in [
            (twice, "order o-1: event 1 in state Some(Done)"),
            (damaged, "the header's checksum is wrong"),
            (header()[..39].to_vec(), "the header is cut short"),
        ] {
            assert_eq!(Ledger::decode(&log).unwrap_err(), flaw);
        }
    }
}
