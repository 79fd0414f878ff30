//! Blocks cut to what one request takes, and put into requests.
//!
//! Notion refuses a whole request that is beyond one of its limits, with 400 `validation_error`. What is too large is cut
//! into several of the same kind, one behind the other, and its text stays in order.

use crate::block::{Block, Kind};
use crate::text::{MAX_UNITS, RichText, cut};

/// The most elements that an array may have: of children, of rich texts, of cells.
pub const MAX_ARRAY: usize = 100;
/// The most blocks in one request, counted with all that are inside others.
pub const MAX_BLOCKS: usize = 1_000;
/// The most bytes of blocks in one request. Notion takes 500 KB; the rest is for what is around them.
pub const MAX_BYTES: usize = 440_000;

/// The most bytes of a block with all that is in it, by how deep it is inside others. A block at any depth has room for
/// several of the next.
const MAX_BYTES_AT: [usize; 3] = [MAX_BYTES, 120_000, 30_000];

/// Blocks of which each can be sent. Those that could already stay as they are.
///
/// A block goes on in another of its kind: after 100 runs of text or 30,000 bytes of them as they are sent, and after as
/// many blocks inside it as one array and one request take. Those are all in the last part of the text and behind it.
/// Notion counts each part of a numbered item as an item. A box is checked or not in all parts; of a table only the first
/// has a heading, and a caption stands below the last part of its code.
///
/// What a cell has no room for goes on in the row below, where cells that have said all are empty. The columns share 30,000
/// bytes of a row: with one or two of them each run of text may have 2,000 characters, with more a sixth of the column's
/// bytes, which are 50 with 100 columns.
pub fn fit(blocks: Vec<Block>) -> Vec<Block> {
    fit_at(blocks, 0)
}

fn fit_at(blocks: Vec<Block>, depth: usize) -> Vec<Block> {
    blocks
        .into_iter()
        .flat_map(|block| fit_one(block, depth))
        .collect()
}

fn fit_one(block: Block, depth: usize) -> Vec<Block> {
    let Block {
        kind,
        text,
        children,
    } = block;
    match kind {
        Kind::Row(cells) => rows(cells),
        Kind::Table { width, header } => tables(width, header, children, depth),
        kind => {
            let mut fitted = texts(kind, text);
            with_children(&mut fitted, fit_at(children, depth + 1), depth);
            fitted
        }
    }
}

/// One block for every so many rich texts; an empty one if there is none.
fn texts(kind: Kind, text: Vec<RichText>) -> Vec<Block> {
    let (kind, caption) = without_caption(kind);
    let parts = parts(cut(text, MAX_UNITS), RichText::json, MAX_BYTES_AT[2]);
    let block = |text| Block::with_text(kind.clone(), text);
    let mut blocks: Vec<_> = parts.into_iter().map(block).collect();
    if blocks.is_empty() {
        blocks.push(Block::new(kind));
    }
    // A caption stands below the code; what it has no room for goes on as text.
    let mut caption = cut(caption, MAX_UNITS).into_iter();
    if let Some(Block {
        kind: Kind::Code { caption: below, .. },
        ..
    }) = blocks.last_mut()
    {
        below.extend(caption.next());
    }
    let rest: Vec<_> = caption.collect();
    if !rest.is_empty() {
        blocks.extend(texts(Kind::Paragraph, rest));
    }
    blocks
}

fn without_caption(kind: Kind) -> (Kind, Vec<RichText>) {
    match kind {
        Kind::Code { language, caption } => {
            let caption_later = Vec::new();
            (
                Kind::Code {
                    language,
                    caption: caption_later,
                },
                caption,
            )
        }
        kind => (kind, Vec::new()),
    }
}

/// Gives the last of the blocks its children, and puts more blocks of the kind behind it where they are too many.
fn with_children(blocks: &mut Vec<Block>, children: Vec<Block>, depth: usize) {
    let most = MAX_BYTES_AT.get(depth).copied().unwrap_or(MAX_BYTES_AT[2]);
    // The block itself may have as many bytes as the smallest may.
    let mut parts = groups(children, most.saturating_sub(MAX_BYTES_AT[2])).into_iter();
    let Some(last) = blocks.last_mut() else {
        return;
    };
    last.children = parts.next().unwrap_or_default();
    let kind = last.kind.clone();
    blocks.extend(parts.map(|children| Block {
        kind: kind.clone(),
        text: Vec::new(),
        children,
    }));
}

/// A table for every so many rows; only the first has the heading.
fn tables(width: usize, header: bool, rows: Vec<Block>, depth: usize) -> Vec<Block> {
    let most = MAX_BYTES_AT.get(depth).copied().unwrap_or(MAX_BYTES_AT[2]);
    let parts = groups(
        fit_at(rows, depth + 1),
        most.saturating_sub(MAX_BYTES_AT[2]),
    );
    let table = |(number, children)| Block {
        kind: Kind::Table {
            width,
            header: header && number == 0,
        },
        text: Vec::new(),
        children,
    };
    parts.into_iter().enumerate().map(table).collect()
}

/// Rows of which each can be sent: what a cell has no room for goes on in the row below.
fn rows(cells: Vec<Vec<RichText>>) -> Vec<Block> {
    let most = MAX_BYTES_AT[2] / cells.len().max(1);
    // A UTF-16 unit has at most six bytes in JSON. Links come on top, and a row of 100 of the longest still fits.
    let units = (most / 6).min(MAX_UNITS);
    let column = |cell| parts(cut(cell, units), RichText::json, most).into_iter();
    let mut columns: Vec<_> = cells.into_iter().map(column).collect();
    let mut rows = Vec::new();
    loop {
        let cells: Vec<_> = columns.iter_mut().map(Iterator::next).collect();
        if !rows.is_empty() && cells.iter().all(Option::is_none) {
            return rows;
        }
        let cells = cells.into_iter().map(Option::unwrap_or_default).collect();
        rows.push(Block::new(Kind::Row(cells)));
    }
}

/// Groups of blocks that one array takes, none of them empty.
fn groups(blocks: Vec<Block>, most: usize) -> Vec<Vec<Block>> {
    let mut groups: Vec<Vec<Block>> = Vec::new();
    let (mut bytes, mut count) = (0, 0);
    for block in blocks {
        let (size, blocks) = (size(&block), block.count());
        // The block that they are put into counts too.
        match groups.last_mut() {
            Some(group)
                if group.len() < MAX_ARRAY
                    && bytes + size <= most
                    && count + blocks < MAX_BLOCKS =>
            {
                (bytes, count) = (bytes + size, count + blocks);
                group.push(block);
            }
            _ => {
                (bytes, count) = (size, blocks);
                groups.push(vec![block]);
            }
        }
    }
    groups
}

/// Runs of elements that one array takes.
fn parts<T>(elements: Vec<T>, json: impl Fn(&T) -> serde_json::Value, most: usize) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    let mut bytes = 0;
    for element in elements {
        let size = json(&element).to_string().len() + 1;
        match parts.last_mut() {
            Some(part) if part.len() < MAX_ARRAY && bytes + size <= most => {
                bytes += size;
                part.push(element);
            }
            _ => {
                bytes = size;
                parts.push(vec![element]);
            }
        }
    }
    parts
}

fn size(block: &Block) -> usize {
    block.json().to_string().len() + 1
}

/// How many of these blocks the next request takes: at least one, if there is one.
pub fn next_request(blocks: &[Block]) -> usize {
    let (mut bytes, mut count) = (0, 0);
    let fits = |block: &&Block| {
        bytes += size(block);
        count += block.count();
        bytes <= MAX_BYTES && count <= MAX_BLOCKS
    };
    let fitting = blocks.iter().take(MAX_ARRAY).take_while(fits).count();
    fitting.max(usize::from(!blocks.is_empty()))
}
