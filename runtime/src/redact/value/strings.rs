//! In which string of JSON a place stands: what is hidden there never runs over the end of that string.

use core::cell::Cell;

/// Reads a text once from its beginning to its end, as far as it is asked for, and knows the last part it has read.
///
/// The parts of JSON are told by themselves, without the brackets they stand in, and each line for itself, as no string goes on over the
/// end of a line. So JSON is also known behind the words of a log line, and every line of a stream of it.
pub(in crate::redact) struct Strings<'t> {
    text: &'t [u8],
    last: Cell<Part>,
}

/// Where a part of the text ends, and whether it is a string.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    is_string: bool,
}

impl<'t> Strings<'t> {
    pub(in crate::redact) const fn new(text: &'t [u8]) -> Self {
        let last = Part {
            start: 0,
            end: 0,
            is_string: false,
        };
        Self {
            text,
            last: Cell::new(last),
        }
    }

    /// `rest`, which the text ends with, up to the end of the string in which its byte `at` stands, or all of it. `at` is never
    /// before that of an earlier call, or nothing is known of it.
    pub(in crate::redact) fn clip<'r>(&self, rest: &'r [u8], at: usize) -> &'r [u8] {
        let offset = self.text.len().saturating_sub(rest.len());
        let at = offset + at;
        let mut part = self.last.get();
        while part.end <= at && part.end < self.text.len() {
            part = next(self.text, part);
        }
        self.last.set(part);
        let is_around = part.is_string && part.start <= at && at < part.end;
        rest.get(..part.end.saturating_sub(offset))
            .filter(|_| is_around)
            .unwrap_or(rest)
    }
}

/// The part behind `last`. The mark that opens a string belongs to what stands before it, the one that closes it to what stands behind.
fn next(text: &[u8], last: Part) -> Part {
    let start = last.end;
    let string = if !last.is_string && opens(text, start) {
        string_end(text, start)
    } else {
        None
    };
    if let Some(end) = string {
        return Part {
            start,
            end,
            is_string: true,
        };
    }
    // Behind the mark that closed the string before.
    let mut end = start + usize::from(last.is_string);
    while let Some(&byte) = text.get(end) {
        end += 1;
        if byte == b'"' && opens(text, end) {
            break;
        }
    }
    Part {
        start,
        end,
        is_string: false,
    }
}

/// Whether a string begins at `at`: behind a mark, before which stands what a string may follow.
fn opens(text: &[u8], at: usize) -> bool {
    let Some(before) = at
        .checked_sub(1)
        .and_then(|mark| text.get(..=mark))
        .and_then(|before| before.strip_suffix(b"\""))
    else {
        return false;
    };
    let blanks = before
        .iter()
        .rev()
        .take(MOST_BLANKS)
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    matches!(
        before[..before.len() - blanks].last(),
        None | Some(b'{' | b'[' | b',' | b':' | b'\n')
    )
}

/// Most blanks between two parts; what is indented more is not looked at.
const MOST_BLANKS: usize = 64;

/// Where the string that begins at `start` ends, if it does so in its line and before what may follow a string.
fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut is_escaped = false;
    let rest = text.get(start..)?;
    let length = rest.iter().position(|byte| {
        let ends = !is_escaped && *byte == b'"' || *byte == b'\n';
        is_escaped = !is_escaped && *byte == b'\\';
        ends
    })?;
    let behind = rest.get(length..)?.strip_prefix(b"\"")?;
    let blanks = behind
        .iter()
        .take(MOST_BLANKS)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
        .count();
    matches!(
        behind.get(blanks),
        None | Some(b',' | b':' | b'}' | b']' | b'\n')
    )
    .then_some(start + length)
}
