use super::*;

#[test]
fn the_tables_take_the_place_between_the_markers() {
    let page = std::env::temp_dir().join(format!("peers-{}.md", std::process::id()));
    let text = |tables: &str| format!("before\n{BEGIN}{tables}{END}after\n");
    std::fs::write(&page, text("old\n")).expect("a page");
    let replaced = replace(&page, "new\n");
    let written = std::fs::read_to_string(&page);
    std::fs::remove_file(&page).expect("the page is there");
    assert_eq!(replaced, Ok(()));
    assert_eq!(written.expect("a text"), text("\nnew\n"));
}

#[test]
fn a_page_without_markers_is_told() {
    let page = std::env::temp_dir().join(format!("peers-{}-bare.md", std::process::id()));
    let told = |text: &str| {
        std::fs::write(&page, text).expect("a page");
        replace(&page, "new\n").err().unwrap_or_default()
    };
    let (none, first) = (told("before\n"), told(&format!("before\n{BEGIN}old\n")));
    std::fs::remove_file(&page).expect("the page is there");
    assert!(none.ends_with("the first marker is missing"), "{none}");
    assert!(first.ends_with("the second marker is missing"), "{first}");
}
