use super::{List, Text, Words, joined, list, words};

#[test]
fn a_list_has_its_words_in_their_order() {
    const SOME: List = list!["public", "", "ключ", "a"];
    let words: Vec<_> = SOME.collect();
    assert_eq!(words, [&b"public"[..], b"", "ключ".as_bytes(), b"a"]);
}

#[test]
fn words_are_known_in_any_case_and_no_others_are() {
    const SOME: Words = words!["null", "~", "none", "n/a", "0123456789abcdef", "true"];
    for word in ["null", "NONE", "N/a", "~", "True", "0123456789ABCDEF"] {
        assert!(SOME.has(word.as_bytes()), "{word}");
    }
    let too_long = "n".repeat(300);
    for word in [
        "",
        "n",
        "nul",
        "llno",
        "nullnone",
        "-",
        "0123456789abcdef0",
        &too_long,
    ] {
        assert!(!SOME.has(word.as_bytes()), "{word}");
    }
}

#[test]
fn a_text_is_found_among_others() {
    const TEXTS: [&str; 3] = ["ghp_", "", "xoxb-"];
    let bytes: [u8; 9] = joined(&TEXTS);
    assert_eq!(Text::new(4, 5).of(&bytes), b"xoxb-");
    assert_eq!(Text::new(0, 4).of(&bytes), b"ghp_");
    assert_eq!(Text::NONE.of(&bytes), b"");
    assert_eq!(Text::new(5, 5).of(&bytes), b"");
}
