//! Texts of several lines in YAML: `password: |` and the lines that are indented below it.

use super::super::out::Hide;
use super::line_end;

/// Whether the mark of such a text stands at `at`, and nothing else in its line.
pub(super) fn is_mark(text: &[u8], at: usize) -> bool {
    let mark = text
        .get(at..line_end(text, at).min(at + LONGEST_MARK))
        .unwrap_or_default();
    matches!(
        mark.trim_ascii_end(),
        [b'|' | b'>'] | [b'|' | b'>', b'-' | b'+' | b'1'..=b'9']
    )
}

/// The lines of the text whose mark stands at `at`: those that are indented as the first of them.
pub(super) fn hide(text: &[u8], at: usize) -> Option<Hide> {
    let first = line_end(text, at) + 1;
    let indent = indent(text, first);
    if indent == 0 {
        return None;
    }
    let mut end = line_end(text, first);
    while end < text.len() && self::indent(text, end + 1) >= indent {
        end = line_end(text, end + 1);
    }
    let start = first + indent;
    let is_done = text.get(start..end)? == super::PLACEHOLDER.as_bytes();
    (!is_done && end > start).then(|| Hide::between(start, end, end))
}

/// A mark and its line break.
const LONGEST_MARK: usize = 4;

fn indent(text: &[u8], line: usize) -> usize {
    text.get(line..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| **byte == b' ')
        .count()
}
