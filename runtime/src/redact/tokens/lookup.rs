//! Finds the formats whose prefix may stand at a place by its first three bytes.

use super::super::texts::{self, ByFirst, place};
use super::packed::{FORMATS, Format};
use super::table::ALL;

const SLOTS: usize = 2048;

/// Where the formats that share their first three bytes begin in [`ALL`], and in the last bits how many they are; open addressing.
static GROUPS: [u16; SLOTS] = groups();
const LEN_BITS: u32 = 6;

/// For every first byte, where the formats with a prefix shorter than three bytes that starts with it begin and end in
/// [`SHORT_TOKENS`].
static SHORT: ByFirst = short();

/// How many formats have a prefix shorter than three bytes.
const SHORT_LEN: usize = {
    let (mut len, mut i) = (0, 0);
    while i < ALL.len() {
        len += (ALL[i].prefix.len() < 3) as usize;
        i += 1;
    }
    len
};

/// The formats with a prefix shorter than three bytes, by their place in [`ALL`].
static SHORT_TOKENS: [u16; SHORT_LEN] = {
    let mut found = [0; SHORT_LEN];
    let (mut len, mut i) = (0, 0);
    while i < ALL.len() {
        if ALL[i].prefix.len() < 3 {
            found[len] = place(i);
            len += 1;
        }
        i += 1;
    }
    found
};

/// The formats that are found by a later place of their prefix than its beginning, with that place.
static FOUND_LATER: [(usize, u16); FOUND_LATER_LEN] = {
    let mut found = [(0, 0); FOUND_LATER_LEN];
    let (mut len, mut i) = (0, 0);
    while i < ALL.len() {
        if let Some(at) = ALL[i].found_at() {
            found[len] = (at, place(i));
            len += 1;
        }
        i += 1;
    }
    found
};

const FOUND_LATER_LEN: usize = {
    let (mut len, mut i) = (0, 0);
    while i < ALL.len() {
        len += ALL[i].found_at().is_some() as usize;
        i += 1;
    }
    len
};

/// The formats that are found at a later place than where they begin, with how far it is.
pub(super) fn found_later() -> impl Iterator<Item = (usize, &'static Format)> {
    FOUND_LATER
        .iter()
        .filter_map(|(at, place)| Some((*at, FORMATS.get(usize::from(*place))?)))
}

/// The formats that may start with the first bytes of `text`, those with the shorter prefix first.
pub(super) fn candidates(text: &[u8]) -> impl Iterator<Item = &'static Format> {
    let (from, to) = text
        .first()
        .map_or((0, 0), |&first| SHORT[usize::from(first)]);
    let few: &[u16] = SHORT_TOKENS
        .get(usize::from(from)..usize::from(to))
        .unwrap_or_default();
    few.iter()
        .filter_map(|&i| FORMATS.get(usize::from(i)))
        .chain(group(text))
}

/// The formats whose first three bytes are those of `text`.
fn group(text: &[u8]) -> &'static [Format] {
    let Some(&key) = text.first_chunk::<3>() else {
        return &[];
    };
    let mut slot = hash(key);
    loop {
        let (start, len) = (GROUPS[slot] >> LEN_BITS, GROUPS[slot] % (1 << LEN_BITS));
        let (start, len) = (usize::from(start), usize::from(len));
        let group = FORMATS.get(start..start + len).unwrap_or_default();
        match group.first() {
            None => return &[],
            Some(format) if format.prefix().starts_with(&key) => return group,
            Some(_) => slot = (slot + 1) % SLOTS,
        }
    }
}

const fn hash(key: [u8; 3]) -> usize {
    let key = u32::from_le_bytes([key[0], key[1], key[2], 0]);
    (key.wrapping_mul(0x9E37_79B1) >> 21) as usize % SLOTS
}

const fn short() -> ByFirst {
    let mut found = [(0, 0); 256];
    let mut i = 0;
    while i < SHORT_LEN {
        texts::add_row(&mut found, ALL[SHORT_TOKENS[i] as usize].prefix, i);
        i += 1;
    }
    found
}

const fn groups() -> [u16; SLOTS] {
    let mut groups = [0; SLOTS];
    let mut start = 0;
    while start < ALL.len() {
        let prefix = ALL[start].prefix.as_bytes();
        if prefix.len() < 3 {
            start += 1;
            continue;
        }
        let mut end = start + 1;
        while end < ALL.len() && same_key(prefix, ALL[end].prefix.as_bytes()) {
            end += 1;
        }
        let mut slot = hash([prefix[0], prefix[1], prefix[2]]);
        while groups[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        assert!(end - start < 1 << LEN_BITS);
        groups[slot] = place((start << LEN_BITS) | (end - start));
        start = end;
    }
    groups
}

const fn same_key(a: &[u8], b: &[u8]) -> bool {
    b.len() >= 3 && a[0] == b[0] && a[1] == b[1] && a[2] == b[2]
}
