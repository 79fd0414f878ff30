//! Filtered text on its way to the inner writer.

use std::io::{self, Write};

/// What a buffer may keep of its memory once it is empty.
const KEPT: usize = 64 * 1024;

/// Filtered text that the inner writer has not taken yet.
pub(super) struct Pending {
    bytes: Vec<u8>,
    /// How many of `bytes` the inner writer has taken.
    sent: usize,
    /// True while the inner writer runs; it stays so if it panicked, and then nobody knows what it took.
    in_write: bool,
}

impl Pending {
    pub(super) const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            sent: 0,
            in_write: false,
        }
    }

    pub(super) fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Bytes that wait, those sent included until the last is sent.
    pub(super) const fn len(&self) -> usize {
        self.bytes.len()
    }

    #[cfg(test)]
    pub(super) const fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Whether the inner writer panicked.
    pub(super) const fn is_poisoned(&self) -> bool {
        self.in_write
    }

    /// Whether the inner writer took nothing of what waits.
    pub(super) const fn is_untouched(&self) -> bool {
        self.sent == 0
    }

    /// Drops what waits.
    pub(super) fn forget(&mut self) {
        self.bytes.clear();
        self.bytes.shrink_to(KEPT);
        self.sent = 0;
    }

    /// Hands on all that waits; what was not taken waits on after an error.
    pub(super) fn send(&mut self, to: &mut impl Write) -> io::Result<()> {
        while let Some(rest) = self.bytes.get(self.sent..)
            && !rest.is_empty()
        {
            self.in_write = true;
            let taken = write_some(to, rest);
            self.in_write = false;
            self.sent += taken?;
        }
        self.forget();
        Ok(())
    }

    /// Hands on `text` without a copy; nothing may be waiting.
    ///
    /// The error comes back only if the inner writer took nothing; else the rest of the text waits here.
    pub(super) fn send_straight(&mut self, text: &[u8], to: &mut impl Write) -> io::Result<()> {
        let mut sent = 0;
        while let Some(rest) = text.get(sent..)
            && !rest.is_empty()
        {
            self.in_write = true;
            let taken = write_some(to, rest);
            self.in_write = false;
            match taken {
                Ok(taken) => sent += taken,
                Err(error) if sent == 0 => return Err(error),
                Err(_) => {
                    // It comes again when the rest is sent.
                    self.push(rest);
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// One write that is not interrupted; the count is at least one and at most the length.
fn write_some(to: &mut impl Write, bytes: &[u8]) -> io::Result<usize> {
    loop {
        match to.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(taken) => return Ok(taken.min(bytes.len())),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
