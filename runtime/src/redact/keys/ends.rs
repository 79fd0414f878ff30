//! The ends of names in the scanner's index.

use super::super::index::{BuiltIn, Kinds, Table};
use super::is_joiner;
use super::words::{COUNT, Kind, NAMES};

/// Puts every built-in name into the index.
pub(in crate::redact) const fn add_all(index: &mut BuiltIn) {
    let mut word = 0;
    while word < COUNT {
        let (name, kind) = (NAMES[word].text.as_bytes(), NAMES[word].kind);
        if ends_like_many(name) {
            assert!(
                has_start(name) && name.len() >= SHORTEST_FROM_START,
                "a name that would not be found"
            );
        } else if !matches!(kind, Kind::Numbered) {
            add_name(index, name, has_forms(kind));
        }
        word += 1;
    }
    let mut start = 0;
    while start < STARTS.len() {
        index.add_start_of(STARTS[start], Kinds::NAME);
        start += 1;
    }
}

/// Many words end like `authorization`, so that these names are known by their beginnings, where a word begins.
const fn ends_like_many(name: &[u8]) -> bool {
    matches!(name, [.., b't', b'i', b'o', b'n'])
}

/// So long is what may begin at a place that is looked at.
const SHORTEST_FROM_START: usize = 13;

/// Whether `name` begins as one of [`STARTS`].
const fn has_start(name: &[u8]) -> bool {
    let mut start = 0;
    while start < STARTS.len() {
        let mut same = 0;
        while same < STARTS[start].len() && name[same] == STARTS[start][same] {
            same += 1;
        }
        if same == STARTS[start].len() {
            return true;
        }
        start += 1;
    }
    false
}

/// How the names begin that end like many words.
const STARTS: [&[u8; 8]; 7] = [
    b"authenti",
    b"authoris",
    b"authoriz",
    b"client-a",
    b"client_a",
    b"clientas",
    b"password",
];

/// Longest name that is read from its beginning.
const LONGEST_NAME: usize = 40;

/// Behind the name that begins at `at`, if it is one that is known by its beginning.
pub(in crate::redact) fn end_of_name(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let start = rest.first_chunk::<8>()?;
    if !STARTS.iter().any(|known| known.eq_ignore_ascii_case(start)) {
        return None;
    }
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    Some(at + rest.iter().take(LONGEST_NAME).take_while(is_name).count())
}

/// Puts a name into the index: its last four bytes, with each joiner and without, and where they are common for names of secrets the
/// same of its plural and of it with a digit.
pub(in crate::redact) const fn add_name<
    const ENDS: usize,
    const STARTS: usize,
    const KINDS: usize,
>(
    index: &mut Table<ENDS, STARTS, [u8; KINDS]>,
    name: &[u8],
    has_forms: bool,
) {
    let joiners = b"_-. ";
    let mut joiner = 0;
    while joiner <= joiners.len() {
        let end = if joiner < joiners.len() {
            Some(joiners[joiner])
        } else {
            None
        };
        // The forms end with three of its bytes: one by one only where a joiner is among them.
        let has_forms = has_forms && (joiner == 0 || has_joiner(name, 3));
        add_ends(index, end_of(name, 4, end), end_of(name, 3, end), has_forms);
        if !has_joiner(name, 4) {
            return;
        }
        joiner += 1;
    }
}

/// Whether one of the last `count` bytes of a name is a joiner.
const fn has_joiner(name: &[u8], count: usize) -> bool {
    let mut at = name.len().saturating_sub(count);
    while at < name.len() {
        if is_joiner(name[at]) {
            return true;
        }
        at += 1;
    }
    false
}

const fn add_ends<const ENDS: usize, const STARTS: usize, const KINDS: usize>(
    index: &mut Table<ENDS, STARTS, [u8; KINDS]>,
    four: [u8; 4],
    three: [u8; 4],
    has_forms: bool,
) {
    let [_, a, b, c] = three;
    if four[0] == 0 {
        index.add_short_end([a, b, c], Kinds::NAME);
    } else {
        index.add_end(four, Kinds::NAME);
    }
    if !has_forms || !is_counted([b, c]) {
        return;
    }
    index.add_end([a, b, c, b's'], Kinds::NAME);
    index.add_ends_with_digit([a, b, c], Kinds::NAME);
    let mut tens = b'1';
    while is_often_counted([b, c]) && tens <= b'9' {
        index.add_ends_with_digit([b, c, tens], Kinds::NAME);
        tens += 1;
    }
}

/// Whether secrets of this kind stand under plurals too, and under names with a number. Not under `tickets` and `cards`, of which many
/// texts speak.
const fn has_forms(kind: Kind) -> bool {
    !matches!(kind, Kind::Query | Kind::Number | Kind::Numbered)
}

/// The ends of password, token, secret, key, credential, cookie, pass, pin.
const fn is_counted(end: [u8; 2]) -> bool {
    matches!(
        &end,
        b"rd" | b"en" | b"et" | b"ey" | b"al" | b"ie" | b"ss" | b"in"
    )
}

/// The last `count` bytes of a name, with this joiner in the place of its own or with none; zeros before a shorter one.
const fn end_of(name: &[u8], count: usize, joiner: Option<u8>) -> [u8; 4] {
    let mut end = [0; 4];
    let mut filled = 0;
    let mut at = name.len();
    while filled < count && at > 0 {
        at -= 1;
        let byte = match (is_joiner(name[at]), joiner) {
            (true, Some(joiner)) => joiner,
            (true, None) => continue,
            (false, _) => name[at],
        };
        filled += 1;
        end[4 - filled] = byte;
    }
    end
}

/// The ends of password, token, secret, key, of which there may be more than nine.
const fn is_often_counted(end: [u8; 2]) -> bool {
    matches!(&end, b"rd" | b"en" | b"et" | b"ey")
}
