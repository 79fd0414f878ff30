//! Tables that Notion has no room for, and cells that their tables have no column for.

use super::inline::push;
use crate::block::{Block, Kind, plain};
use crate::text::RichText;

/// A table where there can be none: a line for each row.
pub(super) fn as_paragraph(table: Block) -> Block {
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

/// What is read of the cells beyond the last column, given the rest of the row's source: as it is written, but for `\|`,
/// which is how a pipe is written in a cell.
pub(super) fn surplus(rest: &str) -> String {
    let mut cells: Vec<_> = split(rest).map(str::trim).collect();
    while cells.pop_if(|cell| cell.is_empty()).is_some() {}
    let empty = cells.iter().take_while(|cell| cell.is_empty()).count();
    let cells = cells.into_iter().skip(empty);
    cells
        .flat_map(|cell| [" | ".to_owned(), cell.replace("\\|", "|")])
        .collect()
}

/// The parts between pipes that are not escaped. In a table every pipe behind a backslash is, even behind two.
fn split(row: &str) -> impl Iterator<Item = &str> {
    let mut before = ' ';
    row.split(move |c| {
        let ends = c == '|' && before != '\\';
        before = c;
        ends
    })
}
