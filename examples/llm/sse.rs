//! Server-sent events, as the HTML standard has them: of each event its data, which is all that the three services use.
//!
//! Own code, because the services need two things that the crates for it do not give: a bound on what one event may hold,
//! and the lines that are no fields at all, in which Gemini tells an error in the middle of a stream.

/// An event, or what is known of one, grew beyond the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Takes bytes in pieces of any size, and gives events. Time is in proportion to the bytes.
#[derive(Debug)]
pub(crate) struct Parser {
    /// Bytes behind the last whole line.
    line: Vec<u8>,
    /// Pieces that have come and are not cut into lines yet.
    pending: Vec<u8>,
    at: usize,
    /// The last line ended with CR: an LF behind it belongs to the same end.
    after_cr: bool,
    first_line: bool,
    data: Option<String>,
    stray: Vec<u8>,
    limit: usize,
}

impl Parser {
    /// A parser that refuses a line or an event of more than `limit` bytes.
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            line: Vec::new(),
            pending: Vec::new(),
            at: 0,
            after_cr: false,
            first_line: true,
            data: None,
            stray: Vec::new(),
            limit,
        }
    }

    /// Adds bytes as they came. Take every event out before adding more: what has not been taken is kept.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.pending.drain(..self.at);
        self.at = 0;
        self.pending.extend_from_slice(bytes);
    }

    /// The data of the next whole event, its lines joined by LF.
    ///
    /// # Errors
    /// A line or an event is longer than the limit; the parser is of no use afterwards.
    pub(crate) fn next_event(&mut self) -> Result<Option<String>, TooLong> {
        while self.next_line()? {
            let mut line = std::mem::take(&mut self.line);
            if std::mem::take(&mut self.first_line) && line.starts_with(b"\xef\xbb\xbf") {
                line.drain(..3);
            }
            if line.is_empty() {
                if let Some(data) = self.data.take() {
                    return Ok(Some(data));
                }
            } else {
                self.field(&line)?;
            }
        }
        Ok(None)
    }

    /// What came besides fields, to the end of the stream: lines that the standard passes over, and the last line if its
    /// end never came.
    pub(crate) fn leftover(mut self) -> Vec<u8> {
        self.stray.extend_from_slice(&self.line);
        self.stray
    }

    /// Completes `line`; false where its end has not come yet.
    fn next_line(&mut self) -> Result<bool, TooLong> {
        if std::mem::take(&mut self.after_cr) {
            match self.pending.get(self.at) {
                Some(b'\n') => self.at += 1,
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        let rest = self.pending.get(self.at..).unwrap_or_default();
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let piece = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        if self.line.len() + piece.len() > self.limit {
            return Err(TooLong);
        }
        self.line.extend_from_slice(piece);
        self.at += piece.len() + usize::from(end.is_some());
        self.after_cr |= end.is_some_and(|end| rest.get(end) == Some(&b'\r'));
        Ok(end.is_some())
    }

    fn field(&mut self, line: &[u8]) -> Result<(), TooLong> {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = match colon {
            Some(colon) => line.split_at(colon),
            None => (line, &b""[..]),
        };
        match name {
            b"data" => {
                let value = value.strip_prefix(b":").unwrap_or_default();
                self.add_data(value.strip_prefix(b" ").unwrap_or(value))
            }
            // A comment has no name. The name of an event is repeated in its data by all who give it one.
            b"" | b"event" | b"id" | b"retry" => Ok(()),
            _ => self.add_stray(line),
        }
    }

    fn add_data(&mut self, value: &[u8]) -> Result<(), TooLong> {
        let text = String::from_utf8_lossy(value);
        let known = self.data.as_ref().map_or(0, String::len);
        if known + text.len() + 1 > self.limit {
            return Err(TooLong);
        }
        match &mut self.data {
            Some(data) => {
                data.push('\n');
                data.push_str(&text);
            }
            None => self.data = Some(text.into_owned()),
        }
        Ok(())
    }

    fn add_stray(&mut self, line: &[u8]) -> Result<(), TooLong> {
        if self.stray.len() + line.len() + 1 > self.limit {
            return Err(TooLong);
        }
        self.stray.extend_from_slice(line);
        self.stray.push(b'\n');
        Ok(())
    }
}

#[cfg(test)]
mod tests;
