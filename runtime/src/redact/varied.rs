//! Texts of four bytes that differ in one of them, put into the index together.
//!
//! Where a format's prefix is short, everything that may follow it is in the index: tens of thousands of texts. Hashed one by one, each
//! through a dozen calls that the compiler interprets, they took two fifths of the time in which the crate is compiled.

use super::index::FOR_KINDS;
use super::tokens::Charset;

/// So many bytes differ when bit `0x20` is set in all of them, those of characters that are not ASCII left out.
const MOST: usize = 96;

/// Bytes with bit `0x20` set, each once.
pub(super) struct Folded {
    bytes: [u8; MOST],
    len: usize,
}

impl Folded {
    /// The bytes of the set.
    pub(super) const fn of(set: Charset) -> Self {
        let mut all = Self::NONE;
        let mut rest = set.folded();
        let mut byte = 0x20;
        while rest != 0 {
            if rest & 1 != 0 {
                all.add(byte);
            }
            rest >>= 1;
            byte = if byte == 0x3f { 0x60 } else { byte + 1 };
        }
        all
    }

    /// What may stand before something: ASCII, or the last byte of a character that is not.
    pub(super) const fn before() -> Self {
        let mut all = Self::of(Charset::ANY);
        let mut byte = 0xa0;
        while byte < 0xc0 {
            all.add(byte);
            byte += 1;
        }
        all
    }

    const NONE: Self = Self {
        bytes: [0; MOST],
        len: 0,
    };

    const fn add(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        self.bytes.split_at(self.len).0
    }
}

/// What each of some bytes adds to the two products by which a text of four bytes is hashed, if it stands at one of its places: a
/// product is the sum of those of its bytes.
pub(super) struct Varied<const MULTIPLIER: u32> {
    /// Of the place, in bits.
    shift: u32,
    products: [(u32, u32); MOST],
    len: usize,
}

impl<const MULTIPLIER: u32> Varied<MULTIPLIER> {
    /// These bytes at the place `at` of four.
    pub(super) const fn new(bytes: &Folded, at: u32) -> Self {
        let mut varied = Self {
            shift: 8 * at,
            products: [(0, 0); MOST],
            len: bytes.len,
        };
        let mut byte = 0;
        while byte < bytes.len {
            let moved = (bytes.bytes[byte] as u32) << varied.shift;
            varied.products[byte] = (
                moved.wrapping_mul(MULTIPLIER),
                moved.wrapping_mul(FOR_KINDS),
            );
            byte += 1;
        }
        varied
    }

    /// Adds `kind` to all texts that are `four`, whose bits `0x20` are set, with one of the bytes in the place of its own: to the bits
    /// and to the kinds of the index, of which each has a power of two.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the product is that of 32 bits; `wrapping_add` is a call that the compiler interprets each time"
    )]
    pub(super) const fn add_to(&self, four: u32, bits: &mut [u32], kinds: &mut [u8], kind: u8) {
        let others = four & !(0xFF << self.shift);
        let place = others.wrapping_mul(MULTIPLIER) as u64;
        let kind_place = others.wrapping_mul(FOR_KINDS) as u64;
        let shift = 32 - (bits.len() * 32).trailing_zeros();
        let kind_shift = 32 - kinds.len().trailing_zeros();
        let mut index = 0;
        while index < self.len {
            let (product, kind_product) = self.products[index];
            let place = (place + product as u64) as u32 >> shift;
            bits[(place >> 5) as usize] |= 1 << (place & 31);
            let kind_place = (kind_place + kind_product as u64) as u32 >> kind_shift;
            kinds[kind_place as usize] |= kind;
            index += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::{Kinds, Own};
    use super::super::tokens::Charset;
    use super::{Folded, MOST};

    /// A table of the texts that are added one by one.
    fn one_by_one(add: impl FnOnce(&mut dyn FnMut(&[u8], bool))) -> Own {
        let mut table = Own::new();
        add(&mut |text, is_end| {
            if is_end {
                table.add_end_of(text, Kinds::NAME);
            } else {
                table.add_start_of(text, Kinds::TOKEN);
            }
        });
        table
    }

    #[test]
    fn a_set_is_folded_and_has_each_byte_once() {
        assert_eq!(Folded::of(Charset::of("")).bytes(), b"");
        assert_eq!(
            Folded::of(Charset::of("zZA-a_@\u{7f}7")).bytes(),
            b"-7`az\x7f"
        );
        let before = Folded::before();
        assert_eq!(before.bytes().len(), MOST);
        assert!((0..0xc0).all(|byte: u8| before.bytes().contains(&(byte | 0x20))));
    }

    #[test]
    fn what_is_added_together_is_what_is_added_one_by_one() {
        let (seconds, thirds, fourths) = ("aB_", "x7", "-0KQ");
        let sets = [seconds, thirds, fourths].map(Charset::of);
        let mut together = Own::new();
        together.add_starts([Charset::of("sS"), sets[0], sets[1], sets[2]], Kinds::TOKEN);
        let single = one_by_one(|add| {
            for second in seconds.bytes() {
                for third in thirds.bytes() {
                    for fourth in fourths.bytes() {
                        add(&[b'S', second, third, fourth], false);
                    }
                }
            }
        });
        assert!(together == single);

        let mut together = Own::new();
        together.add_ends_with_digit(*b"ken", Kinds::NAME);
        together.add_short_end(*b"psk", Kinds::NAME);
        together.add_start_of(b"sk-", Kinds::TOKEN);
        let single = one_by_one(|add| {
            for digit in b'0'..=b'9' {
                add(&[b'k', b'e', b'n', digit], true);
            }
            for byte in 0..0xc0 {
                add(&[byte, b'p', b's', b'k'], true);
            }
            for next in 0..0x80 {
                add(&[b's', b'k', b'-', next], false);
            }
        });
        assert!(together == single);
    }
}
