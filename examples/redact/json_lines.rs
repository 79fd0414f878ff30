//! One text per line, as a JSON string.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use wait_or_die::redact;

use crate::Error;

/// Filters each line of `input`; what is known is written before the program waits for more.
pub(crate) fn run(input: impl Read, output: impl Write) -> Result<(), Error> {
    let mut input = BufReader::new(input);
    let mut output = BufWriter::new(output);
    let outcome = filter_lines(&mut input, &mut output);
    // The lines before one that is wrong are written all the same.
    output.flush().map_err(Error::Write)?;
    outcome
}

fn filter_lines<R: Read>(input: &mut BufReader<R>, output: &mut impl Write) -> Result<(), Error> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(Error::Read)? == 0 {
            break;
        }
        let text: String = serde_json::from_slice(&line).map_err(|_| Error::Input(number))?;
        serde_json::to_writer(&mut *output, &redact::filter(&text))
            .map_err(|error| Error::Write(error.into()))?;
        output.write_all(b"\n").map_err(Error::Write)?;
        if input.buffer().is_empty() {
            output.flush().map_err(Error::Write)?;
        }
    }
    Ok(())
}
