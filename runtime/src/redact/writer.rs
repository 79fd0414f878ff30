//! A writer that filters.

mod cut;
mod engine;
mod lines;
#[cfg(feature = "subscriber")]
mod make;
mod pem;
mod pending;
mod readable;
#[cfg(test)]
mod tests;

use core::fmt;
use std::io::{self, Write};
use std::sync::Arc;

use self::engine::{Engine, Source};
#[cfg(feature = "subscriber")]
pub use self::make::MakeWriter;
use super::Filter;

/// The longest line that is filtered as one, in bytes, its line end included; and the most that is held back.
const LIMIT: usize = 8 * 1024;

/// Filters what is written to it, line by line, and hands it on.
///
/// ```
/// use std::io::Write as _;
/// use wait_or_die::redact;
///
/// let mut log = redact::Writer::new(Vec::new());
/// log.write_all(b"connecting with password=hunter2")?;
/// log.write_all(b"secret\nconnected\n")?;
/// assert_eq!(log.finish()?, b"connecting with password=[REDACTED]\nconnected\n");
/// # std::io::Result::Ok(())
/// ```
///
/// # What is written when
///
/// A line is handed on at its newline. Of one that is not complete, at most 8 KiB are held back until it is, until
/// [`finish`](Self::finish), or until the writer is dropped (which ignores errors, as that of
/// [`BufWriter`](io::BufWriter) does). A [`flush`](Write::flush) does not write it: half a secret is often not known for
/// one. So a prompt without a newline is not seen before its answer.
///
/// What comes out does not depend on how the text was cut into writes.
///
/// # What is shown
///
/// - Of a line of up to 8 KiB, its line end included: what [`Filter::filter`] gives for it, without its `\n` or `\r\n`,
///   which stays. A secret that a line ends in the middle of is not known by what follows, except for private keys.
/// - A line coloured by control sequences is filtered as it is read, without them. If something is hidden, it loses its
///   colours.
/// - A longer line is cut, if possible, where the filter makes of both sides together what it makes of each alone. If
///   there is no such place within 8 KiB, as in a secret that is as long, the rest of the line is hidden.
/// - Lines of a private key, from its `-----BEGIN .. PRIVATE KEY-----` to its END: one `[REDACTED]` for all. Without an
///   END, up to a line that is clearly not of a key (several words, none of them long), at most 1024 lines or 64 KiB.
///   Lines of one word in this place are hidden with them.
/// - What is not UTF-8: as U+FFFD, one for each sequence that is not valid.
///
/// # Errors
///
/// Those of the inner writer; [`WriteZero`](io::ErrorKind::WriteZero) if it takes nothing. Nothing is lost or doubled by
/// an error: what was taken from the caller is kept, and is sent before anything else with the next write, flush or
/// finish. A write that fails has taken nothing; where some of its text was taken already, it says how much, and the next
/// call meets the error again, if it has not passed. Interrupted writes are repeated. So whoever must know that all was
/// written flushes, or finishes.
///
/// # Cost
///
/// Linear in what is written, however it is cut. Lines in which nothing is hidden are handed on from the caller's own
/// buffer, as many as there are in one write.
pub struct Writer<W: Write> {
    /// Only `finish` takes it.
    inner: Option<W>,
    engine: Engine,
}

impl<W: Write> Writer<W> {
    /// Filters with the filter of the process ([`set_filter`](super::set_filter), else the built-in one).
    pub const fn new(inner: W) -> Self {
        Self::with_source(inner, Source::Process)
    }

    /// Filters with a filter of its own.
    pub fn with_filter(inner: W, filter: impl Into<Arc<Filter>>) -> Self {
        Self::with_source(inner, Source::Own(filter.into()))
    }

    const fn with_source(inner: W, filter: Source) -> Self {
        Self {
            inner: Some(inner),
            engine: Engine::new(filter),
        }
    }

    /// The inner writer. What is held back is not in it yet.
    pub const fn get_ref(&self) -> &W {
        match &self.inner {
            Some(inner) => inner,
            None => unreachable!(),
        }
    }

    /// Writes what is held back as if the line ended there, flushes, and gives the inner writer back.
    ///
    /// # Errors
    ///
    /// Those of the inner writer, which is dropped with what it did not take.
    pub fn finish(mut self) -> io::Result<W> {
        match self.inner.take() {
            Some(mut inner) => {
                self.engine.end(&mut inner)?;
                inner.flush()?;
                Ok(inner)
            }
            None => unreachable!(),
        }
    }

    /// The inner writer, and what filters for it.
    const fn parts(&mut self) -> (&mut W, &mut Engine) {
        match &mut self.inner {
            Some(inner) => (inner, &mut self.engine),
            None => unreachable!(),
        }
    }
}

impl<W: Write> Write for Writer<W> {
    /// Takes all of `text`, unless the inner writer fails.
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let (inner, engine) = self.parts();
        let mut taken = 0;
        while let Some(rest) = text.get(taken..)
            && !rest.is_empty()
        {
            match engine.take(rest, inner) {
                Ok(more) => taken += more,
                Err(error) if taken == 0 => return Err(error),
                // The caller comes with the rest, and then it is met again or is over.
                Err(_) => break,
            }
        }
        Ok(taken)
    }

    /// Sends what could not be sent before, and flushes the inner writer. An incomplete line stays held back.
    fn flush(&mut self) -> io::Result<()> {
        let (inner, engine) = self.parts();
        engine.send(inner)?;
        inner.flush()
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        // Where the inner writer panicked, nobody knows what it took.
        if let Some(inner) = &mut self.inner
            && !self.engine.is_poisoned()
        {
            // There is nobody to tell.
            let _ = self.engine.end(inner);
            let _ = inner.flush();
        }
    }
}

impl<W: Write + fmt::Debug> fmt::Debug for Writer<W> {
    /// Without what is held back, which is not filtered.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}
