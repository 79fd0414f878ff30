//! Quotation marks, however they are written, and where the one stands that closes what another opened.

/// A quotation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) struct Quote {
    /// How it is written, without backslashes.
    pub(in crate::redact) mark: &'static str,
    /// How many backslashes stand before it.
    pub(in crate::redact) escapes: usize,
}

/// A mark as it is, and as the escapes of JSON, URLs and HTML write it.
const SIGNS: [&str; 5] = ["\"\"\"", "\'\'\'", "\"", "'", "`"];
const UNICODE: [&str; 4] = ["u0022", "u0027", "x22", "x27"];
const ENCODED: [&str; 4] = ["%22", "%27", "%2522", "%2527"];
const ENTITIES: [&str; 8] = [
    "&quot;", "&#34;", "&#034;", "&#x22;", "&apos;", "&#39;", "&#039;", "&#x27;",
];

/// Most backslashes before a quotation mark that are looked at: a text that was quoted three times.
const MOST_ESCAPES: usize = 7;

impl Quote {
    /// Bytes that the mark takes.
    pub(in crate::redact) const fn len(self) -> usize {
        self.escapes + self.mark.len()
    }

    /// Whether it is `"` itself.
    pub(in crate::redact) const fn is_plain(self) -> bool {
        self.escapes == 0 && matches!(self.mark.as_bytes(), b"\"")
    }

    /// Whether it is a double one.
    pub(super) const fn is_double(self) -> bool {
        matches!(
            self.mark.as_bytes(),
            [b'"', ..] | [.., b'2', b'2'] | b"&quot;" | b"&#34;" | b"&#034;" | b"&#x22;"
        )
    }

    /// Whether it is a sign, and not the escape of one.
    fn is_sign(self) -> bool {
        matches!(self.first(), b'"' | b'\'' | b'`')
    }

    fn first(self) -> u8 {
        self.mark.as_bytes()[0]
    }
}

/// The quotation mark at `at`, at whatever depth.
pub(in crate::redact) fn quote_at(text: &[u8], at: usize) -> Option<Quote> {
    let rest = text.get(at..)?;
    // Nearly every byte is no mark, and nearly every mark is a plain one.
    let plain = |mark| Some(Quote { mark, escapes: 0 });
    match rest {
        [b'"', b'"', b'"', ..] => return plain("\"\"\""),
        [b'\'', b'\'', b'\'', ..] => return plain("'''"),
        [b'"', ..] => return plain("\""),
        [b'\'', ..] => return plain("'"),
        [b'`', ..] => return plain("`"),
        [b'\\' | b'%' | b'&', ..] => {}
        _ => return None,
    }
    let escapes = rest
        .iter()
        .take(MOST_ESCAPES + 1)
        .take_while(|byte| **byte == b'\\')
        .count();
    let marks: &[&'static str] = match rest.get(escapes)? {
        b'"' | b'\'' | b'`' => &SIGNS,
        b'u' | b'x' if escapes > 0 => &UNICODE,
        b'%' if escapes == 0 => &ENCODED,
        b'&' if escapes == 0 => &ENTITIES,
        _ => return None,
    };
    let mark = *marks
        .iter()
        .find(|mark| rest[escapes..].starts_with(mark.as_bytes()))?;
    (escapes <= MOST_ESCAPES).then_some(Quote { mark, escapes })
}

/// Where a quoted text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::redact) struct Closed {
    pub(in crate::redact) end: usize,
    /// Behind the mark that closes it; the same where none does.
    pub(in crate::redact) behind: usize,
}

impl Closed {
    const fn open(at: usize) -> Self {
        Self {
            end: at,
            behind: at,
        }
    }
}

/// Where the text ends that `quote` opened before `start`.
///
/// A text that was quoted `n` times has `2^n - 1` backslashes before a mark of its own, and twice as many and one for each backslash of
/// the value: what is left of them tells whether the mark is escaped.
///
/// Marks that open a text rather than closing one say that a mark is missing: in the same line, the value is taken to be all of it; in
/// a later one, the value is taken to end with its line.
pub(in crate::redact) fn close(text: &[u8], start: usize, quote: Quote) -> Option<Closed> {
    // A text that was escaped has no line breaks.
    closed(text, start, quote, quote.escapes == 0 && quote.is_sign())
}

/// The same, of a text that goes on to the end of its line at most.
pub(super) fn close_in_line(text: &[u8], start: usize, quote: Quote) -> Option<Closed> {
    closed(text, start, quote, false)
}

fn closed(text: &[u8], start: usize, quote: Quote, has_lines: bool) -> Option<Closed> {
    let mut escapes = 0;
    let mut is_odd = false;
    let mut is_inside = false;
    let mut line = None;
    let mut at = start;
    while let Some(&byte) = text.get(at) {
        let mut next = at + 1;
        if byte == b'\\' {
            escapes += 1;
            at = next;
            continue;
        }
        if byte == quote.first() && is_mark(text, at, escapes, quote) {
            let behind = at + quote.mark.len();
            match role(text, start, at - escapes, behind, quote) {
                Role::Closes if line.is_some() && opens(text, at - escapes, behind) => {
                    return line.map(Closed::open);
                }
                Role::Opens if line.is_some() => return line.map(Closed::open),
                Role::Opens => (is_odd, is_inside) = (true, true),
                Role::Closes if is_inside => is_inside = false,
                Role::Closes => {
                    let end = at - quote.escapes;
                    return Some(Closed { end, behind });
                }
                Role::Doubled => next = behind + quote.mark.len(),
                Role::Within => {}
            }
            next = next.max(behind);
        } else if byte == b'"' && (escapes < quote.escapes || !quote.is_sign()) {
            // Less escaped than the opening one: what this text itself stands in ends here.
            return Some(Closed::open(at - escapes));
        } else if byte == b'\n' {
            if is_odd || !has_lines {
                return Some(Closed::open(at));
            }
            line = line.or(Some(at));
        }
        escapes = 0;
        at = next;
    }
    None
}

/// Whether a mark stands at `at`, behind so many backslashes, that is escaped as `quote` is and not more.
fn is_mark(text: &[u8], at: usize, escapes: usize, quote: Quote) -> bool {
    let is_written = text[at..].starts_with(quote.mark.as_bytes());
    let is_encoded_escape = quote.first() == b'%' && text[..at].ends_with(b"%5C");
    let is_same = if quote.is_sign() {
        escapes % (2 * (quote.escapes + 1)) == quote.escapes
    } else {
        escapes == quote.escapes
    };
    is_written && is_same && !is_encoded_escape
}

/// What a mark does inside a quoted text, as far as its neighbours tell.
enum Role {
    Opens,
    Closes,
    /// Twice, as SQL and CSV have it.
    Doubled,
    /// `it's`
    Within,
}

fn role(text: &[u8], start: usize, at: usize, behind: usize, quote: Quote) -> Role {
    let is_word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let before = at
        .checked_sub(1)
        .filter(|_| at > start)
        .and_then(|at| text.get(at));
    let rest = text.get(behind..).unwrap_or_default();
    let is_doubled = quote.is_sign()
        && quote.len() == 1
        && before.is_some()
        && rest.starts_with(quote.mark.as_bytes());
    match (is_word(before), is_word(rest.first())) {
        _ if is_doubled && is_word(rest.get(1)) => Role::Doubled,
        (true, true) => Role::Within,
        (false, true) if before.is_some() => Role::Opens,
        _ => Role::Closes,
    }
}

/// Whether what stands before the mark leads to a text, and a text follows.
pub(in crate::redact) fn opens(text: &[u8], at: usize, behind: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| text.get(at));
    let leads = before
        .is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'=' | b':' | b'(' | b'[' | b'{' | b','));
    let is_delimiter = |byte: u8| b"\"'`,;:.)]}>\\&".contains(&byte);
    // A text may begin with a delimiter, but not with two, nor with one and a blank.
    let follows = match text.get(behind..).unwrap_or_default() {
        [first, next, ..] if is_delimiter(*first) => {
            !next.is_ascii_whitespace() && !is_delimiter(*next)
        }
        [first, ..] => !first.is_ascii_whitespace() && !is_delimiter(*first),
        [] => false,
    };
    leads && follows
}
