//! The file format: a header, then records, each of which is whole or not there.
//!
//! ```text
//! header   magic            8 bytes, "WODLEDGR"
//!          format           u32
//!          generation       u64   one more with each checkpoint
//!          first sequence   u64   of the first record
//!          base             u64   length of the file when it was made: header and checkpoint
//!          checksum         u32   CRC32C of the above
//! record   length           u32   of the payload, never 0
//!          checksum         u32   CRC32C of sequence and payload
//!          sequence         u64   one more with each record, across generations
//!          payload                events, one after the other (postcard)
//! ```
//!
//! Numbers are little-endian. A batch of calls is one record, so that it is in effect as a whole or not at all, and so
//! that at most one record was not yet synced when the machine stopped. A damaged record with nothing valid behind it
//! therefore is taken for a torn tail; one with something valid behind it has been damaged later. A torn record may have
//! its whole length, with anything in the blocks that were not written: a last one that was damaged later looks the same.

use std::io;

use crc::{CRC_32_ISCSI, Crc, Table};

use super::entry::Event;
use super::files::Files;

static CRC32C: Crc<u32, Table<16>> = Crc::<u32, Table<16>>::new(&CRC_32_ISCSI);

const MAGIC: [u8; 8] = *b"WODLEDGR";
pub(super) const FORMAT: u32 = 1;

/// Longest payload of a record, in bytes.
pub(super) const LONGEST_RECORD: usize = 4 << 20;
/// Bytes of a record before its payload.
const HEAD: usize = 16;
/// What is read from a file at once, in bytes.
const CHUNK: usize = 256 << 10;

/// The beginning of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) generation: u64,
    pub(super) first_sequence: u64,
    /// What was synced before the file got its name: below it nothing can be torn.
    pub(super) base: u64,
}

/// Why bytes are no header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoHeader {
    Flaw(&'static str),
    Format(u32),
}

impl Header {
    pub(super) const LEN: usize = 40;

    pub(super) fn encode(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::LEN);
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&FORMAT.to_le_bytes());
        for number in [self.generation, self.first_sequence, self.base] {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes.extend_from_slice(&CRC32C.checksum(&bytes).to_le_bytes());
        bytes
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, NoHeader> {
        let mut rest = Fields(bytes);
        let fields = (|| {
            let (magic, format) = (rest.take::<8>()?, rest.u32()?);
            let numbers = (rest.u64()?, rest.u64()?, rest.u64()?);
            Some((magic, format, numbers, rest.u32()?))
        })();
        let Some((magic, format, (generation, first_sequence, base), checksum)) = fields else {
            return Err(NoHeader::Flaw("the header is cut short"));
        };
        if magic != MAGIC {
            return Err(NoHeader::Flaw("it does not begin as a ledger does"));
        }
        if format != FORMAT {
            return Err(NoHeader::Format(format));
        }
        let summed = bytes.get(..Self::LEN - 4).map(|sum| CRC32C.checksum(sum));
        if summed != Some(checksum) {
            return Err(NoHeader::Flaw("the header's checksum is wrong"));
        }
        Ok(Self {
            generation,
            first_sequence,
            base,
        })
    }
}

/// A record of `payload`, ready to be written.
pub(super) fn record(sequence: u64, payload: &[u8]) -> Vec<u8> {
    // Payloads are kept below `LONGEST_RECORD`; a length that lies would be refused by the reader.
    let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = Vec::with_capacity(HEAD + payload.len());
    bytes.extend_from_slice(&len.to_le_bytes());
    bytes.extend_from_slice(&checksum(sequence, payload).to_le_bytes());
    bytes.extend_from_slice(&sequence.to_le_bytes());
    bytes.extend_from_slice(payload);
    bytes
}

fn checksum(sequence: u64, payload: &[u8]) -> u32 {
    let mut digest = CRC32C.digest();
    digest.update(&sequence.to_le_bytes());
    digest.update(payload);
    digest.finalize()
}

/// Adds the event to a payload; on an error part of it may stand there.
pub(super) fn write_event(payload: &mut Vec<u8>, event: &Event) -> io::Result<()> {
    let written = postcard::to_io(event, payload);
    written.map(|_| ()).map_err(io::Error::other)
}

/// The events of a payload; an error in the place of what is none.
pub(super) fn events(mut payload: &[u8]) -> impl Iterator<Item = Result<Event, &'static str>> {
    std::iter::from_fn(move || {
        if payload.is_empty() {
            return None;
        }
        let Ok((event, rest)) = postcard::take_from_bytes(payload) else {
            payload = &[];
            return Some(Err("a record with a right checksum holds no events"));
        };
        payload = rest;
        Some(Ok(event))
    })
}

/// Where the next record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// In bytes from the beginning of the file.
    pub(super) at: u64,
    pub(super) sequence: u64,
}

/// How reading went on from a position.
#[derive(Debug)]
pub(super) enum Next<'a> {
    Record(&'a [u8], Position),
    /// No bytes are left.
    End,
    /// So many bytes are left; they are no record, and there is none among them.
    Torn(u64),
    /// No record, but one further on.
    Damaged,
}

/// Reads records from the first `len` bytes of a file.
pub(super) struct Reader<'a, F: Files> {
    files: &'a F,
    file: &'a mut F::File,
    len: u64,
    /// Part of the file, from `start` on.
    bytes: Vec<u8>,
    start: u64,
}

impl<'a, F: Files> Reader<'a, F> {
    pub(super) const fn new(files: &'a F, file: &'a mut F::File, len: u64) -> Self {
        Self {
            files,
            file,
            len,
            bytes: Vec::new(),
            start: 0,
        }
    }

    pub(super) fn next(&mut self, from: Position) -> io::Result<Next<'_>> {
        if from.at >= self.len {
            return Ok(Next::End);
        }
        let Some(len) = self.valid(from.at, from.sequence, from.sequence)? else {
            return if self.valid_behind(from)? {
                Ok(Next::Damaged)
            } else {
                Ok(Next::Torn(self.len - from.at))
            };
        };
        let begin = from.at + HEAD as u64;
        let next = Position {
            at: begin + len as u64,
            sequence: from.sequence.saturating_add(1),
        };
        // Just looked at, so it is there.
        let payload = self.bytes(begin, len)?.unwrap_or_default();
        Ok(Next::Record(payload, next))
    }

    /// The length of the payload, if there is a record at `at` with a sequence in these bounds.
    fn valid(&mut self, at: u64, lowest: u64, highest: u64) -> io::Result<Option<usize>> {
        let Some(mut head) = self.bytes(at, HEAD)?.map(Fields) else {
            return Ok(None);
        };
        let (Some(len), Some(sum), Some(sequence)) = (head.u32(), head.u32(), head.u64()) else {
            return Ok(None);
        };
        let len = len as usize;
        if !(1..=LONGEST_RECORD).contains(&len) || !(lowest..=highest).contains(&sequence) {
            return Ok(None);
        }
        let payload = self.bytes(at + HEAD as u64, len)?;
        let whole = payload.is_some_and(|payload| checksum(sequence, payload) == sum);
        Ok(whole.then_some(len))
    }

    /// Whether a record stands anywhere behind the position, with a sequence that it could have there.
    fn valid_behind(&mut self, from: Position) -> io::Result<bool> {
        let highest = from.sequence.saturating_add(self.len - from.at);
        for at in from.at + 1..self.len.saturating_sub(HEAD as u64) {
            if self.valid(at, from.sequence, highest)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// `None` if the file ends before that.
    fn bytes(&mut self, at: u64, len: usize) -> io::Result<Option<&[u8]>> {
        if at + len as u64 > self.len {
            return Ok(None);
        }
        let held = at.checked_sub(self.start);
        let held = held.and_then(|begin| usize::try_from(begin).ok());
        let begin = match held {
            Some(begin) if begin + len <= self.bytes.len() => begin,
            _ => {
                self.fill(at, len)?;
                0
            }
        };
        Ok(self.bytes.get(begin..begin + len))
    }

    fn fill(&mut self, at: u64, len: usize) -> io::Result<()> {
        let left = usize::try_from(self.len - at).unwrap_or(usize::MAX);
        self.bytes.resize(len.max(CHUNK).min(left), 0);
        self.start = at;
        let read = self.files.read_at(self.file, at, &mut self.bytes);
        self.bytes
            .truncate(read.as_ref().copied().unwrap_or_default());
        read.map(|_| ())
    }
}

/// Takes little-endian numbers off the front.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }
}
