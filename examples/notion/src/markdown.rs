//! Markdown to blocks.
//!
//! No text is lost: what Notion has no block for stays readable as text. `docs/notion.md` has the table.

mod builder;
mod inline;
mod nesting;
mod table;

#[cfg(test)]
mod tests;

use pulldown_cmark::{Options, Parser};

use self::builder::Builder;
use self::nesting::Nesting;
use crate::block::Block;

/// The blocks of a text in `CommonMark` with tables, task lists and strikethrough. They may be larger than one request
/// takes: [`fit`](crate::fit::fit) sees to that.
///
/// ```
/// use wait_or_die_example_notion::{markdown, Kind};
///
/// let blocks = markdown::blocks("# Done\n\n- [x] orders\n- [ ] prices");
/// let kinds: Vec<_> = blocks.iter().map(|block| &block.kind).collect();
/// assert_eq!(kinds, [&Kind::Heading(1), &Kind::ToDo(true), &Kind::ToDo(false)]);
/// ```
pub fn blocks(markdown: &str) -> Vec<Block> {
    built(markdown).done
}

/// What has become of all of it.
fn built(markdown: &str) -> Nesting {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder::new(markdown);
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        builder.take(event, range);
    }
    builder.finish()
}
