//! Blocks out of the parser's events.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::inline::{Mark, Styles, push};
use super::nesting::Nesting;
use super::table;
use crate::block::{Block, Kind};
use crate::language;
use crate::text::RichText;

pub(super) struct Builder<'a> {
    source: &'a str,
    nesting: Nesting,
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
            nesting: Nesting::default(),
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
                self.nesting.put_new(Block::new(Kind::Divider));
            }
            Event::TaskListMarker(checked) => self.mark_item(checked),
        }
    }

    pub(super) fn finish(mut self) -> Nesting {
        while !self.nesting.is_empty() {
            self.close();
        }
        self.nesting
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
            Tag::Paragraph if self.nesting.opens_container() => self.nesting.merge(),
            Tag::Heading { level, .. } => self.nesting.begin(Kind::Heading(heading(level))),
            Tag::BlockQuote(_) | Tag::Item if self.nesting.is_full() => self.nesting.skip(),
            Tag::BlockQuote(_) => self.nesting.begin(Kind::Quote),
            Tag::CodeBlock(kind) => self.nesting.begin(code(&kind)),
            Tag::HtmlBlock => self.nesting.begin(Kind::Code {
                language: "html",
                caption: Vec::new(),
            }),
            Tag::List(first) => self.lists.push(first.is_some()),
            Tag::Item => {
                let numbered = self.lists.last().copied().unwrap_or_default();
                self.nesting.begin(if numbered {
                    Kind::Numbered
                } else {
                    Kind::Bulleted
                });
            }
            Tag::Table(columns) => self.nesting.begin(Kind::Table {
                width: columns.len().max(1),
                header: true,
            }),
            Tag::TableHead | Tag::TableRow => self.nesting.begin_inside(Kind::Row(Vec::new())),
            // A cell gathers its text as a paragraph would; so does what extensions might bring.
            Tag::TableCell => self.nesting.begin_inside(Kind::Paragraph),
            _ => self.nesting.begin(Kind::Paragraph),
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
            // The innermost are those that were skipped.
            TagEnd::BlockQuote(_) | TagEnd::Item if self.nesting.skips() => self.nesting.unskip(),
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
        if !self.nesting.takes_text() {
            self.nesting.begin_implied();
        }
        if let Some(frame) = self.nesting.top() {
            push(&mut frame.block.text, text);
        }
    }

    fn mark_item(&mut self, checked: bool) {
        if self.nesting.skips() {
            return self.text(if checked { "[x] " } else { "[ ] " }, false);
        }
        if let Some(frame) = self.nesting.top() {
            frame.block.kind = Kind::ToDo(checked);
        }
    }

    fn end_implied(&mut self) {
        if self.nesting.is_implied() {
            self.close();
        }
    }

    /// Ends what began last.
    fn close(&mut self) {
        let Some(mut frame) = self.nesting.pop() else {
            return;
        };
        let block = &mut frame.block;
        if matches!(block.kind, Kind::Code { .. })
            && let Some(last) = block.text.last_mut()
            && last.content.ends_with('\n')
        {
            // The line end before the closing fence.
            last.content.pop();
        }
        self.nesting.put(frame);
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.nesting.pop() else {
            return;
        };
        if let Some(cells) = self.row() {
            cells.push(cell.block.text);
        }
    }

    /// Cells beyond the columns of the table are not told by the parser; their text goes to the last cell.
    fn surplus_cells(&mut self, row_end: usize) {
        let rest = self.source.get(self.cell_end..row_end).unwrap_or_default();
        let text = table::surplus(rest);
        if let Some(last) = self.row().and_then(|cells| cells.last_mut()) {
            push(last, RichText::plain(text));
        }
    }

    /// The cells of the row that is open.
    fn row(&mut self) -> Option<&mut Vec<Vec<RichText>>> {
        match &mut self.nesting.top()?.block.kind {
            Kind::Row(cells) => Some(cells),
            _ => None,
        }
    }
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
