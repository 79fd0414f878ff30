//! The formats in the scanner's index.

use super::super::index::{BuiltIn, Kinds};
use super::{INFIXES, TOKENS, Token, WEBHOOKS};

/// Puts the first four bytes of every format into the index.
pub(in crate::redact) const fn add_all(index: &mut BuiltIn) {
    let mut row = 0;
    while row < TOKENS.len() {
        add_token(index, &TOKENS[row]);
        row += 1;
    }
    row = 0;
    while row < WEBHOOKS.len() {
        let anchor = WEBHOOKS[row].anchor.as_bytes();
        match anchor {
            [b'/', path @ ..] => index.add_start_of(path, Kinds::WEBHOOK),
            _ => index.add_start_of(anchor, Kinds::WEBHOOK),
        }
        row += 1;
    }
    row = 0;
    while row < INFIXES.len() {
        add_infix(
            index,
            INFIXES[row].anchor.as_bytes(),
            INFIXES[row].is_suffix(),
        );
        row += 1;
    }
}

/// A prefix of less than four bytes is put in with everything that may follow it.
const fn add_token(index: &mut BuiltIn, token: &Token) {
    let prefix = token.prefix.as_bytes();
    if let Some(place) = token.found_at() {
        let (before, behind) = prefix.split_at(place);
        if let [b'='] = behind {
            index.add_end_of(before, Kinds::BEFORE_SIGN);
        } else {
            index.add_start_of(behind, Kinds::SIGNED);
        }
        return;
    }
    if prefix[0] == b'$' {
        // Found for itself.
        return;
    }
    if prefix.len() >= 4 {
        index.add_start_of(prefix, Kinds::TOKEN);
        return;
    }
    // A letter and a dot are found without the index.
    if matches!(prefix, [_, b'.']) {
        return;
    }
    let bytes = [token.byte(0), token.byte(1), token.byte(2), token.byte(3)];
    index.add_starts(bytes, Kinds::TOKEN);
}

/// What begins with a full stop is known by the four bytes behind it, an end by those before the joint behind it; `+` and `:` are
/// found for themselves.
const fn add_infix(index: &mut BuiltIn, anchor: &[u8], is_suffix: bool) {
    if is_suffix {
        index.add_end_of(anchor, Kinds::SUFFIX);
    } else if let [b'.', rest @ ..] = anchor {
        index.add_start_of(rest, Kinds::INFIX);
    } else if let [b'-', b'u', b's'] = anchor {
        index.add_ends_with_digit([b'-', b'u', b's'], Kinds::SUFFIX);
        let mut digit = b'0';
        while digit <= b'9' {
            index.add_ends_with_digit([b'u', b's', digit], Kinds::SUFFIX);
            digit += 1;
        }
    }
}
