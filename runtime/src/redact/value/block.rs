//! Texts of several lines in YAML: `password: |` and the lines that are indented below it.

use super::super::out::Hide;
use super::line_end;

/// The lines of the text whose mark stands at `at`.
pub(super) fn hide(text: &[u8], at: usize) -> Option<Hide> {
    let mark = text.get(at..line_end(text, at).min(at + LONGEST_MARK))?;
    let is_mark = matches!(
        mark.trim_ascii_end(),
        [b'|' | b'>'] | [b'|' | b'>', b'-' | b'+' | b'1'..=b'9']
    );
    let first = line_end(text, at) + 1;
    let indent = indent(text, first);
    if !is_mark || indent == 0 || text.get(first + indent).is_none() {
        return None;
    }
    let mut end = line_end(text, first);
    while end < text.len() && self::indent(text, end + 1) >= indent {
        end = line_end(text, end + 1);
    }
    let start = first + indent;
    let is_done = text.get(start..end) == Some(super::PLACEHOLDER.as_bytes());
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
