//! Whatever is cut, the text stays whole and every request is within Notion's limits.

use proptest::prelude::*;
use serde_json::Map;
use wait_or_die_example_notion::fake::{self, FakeNotion};
use wait_or_die_example_notion::text::{MAX_UNITS, RichText, pieces, units};
use wait_or_die_example_notion::{Block, Kind, NewPage, Parent, fit, markdown, plain};

mod common;

/// All text of blocks, in order.
fn all(blocks: &[Block]) -> String {
    let mut text = String::new();
    for block in blocks {
        text.push_str(&plain(&block.text));
        match &block.kind {
            Kind::Row(cells) => text.extend(cells.iter().map(|cell| plain(cell))),
            Kind::Code { caption, .. } => text.push_str(&plain(caption)),
            _ => {}
        }
        text.push_str(&all(&block.children));
    }
    text
}

#[test]
fn an_emoji_is_not_cut_and_counts_as_notion_counts() {
    let family = "👨‍👩‍👧‍👦"; // one cluster of eleven units
    assert_eq!(units(family), 11);
    let text = format!("{}{family}{}", "a".repeat(1_995), "b".repeat(10));
    assert_eq!(pieces(&text, MAX_UNITS), [&text[..1_995], &text[1_995..]]);
    // Exactly full, and one too many.
    assert_eq!(pieces(&"é".repeat(2_000), MAX_UNITS).len(), 1);
    assert_eq!(pieces(&"😀".repeat(1_000), MAX_UNITS).len(), 1);
    assert_eq!(pieces(&"😀".repeat(1_001), MAX_UNITS).len(), 2);
    // A letter under so many accents that it has to be cut.
    let zalgo = format!("a{}", "\u{301}".repeat(5_000));
    assert_eq!(
        pieces(&zalgo, MAX_UNITS)
            .iter()
            .map(|piece| units(piece))
            .collect::<Vec<_>>(),
        [2_000, 2_000, 1_001]
    );
}

#[test]
fn requests_are_filled_and_not_beyond() {
    let items = |inside: usize| {
        let leaf = Block::with_text(Kind::Paragraph, vec![RichText::plain("a")]);
        Block {
            children: vec![leaf; inside],
            ..Block::with_text(Kind::Bulleted, vec![RichText::plain("b")])
        }
    };
    // By the length of the array, by all blocks, by bytes.
    assert_eq!(fit::next_request(&vec![items(0); 300]), 100);
    assert_eq!(fit::next_request(&vec![items(19); 300]), 50);
    let long = Block::with_text(
        Kind::Paragraph,
        vec![RichText::plain("\u{1}".repeat(2_000))],
    );
    assert_eq!(fit::next_request(&vec![long; 300]), 36);
    assert_eq!(fit::next_request(&[]), 0);
    // More children than an array takes go on in another item.
    let many = fit::fit(vec![items(250)]);
    assert_eq!(
        many.iter()
            .map(|item| item.children.len())
            .collect::<Vec<_>>(),
        [100, 100, 50]
    );
}

#[test]
fn a_long_table_has_one_heading() {
    let row = Block::new(Kind::Row(vec![vec![RichText::plain("a")]]));
    let kind = Kind::Table {
        width: 1,
        header: true,
    };
    let table = Block {
        children: vec![row; 250],
        ..Block::new(kind.clone())
    };
    let without = Kind::Table {
        width: 1,
        header: false,
    };
    let tables = fit::fit(vec![table]);
    assert_eq!(
        tables.iter().map(|table| &table.kind).collect::<Vec<_>>(),
        [&kind, &without, &without]
    );
    assert_eq!(
        tables
            .iter()
            .map(|table| table.children.len())
            .collect::<Vec<_>>(),
        [100, 100, 50]
    );
}

/// The lengths of the texts of each cell, row by row.
fn lengths(table: &Block) -> Vec<Vec<Vec<usize>>> {
    let lengths = |cell: &Vec<RichText>| cell.iter().map(|text| units(&text.content)).collect();
    let rows = table.children.iter().map(|row| match &row.kind {
        Kind::Row(cells) => cells.iter().map(lengths).collect(),
        kind => panic!("{kind:?}"),
    });
    rows.collect()
}

#[test]
fn a_cell_goes_on_in_the_row_below() {
    let table = |cells: &[&str]| {
        let cell = |text: &&str| vec![RichText::plain(*text)];
        let row = |cells: &[&str]| Block::new(Kind::Row(cells.iter().map(cell).collect()));
        let kind = Kind::Table {
            width: cells.len(),
            header: true,
        };
        Block {
            children: vec![row(cells), row(&vec!["z"; cells.len()])],
            ..Block::new(kind)
        }
    };
    let only = |table: Block| match fit::fit(vec![table]).as_slice() {
        // A heading that goes on is one row of it: Notion has no more.
        [only] => {
            assert!(matches!(only.kind, Kind::Table { header: true, .. }));
            lengths(only)
        }
        tables => panic!("{} tables", tables.len()),
    };
    // The columns share 30,000 bytes: seven texts of 2,000 letters each in one of two. The others have nothing below; the
    // row that follows in the report follows.
    let (long, short) = ("a".repeat(30_500), "b".repeat(2_001));
    assert_eq!(
        only(table(&[&long, &short])),
        [
            vec![vec![2_000; 7], vec![2_000, 1]],
            vec![vec![2_000; 7], vec![]],
            vec![vec![2_000, 500], vec![]],
            vec![vec![1], vec![1]],
        ]
    );
    // Of 100 columns each has 50 letters, should they be the longest that there are.
    let mut cells = vec!["b"; 100];
    let long = "\u{1}".repeat(120);
    cells[99] = &long;
    let rows = only(table(&cells));
    let last: Vec<_> = rows.iter().map(|row| row[99].clone()).collect();
    assert_eq!(last, [[50], [50], [20], [1]]);
    assert_eq!(rows[1][..99], vec![Vec::<usize>::new(); 99]);
}

#[test]
fn what_goes_on_is_of_the_same_kind() {
    let leaf = || Block::with_text(Kind::Paragraph, vec![RichText::plain("inside")]);
    let split = |kind: Kind| {
        let item = Block {
            children: vec![leaf(); 150],
            ..Block::with_text(kind.clone(), vec![RichText::plain("a".repeat(30_000))])
        };
        let next = Block::with_text(kind, vec![RichText::plain("next")]);
        fit::fit(vec![item, next])
    };
    let shape = |block: &Block| (units(&block.plain_text()), block.children.len());
    // Text first, 30,000 bytes of it; then what is inside. So a list of two counts to four.
    for kind in [
        Kind::Numbered,
        Kind::Bulleted,
        Kind::ToDo(true),
        Kind::Quote,
    ] {
        let blocks = split(kind.clone());
        assert!(blocks.iter().all(|block| block.kind == kind), "{kind:?}");
        assert_eq!(
            blocks.iter().map(shape).collect::<Vec<_>>(),
            [(28_000, 0), (2_000, 100), (0, 50), (4, 0)]
        );
    }
    // Code goes on in the same language; the caption stands below the last.
    let caption = vec![RichText::plain("c")];
    let code = |caption| Kind::Code {
        language: "rust",
        caption,
    };
    let text = vec![RichText::plain("a".repeat(30_000))];
    let blocks = fit::fit(vec![Block::with_text(code(caption.clone()), text)]);
    let kinds: Vec<_> = blocks.iter().map(|block| &block.kind).collect();
    assert_eq!(kinds, [&code(Vec::new()), &code(caption)]);
}

proptest! {
    // Megabytes each.
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn pieces_are_the_text(text in "(\\PC|👨‍👩‍👧|e\u{301}|😀|中|\n){0,400}", max in 2..64_usize) {
        let pieces = pieces(&text, max);
        prop_assert_eq!(&pieces.concat(), &text);
        prop_assert!(pieces.iter().all(|piece| !piece.is_empty() && units(piece) <= max));
        // None could have taken the next one's first cluster.
        for pair in pieces.windows(2) {
            let first = unicode_segmentation::UnicodeSegmentation::graphemes(pair[1], true).next().unwrap();
            prop_assert!(units(pair[0]) + units(first) > max || units(first) > max);
        }
    }

    #[test]
    fn blocks_of_any_size_fit(blocks in prop::collection::vec(block(), 0..5)) {
        let fitted = fit::fit(blocks.clone());
        let tables = blocks.iter().any(|block| matches!(block.kind, Kind::Table { .. }));
        if tables {
            // A cell goes on in the row below, behind its neighbours.
            let sorted = |text: String| { let mut chars: Vec<_> = text.chars().collect(); chars.sort_unstable(); chars };
            prop_assert_eq!(sorted(all(&fitted)), sorted(all(&blocks)));
        } else {
            prop_assert_eq!(all(&fitted), all(&blocks));
        }
        prop_assert_eq!(fit::fit(fitted.clone()), fitted.clone(), "what fits stays as it is");
        let mut rest = fitted.as_slice();
        while !rest.is_empty() {
            let next = fit::next_request(rest);
            let request = serde_json::json!({ "children": rest[..next].iter().map(Block::json).collect::<Vec<_>>() });
            prop_assert_eq!(fake::check(&request), Ok(()));
            rest = &rest[next..];
        }
    }
}

fn texts() -> impl Strategy<Value = Vec<RichText>> {
    let times = prop_oneof![6 => 1..20_usize, 1 => 1_900..6_000_usize];
    let text =
        ("[a-c]{1,8}|[中文😀]{1,4}|\u{1}", times, any::<bool>()).prop_map(|(unit, times, bold)| {
            let mut text = RichText::plain(unit.repeat(times));
            text.style.bold = bold;
            text
        });
    prop::collection::vec(text, 0..3)
}

fn block() -> impl Strategy<Value = Block> {
    let leaf = leaf().boxed();
    let second = prop_oneof![leaf.clone(), item(leaf.clone())].boxed();
    prop_oneof![3 => leaf, 2 => item(second), 1 => table()]
}

fn leaf() -> impl Strategy<Value = Block> {
    let code = |caption| Kind::Code {
        language: "rust",
        caption,
    };
    let kind = prop_oneof![
        Just(Kind::Paragraph),
        Just(Kind::Heading(2)),
        Just(Kind::Divider),
        texts().prop_map(code),
    ];
    (kind, texts()).prop_map(|(kind, mut text)| {
        text.retain(|_| kind != Kind::Divider);
        Block::with_text(kind, text)
    })
}

/// An item with a few blocks inside, or more than an array takes.
fn item(inner: BoxedStrategy<Block>) -> impl Strategy<Value = Block> {
    let many = prop_oneof![8 => 1..5_usize, 1 => 95..210_usize];
    let inside = prop::collection::vec(inner, 1..4);
    (texts(), inside, many).prop_map(|(text, inside, many)| Block {
        children: inside.iter().cloned().cycle().take(many).collect(),
        ..Block::with_text(Kind::Bulleted, text)
    })
}

fn table() -> impl Strategy<Value = Block> {
    let cells = prop::collection::vec(texts(), 1..4);
    (1..101_usize, cells, 1..120_usize).prop_map(|(width, cells, rows)| {
        let cell = |number: usize| cells[number % cells.len()].iter().map(short).collect();
        let row = |row: usize| Block::new(Kind::Row((row..row + width).map(cell).collect()));
        Block {
            children: (0..rows.min(600 / width).max(1)).map(row).collect(),
            ..Block::new(Kind::Table {
                width,
                header: true,
            })
        }
    })
}

/// Cells would make tables of megabytes otherwise.
fn short(text: &RichText) -> RichText {
    RichText {
        content: text.content.chars().take(300).collect(),
        ..text.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn what_notion_holds_is_the_text() {
    let _scope = wait_or_die::testing::scope(1);
    let paragraph = "为什么 ünïcödé 👨‍👩‍👧‍👦 ".repeat(3_000);
    let code = "let a = \"\u{1F600}\";\n".repeat(60_000);
    let list: Vec<_> = (1..=2_500)
        .map(|n| format!("- item {n}\n  - inside {n}\n"))
        .collect();
    let list = list.concat();
    let table: Vec<_> = (1..=350)
        .map(|n| format!("| {n} | {} |\n", "x".repeat(50)))
        .collect();
    let table = table.concat();
    let source =
        format!("{paragraph}\n\n```rust\n{code}```\n\n{list}\n\n| n | x |\n|---|---|\n{table}");
    let bench = common::Bench::with(
        FakeNotion::new(),
        wait_or_die_example_faults::Plan::healthy(),
    );
    let page = NewPage::with_properties(
        Parent::Page(fake::PARENT.to_owned()),
        "big",
        "Big",
        &source,
        Map::new(),
    );
    bench.notion.push_page(&page).await.unwrap();
    let held = bench.pages()[0].text();
    assert_eq!(held, all(&markdown::blocks(&source)));
    assert!(held.contains(paragraph.trim_end()) && held.contains(code.trim_end()));
    assert_eq!(bench.requests().len(), 30);
}
