//! Whether a name is one under which a secret stands.
//!
//! Names are known by their ends, whatever joins their words: `db_password`, `DB-PASSWORD`, `dbPassword`; those that end like many
//! words, `authorization`, by their beginnings, which have to be those of a word. Never by a part in the
//! middle: what `token_type` and `password_policy` hold is no secret.

mod ends;
mod words;

use super::edge::ends_an_escape;
use super::texts::short;
pub(super) use ends::{add_all, add_name, end_of_name};
pub(super) use words::Kind;
use words::{COUNT, NAMES, PLAIN_KEYS, PLAIN_TOKENS, WORDS, Word};

/// A name under which a secret may stand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    pub(super) start: usize,
    pub(super) kind: Kind,
    /// `tokens`, `pins`.
    pub(super) is_plural: bool,
    /// Only `key` itself, or an undecided word, in capitals, as the environment has it.
    pub(super) is_capital: bool,
}

/// Four for each word, so that few words are compared that are none of it.
const LISTS: usize = 1024;
const NONE: u8 = u8::MAX;

/// The words by the hash of their last four letters, or of all where they have less: the first of each list, and for each word the next
/// one.
struct ByEnd {
    first: [u8; LISTS],
    next: [u8; COUNT],
}

/// So many letters of a name are hashed.
const HASHED: usize = 4;

/// The last letters of `name`, without joiners, the last one first; zeros where it has less.
const fn last_letters(name: &[u8]) -> [u8; HASHED] {
    let mut letters = [0; HASHED];
    let mut filled = 0;
    let mut at = name.len();
    while filled < HASHED && at > 0 {
        at -= 1;
        if !is_joiner(name[at]) {
            letters[filled] = name[at];
            filled += 1;
        }
    }
    letters
}

const fn list_of(letters: [u8; HASHED]) -> usize {
    ((u32::from_le_bytes(letters) | 0x2020_2020).wrapping_mul(0x9E37_79B1) >> 22) as usize % LISTS
}

const _: () = assert!(COUNT <= NONE as usize, "the number of a word is a byte");

static BY_END: ByEnd = {
    let mut by_end = ByEnd {
        first: [NONE; LISTS],
        next: [NONE; COUNT],
    };
    let mut word = COUNT;
    while word > 0 {
        word -= 1;
        let list = list_of(last_letters(NAMES[word].text.as_bytes()));
        by_end.next[word] = by_end.first[list];
        by_end.first[list] = short(word);
    }
    by_end
};

/// The signs that may follow a name at once; behind other letters any of theirs.
const AFTER: [bool; 256] = {
    let mut after = [false; 256];
    let signs = b"=:\"'` \\%>([])#,_-?|+!\n\t.&";
    let mut index = 0;
    while index < signs.len() {
        after[signs[index] as usize] = true;
        index += 1;
    }
    while index < 256 {
        after[index] |= index >= 128;
        index += 1;
    }
    after
};

/// Whether what follows a name may lead to its value; of joiners only the one before a number, or one that is a sign.
fn may_follow(rest: &[u8]) -> bool {
    match rest {
        [b'_' | b'-' | b'.', next, ..] => next.is_ascii_digit() || matches!(next, b'=' | b'>'),
        [sign, ..] => AFTER[usize::from(*sign)],
        [] => false,
    }
}

/// The name that ends before `end`, if a secret may stand under it.
pub(super) fn ending_at(text: &[u8], end: usize, extra: &[&str], allowed: &[&str]) -> Option<Key> {
    if !may_follow(text.get(end..)?) {
        return None;
    }
    let whole = end;
    let end = without_number(text, end);
    // A name of the program's own may end in a number itself.
    let own = || {
        let named = whole != end && extra.iter().any(|name| name.ends_with(is_digit));
        named.then(|| own_name(text, whole, extra))?
    };
    let key = own()
        .or_else(|| named(text, end, false, extra))
        .or_else(|| {
            let is_plural = end > 3 && text[end - 1] | 0x20 == b's';
            is_plural.then(|| named(text, end - 1, true, extra))?
        })?;
    let is_allowed = allowed.iter().any(|name| {
        start_of(text, end, name.as_bytes()).is_some_and(|start| begins_word(text, start))
    });
    (!is_allowed).then_some(key)
}

/// `end` without a number at the end of the name: `token2`, `password12`, `api_token_123`, `signature-256`. One that is set on
/// directly is only found with up to two digits.
fn without_number(text: &[u8], end: usize) -> usize {
    let digits = text[..end]
        .iter()
        .rev()
        .take(4)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if digits == 0 || digits == 4 {
        return end;
    }
    let name = end - digits;
    match text[..name].last() {
        Some(b'_' | b'-') => name - 1,
        _ => name,
    }
}

fn named(text: &[u8], end: usize, is_plural: bool, extra: &[&str]) -> Option<Key> {
    let Some((start, kind)) = built_in(text, end) else {
        let own = own_name(text, end, extra)?;
        return Some(Key { is_plural, ..own });
    };
    Some(Key {
        start,
        kind,
        is_plural,
        is_capital: is_capital(&text[start..end]),
    })
}

/// A name of the program's own.
fn own_name(text: &[u8], end: usize, extra: &[&str]) -> Option<Key> {
    let mut starts = extra
        .iter()
        .filter_map(|name| start_of(text, end, name.as_bytes()));
    let start = starts.find(|start| begins_word(text, *start))?;
    Some(Key {
        start,
        kind: Kind::Secret,
        is_plural: false,
        is_capital: is_capital(&text[start..end]),
    })
}

fn is_capital(name: &[u8]) -> bool {
    name.iter().all(|byte| !byte.is_ascii_lowercase())
}

const fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

fn built_in(text: &[u8], end: usize) -> Option<(usize, Kind)> {
    let mut letters = last_letters(&text[end.saturating_sub(LONGEST_END)..end]);
    let mut best: Option<(usize, Kind)> = None;
    // The longest name wins: a short one is only looked for where no longer one is.
    for shorter in (SHORTEST..=HASHED).rev() {
        let mut index = BY_END.first[list_of(letters)];
        while let Some(&word) = WORDS.get(usize::from(index)) {
            if let Some(start) = found(text, end, word)
                && best.is_none_or(|(other, _)| start < other)
            {
                best = Some((start, word.kind));
            }
            index = BY_END.next[usize::from(index)];
        }
        if best.is_some() {
            return best;
        }
        letters[shorter - 1] = 0;
    }
    None
}

/// The letters of the shortest name.
const SHORTEST: usize = 3;

/// So many letters with a joiner behind each.
const LONGEST_END: usize = 2 * HASHED;

fn found(text: &[u8], end: usize, word: Word) -> Option<usize> {
    let start = start_of(text, end, word.text())?;
    (word.ends_words || begins_word(text, start)).then_some(start)
}

/// Where `name` begins that ends before `end`, whatever its case and its joiners are.
fn start_of(text: &[u8], end: usize, name: &[u8]) -> Option<usize> {
    let mut before = text.get(..end)?.iter().rev();
    for &wanted in name.iter().rev() {
        let at = before.clone();
        let byte = *before.next()?;
        if matches!(wanted, b'_' | b'-' | b'.' | b' ') {
            // Here a joiner may stand.
            if !is_joiner(byte) {
                before = at;
            }
        } else if !byte.eq_ignore_ascii_case(&wanted) {
            return None;
        }
    }
    Some(before.len())
}

pub(super) const fn is_joiner(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b' ')
}

/// Whether a word begins at `start`: after a sign, or as camel case has it.
fn begins_word(text: &[u8], start: usize) -> bool {
    let Some(before) = start.checked_sub(1).map(|at| text[at]) else {
        return true;
    };
    if !before.is_ascii_alphanumeric() {
        return before.is_ascii() || !text[start].is_ascii();
    }
    if ends_an_escape(text, start) {
        return true;
    }
    let is_upper = text[start].is_ascii_uppercase();
    let next_is_lower = text.get(start + 1).is_some_and(u8::is_ascii_lowercase);
    is_upper && (!before.is_ascii_uppercase() || next_is_lower)
}

/// The names under which anything is hidden.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let is_sure =
        |word: &Word<&str>| matches!(word.kind, Kind::Secret | Kind::Token | Kind::Header);
    NAMES.into_iter().filter(is_sure).map(|word| word.text)
}

/// Whether the word before the name says that it is none of a secret: `primary_key`, `next_page_token`.
pub(super) fn is_plain(text: &[u8], key: &Key) -> bool {
    let start = key.start;
    let mut list = match (key.kind, text.get(start..)) {
        (Kind::Maybe, Some([b'k' | b'K', ..])) => PLAIN_KEYS,
        (Kind::Token, Some([b't' | b'T', b'o' | b'O', ..])) => PLAIN_TOKENS,
        _ => return false,
    };
    let before = match start.checked_sub(1) {
        Some(at) if is_joiner(text[at]) => at,
        _ => start,
    };
    list.any(|word| start_of(text, before, word).is_some_and(|start| begins_word(text, start)))
}
