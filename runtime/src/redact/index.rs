//! What is known beside a joint, as hashes of four bytes.
//!
//! A name ends before a joint (`password=`), a token or a web address begins behind one (` ghp_..`). So it is enough to ask whether the
//! four bytes before a joint may be the end of a name, and whether the four behind it may be the beginning of something: two bits of two
//! tables, whatever the number of names and formats is. Case is folded by setting bit `0x20` in each byte, which folds a few signs into
//! others too; a hit is only a reason to look.

/// What a hit may be; bits of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds(u8);

impl Kinds {
    // Of beginnings.
    pub(super) const TOKEN: Self = Self(1);
    pub(super) const WEBHOOK: Self = Self(2);
    pub(super) const INFIX: Self = Self(4);
    /// The program's own prefixes.
    pub(super) const OWN: Self = Self(8);
    // Of ends; a name of beginnings too.
    pub(super) const NAME: Self = Self(128);
    pub(super) const SCHEME: Self = Self(2);
    pub(super) const COMMAND: Self = Self(4);
    /// The word `BEGIN`.
    pub(super) const BLOCK: Self = Self(8);
    /// The end of a token.
    pub(super) const SUFFIX: Self = Self(16);

    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

const END_BITS: u32 = 16;
const START_BITS: u32 = 17;
const KIND_BITS: u32 = 12;

/// Two sets of hashes, of 8 and 16 KiB.
#[derive(Clone)]
pub(super) struct Index {
    ends: [u32; 1 << (END_BITS - 5)],
    starts: [u32; 1 << (START_BITS - 5)],
    /// What ends or begins so, asked for only where something does: 4 KiB each.
    end_kinds: [u8; 1 << KIND_BITS],
    start_kinds: [u8; 1 << KIND_BITS],
}

/// Multiplicative hashing: the upper bits of the product depend on all bytes.
#[inline]
const fn hashed(bytes: [u8; 4], bits: u32) -> usize {
    ((u32::from_le_bytes(bytes) | 0x2020_2020).wrapping_mul(0x9E37_79B1) >> (32 - bits)) as usize
}

/// Other bits of the sum, for the kinds.
const fn kind_place(bytes: [u8; 4]) -> usize {
    ((u32::from_le_bytes(bytes) | 0x2020_2020).wrapping_mul(0x85EB_CA6B) >> (32 - KIND_BITS))
        as usize
        % (1 << KIND_BITS)
}

impl Index {
    pub(super) const fn new() -> Self {
        Self {
            ends: [0; 1 << (END_BITS - 5)],
            starts: [0; 1 << (START_BITS - 5)],
            end_kinds: [0; 1 << KIND_BITS],
            start_kinds: [0; 1 << KIND_BITS],
        }
    }

    /// Something of this kind ends with these four bytes.
    pub(super) const fn add_end(&mut self, bytes: [u8; 4], kind: Kinds) {
        let hash = hashed(bytes, END_BITS);
        self.ends[hash >> 5] |= 1 << (hash & 31);
        self.end_kinds[kind_place(bytes)] |= kind.0;
    }

    /// The same with these three bytes, whatever stands before them.
    pub(super) const fn add_short_end(&mut self, [a, b, c]: [u8; 3], kind: Kinds) {
        let mut before = 0;
        while before < 128 {
            self.add_end([before, a, b, c], kind);
            before += 1;
        }
    }

    /// The last four bytes of `text`, or its three.
    pub(super) const fn add_end_of(&mut self, text: &[u8], kind: Kinds) {
        match text {
            [.., a, b, c, d] => self.add_end([*a, *b, *c, *d], kind),
            [a, b, c] => self.add_short_end([*a, *b, *c], kind),
            _ => {}
        }
    }

    /// Something of this kind begins with these four bytes.
    pub(super) const fn add_start(&mut self, bytes: [u8; 4], kind: Kinds) {
        let hash = hashed(bytes, START_BITS);
        self.starts[hash >> 5] |= 1 << (hash & 31);
        self.start_kinds[kind_place(bytes)] |= kind.0;
    }

    /// The first four bytes of `text`, or its three and every sign that may follow.
    pub(super) const fn add_start_of(&mut self, text: &[u8], kind: Kinds) {
        if let [a, b, c, d, ..] = text {
            self.add_start([*a, *b, *c, *d], kind);
        } else if let [a, b, c] = text {
            let mut next = b'!';
            while next < 0x7f {
                self.add_start([*a, *b, *c, next], kind);
                next += 1;
            }
        }
    }

    /// Whether something may end with these bytes; nothing does for sure if this is `false`.
    #[inline]
    pub(super) const fn may_end(&self, bytes: [u8; 4]) -> bool {
        let hash = hashed(bytes, END_BITS);
        // The hash has as many values as the table has bits, so that no bounds are checked; so below.
        self.ends[(hash >> 5) % (1 << (END_BITS - 5))] >> (hash & 31) & 1 != 0
    }

    /// Whether something may begin with these bytes.
    #[inline]
    pub(super) const fn may_begin(&self, bytes: [u8; 4]) -> bool {
        let hash = hashed(bytes, START_BITS);
        self.starts[(hash >> 5) % (1 << (START_BITS - 5))] >> (hash & 31) & 1 != 0
    }

    /// What may end with them, where something may.
    pub(super) const fn end_kinds(&self, bytes: [u8; 4]) -> Kinds {
        Kinds(self.end_kinds[kind_place(bytes)])
    }

    /// What may begin with them, where something may.
    pub(super) const fn start_kinds(&self, bytes: [u8; 4]) -> Kinds {
        Kinds(self.start_kinds[kind_place(bytes)])
    }

    #[cfg(test)]
    pub(super) fn fill(&self) -> [u32; 2] {
        [&self.ends[..], &self.starts].map(|words| words.iter().map(|word| word.count_ones()).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, Kinds};

    #[test]
    fn case_is_folded_and_nothing_is_known_at_first() {
        let mut index = Index::new();
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
        assert!(
            index.start_kinds(*b"sk-7").has(Kinds::TOKEN)
                && !index.start_kinds(*b"sk-7").has(Kinds::WEBHOOK)
        );
        assert!(index.start_kinds(*b"hook").has(Kinds::WEBHOOK));
    }
}
