//! Texts without pointers: a list of `&str` costs a pointer and a length for each, and in a program that may be loaded anywhere a
//! relocation of 24 bytes more. Here they stand one behind the other, and what belongs to one holds where it begins.

#[cfg(test)]
mod tests;

/// Words, each behind a byte with its length; made by [`list!`].
pub(super) struct List(&'static [u8]);

/// A [`List`] of these words, of at most 255 bytes each.
macro_rules! list {
    ($($word:literal),* $(,)?) => {{
        const WORDS: &[&str] = &[$($word),*];
        static BYTES: [u8; $crate::redact::texts::size(WORDS)] = $crate::redact::texts::listed(WORDS);
        $crate::redact::texts::List::new(&BYTES)
    }};
}
pub(super) use list;

impl List {
    pub(super) const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }
}

impl Iterator for List {
    type Item = &'static [u8];

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.0.split_first()?;
        let (word, rest) = rest.split_at_checked(usize::from(*length))?;
        self.0 = rest;
        Some(word)
    }
}

/// How many bytes the words take in a [`List`].
pub(super) const fn size(words: &[&str]) -> usize {
    words.len() + length(words)
}

/// The words as a [`List`] has them.
pub(super) const fn listed<const BYTES: usize>(words: &[&str]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let (mut word, mut place) = (0, 0);
    while word < words.len() {
        let text = words[word].as_bytes();
        bytes[place] = short(text.len());
        copy(&mut bytes, place + 1, text);
        place += 1 + text.len();
        word += 1;
    }
    bytes
}

/// Words of at most [`LONGEST`] bytes, those of one length together; made by [`words!`].
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// Where the words of each length begin.
    starts: &'static [u16; LONGEST + 2],
    words: &'static [u8],
}

/// The longest word of [`Words`].
pub(super) const LONGEST: usize = 16;

/// [`Words`] that are looked up whatever their case is.
macro_rules! words {
    ($($word:literal),* $(,)?) => {{
        const WORDS: &[&str] = &[$($word),*];
        static STARTS: [u16; $crate::redact::texts::LONGEST + 2] = $crate::redact::texts::starts(WORDS);
        static BYTES: [u8; $crate::redact::texts::length(WORDS)] = $crate::redact::texts::by_length(WORDS);
        $crate::redact::texts::Words::new(&STARTS, &BYTES)
    }};
}
pub(super) use words;

impl Words {
    pub(super) const fn new(starts: &'static [u16; LONGEST + 2], words: &'static [u8]) -> Self {
        Self { starts, words }
    }

    /// Whether `word` is one of them, in whatever case.
    pub(super) fn has(self, word: &[u8]) -> bool {
        let length = word.len();
        let Some(&[from, to]) = self
            .starts
            .get(length..)
            .and_then(|starts| starts.first_chunk())
        else {
            return false;
        };
        let known = self.words.get(usize::from(from)..usize::from(to));
        let mut known = known.unwrap_or_default().chunks_exact(length.max(1));
        known.any(|known| known.eq_ignore_ascii_case(word))
    }
}

/// Where the words of each length begin, and behind the longest where all end.
pub(super) const fn starts(words: &[&str]) -> [u16; LONGEST + 2] {
    let mut starts = [0; LONGEST + 2];
    let mut word = 0;
    while word < words.len() {
        let length = words[word].len();
        assert!(length > 0 && length <= LONGEST);
        starts[length + 1] += place(length);
        word += 1;
    }
    let mut length = 0;
    while length <= LONGEST {
        starts[length + 1] += starts[length];
        length += 1;
    }
    starts
}

/// The words, by their lengths.
pub(super) const fn by_length<const BYTES: usize>(words: &[&str]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let mut next = starts(words);
    let mut word = 0;
    while word < words.len() {
        let text = words[word].as_bytes();
        copy(&mut bytes, next[text.len()] as usize, text);
        next[text.len()] += place(text.len());
        word += 1;
    }
    bytes
}

/// Where a text stands among others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Text {
    start: u16,
    length: u8,
}

impl Text {
    pub(super) const NONE: Self = Self {
        start: 0,
        length: 0,
    };

    pub(super) const fn new(start: usize, length: usize) -> Self {
        Self {
            start: place(start),
            length: short(length),
        }
    }

    pub(super) const fn len(self) -> usize {
        self.length as usize
    }

    /// The text itself, out of those among which it stands.
    #[inline]
    pub(super) fn of(self, texts: &[u8]) -> &[u8] {
        let start = usize::from(self.start);
        texts.get(start..start + self.len()).unwrap_or_default()
    }
}

/// How many bytes the texts have together.
pub(super) const fn length(texts: &[&str]) -> usize {
    let (mut length, mut text) = (0, 0);
    while text < texts.len() {
        length += texts[text].len();
        text += 1;
    }
    length
}

/// The texts, one behind the other.
pub(super) const fn joined<const BYTES: usize>(texts: &[&str]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    let (mut text, mut place) = (0, 0);
    while text < texts.len() {
        copy(&mut bytes, place, texts[text].as_bytes());
        place += texts[text].len();
        text += 1;
    }
    bytes
}

/// Where the rows whose texts start with a byte begin and end, in a table that is in the order of its texts.
pub(super) type ByFirst = [(u8, u8); 256];

/// Adds the row of that text, which comes after all that were added before.
pub(super) const fn add_row(by_first: &mut ByFirst, text: &str, row: usize) {
    let (start, end) = &mut by_first[text.as_bytes()[0] as usize];
    if *end == 0 {
        *start = short(row);
    }
    *end = short(row + 1);
}

/// Writes `text` at `place`.
pub(super) const fn copy(bytes: &mut [u8], place: usize, text: &[u8]) {
    let mut at = 0;
    while at < text.len() {
        bytes[place + at] = text[at];
        at += 1;
    }
}

/// A number that the build knows to be small enough: it does not go on with one that is not.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the build checks it: all of this is done when the crate is compiled"
)]
pub(super) const fn short(number: usize) -> u8 {
    assert!(number < 256);
    number as u8
}

/// The same for a number of two bytes.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the build checks it: all of this is done when the crate is compiled"
)]
pub(super) const fn place(number: usize) -> u16 {
    assert!(number < 65_536);
    number as u16
}
