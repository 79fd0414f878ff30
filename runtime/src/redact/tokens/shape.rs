//! What a token of one format looks like.

use super::charset::{ALNUM, Charset, HEX};

/// A run with this upper bound goes on to its end.
pub(super) const NO_END: u16 = u16::MAX;

pub(super) const HAS_DIGIT: u8 = 1;
pub(super) const HAS_UPPER: u8 = 2;
pub(super) const HAS_LOWER: u8 = 4;

/// A part of a token after its prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// From `min` to `max` bytes of `set`, as many as there are.
    Run { set: Charset, min: u16, max: u16 },
    /// This text.
    Lit(&'static str),
}

impl Part {
    /// Whether it is the same part; `==` where constants are made.
    pub(super) const fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Lit(text), Self::Lit(other)) => same(text.as_bytes(), other.as_bytes()),
            (
                Self::Run { set, min, max },
                Self::Run {
                    set: other,
                    min: least,
                    max: most,
                },
            ) => set.is(*other) && *min == *least && *max == *most,
            _ => false,
        }
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

/// One public format of tokens, as the tables of the sources have it; the program has it as a
/// [`Format`](super::packed::Format).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) struct Token {
    /// What every token of the format starts with; the case counts.
    pub(in crate::redact) prefix: &'static str,
    pub(super) body: Part,
    pub(super) rest: &'static [Part],
    /// What the body needs: of [`HAS_DIGIT`], [`HAS_UPPER`] and [`HAS_LOWER`].
    pub(super) wanted: u8,
    /// No `_`, `-`, `.`, `/` or `+` may come before.
    pub(super) alone: bool,
    /// The prefix names the secret and is no part of it.
    pub(super) label: bool,
}

impl Token {
    /// The parts after the prefix.
    #[cfg(test)]
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        core::iter::once(self.body).chain(self.rest.iter().copied())
    }

    const fn new(prefix: &'static str, body: Part) -> Self {
        Self {
            prefix,
            body,
            rest: &[],
            wanted: 0,
            alone: false,
            label: false,
        }
    }

    pub(super) const fn then(mut self, rest: &'static [Part]) -> Self {
        self.rest = rest;
        self
    }

    /// Needs a digit.
    pub(super) const fn digit(mut self) -> Self {
        self.wanted = HAS_DIGIT;
        self
    }

    /// Needs a digit and letters of both cases.
    pub(super) const fn random(mut self) -> Self {
        self.wanted = HAS_DIGIT | HAS_UPPER | HAS_LOWER;
        self
    }

    pub(super) const fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    pub(super) const fn label(mut self) -> Self {
        self.label = true;
        self
    }

    /// For a prefix that begins with a sign, where a word begins in it that goes on to the body without a colon; for one that has a
    /// blank, where its last sign is. By these places they are found, the others by where they begin; so is what begins with `$`.
    pub(super) const fn found_at(&self) -> Option<usize> {
        let prefix = self.prefix.as_bytes();
        let is_signed = prefix[0] != b'$' && !prefix[0].is_ascii_alphanumeric();
        let (mut place, mut start) = (0, 0);
        while place < prefix.len() {
            if prefix[place] == b' ' {
                return Some(prefix.len() - 1);
            }
            if matches!(prefix[place], b'_' | b'|' | b'{' | b':') {
                start = place + 1;
            }
            place += 1;
        }
        if start < prefix.len() && prefix[start] == b'-' {
            start += 1;
        }
        if is_signed { Some(start) } else { None }
    }

    /// What may stand at byte `i` of a token of this format: the prefix, then its first part. For an index of the first
    /// few bytes, also of formats whose prefix is shorter than that.
    pub(in crate::redact) const fn byte(&self, i: usize) -> Charset {
        let prefix = self.prefix.as_bytes();
        if i < prefix.len() {
            return Charset::only(prefix[i]);
        }
        let mut i = i - prefix.len();
        let mut part = self.body;
        let mut next = 0;
        loop {
            let len = match part {
                Part::Run { set, min, .. } => {
                    if i < min as usize {
                        return set;
                    }
                    min as usize
                }
                Part::Lit(text) => {
                    if i < text.len() {
                        return Charset::only(text.as_bytes()[i]);
                    }
                    text.len()
                }
            };
            if next >= self.rest.len() {
                return ALNUM;
            }
            i -= len;
            part = self.rest[next];
            next += 1;
        }
    }
}

/// `prefix`, then at least `min` of `set`, to the end of the run.
pub(super) const fn run(prefix: &'static str, set: Charset, min: u16) -> Token {
    range(prefix, set, min, NO_END)
}

/// `prefix`, then exactly `len` of `set` and no more of it.
pub(super) const fn exact(prefix: &'static str, set: Charset, len: u16) -> Token {
    range(prefix, set, len, len)
}

/// `prefix`, then from `min` to `max` of `set` and no more of it.
pub(super) const fn range(prefix: &'static str, set: Charset, min: u16, max: u16) -> Token {
    Token::new(prefix, Part::Run { set, min, max })
}

/// `prefix`, then a UUID.
pub(super) const fn uuid(prefix: &'static str) -> Token {
    exact(prefix, HEX, 8).then(UUID_REST)
}

/// Exactly `len` of `set`, as a part.
pub(super) const fn of(set: Charset, len: u16) -> Part {
    upto(set, len, len)
}

/// From `min` to `max` of `set`, as a part.
pub(super) const fn upto(set: Charset, min: u16, max: u16) -> Part {
    Part::Run { set, min, max }
}

/// This text, as a part.
pub(super) const fn lit(text: &'static str) -> Part {
    Part::Lit(text)
}

/// A UUID after its first eight digits.
pub(super) const UUID_REST: &[Part] = &[
    lit("-"),
    of(HEX, 4),
    lit("-"),
    of(HEX, 4),
    lit("-"),
    of(HEX, 4),
    lit("-"),
    of(HEX, 12),
];
