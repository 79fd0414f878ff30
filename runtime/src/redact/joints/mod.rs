//! The joints of a text: the places beside which names end and secrets begin.
//!
//! A joint is an ASCII character that is no letter or digit, or the first or last byte of a run of others. Two kinds of them matter: those
//! behind a word, where a name may end, and those before a long piece, where a token may begin. They are found sixty-four bytes at a
//! time, as bits, and thinned out by what stands around them before anything is looked up.

mod bits;
#[cfg(test)]
mod tests;

use super::index::{BUILT_IN, Own};
use bits::{BLOCK, Bits};

/// The joints of a text at which something may be, in order.
pub(super) struct Joints<'f, 't> {
    /// What the program added to what is built in.
    own: Option<&'f Own>,
    text: &'t [u8],
    /// Where the block begins that is read next.
    next_at: usize,
    /// What its bytes are, if the one before it was read.
    next: Bits,
    /// One bit for each joint of the block before it that is still to come.
    left: Known,
    /// The block before the next one was not read.
    is_at_start: bool,
}

/// The joints of a block at which something may be.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Something may end there.
    ends: u64,
    /// Something may begin behind it, or it may be a mark itself.
    starts: u64,
}

impl Known {
    const fn keep(&mut self, bits: u64) {
        self.ends &= bits;
        self.starts &= bits;
    }
}

/// A joint at which something may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joint {
    pub(super) at: usize,
    /// Something may end there.
    pub(super) may_end: bool,
    /// Something may begin behind it, or it may be a mark itself.
    pub(super) may_begin: bool,
}

impl<'f, 't> Joints<'f, 't> {
    pub(super) fn new(own: Option<&'f Own>, text: &'t [u8]) -> Self {
        Self {
            own,
            text,
            next_at: 0,
            next: Bits::BLANK,
            left: Known { ends: 0, starts: 0 },
            is_at_start: true,
        }
    }

    /// The next joint.
    #[inline]
    pub(super) fn next(&mut self) -> Option<Joint> {
        while self.left.ends | self.left.starts == 0 {
            if self.next_at >= self.text.len() {
                return None;
            }
            self.read();
        }
        let place = (self.left.ends | self.left.starts).trailing_zeros();
        let joint = Joint {
            at: self.next_at - BLOCK + place as usize,
            may_end: self.left.ends >> place & 1 != 0,
            may_begin: self.left.starts >> place & 1 != 0,
        };
        self.left.keep(!(1 << place));
        Some(joint)
    }

    /// Leaves out all joints before `place`.
    pub(super) fn skip_to(&mut self, place: usize) {
        if place >= self.next_at {
            self.left.keep(0);
            self.next_at = place / BLOCK * BLOCK;
            if self.next_at >= self.text.len() {
                return;
            }
            self.is_at_start = true;
            self.read();
        }
        let passed = (place + BLOCK).saturating_sub(self.next_at);
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        self.left.keep(u64::MAX.checked_shl(passed).unwrap_or(0));
    }

    /// Finds the joints of the next block at which something may be.
    #[inline]
    fn read(&mut self) {
        let (text, start) = (self.text, self.next_at);
        let this = if self.is_at_start {
            Bits::at(text, start)
        } else {
            self.next
        };
        self.is_at_start = false;
        self.next_at = start + BLOCK;
        self.next = Bits::at(text, self.next_at);
        // Beyond the end of the text stand blanks.
        let length = text.len() - start;
        let inside = if length < BLOCK {
            (1 << length) - 1
        } else {
            u64::MAX
        };
        let edges = if this.is_ascii {
            0
        } else {
            edges_of_others(text, start)
        };
        let joints = (this.joints | edges) & inside;
        let ends = joints & this.behind_names(self.own.is_none());
        let tokens = joints & this.before_tokens(self.next.hard, self.own.is_none());
        let pairs = joints & (this.before_numbers() | this.before_single());
        let marks = this.marks | this.colons_of_marks() | edges;
        let block = Block::at(text, start);
        let beginnings = Beginnings {
            tokens,
            pairs,
            marks,
        };
        self.left = match self.own {
            None => Known {
                ends: block.ends(ends, |four| BUILT_IN.may_end(four)),
                starts: block.starts(&beginnings, |four| BUILT_IN.may_begin(four)),
            },
            Some(own) => Known {
                ends: block.ends(ends, |four| BUILT_IN.may_end(four) | own.may_end(four)),
                starts: block.starts(&beginnings, |four| {
                    BUILT_IN.may_begin(four) | own.may_begin(four)
                }),
            },
        };
    }
}

/// Where something may begin in a block, and why.
struct Beginnings {
    tokens: u64,
    pairs: u64,
    marks: u64,
}

/// So many bytes before a place are looked at.
const BEFORE: usize = 4;

/// The bytes around a block.
struct Block<'t> {
    /// From the bytes before the block on; from its own on, if it is the first of the text.
    around: &'t [u8],
    /// The places without bytes before them.
    edge: u64,
    /// How far the block is behind the beginning of `around`.
    before: usize,
}

impl<'t> Block<'t> {
    #[inline]
    fn at(text: &'t [u8], start: usize) -> Self {
        let before = start.min(BEFORE);
        Self {
            around: text.get(start - before..).unwrap_or_default(),
            edge: if start == 0 { (1 << BEFORE) - 1 } else { 0 },
            before,
        }
    }

    /// Those of `places` before which something may end.
    #[inline]
    fn ends(&self, places: u64, may_end: impl Fn([u8; 4]) -> bool) -> u64 {
        let back = BEFORE - self.before;
        let found = found::<4>(places & !self.edge, |place| {
            // Never less than nothing outside the edge.
            let at = (place % BLOCK).saturating_sub(back);
            let four = self.around.get(at..at + BEFORE);
            four.and_then(|four| four.first_chunk())
                .is_some_and(|four| may_end(*four))
                .into()
        });
        // A name has three letters at least, so that of the edge only its last place is behind one.
        let at_edge = match self.around {
            [a, b, c, ..] => may_end([b' ', *a, *b, *c]),
            _ => false,
        };
        found | places & self.edge & u64::from(at_edge) << (BEFORE - 1)
    }

    /// Those where something may begin, by what stands there.
    #[inline]
    fn starts(&self, at: &Beginnings, may_begin: impl Fn([u8; 4]) -> bool) -> u64 {
        found::<2>(at.tokens | at.pairs | at.marks, |place| {
            let (sign, four) = self.near(place);
            let [first, second, ..] = four;
            (at.tokens >> place) & u64::from(may_begin(four))
                | (at.pairs >> place) & is_pair(first, second)
                | (at.marks >> place) & is_mark(sign, first)
        })
    }

    /// The byte at a place and the four behind it; blanks stand behind the text.
    #[inline]
    fn near(&self, place: usize) -> (u8, [u8; 4]) {
        let at = place % BLOCK + self.before;
        match self.around.get(at..at + 5) {
            Some([sign, a, b, c, d]) => (*sign, [*a, *b, *c, *d]),
            _ => self.near_edge(at),
        }
    }

    #[cold]
    fn near_edge(&self, at: usize) -> (u8, [u8; 4]) {
        let byte = |place: usize| self.around.get(place).copied().unwrap_or(b' ');
        let four = [byte(at + 1), byte(at + 2), byte(at + 3), byte(at + 4)];
        (byte(at), four)
    }
}

/// Those of the places at which the lowest bit of `is` is set. Several are asked at once, without a branch that depends on the text;
/// too many of them do no harm.
#[inline]
fn found<const AT_ONCE: usize>(places: u64, is: impl Fn(usize) -> u64) -> u64 {
    let (mut left, mut found) = (places, 0);
    while left != 0 {
        for _ in 0..AT_ONCE {
            // The last place stands for none, which spares the question whether there is one.
            let place = (left | 1 << (u64::BITS - 1)).trailing_zeros();
            found |= (is(place as usize) & 1) << place;
            left &= left.wrapping_sub(1);
        }
    }
    found & places
}

/// The first and the last byte of each run of bytes that are not ASCII in the block at `start`; of each block too.
#[cold]
fn edges_of_others(text: &[u8], start: usize) -> u64 {
    let rest = text.get(start..).unwrap_or_default().iter().take(BLOCK);
    let others = rest.enumerate().fold(0_u64, |others, (place, byte)| {
        others | u64::from(!byte.is_ascii()) << place
    });
    others & !(others << 1 & others >> 1)
}

/// The four bytes before `at`; blanks stand before the text.
pub(super) fn before(text: &[u8], at: usize) -> [u8; BEFORE] {
    [4, 3, 2, 1].map(|back| {
        at.checked_sub(back)
            .and_then(|at| text.get(at))
            .copied()
            .unwrap_or(b' ')
    })
}

/// Whether a byte and the one behind it are the first signs of something: the lowest bit says so.
#[inline]
fn is_mark(sign: u8, next: u8) -> u64 {
    (FIRSTS[usize::from(sign)] & SECONDS[usize::from(next)] & 0x0f != 0).into()
}

/// The same of what begins a word: the number of a card or an account, a letter and a dot.
#[inline]
fn is_pair(first: u8, second: u8) -> u64 {
    (FIRSTS[usize::from(first)] & SECONDS[usize::from(second)] & 0xf0 != 0).into()
}

const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What a byte may be the first of, a bit for each. Signs: those that matter whatever follows (the last bytes of a colon and an equals
/// sign as wide as Chinese letters are among them), `:/` and `:\\`, `:A` and `+A`, escapes. Beginnings of words: of cards, which do not
/// begin with 0, 1, 7, 20 or 21, as many times do; of accounts; of old tokens of Vault.
static FIRSTS: [u8; 256] = bits_of(&[
    (1, b"@~#$\x9a\x9d"),
    (2, b":"),
    (4, b":+"),
    (8, b"\\%"),
    (16, b"345689"),
    (32, b"2"),
    (64, UPPER),
    (128, b"sbr"),
]);

/// The same of the byte behind it.
static SECONDS: [u8; 256] = {
    let mut seconds = bits_of(&[
        (2, b"/\\"),
        (4, b"A"),
        (8, b"nrtux023"),
        (16, b"0123456789"),
        (32, b"23456789"),
        (64, UPPER),
        (128, b"."),
    ]);
    let mut byte = 0;
    while byte < seconds.len() {
        seconds[byte] |= 1;
        byte += 1;
    }
    seconds
};

const fn bits_of(rows: &[(u8, &[u8])]) -> [u8; 256] {
    let mut bits_of = [0; 256];
    let mut row = 0;
    while row < rows.len() {
        let (bit, bytes) = rows[row];
        let mut index = 0;
        while index < bytes.len() {
            bits_of[bytes[index] as usize] |= bit;
            index += 1;
        }
        row += 1;
    }
    bits_of
}
