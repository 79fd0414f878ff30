//! A stream of lines.

use std::io::{ErrorKind, Read, Write};

use wait_or_die::redact;

use crate::Error;

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// Filters `input` to its end; what was read is written before the next read.
pub(crate) fn run(mut input: impl Read, output: impl Write) -> Result<(), Error> {
    let mut chunk = vec![0; CHUNK];
    let mut output = redact::Writer::new(output);
    loop {
        let length = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(Error::Read(error)),
        };
        output.write_all(&chunk[..length]).map_err(Error::Write)?;
        output.flush().map_err(Error::Write)?;
    }
    output.finish().map_err(Error::Write)?;
    Ok(())
}
