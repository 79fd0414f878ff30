//! The public formats of tokens: prefix, alphabet, length. Facts that vendors and scanners publish; a table in byte
//! order of the prefix, so that the formats which share their first bytes stand together.

mod a_to_f;
mod g_to_o;
mod p_to_r;
mod s_to_z;
mod symbols_and_upper;

use super::charset::{ALNUM, B64URL, Charset, HEX, LOOSE, LOW_NUM};
use super::shape::{NO_END, Part, Token, lit, of, upto};

const TABLES: [&[Token]; 5] = [
    symbols_and_upper::TABLE,
    a_to_f::TABLE,
    g_to_o::TABLE,
    p_to_r::TABLE,
    s_to_z::TABLE,
];

const LEN: usize = {
    let mut len = 0;
    let mut i = 0;
    while i < TABLES.len() {
        len += TABLES[i].len();
        i += 1;
    }
    len
};

/// Every format, in byte order of the prefix.
pub(super) const ALL: &[Token] = &{
    let mut all = [symbols_and_upper::TABLE[0]; LEN];
    let (mut table, mut row, mut i) = (0, 0, 0);
    while i < LEN {
        if row == TABLES[table].len() {
            table += 1;
            row = 0;
        }
        all[i] = TABLES[table][row];
        row += 1;
        i += 1;
    }
    all
};

/// The rest of a Discord bot token after its first two characters: the base64 of a decimal id, a time, a signature.
const DISCORD: &[Part] = &[
    of(Charset::of("AEIMQUYcgk"), 1),
    of(Charset::of("wxyz012345"), 1),
    upto(B64URL, 18, 26),
    lit("."),
    upto(B64URL, 5, 8),
    lit("."),
    upto(B64URL, 24, 72),
];

const HUBSPOT: &[Part] = &[
    lit("-"),
    of(HEX, 8),
    lit("-"),
    of(HEX, 4),
    lit("-"),
    of(HEX, 4),
    lit("-"),
    of(HEX, 4),
    lit("-"),
    of(HEX, 12),
];

const AUTHRESS: &[Part] = &[
    upto(LOW_NUM, 0, 25),
    lit("."),
    upto(LOW_NUM, 4, 6),
    lit(".acc"),
    of(Charset::of("_-"), 1),
    upto(ALNUM.or(Charset::of("-")), 10, 32),
    lit("."),
    upto(LOOSE, 30, NO_END),
];
