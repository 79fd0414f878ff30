//! What is known beside a joint, as hashes of four bytes.
//!
//! A name ends before a joint (`password=`), a token or a web address begins behind one (` ghp_..`). So it is enough to ask whether the
//! four bytes before a joint may be the end of a name, and whether the four behind it may be the beginning of something: two bits of two
//! tables, whatever the number of names and formats is. Case is folded by setting bit `0x20` in each byte, which folds a few signs into
//! others too; a hit is only a reason to look.

use super::tokens::{Charset, DIGIT};
use super::varied::{Folded, Varied};
use super::{keys, scan};

/// What a hit may be; bits of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    // Of beginnings.
    pub(super) const TOKEN: Self = Self(1);
    pub(super) const WEBHOOK: Self = Self(2);
    pub(super) const INFIX: Self = Self(4);
    /// The program's own prefixes.
    pub(super) const OWN: Self = Self(8);
    /// A token whose format begins with a sign.
    pub(super) const SIGNED: Self = Self(16);
    // Of ends; a name of beginnings too.
    pub(super) const NAME: Self = Self(128);
    pub(super) const SCHEME: Self = Self(2);
    pub(super) const COMMAND: Self = Self(4);
    /// The word `BEGIN`.
    pub(super) const BLOCK: Self = Self(8);
    /// The end of a token.
    pub(super) const SUFFIX: Self = Self(16);
    /// What a token has before its last sign.
    pub(super) const BEFORE_SIGN: Self = Self(32);

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// A set of hashes of four bytes, and what each may be: `WORDS` times 32 bits, a power of two; hashed with an odd number.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq))]
struct Grams<const WORDS: usize, K, const MULTIPLIER: u32> {
    bits: [u32; WORDS],
    /// Asked for only where a bit is set.
    kinds: K,
}

/// What the hashes may be; of as many as the second hash has values, a power of two.
pub(super) trait ByHash {
    fn kinds(&self, bytes: [u8; 4]) -> Kinds;
}

/// A byte for each, to add to.
impl<const COUNT: usize> ByHash for [u8; COUNT] {
    fn kinds(&self, bytes: [u8; 4]) -> Kinds {
        Kinds(self[kind_place(bytes, COUNT) % COUNT])
    }
}

/// Half a byte for each: there are few different ones.
pub(super) struct Halves<const BYTES: usize> {
    different: [u8; 16],
    /// The one at an even place in the lower half.
    halves: [u8; BYTES],
}

impl<const BYTES: usize> ByHash for Halves<BYTES> {
    fn kinds(&self, bytes: [u8; 4]) -> Kinds {
        let place = kind_place(bytes, 2 * BYTES);
        let both = self.halves[place / 2 % BYTES];
        Kinds(self.different[usize::from(both >> (place % 2 * 4)) % 16])
    }
}

impl<const BYTES: usize> Halves<BYTES> {
    /// The same as `kinds`, of which there are at most sixteen different ones.
    const fn of(kinds: &[u8]) -> Self {
        assert!(kinds.len() == 2 * BYTES);
        let mut made = Self {
            different: [0; 16],
            halves: [0; BYTES],
        };
        // The first one is what most are: nothing.
        let (mut place, mut count) = (0, 1);
        while place < kinds.len() {
            if kinds[place] == 0 {
                place += 1;
                continue;
            }
            let mut number: u8 = 0;
            while number < count && made.different[number as usize] != kinds[place] {
                number += 1;
            }
            if number == count {
                made.different[number as usize] = kinds[place];
                count += 1;
            }
            made.halves[place / 2] |= number << (place % 2 * 4);
            place += 1;
        }
        made
    }
}

/// Another product than for the bits.
const fn kind_place(bytes: [u8; 4], count: usize) -> usize {
    let bits = count.trailing_zeros();
    (folded(bytes).wrapping_mul(FOR_KINDS) >> (32 - bits)) as usize
}

pub(super) const FOR_KINDS: u32 = 0x85EB_CA6B;

/// Of four hundred multipliers each the one under which the fewest words of ordinary texts, and no year of these decades, seem to be
/// in the built-in set.
const FOR_ENDS: u32 = 0x6A5A_E45F;
const FOR_STARTS: u32 = 0x8DA9_8F1D;

impl<const WORDS: usize, K, const MULTIPLIER: u32> Grams<WORDS, K, MULTIPLIER> {
    /// Multiplicative hashing: the upper bits of the product depend on all bytes.
    #[inline]
    const fn place(bytes: [u8; 4]) -> usize {
        let bits = (WORDS * 32).trailing_zeros();
        (folded(bytes).wrapping_mul(MULTIPLIER) >> (32 - bits)) as usize
    }

    #[inline]
    const fn may_have(&self, bytes: [u8; 4]) -> bool {
        let place = Self::place(bytes);
        // The hash has as many values as there are bits, so that no bounds are checked.
        self.bits[(place >> 5) % WORDS] >> (place & 31) & 1 != 0
    }
}

impl<const WORDS: usize, const KINDS: usize, const MULTIPLIER: u32>
    Grams<WORDS, [u8; KINDS], MULTIPLIER>
{
    const EMPTY: Self = Self {
        bits: [0; WORDS],
        kinds: [0; KINDS],
    };

    const fn add(&mut self, bytes: [u8; 4], kind: Kinds) {
        let place = Self::place(bytes);
        self.bits[place >> 5] |= 1 << (place & 31);
        self.kinds[kind_place(bytes, KINDS)] |= kind.0;
    }

    /// Adds `bytes` with each of `varied` in the place of one of them.
    const fn add_each(&mut self, bytes: [u8; 4], varied: &Varied<MULTIPLIER>, kind: Kinds) {
        varied.add_to(folded(bytes), &mut self.bits, &mut self.kinds, kind.0);
    }

    const fn complete<const BYTES: usize>(&self) -> Grams<WORDS, Halves<BYTES>, MULTIPLIER> {
        Grams {
            bits: self.bits,
            kinds: Halves::of(&self.kinds),
        }
    }
}

/// Sets bit `0x20` of each byte.
#[inline]
const fn folded(bytes: [u8; 4]) -> u32 {
    u32::from_le_bytes(bytes) | 0x2020_2020
}

/// What ends and what begins so.
#[derive(Clone)]
#[cfg_attr(test, derive(PartialEq))]
pub(super) struct Table<const ENDS: usize, const STARTS: usize, K> {
    ends: Grams<ENDS, K, FOR_ENDS>,
    starts: Grams<STARTS, K, FOR_STARTS>,
}

/// What is built in, while it is added.
pub(super) type BuiltIn = Table<2048, 4096, [u8; 16384]>;

/// What a program adds: 1 KiB of each.
pub(super) type Own = Table<256, 256, [u8; 1024]>;

/// Made when the crate is compiled: 8 and 16 KiB of bits, 8 KiB of kinds each.
pub(super) static BUILT_IN: Table<2048, 4096, Halves<8192>> = {
    let mut table = BuiltIn::new();
    keys::add_all(&mut table);
    scan::add_all(&mut table);
    Table {
        ends: table.ends.complete(),
        starts: table.starts.complete(),
    }
};

/// What may begin with these bytes.
pub(super) fn start_kinds(own: Option<&Own>, bytes: [u8; 4]) -> Kinds {
    let kinds = BUILT_IN.start_kinds(bytes);
    let kinds = own.map_or(kinds, |own| kinds.or(own.start_kinds(bytes)));
    // A letter and a dot are found without the index.
    if bytes[1] == b'.' {
        kinds.or(Kinds::TOKEN)
    } else {
        kinds
    }
}

/// What may end with them.
pub(super) fn end_kinds(own: Option<&Own>, bytes: [u8; 4]) -> Kinds {
    let kinds = BUILT_IN.end_kinds(bytes);
    own.map_or(kinds, |own| kinds.or(own.end_kinds(bytes)))
}

impl<const ENDS: usize, const STARTS: usize, const KINDS: usize> Table<ENDS, STARTS, [u8; KINDS]> {
    pub(super) const fn new() -> Self {
        Self {
            ends: Grams::EMPTY,
            starts: Grams::EMPTY,
        }
    }

    /// Something of this kind ends with these four bytes.
    pub(super) const fn add_end(&mut self, bytes: [u8; 4], kind: Kinds) {
        self.ends.add(bytes, kind);
    }

    /// The same with these three bytes, whatever stands before them.
    pub(super) const fn add_short_end(&mut self, [a, b, c]: [u8; 3], kind: Kinds) {
        let before = Varied::new(&Folded::before(), 0);
        self.ends.add_each([0, a, b, c], &before, kind);
    }

    /// The same with these bytes and each digit.
    pub(super) const fn add_ends_with_digit(&mut self, [a, b, c]: [u8; 3], kind: Kinds) {
        const DIGITS: &Varied<FOR_ENDS> = &Varied::new(&Folded::of(DIGIT), 3);
        self.ends.add_each([a, b, c, 0], DIGITS, kind);
    }

    /// The last four bytes of `text`, or its three.
    pub(super) const fn add_end_of(&mut self, text: &[u8], kind: Kinds) {
        match text {
            [.., a, b, c, d] => self.add_end([*a, *b, *c, *d], kind),
            [a, b, c] => self.add_short_end([*a, *b, *c], kind),
            _ => {}
        }
    }

    /// The first four bytes of `text`, or its three and every sign that may follow.
    pub(super) const fn add_start_of(&mut self, text: &[u8], kind: Kinds) {
        if let [a, b, c, d, ..] = text {
            self.starts.add([*a, *b, *c, *d], kind);
        } else if let [a, b, c] = text {
            let any = Varied::new(&Folded::of(Charset::ANY), 3);
            self.starts.add_each([*a, *b, *c, 0], &any, kind);
        }
    }

    /// Something of this kind begins with four bytes of these sets.
    pub(super) const fn add_starts(&mut self, [a, b, c, d]: [Charset; 4], kind: Kinds) {
        let last = Varied::new(&Folded::of(d), 3);
        let (firsts, seconds, thirds) = (Folded::of(a), Folded::of(b), Folded::of(c));
        let mut rest = firsts.bytes();
        while let [first, others @ ..] = rest {
            rest = others;
            let mut rest = seconds.bytes();
            while let [second, others @ ..] = rest {
                rest = others;
                let mut rest = thirds.bytes();
                while let [third, others @ ..] = rest {
                    rest = others;
                    self.starts
                        .add_each([*first, *second, *third, 0], &last, kind);
                }
            }
        }
    }
}

impl<const ENDS: usize, const STARTS: usize, K: ByHash> Table<ENDS, STARTS, K> {
    /// Whether something may begin with these bytes.
    #[inline]
    pub(super) fn may_begin(&self, bytes: [u8; 4]) -> bool {
        self.starts.may_have(bytes)
    }

    /// Whether something may end with these bytes.
    #[inline]
    pub(super) fn may_end(&self, bytes: [u8; 4]) -> bool {
        self.ends.may_have(bytes)
    }

    /// What may end with them.
    pub(super) fn end_kinds(&self, bytes: [u8; 4]) -> Kinds {
        if self.may_end(bytes) {
            self.ends.kinds.kinds(bytes)
        } else {
            Kinds::NONE
        }
    }

    /// What may begin with them.
    pub(super) fn start_kinds(&self, bytes: [u8; 4]) -> Kinds {
        if self.may_begin(bytes) {
            self.starts.kinds.kinds(bytes)
        } else {
            Kinds::NONE
        }
    }

    #[cfg(test)]
    pub(super) fn fill(&self) -> [u32; 2] {
        [&self.ends.bits[..], &self.starts.bits]
            .map(|words| words.iter().map(|word| word.count_ones()).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::{ByHash, Halves, Kinds, Own};

    #[test]
    fn halves_are_the_kinds_that_they_are_made_of() {
        let mut random = fastrand::Rng::with_seed(1);
        let different: [u8; 16] = core::array::from_fn(|_| random.u8(1..));
        let mut kinds = [0; 64];
        for place in random.choose_multiple(0..64, 48) {
            kinds[place] = different[random.usize(1..16)];
        }
        let halves = Halves::<32>::of(&kinds);
        for _ in 0..10_000 {
            let bytes = [(); 4].map(|()| random.u8(..));
            assert_eq!(halves.kinds(bytes), kinds.kinds(bytes), "{bytes:?}");
        }
    }

    #[test]
    fn case_is_folded_and_nothing_is_known_at_first() {
        let mut index = Own::new();
        assert!(!index.may_end(*b"word") && !index.may_begin(*b"ghp_"));
        index.add_end_of(b"passWoRd", Kinds::NAME);
        assert!(index.may_end(*b"WORD") && index.end_kinds(*b"word").has(Kinds::NAME));
        assert!(!index.may_end(*b"wore") && !index.may_begin(*b"word"));
        index.add_end_of(b"key", Kinds::NAME);
        assert!(index.may_end(*b" key") && index.may_end(*b"iKey") && !index.may_end(*b"ikex"));
        index.add_start_of(b"sk-", Kinds::TOKEN);
        index.add_start_of(b"hooks.slack.com", Kinds::WEBHOOK);
        assert!(
            index.may_begin(*b"sk-7") && index.may_begin(*b"SK-_") && index.may_begin(*b"hook")
        );
        assert!(!index.may_begin(*b"sk_7"));
        index.add_start_of("é-".as_bytes(), Kinds::OWN);
        assert!(index.start_kinds(*b"\xc3\xa9-7").has(Kinds::OWN));
        assert!(
            index.start_kinds(*b"sk-7").has(Kinds::TOKEN)
                && !index.start_kinds(*b"sk-7").has(Kinds::WEBHOOK)
        );
        assert!(index.start_kinds(*b"hook").has(Kinds::WEBHOOK));
    }
}
