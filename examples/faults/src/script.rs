//! What is written on a connection that was taken from hyper, since hyper would not write it.

use std::io;
use std::time::Duration;

use axum::body::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderMap, HeaderValue, TRANSFER_ENCODING};
use http::response::Parts;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::Instant;

use crate::clock;
use crate::wire::Wire;

/// Pieces that a slow head or body comes in.
const PIECES: u32 = 8;

/// Bytes that long and endless bodies are written by.
const BLOCK: usize = 64 * 1024;

/// No status line, no headers, no text.
pub(crate) const GARBAGE: &[u8] = b"\x16\x03\x01\x00\xff\xfe not HTTP \x00\x80\x81\r\n\r\n";

/// What is done on the connection, in this order; the connection ends with it.
#[derive(Debug)]
pub(crate) struct Script(Vec<Act>);

#[derive(Debug)]
enum Act {
    Write(Bytes),
    /// Eight pieces, the last of them after this time.
    Drip(Bytes, Duration),
    /// The block again and again, so many bytes in all.
    Fill(Bytes, u64),
    Hang,
    Reset,
}

impl Script {
    /// The connection is reset.
    pub(crate) fn reset() -> Self {
        Self(vec![Act::Reset])
    }

    /// Nothing is written until the client leaves.
    pub(crate) fn hang() -> Self {
        Self(vec![Act::Hang])
    }

    /// [`GARBAGE`].
    pub(crate) fn garbage() -> Self {
        Self(vec![Act::Write(Bytes::from_static(GARBAGE))])
    }

    /// The head comes over this time, the body with it.
    pub(crate) fn slow_headers(parts: Parts, body: Bytes, over: Duration) -> Self {
        let head = head(parts, Framing::Length(length(&body)));
        Self(vec![Act::Drip(head, over), Act::Write(body)])
    }

    /// The head comes at once, the body over this time.
    pub(crate) fn slow_body(parts: Parts, body: Bytes, over: Duration) -> Self {
        let head = head(parts, Framing::Length(length(&body)));
        Self(vec![Act::Write(head), Act::Drip(body, over)])
    }

    /// The head of the whole, the first half of the body, the end.
    pub(crate) fn truncated_transfer(parts: Parts, mut body: Bytes) -> Self {
        let head = head(parts, Framing::Length(length(&body)));
        body.truncate(body.len() / 2);
        Self(vec![Act::Write(head), Act::Write(body)])
    }

    /// A JSON text of so many bytes: one string.
    pub(crate) fn long_body(parts: Parts, bytes: u64) -> Self {
        let bytes = bytes.max(2);
        let quote = Bytes::from_static(b"\"");
        let block = Bytes::from(vec![b'a'; BLOCK]);
        Self(vec![
            Act::Write(head(parts, Framing::Length(bytes))),
            Act::Write(quote.clone()),
            Act::Fill(block, bytes - 2),
            Act::Write(quote),
        ])
    }

    /// A JSON list of zeros, in chunks.
    pub(crate) fn endless_body(parts: Parts) -> Self {
        let mut block = format!("{BLOCK:x}\r\n").into_bytes();
        block.extend(b"0,".repeat(BLOCK / 2));
        block.extend(b"\r\n");
        Self(vec![
            Act::Write(head(parts, Framing::Chunked)),
            Act::Write(Bytes::from_static(b"1\r\n[\r\n")),
            Act::Fill(Bytes::from(block), u64::MAX),
        ])
    }

    /// Ends with the last act, or when the client has gone away.
    pub(crate) async fn perform(self, mut wire: impl Wire) {
        for act in self.0 {
            let done = match act {
                Act::Write(bytes) => wire.write_all(&bytes).await,
                Act::Drip(bytes, over) => drip(&mut wire, bytes, over).await,
                Act::Fill(block, bytes) => fill(&mut wire, &block, bytes).await,
                Act::Hang => until_it_leaves(&mut wire).await,
                Act::Reset => return wire.reset(),
            };
            // The only error here is that the client has left, which is its right.
            if done.is_err() {
                return;
            }
        }
        let _ = wire.shutdown().await;
    }
}

async fn drip(wire: &mut impl Wire, bytes: Bytes, over: Duration) -> io::Result<()> {
    let start = clock::now();
    let mut rest = bytes.clone();
    for piece in 1..=PIECES {
        tokio::time::sleep_until(later(start, over / PIECES * piece)).await;
        // Even pieces: what there is of the body, its last byte comes with the last of them.
        let (done, end) = (
            bytes.len() - rest.len(),
            bytes.len() * piece as usize / PIECES as usize,
        );
        wire.write_all(&rest.split_to(end - done)).await?;
        wire.flush().await?;
    }
    Ok(())
}

/// A time that does not fit in is as good as the end of all of them.
fn later(start: Instant, after: Duration) -> Instant {
    const YEARS: Duration = Duration::from_secs(30 * 365 * 86_400);
    start.checked_add(after.min(YEARS)).unwrap_or(start)
}

async fn fill(wire: &mut impl Wire, block: &[u8], bytes: u64) -> io::Result<()> {
    let mut left = bytes;
    while left > 0 {
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(block.len());
        let part = block.get(..size).unwrap_or(block);
        wire.write_all(part).await?;
        left = left.saturating_sub(length(part));
    }
    Ok(())
}

/// Whatever the client still sends is of no interest.
async fn until_it_leaves(wire: &mut impl Wire) -> io::Result<()> {
    let mut ignored = [0; 1024];
    while wire.read(&mut ignored).await? > 0 {}
    Ok(())
}

#[derive(Debug, Clone, Copy)]
enum Framing {
    Length(u64),
    Chunked,
}

/// The head of a response as it stands on the wire. The connection ends with it, and it says so.
fn head(mut parts: Parts, framing: Framing) -> Bytes {
    frame(&mut parts.headers, framing);
    let reason = parts.status.canonical_reason().unwrap_or("Unknown");
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", parts.status.as_u16()).into_bytes();
    for (name, value) in &parts.headers {
        let field = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"];
        head.extend(field.into_iter().flatten());
    }
    head.extend(b"\r\n");
    Bytes::from(head)
}

fn frame(headers: &mut HeaderMap, framing: Framing) {
    headers.remove(CONTENT_LENGTH);
    headers.remove(TRANSFER_ENCODING);
    match framing {
        Framing::Length(length) => headers.insert(CONTENT_LENGTH, HeaderValue::from(length)),
        Framing::Chunked => headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked")),
    };
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
