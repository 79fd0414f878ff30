//! International bank account numbers.

use super::super::edge::{begins, byte, part, starts};

/// The countries by the length of their numbers, from SWIFT's registry of IBANs and the countries that follow it.
const COUNTRIES: [(u8, &str); 17] = [
    (15, "NO"),
    (16, "BE"),
    (18, "AX DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE GG IE IM JE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "AO CV GW LY MZ PT ST"),
    (26, "DZ IR IS TR"),
    (
        27,
        "BI BL CF CG CM DJ FR GA GF GP GQ GR IT KM MC MF MG MQ MR NC PF PM RE SM TD TF WF YT",
    ),
    (
        28,
        "AL AZ BF BJ BY CI CY DO GT HN HU LB MA ML NE NI PL SN SV TG",
    ),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (33, "RU"),
];

/// Saint Lucia's is the only one of its length.
const LONGEST: (u8, &[u8; 2]) = (32, b"LC");

/// The length for each pair of letters, 0 for none.
const LENGTHS: [u8; 26 * 26] = lengths();

const fn lengths() -> [u8; 26 * 26] {
    let mut table = [0; 26 * 26];
    table[index(LONGEST.1[0], LONGEST.1[1])] = LONGEST.0;
    let mut row = 0;
    while row < COUNTRIES.len() {
        let (length, codes) = COUNTRIES[row];
        let codes = codes.as_bytes();
        let mut i = 0;
        while i + 1 < codes.len() {
            table[index(codes[i], codes[i + 1])] = length;
            i += 3;
        }
        row += 1;
    }
    table
}

/// The place of two capital letters in the table.
const fn index(first: u8, second: u8) -> usize {
    first.wrapping_sub(b'A') as usize * 26 + second.wrapping_sub(b'A') as usize
}

/// The byte after the number that starts with its country at `at`.
pub(super) fn at(text: &[u8], at: usize) -> Option<usize> {
    let &[first, second, tens, ones, separator, ..] = text.get(at..)? else {
        return None;
    };
    let head = first.is_ascii_uppercase()
        && second.is_ascii_uppercase()
        && tens.is_ascii_digit()
        && ones.is_ascii_digit();
    if !head {
        return None;
    }
    let length = usize::from(*LENGTHS.get(index(first, second))?);
    let named = at
        .checked_sub(4)
        .is_some_and(|i| starts(text, i, b"IBAN") && begins(text, i));
    if length == 0 || !(named || begins(text, at)) {
        return None;
    }
    let grouped = matches!(separator, b' ' | b'-' | b'+').then_some(separator);
    let end = at
        + length
        + if grouped.is_some() {
            (length - 1) / 4
        } else {
            0
        };
    let number = text.get(at..end)?;
    let next = byte(text, end);
    if next.is_ascii_alphanumeric() || next == b'_' {
        return None;
    }
    let legal = number.iter().enumerate().all(|(i, b)| match grouped {
        Some(separator) if i % 5 == 4 => *b == separator,
        _ => b.is_ascii_uppercase() || b.is_ascii_digit(),
    });
    (legal && checks(number)).then_some(end)
}

/// The checksum of ISO 7064, modulo 97, of capitals and digits; other signs do not count.
fn checks(number: &[u8]) -> bool {
    let turned = part(number, 4, number.len())
        .iter()
        .chain(part(number, 0, 4));
    let rest = turned.fold(0_u32, |rest, &b| match b {
        b'0'..=b'9' => (rest * 10 + u32::from(b - b'0')) % 97,
        b'A'..=b'Z' => (rest * 100 + u32::from(b - b'A') + 10) % 97,
        _ => rest,
    });
    rest == 1
}
