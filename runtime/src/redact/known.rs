//! Secrets that the program knows itself: found wherever they stand, also encoded.

use core::ops::Range;

use super::index::{Kinds, Own};

/// The shortest secret that can be told from chance.
pub(super) const SHORTEST: usize = 6;

/// Every form of every known secret, sorted.
#[derive(Clone)]
pub(super) struct Known {
    forms: Vec<Vec<u8>>,
    /// The first four bytes of each: an index of its own, since a known secret may begin anywhere, also within a word.
    index: Option<Box<Own>>,
}

impl Known {
    pub(super) const fn new() -> Self {
        Self {
            forms: Vec::new(),
            index: None,
        }
    }

    pub(super) fn add(&mut self, secret: &str) {
        let index = self.index.get_or_insert_with(|| Box::new(Own::new()));
        for form in forms_of(secret) {
            if let Err(place) = self.forms.binary_search(&form) {
                index.add_start_of(&form, Kinds::OWN);
                self.forms.insert(place, form);
            }
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// The first known secret at or after `from`.
    pub(super) fn next(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let index = self.index.as_deref()?;
        let windows = text.get(from..)?.windows(4).enumerate();
        windows
            .filter(|(_, four)| {
                four.first_chunk()
                    .is_some_and(|four| index.may_begin(*four))
            })
            .find_map(|(at, _)| self.at(text, from + at))
    }

    /// The longest form that stands at `at`.
    fn at(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        let rest = text.get(at..)?;
        let behind = self.forms.partition_point(|form| form.as_slice() <= rest);
        // All forms that `rest` begins with sort before it; of those only the ones that share its first bytes matter.
        let first = rest.first_chunk::<4>()?;
        let forms = self.forms[..behind]
            .iter()
            .rev()
            .take_while(|form| form.starts_with(first));
        let longest = forms
            .filter(|form| rest.starts_with(form))
            .map(Vec::len)
            .max()?;
        Some(at..at + longest)
    }
}

/// The signs that are kept beside letters and digits, and what a blank becomes.
type Kept = (&'static [u8], &'static [u8]);

/// The ways to encode with percent signs: of RFC 3986, JavaScript's component and whole address, Python's path, Go's path; of
/// forms those of browsers, PHP, Go and Python.
const PERCENT: [Kept; 8] = [
    (b"-_.~", b"%20"),
    (b"-_.~!*'()", b"%20"),
    (b"-_.~!*'();,/?:@&=+$#", b"%20"),
    (b"-_.~/", b"%20"),
    (b"-_.~$&+=:@", b"%20"),
    (b"-_.*", b"+"),
    (b"-_.", b"+"),
    (b"-_.~", b"+"),
];

/// What an encoder of JSON escapes beside what it must.
#[derive(Clone, Copy)]
struct Json {
    /// Signs that are written as `\u0026` is.
    signs: &'static str,
    /// How a slash is written.
    slash: &'static str,
    wide: bool,
    upper: bool,
    /// `\b` and `\f`
    short: bool,
}

const PLAIN_JSON: Json = Json {
    signs: "",
    slash: "/",
    wide: false,
    upper: false,
    short: true,
};

/// Most encoders, those that know no `\b`, Go, Python, PHP with and without its flags, Java, .NET.
const JSON: [Json; 8] = [
    PLAIN_JSON,
    Json {
        short: false,
        ..PLAIN_JSON
    },
    Json {
        signs: "&<>\u{2028}\u{2029}",
        ..PLAIN_JSON
    },
    Json {
        wide: true,
        ..PLAIN_JSON
    },
    Json {
        slash: r"\/",
        wide: true,
        ..PLAIN_JSON
    },
    Json {
        slash: r"\/",
        ..PLAIN_JSON
    },
    Json {
        wide: true,
        upper: true,
        ..PLAIN_JSON
    },
    Json {
        signs: "\"&'+<>`\u{7f}",
        wide: true,
        upper: true,
        ..PLAIN_JSON
    },
];

fn forms_of(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let mut forms = vec![bytes.to_vec()];
    forms.extend(JSON.map(|way| json(secret, way)));
    for upper in [true, false] {
        forms.extend(PERCENT.map(|kept| percent(bytes, upper, kept)));
        forms.push(hex(bytes, upper));
    }
    for alphabet in [STANDARD, URL] {
        forms.extend((0..3).map(|offset| base64(bytes, offset, alphabet)));
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

fn percent(secret: &[u8], upper: bool, (kept, blank): Kept) -> Vec<u8> {
    let escape = |byte: u8| match (byte, upper) {
        (b' ', _) => blank.to_vec(),
        _ if byte.is_ascii_alphanumeric() || kept.contains(&byte) => vec![byte],
        (_, true) => format!("%{byte:02X}").into_bytes(),
        (_, false) => format!("%{byte:02x}").into_bytes(),
    };
    secret.iter().flat_map(|byte| escape(*byte)).collect()
}

fn hex(secret: &[u8], upper: bool) -> Vec<u8> {
    let digits = |byte: &u8| {
        if upper {
            format!("{byte:02X}")
        } else {
            format!("{byte:02x}")
        }
    };
    secret.iter().map(digits).collect::<String>().into_bytes()
}

fn json(secret: &str, way: Json) -> Vec<u8> {
    let mut form = String::with_capacity(secret.len());
    for letter in secret.chars() {
        match letter {
            '\n' => form.push_str("\\n"),
            '\r' => form.push_str("\\r"),
            '\t' => form.push_str("\\t"),
            '\u{8}' if way.short => form.push_str("\\b"),
            '\u{c}' if way.short => form.push_str("\\f"),
            _ if way.is_escaped(letter) => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let number = if way.upper {
                        format!("{unit:04X}")
                    } else {
                        format!("{unit:04x}")
                    };
                    form.extend(["\\u", &number]);
                }
            }
            '"' | '\\' => form.extend(['\\', letter]),
            '/' => form.push_str(way.slash),
            _ => form.push(letter),
        }
    }
    form.into_bytes()
}

impl Json {
    /// Whether it is written with its number.
    fn is_escaped(self, letter: char) -> bool {
        letter < ' ' || self.signs.contains(letter) || self.wide && !letter.is_ascii()
    }
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 of a text in which the secret stands behind `offset` other bytes, without the signs that depend on its neighbours too.
fn base64(secret: &[u8], offset: usize, alphabet: &[u8; 64]) -> Vec<u8> {
    let bits = secret.len() * 8;
    let sextet = |first: usize| -> u8 {
        (0..6).fold(0, |value, bit| {
            let place = first + bit;
            let set = secret[place / 8] >> (7 - place % 8) & 1;
            value << 1 | set
        })
    };
    // `offset` bytes take `8 * offset` bits; the first whole sextet of the secret begins so many bits into it.
    let skipped = (6 - offset * 8 % 6) % 6;
    (skipped..bits.saturating_sub(5))
        .step_by(6)
        .map(|first| alphabet[usize::from(sextet(first))])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Known, PLAIN_JSON, STANDARD, URL, base64, json, percent};

    #[test]
    fn base64_without_what_its_neighbours_say() {
        // "hunter2?" alone is aHVudGVyMj8=; behind one and two bytes "xhunter2?" and "xyhunter2?".
        assert_eq!(base64(b"hunter2?", 0, STANDARD), b"aHVudGVyMj");
        assert_eq!(base64(b"hunter2?", 1, STANDARD), b"h1bnRlcjI/");
        assert_eq!(base64(b"hunter2?", 2, STANDARD), b"odW50ZXIyP");
        assert_eq!(base64(b"hunter2?", 1, URL), b"h1bnRlcjI_");
    }

    #[test]
    fn escapes() {
        assert_eq!(json("a\"b\\c\n\x01", PLAIN_JSON), b"a\\\"b\\\\c\\n\\u0001");
        assert_eq!(percent(b"p@ss/1", true, (b"", b"%20")), b"p%40ss%2F1");
        assert_eq!(percent(b"p@ss/1", false, (b"", b"%20")), b"p%40ss%2f1");
    }

    #[test]
    fn the_longest_form_wins_and_others_stay() {
        let mut known = Known::new();
        for secret in ["hunter2", "hunter2-and-more", "hunter0"] {
            known.add(secret);
        }
        assert_eq!(known.next(b"xhunter2-and-mor", 0), Some(1..8));
        assert_eq!(known.next(b"x hunter2-and-more.", 0), Some(2..18));
        assert_eq!(known.next(b"x hunter2-and-more.", 3), None);
        assert_eq!(known.next(b"x hunter1", 0), None);
        assert_eq!(known.next(b"x hunt", 0), None);
    }
}
