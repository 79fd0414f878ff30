//! What a writer does with the text it gets, whatever it writes to.

use std::io::{self, Write};
use std::sync::Arc;

use super::LIMIT;
use super::lines::{Line, Lines, complete_line};
use super::pending::Pending;
use crate::redact::{Filter, process};

/// How much filtered text is put together for one write.
const BATCH: usize = 8 * 1024;

/// The filter of a writer.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// The one of the process at the time of writing.
    Process,
    Own(Arc<Filter>),
}

impl Source {
    fn get(&self) -> &Filter {
        match self {
            Self::Process => process::current(),
            Self::Own(filter) => filter,
        }
    }
}

/// Filters a stream.
pub(super) struct Engine {
    filter: Source,
    lines: Lines,
    out: Pending,
}

/// Lines that were looked at together.
struct Batch {
    /// How many bytes they are.
    end: usize,
    /// Where those at their end begin that are shown as they are, and were not put into `out`.
    same: usize,
}

impl Engine {
    pub(super) const fn new(filter: Source) -> Self {
        Self {
            filter,
            lines: Lines::new(),
            out: Pending::new(),
        }
    }

    /// Whether the inner writer panicked.
    pub(super) const fn is_poisoned(&self) -> bool {
        self.out.is_poisoned()
    }

    /// What the buffers occupy.
    #[cfg(test)]
    pub(super) const fn capacity(&self) -> usize {
        self.lines.capacity() + self.out.capacity()
    }

    /// Sends what waits.
    pub(super) fn send(&mut self, to: &mut impl Write) -> io::Result<()> {
        self.out.send(to)
    }

    /// Sends everything, and what is held back as a line that ends there.
    pub(super) fn end(&mut self, to: &mut impl Write) -> io::Result<()> {
        if !self.lines.is_at_start() {
            self.lines.end_line(self.filter.get(), &mut self.out);
        }
        self.out.send(to)
    }

    /// Takes some of a text that is not empty; an error means that nothing of it was taken.
    pub(super) fn take(&mut self, text: &[u8], to: &mut impl Write) -> io::Result<usize> {
        self.out.send(to)?;
        if self.lines.is_at_start() {
            let taken = self.take_lines(text, to)?;
            if taken > 0 {
                return Ok(taken);
            }
        }
        let taken = self.lines.take(text, self.filter.get(), &mut self.out);
        // What was not sent waits, and its error is met again when it is sent.
        let _ = self.out.send(to);
        Ok(taken)
    }

    /// Takes whole lines from the beginning of `text`, where nothing is held and nothing waits.
    fn take_lines(&mut self, text: &[u8], to: &mut impl Write) -> io::Result<usize> {
        let context = self.lines.context();
        let Batch { end, same } = self.batch(text);
        let same = text.get(same..end).unwrap_or_default();
        let sent = if self.out.is_empty() {
            self.out.send_straight(same, to)
        } else {
            self.out.push(same);
            self.out.send(to)
        };
        match sent {
            Err(error) if self.out.is_untouched() => {
                self.out.forget();
                self.lines.set_context(context);
                Err(error)
            }
            // As above, what was not sent waits.
            Ok(()) | Err(_) => Ok(end),
        }
    }

    /// Looks at whole lines from the beginning of `text`, and adds what is shown of them to `out`, except for those at
    /// the end that are shown as they are.
    fn batch(&mut self, text: &[u8]) -> Batch {
        let mut batch = Batch { end: 0, same: 0 };
        while let Some(line) = text.get(batch.end..).and_then(complete_line)
            && line.len() <= LIMIT
            && (self.out.is_empty() || self.out.len() + (batch.end - batch.same) < BATCH)
        {
            let end = batch.end + line.len();
            let shown = self.lines.line(line, self.filter.get());
            if !matches!(shown, Line::Same) {
                self.out
                    .push(text.get(batch.same..batch.end).unwrap_or_default());
                batch.same = end;
            }
            if let Line::Changed(shown) = shown {
                self.out.push(shown.as_bytes());
            }
            batch.end = end;
        }
        batch
    }
}
