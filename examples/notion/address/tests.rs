//! Every form of address that Notion gives.

use super::{data_source, page, server};

const PAGE: &str = "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d";
const HYPHENATED: &str = "1A2B3C4D-5E6F-7A8B-9C0D-1E2F3A4B5C6D";
const OTHER: &str = "ffffffffffffffffffffffffffffffff";

#[test]
fn a_page_has_the_id_that_its_address_means() {
    for written in [
        PAGE.to_owned(),
        HYPHENATED.to_owned(),
        format!(" {PAGE}\n"),
        format!("https://www.notion.so/{PAGE}"),
        format!("https://www.notion.so/{PAGE}/"),
        format!("https://www.notion.so/desk/{HYPHENATED}"),
        format!("www.notion.so/desk/Reports-{PAGE}"),
        format!("notion://www.notion.so/desk/Reports-{PAGE}"),
        format!("https://desk.notion.site/Reports-{PAGE}"),
        format!("https://app.notion.com/p/desk/Reports-{PAGE}?source=copy_link"),
        // A title may end with what could be a part of an id, and may have any letters.
        format!("https://www.notion.so/Batch-of-cafe-{PAGE}?pvs=4"),
        format!("https://www.notion.so/B-1-{HYPHENATED}"),
        format!("https://www.notion.so/%C3%9Cber-{PAGE}"),
        // A block in it.
        format!("https://www.notion.so/Reports-{PAGE}#{OTHER}"),
        format!("https://www.notion.so/Reports-{PAGE}?pvs=4#{OTHER}"),
        format!("https://www.notion.so/Reports-{PAGE}#top?p={OTHER}"),
        // The page that is shown over a database, at its side or in its middle.
        format!("https://www.notion.so/{OTHER}?v={OTHER}&p={PAGE}"),
        format!("https://www.notion.so/desk/{OTHER}?v={OTHER}&p={PAGE}&pm=s"),
        format!("https://www.notion.so/desk/Tasks-{OTHER}?p={HYPHENATED}&v={OTHER}&pm=c#{OTHER}"),
        format!("https://www.notion.so/desk?p={PAGE}"),
    ] {
        assert_eq!(page(&written).as_deref(), Ok(PAGE), "{written}");
    }
}

#[test]
fn what_has_no_id_is_not_taken_for_one() {
    for written in [
        String::new(),
        "reports".to_owned(),
        "../../users/me".to_owned(),
        "é".repeat(32),
        "é".repeat(18),
        PAGE[1..].to_owned(),
        format!("0{PAGE}"),
        // Letters of the title are no digits of the id.
        format!("https://www.notion.so/Cafe-{}", &PAGE[1..]),
        format!("https://www.notion.so/Cafe{PAGE}"),
        format!("https://www.notion.so/Cafe{HYPHENATED}"),
        format!("1-{}", &HYPHENATED[2..]),
        format!("https://www.notion.so/{PAGE}/settings"),
        // Not the database's, if the page's cannot be read.
        format!("https://www.notion.so/{OTHER}?v={OTHER}&p="),
        format!("https://www.notion.so/{OTHER}?v={OTHER}&p={}", &PAGE[1..]),
    ] {
        assert_eq!(
            page(&written).unwrap_err(),
            "no id of Notion's, which has 32 hexadecimal digits",
            "{written}"
        );
    }
    let database = format!("https://www.notion.so/desk/{OTHER}?v={OTHER}");
    assert_eq!(
        page(&database).unwrap_err(),
        "this is the address of a database; a page is put into one of its data sources, with --data-source"
    );
}

#[test]
fn a_data_source_has_an_id_and_no_address() {
    assert_eq!(data_source(PAGE).as_deref(), Ok(PAGE));
    assert_eq!(data_source(HYPHENATED).as_deref(), Ok(PAGE));
    assert!(data_source(&PAGE[1..]).is_err());
    let database = format!("https://www.notion.so/desk/{OTHER}?v={OTHER}");
    let told = data_source(&database).unwrap_err();
    assert!(told.contains("`Copy data source ID`"), "{told}");
}

#[test]
fn a_token_is_not_sent_in_the_clear() {
    for written in [
        "https://api.notion.com",
        "http://127.0.0.1:4000",
        "http://[::1]:4000",
    ] {
        assert_eq!(server(written).as_deref(), Ok(written));
    }
    for written in [
        "http://api.notion.com",
        "http://10.0.0.1",
        "http://localhost:1",
        "ftp://127.0.0.1",
        "notion",
    ] {
        assert!(server(written).is_err(), "{written}");
    }
}
