//! Files that are read once and not without end.

use std::fs::File;
use std::io::{self, Error, ErrorKind, Read as _};
use std::path::Path;

use tokio::io::AsyncReadExt as _;

/// The text of a file that has at most so many bytes. More are not read, whatever the file is: a device has no end. A
/// byte order mark, which editors on Windows put first, is left out.
///
/// # Errors
/// If it cannot be read, has more bytes, or is not UTF-8.
pub async fn read(path: &Path, most: usize) -> io::Result<String> {
    let file = tokio::fs::File::open(path).await?;
    let mut bytes = Vec::new();
    file.take(one_more(most)).read_to_end(&mut bytes).await?;
    text(bytes, most)
}

/// The same, at once.
pub(crate) fn read_now(path: &Path, most: usize) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(one_more(most))
        .read_to_end(&mut bytes)?;
    text(bytes, most)
}

/// How many bytes tell whether there are more than that.
fn one_more(most: usize) -> u64 {
    u64::try_from(most).map_or(u64::MAX, |most| most.saturating_add(1))
}

fn text(bytes: Vec<u8>, most: usize) -> io::Result<String> {
    if bytes.len() > most {
        let what = format!("it has more than {most} bytes");
        return Err(Error::new(ErrorKind::FileTooLarge, what));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::new(ErrorKind::InvalidData, "it is not UTF-8"))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}
