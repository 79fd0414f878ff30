//! Blocks out of the parser's events.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::inline::{Mark, Styles, push};
use crate::block::{Block, Kind, plain};
use crate::fit::MAX_ARRAY;
use crate::language;
use crate::text::RichText;

/// How deep blocks may be inside others in one request: two levels below the first.
const DEEPEST: usize = 2;

/// Something that began and has not ended.
enum Open {
    Block(Frame),
    /// A paragraph whose text is that of the item or quotation that it opens.
    Merged,
}

struct Frame {
    block: Block,
    /// Blocks from inside it that are too deep to stay there: they follow it.
    after: Vec<Block>,
    /// A paragraph that the parser does not tell of: text behind a block in a tight list.
    implied: bool,
}

pub(super) struct Builder<'a> {
    source: &'a str,
    open: Vec<Open>,
    done: Vec<Block>,
    styles: Styles,
    /// The lists that are open; whether they are numbered.
    lists: Vec<bool>,
    /// Where the last cell of a table ended.
    cell_end: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            open: Vec::new(),
            done: Vec::new(),
            styles: Styles::default(),
            lists: Vec::new(),
            cell_end: 0,
        }
    }

    pub(super) fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag, range),
            // The last three belong to extensions that are not asked for.
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::FootnoteReference(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.text(&text, false),
            Event::Code(code) => self.text(&code, true),
            // Lines stay lines: a report's author saw them so, and Chinese has no spaces to join them with.
            Event::SoftBreak | Event::HardBreak => self.text("\n", false),
            Event::Rule => {
                self.end_implied();
                self.attach(Block::new(Kind::Divider), Vec::new());
            }
            Event::TaskListMarker(checked) => self.mark_item(checked),
        }
    }

    pub(super) fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => return self.styles.open(Mark::Italic),
            Tag::Strong => return self.styles.open(Mark::Bold),
            Tag::Strikethrough => return self.styles.open(Mark::Strikethrough),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => return self.link(link_type, &dest_url, &title),
            Tag::Image {
                dest_url, title, ..
            } => return self.styles.open_link(&dest_url, &title),
            _ => self.end_implied(),
        }
        match tag {
            Tag::Paragraph if self.opens_container() => self.open.push(Open::Merged),
            Tag::Heading { level, .. } => self.begin(Kind::Heading(heading(level))),
            Tag::BlockQuote(_) => self.begin(Kind::Quote),
            Tag::CodeBlock(kind) => self.begin(code(&kind)),
            Tag::HtmlBlock => self.begin(Kind::Code {
                language: "html",
                caption: Vec::new(),
            }),
            Tag::List(first) => self.lists.push(first.is_some()),
            Tag::Item => {
                let numbered = self.lists.last().copied().unwrap_or_default();
                self.begin(if numbered {
                    Kind::Numbered
                } else {
                    Kind::Bulleted
                });
            }
            Tag::Table(columns) => self.begin(Kind::Table {
                width: columns.len().max(1),
                header: true,
            }),
            Tag::TableHead | Tag::TableRow => self.begin(Kind::Row(Vec::new())),
            // A cell gathers its text as a paragraph would; so does what extensions might bring.
            _ => self.begin(Kind::Paragraph),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Emphasis => return self.styles.close(Mark::Italic),
            TagEnd::Strong => return self.styles.close(Mark::Bold),
            TagEnd::Strikethrough => return self.styles.close(Mark::Strikethrough),
            TagEnd::Link | TagEnd::Image => {
                for text in self.styles.close_link() {
                    self.push(text);
                }
                return;
            }
            _ => self.end_implied(),
        }
        match tag {
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::TableCell => {
                self.cell_end = range.end;
                self.end_cell();
            }
            TagEnd::TableRow | TagEnd::TableHead => {
                self.surplus_cells(range.end);
                self.close();
            }
            _ => self.close(),
        }
    }

    fn begin(&mut self, kind: Kind) {
        self.open.push(Open::Block(Frame {
            block: Block::new(kind),
            after: Vec::new(),
            implied: false,
        }));
    }

    fn link(&mut self, kind: LinkType, to: &CowStr<'_>, title: &str) {
        if kind == LinkType::Email {
            return self.styles.open_link(&format!("mailto:{to}"), title);
        }
        self.styles.open_link(to, title);
    }

    fn text(&mut self, content: &str, code: bool) {
        let text = self.styles.text(content, code);
        self.push(text);
    }

    fn push(&mut self, text: RichText) {
        if self
            .top()
            .is_none_or(|frame| is_container(&frame.block.kind) && !frame.block.children.is_empty())
            && !matches!(self.open.last(), Some(Open::Merged))
        {
            self.begin(Kind::Paragraph);
            if let Some(frame) = self.top() {
                frame.implied = true;
            }
        }
        if let Some(frame) = self.top() {
            push(&mut frame.block.text, text);
        }
    }

    /// The innermost open block.
    fn top(&mut self) -> Option<&mut Frame> {
        self.open.iter_mut().rev().find_map(|open| match open {
            Open::Block(frame) => Some(frame),
            Open::Merged => None,
        })
    }

    /// Whether a paragraph that begins here is the first thing in an item or a quotation.
    fn opens_container(&mut self) -> bool {
        let directly = matches!(self.open.last(), Some(Open::Block(_)));
        directly
            && self.top().is_some_and(|frame| {
                let block = &frame.block;
                is_container(&block.kind) && block.text.is_empty() && block.children.is_empty()
            })
    }

    fn mark_item(&mut self, checked: bool) {
        if let Some(frame) = self.top() {
            frame.block.kind = Kind::ToDo(checked);
        }
    }

    fn end_implied(&mut self) {
        if matches!(self.open.last(), Some(Open::Block(frame)) if frame.implied) {
            self.close();
        }
    }

    /// Ends what began last.
    fn close(&mut self) {
        let Some(Open::Block(Frame {
            mut block, after, ..
        })) = self.open.pop()
        else {
            return;
        };
        if matches!(block.kind, Kind::Code { .. })
            && let Some(last) = block.text.last_mut()
            && last.content.ends_with('\n')
        {
            // The line end before the closing fence.
            last.content.pop();
        }
        self.attach(block, after);
    }

    /// Puts a block where it belongs: into the one that is open, or behind it if that would be too deep.
    fn attach(&mut self, block: Block, after: Vec<Block>) {
        let depth = self
            .open
            .iter()
            .filter(|open| matches!(open, Open::Block(_)))
            .count();
        let block = match block.kind {
            Kind::Table { width, .. } if depth >= DEEPEST || width > MAX_ARRAY => {
                as_paragraph(block)
            }
            _ => block,
        };
        let is_row = matches!(block.kind, Kind::Row(_));
        let Some(frame) = self.top() else {
            self.done.push(block);
            return self.done.extend(after);
        };
        let to = if depth <= DEEPEST || is_row {
            &mut frame.block.children
        } else {
            &mut frame.after
        };
        to.push(block);
        to.extend(after);
    }

    fn end_cell(&mut self) {
        let Some(Open::Block(cell)) = self.open.pop() else {
            return;
        };
        if let Some(Frame {
            block: Block {
                kind: Kind::Row(cells),
                ..
            },
            ..
        }) = self.top()
        {
            cells.push(cell.block.text);
        }
    }

    /// Cells beyond the columns of the table are not told by the parser; their text goes to the last cell.
    fn surplus_cells(&mut self, row_end: usize) {
        let rest = self.source.get(self.cell_end..row_end).unwrap_or_default();
        let rest = rest.trim_matches(|c: char| c == '|' || c.is_whitespace());
        if rest.is_empty() {
            return;
        }
        let text = RichText::plain(format!(" | {rest}"));
        if let Some(Frame {
            block: Block {
                kind: Kind::Row(cells),
                ..
            },
            ..
        }) = self.top()
            && let Some(last) = cells.last_mut()
        {
            push(last, text);
        }
    }
}

const fn is_container(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Quote | Kind::Bulleted | Kind::Numbered | Kind::ToDo(_)
    )
}

const fn heading(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        _ => 4,
    }
}

/// A code block; what is said of it beside a language that Notion knows is its caption.
fn code(kind: &CodeBlockKind<'_>) -> Kind {
    let info = match kind {
        CodeBlockKind::Indented => "",
        CodeBlockKind::Fenced(info) => info.trim(),
    };
    let name = info.split([' ', ',', '{']).next().unwrap_or_default();
    let known = language::known(name);
    let rest = if known.is_some() {
        info.get(name.len()..).unwrap_or_default()
    } else {
        info
    };
    let rest = rest.trim_start_matches([' ', ',']);
    let caption = if rest.is_empty() {
        Vec::new()
    } else {
        vec![RichText::plain(rest)]
    };
    Kind::Code {
        language: known.unwrap_or(language::PLAIN),
        caption,
    }
}

/// A table where there can be none: a line for each row.
fn as_paragraph(table: Block) -> Block {
    let mut text = Vec::new();
    for (number, row) in table.children.into_iter().enumerate() {
        let Kind::Row(cells) = row.kind else { continue };
        if number > 0 {
            push(&mut text, RichText::plain("\n"));
        }
        for (column, cell) in cells.into_iter().enumerate() {
            if column > 0 {
                push(&mut text, RichText::plain(" | "));
            }
            if plain(&cell).is_empty() {
                continue;
            }
            for run in cell {
                push(&mut text, run);
            }
        }
    }
    Block::with_text(Kind::Paragraph, text)
}
