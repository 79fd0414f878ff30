//! Cuts a stream into lines, and says what is shown of each.

use std::borrow::Cow;
use std::io::BufRead as _;
use std::mem;

use super::LIMIT;
use super::cut::{Cut, cut};
use super::pem::{OVERLAP, Pem, Place};
use super::pending::Pending;
use super::readable::{hide, is_same, readable, without_colours};
use crate::redact::{Filter, PLACEHOLDER};

/// What was done with the beginning of the line that is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beginning {
    /// All of the line is held.
    Held,
    /// Some of the line was shown.
    Shown,
    /// Nothing more of the line is shown. `ends`: its line end is.
    Hidden { ends: bool },
}

/// What is shown of a line, line end included.
pub(super) enum Line {
    Same,
    Changed(String),
    Nothing,
}

/// The line that is not complete yet, and what must be known of those before it.
pub(super) struct Lines {
    held: Vec<u8>,
    beginning: Beginning,
    pem: Pem,
}

impl Lines {
    pub(super) const fn new() -> Self {
        Self {
            held: Vec::new(),
            beginning: Beginning::Held,
            pem: Pem::new(),
        }
    }

    #[cfg(test)]
    pub(super) const fn capacity(&self) -> usize {
        self.held.capacity()
    }

    /// Whether nothing of a line is held.
    pub(super) fn is_at_start(&self) -> bool {
        self.held.is_empty() && self.beginning == Beginning::Held
    }

    /// What is known of the lines before, to be put back if the lines that follow are not taken.
    pub(super) const fn context(&self) -> Pem {
        self.pem
    }

    pub(super) fn set_context(&mut self, context: Pem) {
        self.pem = context;
    }

    /// What is shown of a whole line of at most `LIMIT` bytes.
    pub(super) fn line(&mut self, line: &[u8], filter: &Filter) -> Line {
        let (body, end) = split_end(line);
        let raw = String::from_utf8_lossy(body);
        let plain = without_colours(&raw);
        let (mut shown, from) = match self.pem.enter(&plain) {
            Place::Outside => {
                let shown = hide(filter, &raw, &plain);
                self.pem.observe(&plain, &shown);
                if matches!(raw, Cow::Borrowed(_)) && is_same(&shown, &raw) {
                    return Line::Same;
                }
                return Line::Changed(shown.into_owned() + end);
            }
            Place::Inside { is_first: false } => return Line::Nothing,
            Place::Inside { is_first: true } => (String::from(PLACEHOLDER), plain.len()),
            Place::Ends { at, is_first } => {
                let hidden = if is_first { PLACEHOLDER } else { "" };
                (String::from(hidden), at)
            }
        };
        let rest = plain.get(from..).unwrap_or_default();
        let shown_rest = filter.filter(rest);
        self.pem.observe(rest, &shown_rest);
        shown.push_str(&shown_rest);
        Line::Changed(shown + end)
    }

    /// Takes some of `text`, at least a byte and at most a line, and adds what can be shown to `out`.
    pub(super) fn take(&mut self, text: &[u8], filter: &Filter, out: &mut Pending) -> usize {
        let room = LIMIT.saturating_sub(self.held.len()).max(1);
        let text = text.get(..room).unwrap_or(text);
        let line = complete_line(text);
        let taken = line.unwrap_or(text);
        self.held.extend_from_slice(taken);
        if line.is_some() {
            self.end_line(filter, out);
        } else if self.held.len() >= LIMIT {
            self.make_room(filter, out);
        }
        taken.len()
    }

    /// Shows what is held, as a line that ends here.
    pub(super) fn end_line(&mut self, filter: &Filter, out: &mut Pending) {
        let held = mem::take(&mut self.held);
        match mem::replace(&mut self.beginning, Beginning::Held) {
            Beginning::Held => match self.line(&held, filter) {
                Line::Same => out.push(&held),
                Line::Changed(shown) => out.push(shown.as_bytes()),
                Line::Nothing => {}
            },
            Beginning::Shown => {
                let (body, end) = split_end(&held);
                let raw = String::from_utf8_lossy(body);
                let plain = without_colours(&raw);
                let shown = hide(filter, &raw, &plain);
                self.pem.observe(&plain, &shown);
                out.push(shown.as_bytes());
                out.push(end.as_bytes());
            }
            Beginning::Hidden { ends } => {
                self.pem.observe(&readable(&held), PLACEHOLDER);
                if ends {
                    out.push(split_end(&held).1.as_bytes());
                }
            }
        }
        self.held = held;
        self.held.clear();
    }

    /// Shows or drops some of what is held of a line that is longer than `LIMIT`.
    fn make_room(&mut self, filter: &Filter, out: &mut Pending) {
        let text = readable(&self.held);
        if self.beginning == Beginning::Held {
            match self.pem.enter(&text) {
                Place::Outside => {}
                // In so long a line nobody looks for the end of the key.
                Place::Inside { is_first } | Place::Ends { is_first, .. } => {
                    self.beginning = Beginning::Hidden { ends: is_first };
                    if is_first {
                        out.push(PLACEHOLDER.as_bytes());
                    }
                }
            }
        }
        let shown = match self.beginning {
            Beginning::Hidden { .. } => PLACEHOLDER,
            Beginning::Held | Beginning::Shown => "",
        };
        self.pem.observe(&text, shown);
        drop(text);
        let done = match self.beginning {
            Beginning::Hidden { .. } => LIMIT - OVERLAP,
            Beginning::Held | Beginning::Shown => self.show_some(filter, out),
        };
        self.held.drain(..done.min(self.held.len()));
    }

    /// Shows some of what is held, and says how much.
    fn show_some(&mut self, filter: &Filter, out: &mut Pending) -> usize {
        match cut(&self.held, filter) {
            Cut::At { at, shown } => {
                self.beginning = Beginning::Shown;
                out.push(shown.as_bytes());
                at
            }
            Cut::Hide { shown } => {
                self.beginning = Beginning::Hidden { ends: true };
                out.push(shown.as_bytes());
                LIMIT - OVERLAP
            }
        }
    }
}

/// The first line of `text` with its line end, if it is complete.
pub(super) fn complete_line(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    // Reading from memory does not fail.
    let length = rest.skip_until(b'\n').unwrap_or_default();
    text.get(..length).filter(|line| line.ends_with(b"\n"))
}

/// A line, and its line end apart: `\n`, `\r\n` or nothing.
fn split_end(line: &[u8]) -> (&[u8], &'static str) {
    if let Some(body) = line.strip_suffix(b"\r\n") {
        (body, "\r\n")
    } else if let Some(body) = line.strip_suffix(b"\n") {
        (body, "\n")
    } else {
        (line, "")
    }
}
