//! What the bytes of a block are, a bit for each.

/// So many bytes are sorted at once.
pub(super) const BLOCK: usize = 64;

/// The classes of the bytes of a block: the lowest bit is of its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bits {
    /// ASCII characters that are no letters or digits.
    pub(super) joints: u64,
    pub(super) digits: u64,
    /// Blanks, double quotes and what sorts before them, `;<=>?`: in no token.
    pub(super) hard: u64,
    /// `-`, `.` and `_`, which join the words of a name.
    pub(super) joiners: u64,
    /// Signs that matter whatever follows: `@ \ ~ + # $ %`.
    pub(super) marks: u64,
    pub(super) colons: u64,
    pub(super) is_ascii: bool,
}

impl Bits {
    /// Beyond the edges of a text: blanks.
    pub(super) const BLANK: Self = Self {
        joints: u64::MAX,
        digits: 0,
        hard: u64::MAX,
        joiners: 0,
        marks: 0,
        colons: 0,
        is_ascii: true,
    };

    /// The classes of the block of `text` that begins at `start`; blanks stand behind the end of the text.
    #[inline]
    pub(super) fn at(text: &[u8], start: usize) -> Self {
        let rest = text.get(start..).unwrap_or_default();
        if let Some(block) = rest.first_chunk() {
            return Self::of(block);
        }
        if rest.is_empty() {
            return Self::BLANK;
        }
        // The last bytes of a text are read with those before them where that spares a copy.
        if let Some(block) = text.last_chunk() {
            return Self::of(block).without_first(BLOCK - rest.len());
        }
        let mut block = [b' '; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        Self::of(&block)
    }

    /// Those behind the first `count` bytes, which are less than a block, and blanks behind them.
    const fn without_first(self, count: usize) -> Self {
        let blanks = !(u64::MAX >> count);
        Self {
            joints: self.joints >> count | blanks,
            digits: self.digits >> count,
            hard: self.hard >> count | blanks,
            joiners: self.joiners >> count,
            marks: self.marks >> count,
            colons: self.colons >> count,
            is_ascii: self.is_ascii,
        }
    }

    /// Each byte is sorted by itself, which LLVM does for sixteen at a time; then their bits are gathered.
    fn of(block: &[u8; BLOCK]) -> Self {
        Self {
            joints: gathered(block, is_joint),
            digits: gathered(block, |byte| byte.is_ascii_digit()),
            hard: gathered(block, is_hard),
            joiners: gathered(block, |byte| matches!(byte, b'-' | b'.' | b'_')),
            marks: gathered(block, is_mark),
            colons: gathered(block, |byte| byte == b':'),
            is_ascii: block.is_ascii(),
        }
    }

    /// The places at which a name, a scheme or a token may end: one of the three bytes before is a letter, of the four before a blank
    /// (`HMAC-SHA256`); the names of a program, if not `is_plain`, may end as they like. And no joiner goes on from letters to letters;
    /// before a number one may be behind a name: `api_token_123`.
    ///
    /// What stands beyond the block may be anything here; so below.
    #[inline]
    pub(super) const fn behind_names(&self, is_plain: bool) -> u64 {
        let letters = !(self.joints | self.digits);
        let near = letters << 1 | letters << 2 | letters << 3 | letters << 4 & self.hard | 0b1111;
        let near = if is_plain { near } else { u64::MAX };
        let goes_on = self.joiners & letters << 1 & letters >> 1;
        !(self.joints << 1) & near & !goes_on
    }

    /// The places before at least thirteen bytes that may be of a token, the first of them of a word: no public format of the tables
    /// has less, nor a name that is known by its beginning. The prefixes of a program (if not `is_plain`) may begin with a sign, and
    /// have colons.
    #[inline]
    pub(super) const fn before_tokens(&self, next_hard: u64, is_plain: bool) -> u64 {
        if is_plain {
            before_long(self.hard | self.hard_colons(), next_hard, 5) & !(self.joints >> 1)
        } else {
            before_long(self.hard, next_hard, 4)
        }
    }

    /// The colons that are in no token: before another sign but a joiner, or in a time, which goes on with a sign too.
    #[inline]
    const fn hard_colons(&self) -> u64 {
        let digits = self.digits;
        let time = digits << 1 & digits << 2 & !digits << 3;
        let time = time & digits >> 1 & digits >> 2 & self.joints >> 3;
        self.colons & ((self.joints & !self.joiners) >> 1 | time)
    }

    /// The colons before a sign, as in `://`, and those between a number and a letter.
    #[inline]
    pub(super) const fn colons_of_marks(&self) -> u64 {
        let sign = !(!self.joints >> 1) & !(self.hard >> 1);
        let inside = (self.digits << 1 | 1) & !((self.joints | self.digits) >> 1);
        self.colons & (sign | inside)
    }

    /// The places before the number of a card or an account: a group of four or six digits and one of at least three or one, or
    /// eight in one piece; two letters, two digits and at least two more of either.
    #[inline]
    pub(super) const fn before_numbers(&self) -> u64 {
        let others = !self.digits;
        let none = others >> 3 | others >> 4;
        let ends = others >> 6 | others >> 8 | others >> 5 & others >> 7;
        let no_card = others >> 1 | others >> 2 | ends;
        let no_letters = self.joints | self.digits;
        let no_account = no_letters >> 1 | no_letters >> 2 | self.joints >> 6;
        !(none | no_card & no_account)
    }

    /// The places before a word of one character and a joiner.
    #[inline]
    pub(super) const fn before_single(&self) -> u64 {
        !(self.joints >> 1) & !(!self.joiners >> 2)
    }
}

/// The places before at least `8 + more` bytes that are not hard.
#[inline]
const fn before_long(hard: u64, next_hard: u64, more: u32) -> u64 {
    let soft = !hard;
    let two = soft & soft >> 1;
    let four = two & two >> 2;
    let eight = four & four >> 4;
    let inside = eight & eight >> more;
    // The last run may go on in the next block, and whatever is before the place of its end is in it.
    let last = soft & !(u64::MAX.unbounded_shr(soft.leading_ones()));
    let missing = (7 + more).saturating_sub(next_hard.trailing_zeros());
    let across = last & u64::MAX >> missing;
    // A long run may begin right behind the last place.
    (inside | across) >> 1 | 1 << 63
}

const fn is_joint(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

pub(super) const fn is_hard(byte: u8) -> bool {
    (byte <= b'"') | (byte.wrapping_sub(b';') < 5)
}

const fn is_mark(byte: u8) -> bool {
    matches!(byte, b'#'..=b'%' | b'+' | b'@' | b'\\' | b'~')
}

/// Makes one bit of each byte: the product moves those of eight each to a place of its own in the top byte.
#[inline]
fn gathered(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    let bytes = block.map(|byte| u8::from(is(byte)));
    let (eights, _) = bytes.as_chunks::<8>();
    let gather =
        |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let places = eights.iter().enumerate();
    places.fold(0, |bits, (index, eight)| {
        bits | gather(eight) << (8 * index)
    })
}
