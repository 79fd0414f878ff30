//! Numbers of payment cards and bank accounts, told from other numbers by their issuers and checksums.

mod card;
mod context;
mod iban;
#[cfg(test)]
mod tests;

use super::edge::part;
use super::span::Hide;

/// No group of a card, and no card, has more digits.
const LONGEST: usize = 20;

/// Whether the first four bytes of a word may be those of a card or an account: four digits, the first of them such that cards begin
/// with, or two capital letters and two digits.
#[inline]
pub(super) const fn may_begin([a, b, c, d]: [u8; 4]) -> bool {
    if !c.is_ascii_digit() || !d.is_ascii_digit() {
        return false;
    }
    // No card begins with 0, 1, 7, 20 or 21; many times do.
    let is_card = match a {
        b'2' => matches!(b, b'2'..=b'9'),
        b'3'..=b'6' | b'8' | b'9' => b.is_ascii_digit(),
        _ => false,
    };
    is_card || a.is_ascii_uppercase() && b.is_ascii_uppercase()
}

/// The number of a card or an account that begins at `at`, with its spaces or hyphens.
///
/// Looks at a bounded number of bytes.
pub(super) fn number_at(text: &[u8], at: usize) -> Option<Hide> {
    if part(text, at, at + 1)
        .first()
        .is_some_and(u8::is_ascii_uppercase)
    {
        return iban::at(text, at).map(|end| Hide::account(at, end));
    }
    let rest = text.get(at..)?;
    let digits = rest
        .iter()
        .take(LONGEST)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    card::at(text, at, at + digits)
}
