//! Numbers of payment cards.

use super::super::edge::{before, byte, ends_an_escape, part};
use super::super::span::Hide;
use super::context::{Context, context, is_measured};

/// How cards are written in groups; longer ones first where one starts with another.
const GROUPS: [&[usize]; 15] = [
    &[4, 4, 4, 4, 3],
    &[4, 4, 4, 4, 2],
    &[4, 4, 4, 4, 1],
    &[4, 4, 4, 4],
    &[4, 4, 4, 3],
    &[4, 4, 4, 2],
    &[4, 4, 4, 1],
    &[4, 4, 5],
    &[4, 6, 5],
    &[4, 6, 4],
    &[4, 5, 6],
    &[4, 3, 3, 3],
    &[6, 13],
    &[6, 10],
    &[8, 8],
];

/// The most groups that are looked at: those of a card, and two after it.
const MOST_GROUPS: usize = 7;

/// The card whose first digits are all those of `start..end`.
pub(super) fn at(text: &[u8], start: usize, end: usize) -> Option<Hide> {
    let length = end - start;
    let first = byte(text, start);
    if !matches!(length, 4 | 6 | 8 | 13..=19)
        || matches!(first, b'0' | b'1' | b'7')
        || !begins(text, start)
    {
        return None;
    }
    if length >= 13 {
        return contiguous(text, start, end);
    }
    grouped(text, start, end)
}

/// Whether a number of its own may begin at `at`.
fn begins(text: &[u8], at: usize) -> bool {
    if ends_an_escape(text, at) {
        return true;
    }
    let inner = at.checked_sub(1).map_or(0, |i| before(text, i));
    match before(text, at) {
        b'.' | b'-' | b',' if inner.is_ascii_digit() => false,
        b'.' | b'-' => !(inner.is_ascii_alphabetic() || inner == b'_'),
        b'+' | b'$' | b'_' => false,
        b => !b.is_ascii_alphanumeric(),
    }
}

/// Whether a number may end at `at`.
fn ends(text: &[u8], at: usize) -> bool {
    let inner = byte(text, at + 1);
    match byte(text, at) {
        b'.' => !inner.is_ascii_digit(),
        b'-' => !inner.is_ascii_alphanumeric(),
        b => !(b.is_ascii_alphanumeric() || b == b'_'),
    }
}

/// A card in one piece. The same digits may be a point in time or an identifier, so what stands around them counts.
fn contiguous(text: &[u8], start: usize, end: usize) -> Option<Hide> {
    if !ends(text, end) || !is_card(part(text, start, end)) {
        return None;
    }
    let plausible = match context(text, start) {
        Context::Card => true,
        Context::Other => false,
        // Numbers of 13 digits are milliseconds, those of 17 to 19 identifiers, but for the cards of one issuer.
        Context::Unknown => {
            let common = match end - start {
                14..=16 => true,
                19 => part(text, start, start + 2) == b"62",
                _ => false,
            };
            common && before(text, start) != b'/' && !is_measured(text, end)
        }
    };
    plausible.then_some(Hide::account(start, end))
}

/// A card in groups with the same sign between them.
fn grouped(text: &[u8], start: usize, first_end: usize) -> Option<Hide> {
    let separator = byte(text, first_end);
    if !matches!(separator, b' ' | b'-' | b'+') {
        return None;
    }
    // Most digits in groups are dates, and all second groups of cards are longer.
    let second = part(text, first_end + 1, first_end + 4);
    if second.len() < 3
        || !second.iter().all(u8::is_ascii_digit)
        || is_in_a_table(text, start, separator)
    {
        return None;
    }
    let mut lengths = [0; MOST_GROUPS];
    let mut ends_at = [0; MOST_GROUPS];
    let mut count = 0;
    let mut i = start;
    for (length, end) in lengths.iter_mut().zip(&mut ends_at) {
        // A group of more digits than a card is none; looking on would not be linear.
        let run = part(text, i, text.len().min(i + 20))
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        if run == 0 {
            break;
        }
        (*length, *end) = (run, i + run);
        count += 1;
        i += run;
        if byte(text, i) != separator {
            break;
        }
        i += 1;
    }
    let lengths = lengths.get(..count)?;
    let (_, end) = GROUPS
        .iter()
        .filter(|groups| lengths.starts_with(groups))
        .filter_map(|groups| Some((groups, *ends_at.get(groups.len() - 1)?)))
        .find(|(groups, end)| {
            let rest = lengths.get(groups.len()..).unwrap_or_default();
            ends(text, *end)
                && !goes_on_in_hex(text, *end)
                && !rest.starts_with(&[4, 4])
                && is_card(part(text, start, *end))
        })?;
    Some(Hide::account(start, end))
}

/// Whether a group of the same kind stands before, as in a table of numbers.
fn is_in_a_table(text: &[u8], start: usize, separator: u8) -> bool {
    let Some(i) = start
        .checked_sub(1)
        .filter(|i| byte(text, *i) == separator || byte(text, *i) == b'\n')
    else {
        return false;
    };
    let group = tail(part(text, i.saturating_sub(6), i));
    is_hex(group)
        || (byte(text, i) == separator && group.len() == 4 && group.iter().all(u8::is_ascii_digit))
}

/// The last word of a few bytes.
fn tail(bytes: &[u8]) -> &[u8] {
    let length = bytes
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    part(bytes, bytes.len() - length, bytes.len())
}

/// Whether a table of hexadecimal numbers goes on behind the space or the line break at `end`.
fn goes_on_in_hex(text: &[u8], end: usize) -> bool {
    let rest = part(text, end + 1, text.len().min(end + 7));
    let length = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    matches!(byte(text, end), b' ' | b'\n') && is_hex(part(rest, 0, length))
}

/// Four or five hexadecimal digits, of which some are letters and some are not.
fn is_hex(group: &[u8]) -> bool {
    matches!(group.len(), 4 | 5)
        && group.iter().all(u8::is_ascii_hexdigit)
        && group.iter().any(u8::is_ascii_digit)
        && group.iter().any(u8::is_ascii_alphabetic)
}

/// Whether these digits, with spaces or hyphens between them, are a known issuer's and the checksum holds.
fn is_card(number: &[u8]) -> bool {
    let digits = || {
        number
            .iter()
            .filter(|b| b.is_ascii_digit())
            .map(|b| u32::from(b - b'0'))
    };
    let prefix = digits().take(4).fold(0, |n, digit| n * 10 + digit);
    is_issued(prefix, digits().count()) && luhn(digits)
}

/// The checksum of ISO/IEC 7812.
fn luhn<D: DoubleEndedIterator<Item = u32>>(digits: impl Fn() -> D) -> bool {
    let sum: u32 = digits()
        .rev()
        .enumerate()
        .map(|(i, digit)| match i % 2 {
            0 => digit,
            _ => digit * 2 - if digit > 4 { 9 } else { 0 },
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether cards of this length start with these four digits.
fn is_issued(prefix: u32, length: usize) -> bool {
    match prefix {
        // Visa.
        4000..=4999 => matches!(length, 13 | 16 | 19),
        // Mastercard; Troy, Uzcard, Humo.
        5100..=5599 | 2221..=2720 | 9792 | 8600 | 9860 => length == 16,
        // American Express.
        3400..=3499 | 3700..=3799 => length == 15,
        // Diners Club.
        3000..=3059 | 3095 | 3600..=3699 | 3800..=3999 => matches!(length, 14 | 16),
        // JCB; Mir; RuPay and UnionPay.
        3528..=3589 | 2200..=2204 | 8100..=8299 => (16..=19).contains(&length),
        // Maestro, Verve, Elo, Discover, UnionPay, RuPay, Hipercard, InterPayment.
        5000..=5099 | 5600..=5899 | 6000..=6999 => (13..=19).contains(&length),
        _ => false,
    }
}
