//! Secrets of many forms, drawn from a seed.

use fastrand::Rng;

/// The form of a secret.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Form {
    /// Letters and digits, so many.
    Word(usize),
    /// Capitals and digits, so many.
    Capitals(usize),
    /// Hexadecimal digits, so many.
    Hex(usize),
    /// Letters, digits, `+` and `/`, so many.
    Base64(usize),
    /// Letters, digits and signs that end nothing: no quote, space, comma, bracket, `&`, `;`, `@`, `/`, `\` or `%`.
    Password(usize),
    /// Digits without meaning, so many.
    Digits(usize),
    /// A card number whose checksum is right, in one piece or in groups of four.
    Card {
        /// Groups of four.
        grouped: bool,
    },
    /// A German IBAN whose checksum is right.
    Iban,
}

const DIGITS: &str = "0123456789";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz";

impl Form {
    /// A secret of this form.
    pub(crate) fn draw(self, rng: &mut Rng) -> String {
        match self {
            Self::Word(length) => mixed(rng, &[SMALL, CAPITALS, DIGITS], length),
            Self::Capitals(length) => mixed(rng, &[CAPITALS, "234567"], length),
            Self::Hex(length) => mixed(rng, &["abcdef", DIGITS], length),
            Self::Base64(length) => mixed(rng, &[SMALL, CAPITALS, DIGITS, "+/"], length),
            Self::Password(length) => mixed(rng, &[SMALL, CAPITALS, DIGITS, "!#$*+-.^_~"], length),
            Self::Digits(length) => text(rng, DIGITS, length),
            Self::Card { grouped } => card(rng, grouped),
            Self::Iban => iban(rng),
        }
    }
}

fn text(rng: &mut Rng, alphabet: &str, length: usize) -> String {
    let alphabet = alphabet.as_bytes();
    (0..length)
        .map(|_| char::from(alphabet[rng.usize(..alphabet.len())]))
        .collect()
}

/// Of all alphabets in turn, shuffled, so that none is missing: a text of one letter is taken for a mask.
fn mixed(rng: &mut Rng, alphabets: &[&str], length: usize) -> String {
    let mut letters: Vec<String> = (0..length)
        .map(|at| text(rng, alphabets[at % alphabets.len()], 1))
        .collect();
    rng.shuffle(&mut letters);
    letters.concat()
}

fn card(rng: &mut Rng, grouped: bool) -> String {
    let body = format!("4{}", text(rng, DIGITS, 14));
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, digit)| luhn(u32::from(digit - b'0'), at % 2 == 0))
        .sum();
    let card = format!("{body}{}", (10 - sum % 10) % 10);
    if grouped {
        [&card[..4], &card[4..8], &card[8..12], &card[12..]].join(" ")
    } else {
        card
    }
}

const fn luhn(digit: u32, doubled: bool) -> u32 {
    match digit * 2 {
        _ if !doubled => digit,
        two @ 10.. => two - 9,
        two => two,
    }
}

fn iban(rng: &mut Rng) -> String {
    let account = text(rng, DIGITS, 18);
    // `DE00` behind the account, letters as numbers from 10 on.
    let rest = format!("{account}131400")
        .bytes()
        .fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97);
    format!("DE{:02}{account}", 98 - rest)
}
