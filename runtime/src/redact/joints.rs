//! The joints of a text: the places beside which names end and secrets begin.
//!
//! A joint is an ASCII character that is no letter or digit, or the first or last byte of a run of others. Two kinds of them matter: those
//! behind a letter or digit, where a name may end, and those before a long piece, where a token may begin: no format is known that has
//! less than twelve characters without a blank, a double quote or one of `;<=>?`. They are found sixty-four bytes at a time, as bits.

use super::index::Index;

const BLOCK: usize = 64;
const LAST: u32 = 63;

/// The bytes before and behind a block that are looked at from a joint in it.
const BEFORE: usize = 4;
const BEHIND: usize = 5;
const AROUND: usize = BEFORE + BLOCK + BEHIND;

/// So many blocks are copied at once, with what is around them, so that nothing is asked about edges in the loops.
const BLOCKS: usize = 4;
const WINDOW: usize = BEFORE + BLOCKS * BLOCK + BEHIND;

/// The joints of a text at which something may be, in order.
pub(super) struct Joints<'f, 't> {
    index: &'f Index,
    text: &'t [u8],
    window: [u8; WINDOW],
    /// Where the window begins in the text, without what is around it.
    window_at: usize,
    /// Where the block begins that the bits are of.
    block_at: usize,
    /// One bit for each joint of the block that is still to come.
    left: Known,
}

/// The joints of a block at which something may be.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Something may end there.
    ends: u64,
    /// Something may begin behind it.
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
    pub(super) fn new(index: &'f Index, text: &'t [u8]) -> Self {
        let mut joints = Self {
            index,
            text,
            window: [b' '; WINDOW],
            window_at: 0,
            block_at: 0,
            left: Known { ends: 0, starts: 0 },
        };
        joints.fill(0);
        joints.left = joints.read(Before::START);
        joints
    }

    /// The next joint.
    #[inline]
    pub(super) fn next(&mut self) -> Option<Joint> {
        while self.left.ends | self.left.starts == 0 {
            let next = self.block_at + BLOCK;
            if next >= self.text.len() {
                return None;
            }
            self.go_to(next);
        }
        let place = (self.left.ends | self.left.starts).trailing_zeros();
        let joint = Joint {
            at: self.block_at + place as usize,
            may_end: self.left.ends >> place & 1 != 0,
            may_begin: self.left.starts >> place & 1 != 0,
        };
        self.left.keep(!(1 << place));
        Some(joint)
    }

    /// Leaves out all joints before `place`.
    pub(super) fn skip_to(&mut self, place: usize) {
        if place >= self.block_at + BLOCK {
            let block = place / BLOCK * BLOCK;
            if block < self.text.len() {
                self.go_to(block);
            } else {
                self.block_at = block;
                self.left.keep(0);
            }
        }
        let passed = place.saturating_sub(self.block_at);
        let passed = u32::try_from(passed).unwrap_or(u32::MAX);
        self.left.keep(u64::MAX.checked_shl(passed).unwrap_or(0));
    }

    fn go_to(&mut self, block: usize) {
        if block >= self.window_at + BLOCKS * BLOCK {
            self.fill(block);
        }
        self.block_at = block;
        self.left = self.read(Before::of(self.text[block - 1]));
    }

    /// Copies the window that begins with the block at `start`. Blanks stand beyond the edges of the text.
    fn fill(&mut self, start: usize) {
        let from = start.saturating_sub(BEFORE);
        let to = self.text.len().min(start + BLOCKS * BLOCK + BEHIND);
        let skipped = BEFORE - (start - from);
        let length = to - from;
        self.window[skipped..skipped + length].copy_from_slice(&self.text[from..to]);
        if start > 0 {
            self.window[skipped + length..].fill(b' ');
        }
        self.window_at = start;
    }

    /// The joints of the block at which something may be.
    #[inline]
    fn read(&self, before: Before) -> Known {
        let from = self.block_at - self.window_at;
        let Some(around) = self
            .window
            .get(from..)
            .and_then(|rest| rest.first_chunk::<AROUND>())
        else {
            return Known { ends: 0, starts: 0 };
        };
        let Some(block) = around[BEFORE..].first_chunk::<BLOCK>() else {
            return Known { ends: 0, starts: 0 };
        };
        let bits = Bits::of(block);
        let joints = bits.joints | bits.edges;
        let ends = joints & (!bits.joints << 1 | u64::from(before.is_word));
        let starts = joints & before_long_pieces(!bits.hard, before.is_soft);
        // Beyond the end of the text stand blanks.
        let length = self.text.len() - self.block_at;
        let inside = if length < BLOCK {
            (1 << length) - 1
        } else {
            u64::MAX
        };
        let numbers = numbers(around, joints & inside, bits.digits);
        let mut known = self.known(around, ends & inside, starts & inside);
        known.starts |= numbers;
        known
    }

    /// Those beside which something ends or begins that the index knows. No branch depends on what it says.
    #[inline]
    fn known(&self, around: &[u8; AROUND], ends: u64, starts: u64) -> Known {
        let [mut known_ends, mut known_starts] = [0, 0];
        let mut left = ends;
        while left != 0 {
            let place = left.trailing_zeros() as usize;
            left &= left - 1;
            let near = near(around, place);
            let pair = u16::from_le_bytes([near[BEFORE], near[BEFORE + 1]]);
            let may_end =
                self.index.may_end(first_four(near)) | (pair == u16::from_le_bytes(*b" #"));
            known_ends |= u64::from(may_end) << place;
        }
        left = starts;
        while left != 0 {
            let place = left.trailing_zeros() as usize;
            left &= left - 1;
            let near = near(around, place);
            let [sign, next] = [near[BEFORE], near[BEFORE + 1]];
            let is_mark = SIGNS[usize::from(sign)] & NEXT_TO_SIGNS[usize::from(next)] != 0;
            let may_begin = self.index.may_begin(last_four(near)) | is_mark;
            known_starts |= u64::from(may_begin) << place;
        }
        Known {
            ends: known_ends,
            starts: known_starts,
        }
    }
}

/// Four bytes before the place of the block, the byte there, four behind it.
#[inline]
fn near(around: &[u8; AROUND], place: usize) -> &Near {
    const NOTHING: &Near = &[b' '; BEFORE + BEHIND];
    // A place is less than the length of a block, which spares the check of bounds.
    around[place % BLOCK..].first_chunk().unwrap_or(NOTHING)
}

type Near = [u8; BEFORE + BEHIND];

/// The bytes before the joint.
#[inline]
const fn first_four([a, b, c, d, ..]: &Near) -> [u8; 4] {
    [*a, *b, *c, *d]
}

/// The bytes behind it.
#[inline]
const fn last_four([.., a, b, c, d]: &Near) -> [u8; 4] {
    [*a, *b, *c, *d]
}

/// Those beside which the number of a card or an account may begin or go on.
#[inline]
fn numbers(around: &[u8; AROUND], joints: u64, digits: u64) -> u64 {
    let letters = !(joints | digits);
    // What is beyond the block may be anything.
    let next = |bits: u64, by: u32| bits >> by | !(u64::MAX >> by);
    let digit = |place: u32| next(digits, place);
    let two = digit(3) & digit(4);
    // A group of four or six and one of at least three or one, or eight in one piece.
    let goes_on = digit(6) & digit(8) & (digit(7) | digit(5) & next(!digits, 7));
    let cards = digit(1) & digit(2) & two & goes_on;
    let accounts = next(letters, 1) & next(letters, 2) & two & next(!joints, 6);
    let mut left = joints & (cards | accounts);
    let mut numbers = 0;
    while left != 0 {
        let place = left.trailing_zeros() as usize;
        left &= left - 1;
        let near = near(around, place);
        numbers |= u64::from(super::numbers::may_begin(last_four(near))) << place;
    }
    numbers
}

/// What a joint may be the first sign of, a bit for each: marks whatever follows, `:/` and `:\`, `:A`, ` #`.
static SIGNS: [u8; 256] = signs(&[(1, b"\\%@~\x9a\x9d"), (2, b":"), (4, b":"), (8, b" ")]);

/// The same of the byte behind it.
static NEXT_TO_SIGNS: [u8; 256] = {
    let mut next = signs(&[(2, b"/\\"), (4, b"A"), (8, b"#")]);
    let mut byte = 0;
    while byte < next.len() {
        next[byte] |= 1;
        byte += 1;
    }
    next
};

const fn signs(rows: &[(u8, &[u8])]) -> [u8; 256] {
    let mut signs = [0; 256];
    let mut row = 0;
    while row < rows.len() {
        let (bit, bytes) = rows[row];
        let mut index = 0;
        while index < bytes.len() {
            signs[bytes[index] as usize] |= bit;
            index += 1;
        }
        row += 1;
    }
    signs
}

/// What the last byte of the block before was.
#[derive(Clone, Copy)]
struct Before {
    is_word: bool,
    is_soft: bool,
}

impl Before {
    const START: Self = Self {
        is_word: false,
        is_soft: false,
    };

    fn of(byte: u8) -> Self {
        Self {
            is_word: byte.is_ascii_alphanumeric() || !byte.is_ascii(),
            is_soft: !is_hard(byte),
        }
    }
}

/// The places before or in a piece of at least twelve bytes. What goes on beyond the block may be long.
#[inline]
fn before_long_pieces(soft: u64, is_before_soft: bool) -> u64 {
    // Each bit stands for a run of 2, 4, 8, 12 that begins there; beyond the last bit all are taken for soft.
    let two = soft & (soft >> 1 | 1 << LAST);
    let four = two & (two >> 2 | 0b11 << (LAST - 1));
    let eight = four & (four >> 4 | 0b1111 << (LAST - 3));
    let twelve = eight & (eight >> 4 | 0b1111 << (LAST - 3));
    // And back: all places of these runs.
    let in_two = twelve | twelve << 1;
    let in_four = in_two | in_two << 2;
    let in_eight = in_four | in_four << 4;
    let inside = in_eight | in_four << 8;
    // A run that began before the block.
    let head = if is_before_soft {
        !(u64::MAX.checked_shl(soft.trailing_ones()).unwrap_or(0))
    } else {
        0
    };
    (inside | head) >> 1 | 1 << LAST
}

/// What the bytes of a block are.
struct Bits {
    joints: u64,
    digits: u64,
    hard: u64,
    edges: u64,
}

impl Bits {
    /// Each byte is sorted by itself, which LLVM does for sixteen at a time; then their bits are gathered.
    #[inline]
    fn of(block: &[u8; BLOCK]) -> Self {
        let [mut joints, mut digits, mut hard] = [[0; BLOCK]; 3];
        let mut others = 0;
        for place in 0..BLOCK {
            let byte = block[place];
            joints[place] = u8::from(is_joint(byte));
            digits[place] = u8::from(is_digit(byte));
            hard[place] = u8::from(is_hard(byte));
            others |= byte;
        }
        let edges = if others.is_ascii() {
            0
        } else {
            edges_of_others(block)
        };
        Self {
            joints: gathered(&joints),
            digits: gathered(&digits),
            hard: gathered(&hard),
            edges,
        }
    }
}

/// The first and the last byte of each run of bytes that are not ASCII; of each block too.
#[cold]
fn edges_of_others(block: &[u8; BLOCK]) -> u64 {
    let others: u64 = (0..BLOCK)
        .map(|place| u64::from(!block[place].is_ascii()) << place)
        .sum();
    others & !(others << 1 & others >> 1)
}

/// An ASCII character that is no letter or digit.
#[inline]
const fn is_joint(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_other = byte >= 0x80;
    !(is_letter | is_digit(byte) | is_other)
}

#[inline]
const fn is_digit(byte: u8) -> bool {
    byte.wrapping_sub(b'0') < 10
}

/// A blank, a double quote and what sorts before it, or one of `;<=>?`.
#[inline]
const fn is_hard(byte: u8) -> bool {
    (byte <= b'"') | (byte.wrapping_sub(b';') < 5)
}

/// Makes one bit of each byte, which is 0 or 1: the product moves those of eight each to a place of its own in the top byte.
#[inline]
fn gathered(bytes: &[u8; BLOCK]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    let gather =
        |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let places = eights.iter().enumerate();
    places.fold(0, |bits, (index, eight)| {
        bits | gather(eight) << (8 * index)
    })
}

#[cfg(test)]
mod tests;
