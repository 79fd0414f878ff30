//! Blocks inside blocks, no deeper than Notion takes them.

use super::table;
use crate::block::{Block, Kind};
use crate::fit::MAX_ARRAY;

/// How deep blocks may be inside others in one request: two levels below the first.
const DEEPEST: usize = 2;

/// How many blocks may be open at a time. A list's item or a quotation deeper inside others is no block of its own, only
/// what it holds: nobody writes so, and a line of `>` signs must not cost many times the memory that it has bytes.
pub(super) const MOST_OPEN: usize = 100;

/// Something that began and has not ended.
enum Open {
    Block(Frame),
    /// A paragraph whose text is that of the item or quotation that it opens.
    Merged,
}

impl Open {
    const fn block(&mut self) -> Option<&mut Frame> {
        match self {
            Self::Block(frame) => Some(frame),
            Self::Merged => None,
        }
    }
}

/// A block that is open.
pub(super) struct Frame {
    pub(super) block: Block,
    /// Where it goes among the blocks that are too deep; none if it goes into the block around it.
    place: Option<usize>,
    /// Whether a block began inside it. Text behind that is a paragraph of its own.
    filled: bool,
    /// A paragraph that the parser does not tell of: text behind a block in a tight list.
    implied: bool,
}

/// What is open, and what has become of what was.
///
/// Each block is put into its place once, and those that are too deep once more, whatever they are in.
#[derive(Default)]
pub(super) struct Nesting {
    open: Vec<Open>,
    /// How many of what is open are blocks.
    depth: usize,
    /// Items and quotations that are open without being blocks: those beyond `MOST_OPEN`.
    skipped: usize,
    pub(super) done: Vec<Block>,
    /// Blocks too deep to stay where they are, in the order in which they began. They follow the block at the deepest
    /// level that they are in.
    deep: Vec<Option<Block>>,
    /// How often a block was put somewhere.
    #[cfg(test)]
    pub(super) moves: usize,
    /// The most that was ever open.
    #[cfg(test)]
    pub(super) most_open: usize,
}

impl Nesting {
    pub(super) const fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    pub(super) fn begin(&mut self, kind: Kind) {
        let place = self.place();
        self.open(kind, place);
    }

    /// Begins a paragraph that ends with what comes next.
    pub(super) fn begin_implied(&mut self) {
        self.begin(Kind::Paragraph);
        if let Some(frame) = self.top() {
            frame.implied = true;
        }
    }

    /// Begins a part of a table, which stays in it whatever becomes of that.
    pub(super) fn begin_inside(&mut self, kind: Kind) {
        self.open(kind, None);
    }

    /// Begins a paragraph that is no block of its own.
    pub(super) fn merge(&mut self) {
        self.open.push(Open::Merged);
    }

    fn open(&mut self, kind: Kind, place: Option<usize>) {
        self.depth += 1;
        self.open.push(Open::Block(Frame {
            block: Block::new(kind),
            place,
            filled: false,
            implied: false,
        }));
        #[cfg(test)]
        {
            self.most_open = self.most_open.max(self.open.len());
        }
    }

    /// Keeps a place for a block that begins here, if it is too deep to stay in the one around it.
    fn place(&mut self) -> Option<usize> {
        self.fill();
        let too_deep = self.depth > DEEPEST;
        too_deep.then(|| {
            self.deep.push(None);
            self.deep.len() - 1
        })
    }

    fn fill(&mut self) {
        if let Some(frame) = self.top() {
            frame.filled = true;
        }
    }

    /// Whether what begins here is no block of its own.
    pub(super) const fn is_full(&self) -> bool {
        self.depth >= MOST_OPEN
    }

    /// Begins an item or a quotation that is no block of its own.
    pub(super) fn skip(&mut self) {
        self.skipped += 1;
        self.fill();
    }

    /// Whether the innermost item or quotation is no block of its own.
    pub(super) const fn skips(&self) -> bool {
        self.skipped > 0
    }

    /// Ends it.
    pub(super) const fn unskip(&mut self) {
        self.skipped = self.skipped.saturating_sub(1);
    }

    /// The innermost open block.
    pub(super) fn top(&mut self) -> Option<&mut Frame> {
        // A paragraph without a block has none inside it, so this is the last one or the one before.
        self.open.iter_mut().rev().find_map(Open::block)
    }

    /// Whether text that comes here belongs to the innermost block.
    pub(super) fn takes_text(&mut self) -> bool {
        matches!(self.open.last(), Some(Open::Merged))
            || self
                .top()
                .is_some_and(|frame| !(is_container(&frame.block.kind) && frame.filled))
    }

    /// Whether a paragraph that begins here is the first thing in an item or a quotation.
    pub(super) fn opens_container(&mut self) -> bool {
        let directly = matches!(self.open.last(), Some(Open::Block(_)));
        directly
            && self.top().is_some_and(|frame| {
                let block = &frame.block;
                is_container(&block.kind) && block.text.is_empty() && !frame.filled
            })
    }

    /// Whether what began last is a paragraph that the parser does not tell of.
    pub(super) fn is_implied(&self) -> bool {
        matches!(self.open.last(), Some(Open::Block(frame)) if frame.implied)
    }

    /// Takes what began last off what is open; nothing if it was no block.
    pub(super) fn pop(&mut self) -> Option<Frame> {
        match self.open.pop()? {
            Open::Block(frame) => {
                self.depth = self.depth.saturating_sub(1);
                Some(frame)
            }
            Open::Merged => None,
        }
    }

    /// Puts a block that has ended where it belongs. Left out is one that is too deep and has nothing to say: what was
    /// inside it follows anyway.
    pub(super) fn put(&mut self, frame: Frame) {
        let Frame {
            block,
            place,
            filled,
            ..
        } = frame;
        let says = !filled || !block.text.is_empty() || !is_bare(&block.kind);
        if says || place.is_none() {
            self.put_at(block, place);
        }
    }

    /// Puts a block where it belongs that begins and ends here.
    pub(super) fn put_new(&mut self, block: Block) {
        let place = self.place();
        self.put_at(block, place);
    }

    /// Into the block that is open, or to the place that was kept for it.
    fn put_at(&mut self, block: Block, place: Option<usize>) {
        let block = match block.kind {
            Kind::Table { width, .. } if self.depth >= DEEPEST || width > MAX_ARRAY => {
                table::as_paragraph(block)
            }
            _ => block,
        };
        // Only a block of the deepest level has any that follow it.
        let after = if place.is_none() && self.depth == DEEPEST {
            std::mem::take(&mut self.deep)
        } else {
            Vec::new()
        };
        #[cfg(test)]
        {
            self.moves += 1 + after.len();
        }
        if let Some(place) = place {
            if let Some(kept) = self.deep.get_mut(place) {
                *kept = Some(block);
            }
            return;
        }
        let around = self.open.iter_mut().rev().find_map(Open::block);
        let to = around.map_or(&mut self.done, |frame| &mut frame.block.children);
        to.push(block);
        to.extend(after.into_iter().flatten());
    }
}

const fn is_container(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Quote | Kind::Bulleted | Kind::Numbered | Kind::ToDo(_)
    )
}

/// Whether nothing is lost of a block without text, if what is inside it stays.
const fn is_bare(kind: &Kind) -> bool {
    matches!(kind, Kind::Quote | Kind::Bulleted | Kind::Numbered)
}
