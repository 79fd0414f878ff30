//! The table of formats as the program has it: no pointers, so that nothing in it is relocated when the program is loaded, and each
//! set and each row of parts once. It is made from the table of the sources when the crate is compiled.

use super::super::texts::{self, Text, place, short};
use super::charset::Charset;
use super::shape::Part;
use super::table::ALL;

/// A [`Token`] in twelve bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    /// Where its prefix begins in [`TEXTS`].
    prefix: u16,
    prefix_len: u8,
    /// The number of its body's set.
    set: u8,
    min: u16,
    max: u16,
    /// Where the parts after the body begin in [`PARTS`], and how many they are.
    rest: u8,
    rest_len: u8,
    /// What the body needs, and [`ALONE`] and [`LABEL`].
    flags: u8,
}

/// Beside those of [`shape`](super::shape) that say what a body needs.
const ALONE: u8 = 8;
const LABEL: u8 = 16;
const WANTED: u8 = 7;

/// A [`Part`], with the number of its set or the place of its text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Packed {
    Run { set: u8, min: u16, max: u16 },
    Lit(Text),
}

/// A [`Part`] without the text's own pointer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Piece {
    Run { set: Charset, min: u16, max: u16 },
    Lit(&'static [u8]),
}

impl Format {
    #[inline]
    pub(super) fn prefix(&self) -> &'static [u8] {
        let start = usize::from(self.prefix);
        let prefix = TEXTS.get(start..start + usize::from(self.prefix_len));
        prefix.unwrap_or_default()
    }

    #[inline]
    pub(super) fn body(&self) -> Piece {
        Piece::Run {
            set: set(self.set),
            min: self.min,
            max: self.max,
        }
    }

    /// Whether nothing comes after the body.
    #[inline]
    pub(super) const fn is_body_only(&self) -> bool {
        self.rest_len == 0
    }

    /// The set of the body.
    #[inline]
    pub(super) fn set(&self) -> Charset {
        set(self.set)
    }

    /// The parts after the body.
    #[inline]
    pub(super) fn rest(&self) -> &'static [Packed] {
        let start = usize::from(self.rest);
        let rest = PARTS.get(start..start + usize::from(self.rest_len));
        rest.unwrap_or_default()
    }

    pub(super) const fn wanted(&self) -> u8 {
        self.flags & WANTED
    }

    pub(super) const fn is_alone(&self) -> bool {
        self.flags & ALONE != 0
    }

    pub(super) const fn is_label(&self) -> bool {
        self.flags & LABEL != 0
    }
}

impl Packed {
    #[inline]
    pub(super) fn piece(self) -> Piece {
        match self {
            Self::Run {
                set: number,
                min,
                max,
            } => Piece::Run {
                set: set(number),
                min,
                max,
            },
            Self::Lit(text) => Piece::Lit(text.of(&TEXTS)),
        }
    }
}

#[inline]
fn set(number: u8) -> Charset {
    // There are as many as the numbers may be, so that no bounds are checked.
    SETS[usize::from(number) % MOST_SETS]
}

/// So many different sets, a power of two.
const MOST_SETS: usize = 64;
/// So many parts after bodies, and so many bytes of texts; the build tells if they are too few.
const MOST_PARTS: usize = 256;
const MOST_BYTES: usize = 8192;

/// Every format, in the order of [`ALL`].
pub(super) static FORMATS: [Format; ALL.len()] = TABLE.formats;
static SETS: [Charset; MOST_SETS] = TABLE.sets;
static PARTS: [Packed; TABLE.parts_len] = *filled(&TABLE.parts);
static TEXTS: [u8; TABLE.texts_len] = *filled(&TABLE.texts);

const TABLE: Table = {
    let mut table = Table {
        formats: [Format::NONE; ALL.len()],
        sets: [Charset::of(""); MOST_SETS],
        sets_len: 0,
        parts: [Packed::Lit(Text::NONE); MOST_PARTS],
        parts_len: 0,
        texts: [0; MOST_BYTES],
        texts_len: 0,
        rows: [0; MOST_PARTS],
        rows_len: 0,
    };
    let mut row = 0;
    while row < ALL.len() {
        table.formats[row] = table.packed(row);
        row += 1;
    }
    table
};

/// What is at the beginning of `all`.
const fn filled<T, const LEN: usize>(all: &[T]) -> &[T; LEN] {
    match all.first_chunk() {
        Some(filled) => filled,
        None => panic!("more than there is room for"),
    }
}

/// The tables while they are made.
struct Table {
    formats: [Format; ALL.len()],
    sets: [Charset; MOST_SETS],
    sets_len: usize,
    parts: [Packed; MOST_PARTS],
    parts_len: usize,
    texts: [u8; MOST_BYTES],
    texts_len: usize,
    /// The rows whose parts were not there before.
    rows: [usize; MOST_PARTS],
    rows_len: usize,
}

impl Table {
    const fn packed(&mut self, row: usize) -> Format {
        let token = &ALL[row];
        let Part::Run { set, min, max } = token.body else {
            panic!("a body is a run");
        };
        Format {
            prefix: place(self.text(token.prefix)),
            prefix_len: short(token.prefix.len()),
            set: self.set(set),
            min,
            max,
            rest: short(self.rest(row)),
            rest_len: short(token.rest.len()),
            flags: token.wanted
                | if token.alone { ALONE } else { 0 }
                | if token.label { LABEL } else { 0 },
        }
    }

    const fn text(&mut self, text: &str) -> usize {
        let start = self.texts_len;
        texts::copy(&mut self.texts, start, text.as_bytes());
        self.texts_len += text.len();
        start
    }

    const fn set(&mut self, set: Charset) -> u8 {
        let mut number = 0;
        while number < self.sets_len {
            if self.sets[number].is(set) {
                return short(number);
            }
            number += 1;
        }
        self.sets[number] = set;
        self.sets_len += 1;
        short(number)
    }

    /// Where the parts after the body begin: those of an earlier row, where they are the same.
    const fn rest(&mut self, row: usize) -> usize {
        let rest = ALL[row].rest;
        if rest.is_empty() {
            return 0;
        }
        let mut earlier = 0;
        while earlier < self.rows_len {
            let row = self.rows[earlier];
            if same_parts(ALL[row].rest, rest) {
                return self.formats[row].rest as usize;
            }
            earlier += 1;
        }
        self.rows[self.rows_len] = row;
        self.rows_len += 1;
        let start = self.parts_len;
        let mut part = 0;
        while part < rest.len() {
            self.parts[start + part] = match rest[part] {
                Part::Run { set, min, max } => Packed::Run {
                    set: self.set(set),
                    min,
                    max,
                },
                Part::Lit(text) => Packed::Lit(Text::new(self.text(text), text.len())),
            };
            part += 1;
        }
        self.parts_len += rest.len();
        start
    }
}

const fn same_parts(a: &[Part], b: &[Part]) -> bool {
    let mut part = 0;
    while part < a.len() && part < b.len() {
        if !a[part].is(&b[part]) {
            return false;
        }
        part += 1;
    }
    a.len() == b.len()
}

impl Format {
    const NONE: Self = Self {
        prefix: 0,
        prefix_len: 0,
        set: 0,
        min: 0,
        max: 0,
        rest: 0,
        rest_len: 0,
        flags: 0,
    };
}
