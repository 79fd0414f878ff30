//! What the words around a number say of it.

use super::super::edge::{byte, part};

/// What stands before a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// A word for cards.
    Card,
    /// A word for another kind of number: a time, an identifier, a size.
    Other,
    Unknown,
}

/// No word that matters is longer.
const LONGEST_WORD: usize = 40;

/// Parts of words for cards.
const CARDS: [&[u8]; 9] = [
    b"card",
    b"visa",
    b"amex",
    b"maestro",
    b"credit",
    b"debit",
    b"unionpay",
    b"diners",
    b"accountnumber",
];

/// Whole words for cards.
const CARD_WORDS: [&[u8]; 5] = [b"pan", b"cc", b"ccn", b"ccnum", b"jcb"];

/// Words which have such a part and mean something else.
const NO_CARDS: [&[u8]; 5] = [b"discard", b"wildcard", b"cardinal", b"cardio", b"postcard"];

/// Words that stand between a word for the kind and the number.
const FILLERS: [&[u8]; 9] = [
    b"number", b"no", b"num", b"nr", b"is", b"was", b"value", b"of", b"with",
];

/// Words, or last parts of words, for other numbers.
const OTHERS: &str = " id ids uid gid pid tid oid sid guid ts time times timestamp deadline trace traceid span \
    spanid parent offset seq sequence order orderid ticket count counter bytes byte size len length nonce version \
    epoch nanos micros millis ns us ms nsec usec msec hash crc checksum digest cursor page position pos lsn xid txid \
    tx phone tel telephone mobile msisdn fax imei imsi iccid meid ean upc gtin isbn issn sku tracking invoice serial \
    batch request requestid session sessionid user userid tweet status message messageid post channel guild \
    snowflake date at on since until before after start started end ended expires expiry created updated modified \
    total amount sum balance price qty quantity lots index idx row rev revision block height slot line col port \
    seed zxid term generation gen token_count duration elapsed latency uptime ttl ";

/// Words after a number that say what it counts.
const UNITS: &str = " bytes byte b kb mb lots units shares rows records items requests messages msgs tokens events \
    ns us ms nanoseconds microseconds milliseconds nanos micros millis s seconds ticks cycles wei satoshi ";

/// What the word before the number at `at` says, or the one before that.
pub(super) fn context(text: &[u8], at: usize) -> Context {
    let mut end = at;
    for _ in 0..3 {
        let word_end = skip_back(text, end, 8, |b| b" =:\"'\\#([{>,.%/\t".contains(&b));
        let start = skip_back(text, word_end, LONGEST_WORD, is_word);
        let word = part(text, start, word_end);
        if word.is_empty() {
            return Context::Unknown;
        }
        if is_card_word(word) {
            return Context::Card;
        }
        if among(OTHERS, last_part(word)) {
            return Context::Other;
        }
        if !FILLERS
            .iter()
            .any(|filler| word.eq_ignore_ascii_case(filler))
        {
            return Context::Unknown;
        }
        end = start;
    }
    Context::Unknown
}

/// Whether a unit follows the number that ends at `at`.
pub(super) fn is_measured(text: &[u8], at: usize) -> bool {
    if byte(text, at) != b' ' {
        return false;
    }
    let start = at + 1;
    let length = part(text, start, text.len().min(start + LONGEST_WORD))
        .iter()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    among(UNITS, part(text, start, start + length))
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

/// The first of at most `most` bytes before `end` which are all `ok`.
fn skip_back(text: &[u8], end: usize, most: usize, ok: impl Fn(u8) -> bool) -> usize {
    let bytes = part(text, end.saturating_sub(most), end);
    end - bytes.iter().rev().take_while(|b| ok(**b)).count()
}

fn is_card_word(word: &[u8]) -> bool {
    let has = |parts: &[&[u8]]| {
        parts.iter().any(|known| {
            word.windows(known.len())
                .any(|w| w.eq_ignore_ascii_case(known))
        })
    };
    let whole = word.split(|b| *b == b'_' || *b == b'-').any(|piece| {
        CARD_WORDS
            .iter()
            .any(|known| piece.eq_ignore_ascii_case(known))
    });
    whole || (has(&CARDS) && !has(&NO_CARDS))
}

/// `id` of `order_id`, `orderId` and `orderID`.
fn last_part(word: &[u8]) -> &[u8] {
    let tail = |from: &[u8], ok: fn(&u8) -> bool| from.iter().rev().take_while(|b| ok(b)).count();
    let capitals = tail(word, u8::is_ascii_uppercase);
    if capitals > 0 {
        return part(word, word.len() - capitals, word.len());
    }
    let small = tail(word, u8::is_ascii_lowercase);
    let hump = part(word, 0, word.len() - small)
        .last()
        .is_some_and(u8::is_ascii_uppercase);
    part(word, word.len() - small - usize::from(hump), word.len())
}

/// Whether a word is one of a list with spaces around each.
fn among(list: &str, word: &[u8]) -> bool {
    !word.is_empty()
        && list
            .split_ascii_whitespace()
            .any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}
