//! Sets of ASCII bytes, readable at compile time.

/// A set of ASCII bytes; a byte above 127 is in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) struct Charset([u64; 2]);

impl Charset {
    /// Whatever is ASCII.
    pub(in crate::redact) const ANY: Self = Self([u64::MAX; 2]);

    /// The bytes of `chars`; those above 127 are left out.
    pub(in crate::redact) const fn of(chars: &str) -> Self {
        let chars = chars.as_bytes();
        let mut set = Self([0; 2]);
        let mut i = 0;
        while i < chars.len() {
            set = set.or(Self::only(chars[i]));
            i += 1;
        }
        set
    }

    /// The one byte `byte`; nothing if it is above 127.
    pub(in crate::redact) const fn only(byte: u8) -> Self {
        let bit = 1 << (byte & 63);
        match byte >> 6 {
            0 => Self([bit, 0]),
            1 => Self([0, bit]),
            _ => Self([0, 0]),
        }
    }

    /// What is in `self` or in `other`.
    pub(in crate::redact) const fn or(self, other: Self) -> Self {
        Self([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    /// Whether it is the same set; `==` where constants are made.
    pub(super) const fn is(self, other: Self) -> bool {
        self.0[0] == other.0[0] && self.0[1] == other.0[1]
    }

    /// Its bytes with bit `0x20` set: a bit for each of `0x20..=0x3f`, then one for each of `0x60..=0x7f`.
    pub(in crate::redact) const fn folded(self) -> u64 {
        let [low, high] = self.0;
        (low | low << 32) >> 32 | (high | high << 32) >> 32 << 32
    }

    /// Whether `byte` is in the set.
    pub(in crate::redact) const fn has(self, byte: u8) -> bool {
        byte < 128 && self.0[(byte >> 6) as usize & 1] >> (byte & 63) & 1 == 1
    }
}

pub(in crate::redact) const DIGIT: Charset = Charset::of("0123456789");
pub(super) const LOWER: Charset = Charset::of("abcdefghijklmnopqrstuvwxyz");
pub(super) const UPPER: Charset = Charset::of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
pub(super) const HEX: Charset = DIGIT.or(Charset::of("abcdefABCDEF"));
pub(super) const LOW_NUM: Charset = LOWER.or(DIGIT);
pub(super) const UP_NUM: Charset = UPPER.or(DIGIT);
pub(super) const ALNUM: Charset = LOW_NUM.or(UPPER);
/// Letters, digits and `_`.
pub(super) const WORD: Charset = ALNUM.or(Charset::of("_"));
/// The alphabet of base64url without padding.
pub(super) const B64URL: Charset = ALNUM.or(Charset::of("_-"));
/// The alphabet of base64 with padding.
pub(super) const B64: Charset = ALNUM.or(Charset::of("+/="));
/// Base64url segments joined by dots, with padding.
pub(super) const DOTTED: Charset = B64URL.or(Charset::of(".="));
/// Whatever base64, base64url and dots make, also percent-encoded.
pub(super) const LOOSE: Charset = DOTTED.or(Charset::of("+/%"));
/// What crypt(3) hashes are made of.
pub(super) const CRYPT: Charset = ALNUM.or(Charset::of("./"));
