//! What becomes of Markdown, as a table.

use super::nesting::MOST_OPEN;
use super::{blocks, built};
use crate::block::{Block, Kind};
use crate::text::{RichText, Style};

/// Blocks as lines: kind, text with its styles, children indented.
fn told(markdown: &str) -> String {
    tell(&blocks(markdown), 0)
}

fn tell(blocks: &[Block], depth: usize) -> String {
    let lines = blocks.iter().map(|block| {
        let (indent, name, more) = ("  ".repeat(depth), block.kind.name(), more(&block.kind));
        let colon = if block.text.is_empty() { "" } else { ": " };
        let inside = tell(&block.children, depth + 1);
        format!(
            "{indent}{name}{more}{colon}{}\n{inside}",
            shown(&block.text)
        )
    });
    lines.collect::<Vec<_>>().concat()
}

/// What a kind of block has besides its name.
fn more(kind: &Kind) -> String {
    match kind {
        Kind::ToDo(checked) => if *checked { " [x]" } else { " [ ]" }.to_owned(),
        Kind::Code { language, caption } => format!(" ({language}) ({})", shown(caption)),
        Kind::Table { width, header } => format!(" {width} {header}"),
        Kind::Row(cells) => {
            let cells: Vec<_> = cells.iter().map(|cell| shown(cell)).collect();
            format!(" {}", cells.join(" ¦ "))
        }
        _ => String::new(),
    }
}

fn shown(texts: &[RichText]) -> String {
    texts.iter().map(one).collect()
}

fn one(text: &RichText) -> String {
    let Style {
        link,
        bold,
        italic,
        strikethrough,
        code,
    } = &text.style;
    let mut shown = text.content.replace('\n', "⏎");
    for (set, mark) in [
        (code, "`"),
        (italic, "_"),
        (bold, "*"),
        (strikethrough, "~"),
    ] {
        if *set {
            shown = format!("{mark}{shown}{mark}");
        }
    }
    link.as_ref()
        .map_or(shown.clone(), |link| format!("<{shown} → {link}>"))
}

#[test]
fn markdown_becomes_blocks() {
    for (markdown, blocks) in [
        ("", ""),
        ("a", "paragraph: a\n"),
        ("a\nb  \nc", "paragraph: a⏎b⏎c\n"),
        (
            "# a\n## b\n### c\n#### d\n###### e",
            "heading_1: a\nheading_2: b\nheading_3: c\nheading_4: d\nheading_4: e\n",
        ),
        ("a **b _c_** ~~d~~ `e`", "paragraph: a *b **_c_* ~d~ `e`\n"),
        ("---", "divider\n"),
        (
            "- a\n- b\n\n1. c",
            "bulleted_list_item: a\nbulleted_list_item: b\nnumbered_list_item: c\n",
        ),
        (
            "- a\n  1. b\n     - c\n- d",
            "bulleted_list_item: a\n  numbered_list_item: b\n    bulleted_list_item: c\nbulleted_list_item: d\n",
        ),
        ("- [x] a\n- [ ] b", "to_do [x]: a\nto_do [ ]: b\n"),
        (
            "- a\n\n  b\n\n- c",
            "bulleted_list_item: a\n  paragraph: b\nbulleted_list_item: c\n",
        ),
        (
            "- a\n  - b\n\n  c",
            "bulleted_list_item: a\n  bulleted_list_item: b\n  paragraph: c\n",
        ),
        ("- # a", "bulleted_list_item\n  heading_1: a\n"),
        (
            "> a\n>\n> b\n> - c",
            "quote: a\n  paragraph: b\n  bulleted_list_item: c\n",
        ),
        ("```rust\nlet a;\n```", "code (rust) (): let a;\n"),
        ("```rs,ignore\na\n```", "code (rust) (ignore): a\n"),
        (
            "```mystery one\na\n\n```",
            "code (plain text) (mystery one): a⏎\n",
        ),
        ("    a\n    b", "code (plain text) (): a⏎b\n"),
        ("<p>a</p>\n", "code (html) (): <p>a</p>\n"),
        ("a <b>c</b> &amp; \\*", "paragraph: a <b>c</b> & *\n"),
        ("[^1] $x$ :smile:", "paragraph: [^1] $x$ :smile:\n"),
    ] {
        assert_eq!(told(markdown), blocks, "{markdown}");
    }
}

#[test]
fn links_and_images_keep_where_they_lead() {
    for (markdown, paragraph) in [
        ("[a](https://b.example/c)", "<a → https://b.example/c>"),
        (
            "[**a** b](https://c.example/)",
            "<*a* → https://c.example/>< b → https://c.example/>",
        ),
        (
            "<https://a.example/>",
            "<https://a.example/ → https://a.example/>",
        ),
        ("<a@b.example>", "<a@b.example → mailto:a@b.example>"),
        // Notion takes absolute links only.
        ("[a](../b.md)", "a (../b.md)"),
        ("[a](#b)", "a (#b)"),
        ("[a](javascript:b)", "a (javascript:b)"),
        (
            "[](https://a.example/)",
            "<https://a.example/ → https://a.example/>",
        ),
        ("[](a.md)", "a.md"),
        (
            "[a](https://b.example/ \"c\")",
            "<a → https://b.example/> (c)",
        ),
        (
            "![a](https://b.example/c.png)",
            "<a → https://b.example/c.png>",
        ),
        (
            "![](https://b.example/c.png)",
            "<https://b.example/c.png → https://b.example/c.png>",
        ),
        ("![a](c.png)", "a (c.png)"),
        (
            "[![a](https://b.example/i.png)](https://c.example/)",
            "<a → https://b.example/i.png> (https://c.example/)",
        ),
    ] {
        assert_eq!(
            told(markdown),
            format!("paragraph: {paragraph}\n"),
            "{markdown}"
        );
    }
    let long = format!("[a](https://b.example/{})", "c".repeat(2_000));
    assert_eq!(
        told(&long),
        format!("paragraph: a (https://b.example/{})\n", "c".repeat(2_000))
    );
}

#[test]
fn tables_keep_every_cell() {
    let table =
        "| a | b |\n|---|:-:|\n| **c** | [d](https://e.example/) |\n| f |\n| g | h | i | `j` |\n";
    assert_eq!(
        told(table),
        "table 2 true\n  table_row a ¦ b\n  table_row *c* ¦ <d → https://e.example/>\n  table_row f ¦ \n  table_row g ¦ h | i | `j`\n"
    );
    // A pipe behind a backslash is one of the text, also at the ends, also behind two, also in cells without a column.
    let escaped = "| a \\| | `b\\|` |\n|---|---|\n| \\| c | d | \\| e | f \\| |\n| g | h | \\| |\n| i \\\\| j | k || l \\|";
    assert_eq!(
        told(escaped),
        "table 2 true\n  table_row a | ¦ `b|`\n  table_row | c ¦ d | | e | f |\n  table_row g ¦ h | |\n  table_row i | j ¦ k | l |\n"
    );
    // Two levels inside others there is no room for rows.
    let nested = "- a\n  - b\n\n    | c | d |\n    |---|---|\n    | `e` | f |\n";
    assert_eq!(
        told(nested),
        "bulleted_list_item: a\n  bulleted_list_item: b\n    paragraph: c | d⏎`e` | f\n"
    );
    let wide = format!("{}\n{}\n", "|a".repeat(101), "|-".repeat(101));
    assert_eq!(told(&wide), format!("paragraph: a{}\n", " | a".repeat(100)));
}

#[test]
fn what_is_too_deep_follows_in_order() {
    let deep = "- a\n  - b\n    - c\n      - d\n        - e\n    - f\n- g";
    assert_eq!(
        told(deep),
        "bulleted_list_item: a\n  bulleted_list_item: b\n    bulleted_list_item: c\n    bulleted_list_item: d\n    bulleted_list_item: e\n    bulleted_list_item: f\nbulleted_list_item: g\n"
    );
    // A block keeps its place among those around it, whether it has text before it or not.
    let mixed = "- a\n  - b\n    - ```\n      c\n      ```\n      d\n    - e\n      - f\n\n      g\n\n      ---\n";
    assert_eq!(
        told(mixed),
        "bulleted_list_item: a\n  bulleted_list_item: b\n    bulleted_list_item\n    code (plain text) (): c\n    paragraph: d\n    bulleted_list_item: e\n    bulleted_list_item: f\n    paragraph: g\n    divider\n"
    );
    // Of what is too deep only blocks that say something follow: text, a box, an item with nothing in it at all.
    assert_eq!(
        told("> - > > 1. - [x]\n>   > >    - a\n> - > -"),
        "quote\n  bulleted_list_item\n    quote\n    to_do [x]\n    bulleted_list_item: a\n  bulleted_list_item\n    quote\n    bulleted_list_item\n"
    );
}

#[test]
fn nesting_is_bounded_however_deep() {
    let innermost = "bulleted_list_item\n  bulleted_list_item\n    bulleted_list_item\n    paragraph: a\n    paragraph: b\n    paragraph: [x] c\n";
    // This is what an attacker sends.
    for levels in [1_000, 100_000] {
        let quotes = built(&format!("{}a", ">".repeat(levels)));
        let told = tell(&quotes.done, 0);
        assert_eq!(
            told, "quote\n  quote\n    quote\n    paragraph: a\n",
            "{levels}"
        );
        assert_eq!((quotes.most_open, quotes.moves), (MOST_OPEN + 1, 4 + 98));
    }
    let (dashes, indent) = ("- ".repeat(110), "  ".repeat(109));
    let items = format!("{dashes}a\n{indent}- b\n{indent}- [x] c");
    assert_eq!(told(&items), innermost);
}

#[test]
fn each_block_is_moved_a_fixed_number_of_times() {
    // Siblings at every level that there is, ten times as many: ten times the moves.
    let items = |siblings: usize| {
        let levels = 0..MOST_OPEN;
        let lines = levels.map(|level| format!("{}- a\n", "  ".repeat(level)).repeat(siblings));
        lines.collect::<String>()
    };
    let (few, many) = (built(&items(3)), built(&items(30)));
    let count = |blocks: &[Block]| blocks.iter().map(Block::count).sum::<usize>();
    assert_eq!((count(&few.done), count(&many.done)), (300, 3_000));
    // Once where it begins, and once more behind the block that it follows.
    assert_eq!(
        (few.moves, many.moves),
        (3 * 3 + 2 * 3 * 97, 3 * 30 + 2 * 30 * 97)
    );
}
