//! What is pushed: a file that is read once, a title and properties that Notion takes.

use std::path::Path;

use common::Bench;
use serde_json::{Map, Value, json};
use wait_or_die::testing;
use wait_or_die_example_faults::Plan;
use wait_or_die_example_notion::fake;
use wait_or_die_example_notion::{
    MAX_PROPERTIES, MAX_REPORT, NewPage, NotionError, Parent, Token, file,
};

mod common;

fn entry(title: &str, markdown: &str, properties: Map<String, Value>) -> NewPage {
    let parent = Parent::DataSource {
        id: fake::DATA_SOURCE.to_owned(),
        id_property: Some("External ID".to_owned()),
    };
    NewPage::with_properties(parent, "a", title, markdown, properties)
}

/// Properties of so many texts with so many characters each.
fn texts(count: usize, characters: usize) -> Map<String, Value> {
    let text = json!({ "rich_text": [{ "text": { "content": "a".repeat(characters) } }] });
    (0..count)
        .map(|number| (format!("Text {number:02}"), text.clone()))
        .collect()
}

fn refused(page: &NewPage) -> String {
    match page.check().unwrap_err() {
        NotionError::Request(what) => what,
        error => panic!("{error:?}"),
    }
}

#[test]
fn properties_are_checked_with_the_page() {
    let name = Map::from_iter([("Name".to_owned(), json!({ "title": [] }))]);
    assert_eq!(
        refused(&entry("A", "", name)),
        "the property `Name` is the title, which is given by itself and only once: leave it out"
    );
    let status = Map::from_iter([("Status".to_owned(), json!({ "select": { "name": "Done" } }))]);
    assert!(entry("A", "", status.clone()).check().is_ok());
    let page = Parent::Page(fake::PARENT.to_owned());
    assert!(NewPage::new(page.clone(), "a", "A", "").check().is_ok());
    assert_eq!(
        refused(&NewPage::with_properties(page, "a", "A", "", status)),
        "a page under a page has no properties but its title"
    );
}

#[tokio::test(start_paused = true)]
async fn title_and_properties_fit_beside_the_largest_blocks() {
    let _scope = testing::scope(1);
    // Control characters are six bytes each as they are sent; the last paragraph fills what a request has for blocks.
    let (full, rest) = ("\u{1}".repeat(2_000), "\u{1}".repeat(785));
    let markdown = format!("{}{rest}\n\n{full}\n", format!("{full}\n\n").repeat(36));
    let page = |title: usize, markdown| entry(&"t".repeat(title), markdown, texts(28, 2_000));
    let titles: Vec<_> = (1..2_000).collect();
    let longest = titles.partition_point(|title| page(*title, "").check().is_ok());
    assert_eq!(
        refused(&page(longest + 1, &markdown)),
        format!(
            "the title and the properties have {} bytes as they are sent, and 59000 are the most",
            MAX_PROPERTIES + 1
        )
    );
    let bench = Bench::new(Plan::healthy());
    bench
        .notion
        .push_page(&page(longest, &markdown))
        .await
        .unwrap();
    assert_eq!(bench.requests(), "fca");
    assert_eq!(bench.pages()[0].title.len(), longest);
    let created = bench.server.requests()[1].body.len();
    assert_eq!(created, 499_048);
}

#[tokio::test]
async fn a_file_is_read_once_and_to_its_bound() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.txt");
    std::fs::write(&path, "1234567890").unwrap();
    assert_eq!(file::read(&path, 10).await.unwrap(), "1234567890");
    let told = async |most| file::read(&path, most).await.unwrap_err().to_string();
    assert_eq!(told(9).await, "it has more than 9 bytes");
    std::fs::write(&path, b"\xff").unwrap();
    assert_eq!(told(9).await, "it is not UTF-8");
    // As editors on Windows write it.
    std::fs::write(&path, "\u{feff}# T").unwrap();
    assert_eq!(file::read(&path, 9).await.unwrap(), "# T");
    // A device has no end.
    #[cfg(unix)]
    assert_eq!(
        file::read(Path::new("/dev/zero"), 9)
            .await
            .unwrap_err()
            .to_string(),
        "it has more than 9 bytes"
    );
}

#[tokio::test]
async fn a_report_or_a_token_beyond_its_bound_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.md");
    let of_size = |bytes: usize| {
        let file = std::fs::File::create(&path).unwrap();
        file.set_len(u64::try_from(bytes).unwrap()).unwrap();
    };
    of_size(MAX_REPORT + 1);
    let parent = Parent::Page(fake::PARENT.to_owned());
    let page = NewPage::from_file(parent, None, &path, Map::new()).await;
    assert_eq!(
        page.unwrap_err().to_string(),
        "cannot read the report: it has more than 16777216 bytes"
    );
    of_size(64 * 1024 + 1);
    assert_eq!(
        Token::from_file(&path).unwrap_err().to_string(),
        "cannot read the token's file: it has more than 65536 bytes"
    );
}

#[tokio::test]
async fn a_report_has_the_title_that_it_is_given_or_has() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nightly.v2.md");
    for (given, markdown, title) in [
        (
            None,
            "text\n\n#\n\n## The *first*\n\n# Another",
            "The first",
        ),
        (None, "Two\nlines\n=====\n", "Two lines"),
        (None, "text", "nightly.v2"),
        (Some("Given"), "# The first", "Given"),
    ] {
        std::fs::write(&path, markdown).unwrap();
        let parent = Parent::Page(fake::PARENT.to_owned());
        let page = NewPage::from_file(parent.clone(), given, &path, Map::new())
            .await
            .unwrap();
        // The same page as out of the text itself, under the file's name.
        let same = NewPage::new(parent, "nightly.v2.md", title, markdown);
        assert_eq!(page.external_id(), same.external_id(), "{title}");
        assert_eq!(page.full_title(), same.full_title());
        assert_eq!(page.blocks(), same.blocks());
    }
}

#[tokio::test]
async fn the_report_of_a_task_is_one_page_with_its_properties() {
    let _scope = testing::scope(2);
    let bench = Bench::new(Plan::healthy());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("task-7.md");
    std::fs::write(&path, "It went *well*.").unwrap();
    let properties =
        || Map::from_iter([("Status".to_owned(), json!({ "select": { "name": "Done" } }))]);
    let parent = || Parent::DataSource {
        id: fake::DATA_SOURCE.to_owned(),
        id_property: Some("External ID".to_owned()),
    };
    let push = || (bench.notion).push_task_report(parent(), "Task 7", &path, properties());
    let (first, second) = (push().await.unwrap(), push().await.unwrap());
    assert_eq!((first.created, second.created), (true, false));
    let pages = bench.pages();
    assert_eq!(pages.len(), 1);
    assert_eq!(
        (pages[0].title.as_str(), pages[0].text().as_str()),
        ("Task 7", "It went well.")
    );
    assert_eq!(pages[0].properties["Status"]["select"]["name"], "Done");

    let error =
        bench
            .notion
            .push_task_report(parent(), "Task 8", Path::new("/nowhere.md"), Map::new());
    assert!(matches!(error.await.unwrap_err(), NotionError::Report(_)));
    assert_eq!(bench.requests(), "fcfl");
}
