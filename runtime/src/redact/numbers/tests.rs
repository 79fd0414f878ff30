use super::number_at;
use crate::redact::span::Hide;

/// The first number at or after `from`, as the scanner finds it: at the beginning, behind a joint, behind an escape.
pub(super) fn next(text: &[u8], from: usize) -> Option<Hide> {
    (from..text.len()).find_map(|at| number_at(text, at))
}

/// The text with `#` in the place of each number.
fn hidden(text: &str) -> String {
    let mut out = String::new();
    let mut done = 0;
    while let Some(Hide {
        start,
        end,
        last_four,
    }) = next(text.as_bytes(), done)
    {
        assert!(last_four && start >= done && end > start);
        out.push_str(&text[done..start]);
        out.push('#');
        done = end;
    }
    out + &text[done..]
}

const CARDS: [&str; 14] = [
    "4111111111111111",
    "4012888888881881",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "6011111111111117",
    "30569309025904",
    "38520000023237",
    "3530111333300000",
    "6200000000000005",
    "6205500000000000004",
    "6759649826438453",
    "2200770212727079",
    "5019717010103742",
];

#[test]
fn cards_are_hidden() {
    for card in CARDS {
        for (text, expected) in [
            (card.to_owned(), "#".to_owned()),
            (
                format!("charge {card} declined"),
                "charge # declined".to_owned(),
            ),
            (format!("\"{card}\","), "\"#\",".to_owned()),
            (format!("a,{card},12/27"), "a,#,12/27".to_owned()),
            (format!("card={card}&x"), "card=#&x".to_owned()),
            (format!("/cards/{card}?x"), "/cards/#?x".to_owned()),
            (format!("x%20{card}"), "x%20#".to_owned()),
            (format!(r"x\n{card}."), r"x\n#.".to_owned()),
            (
                format!(r"x\u0022{card}\u0022"),
                r"x\u0022#\u0022".to_owned(),
            ),
        ] {
            assert_eq!(hidden(&text), expected);
        }
    }
}

#[test]
fn cards_in_groups_are_hidden() {
    for text in [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111+1111+1111+1111",
        "3782 822463 10005",
        "3056 930902 5904",
        "6205 5000 0000 0000 004",
        "620550 0000000000004",
        "411111 1111111111",
        "4222 2222 2222 2",
    ] {
        assert_eq!(hidden(text), "#");
        assert_eq!(hidden(&format!("id: {text}, 12/27")), "id: #, 12/27");
    }
    assert_eq!(hidden("4111 1111 1111 1111 123"), "# 123");
    assert_eq!(hidden("4111 1111 1111 1111 1227"), "# 1227");
    assert_eq!(hidden("12 4111 1111 1111 1111"), "12 #");
}

#[test]
fn many_numbers_are_all_found() {
    let text =
        "4111111111111111 5555555555554444,DE89370400440532013000;378282246310005 ".repeat(50);
    assert_eq!(hidden(&text), "# #,#;# ".repeat(50));
    for lead in 0..140 {
        let lead = "x ".repeat(lead) + &"-".repeat(lead % 7);
        for number in [
            "4111 1111 1111 1111",
            "6205500000000000004",
            "GB82 WEST 1234 5698 7654 32",
            "MT84MALT011000012345MTLCAST001S",
        ] {
            assert_eq!(
                hidden(&format!("{lead} {number}. x")),
                format!("{lead} #. x")
            );
        }
    }
}

#[test]
fn numbers_that_are_no_cards_stay() {
    for text in [
        // The checksum or the issuer is wrong.
        "4111111111111112",
        "1111111111111117",
        "9999999999999995",
        // Parts of something longer.
        "14111111111111111234",
        "TCK-4111111111111111",
        "4111111111111111-1",
        "0.4111111111111111",
        "4111111111111111.5",
        "x4111111111111111",
        "4111111111111111x",
        "_4111111111111111",
        "$4111111111111111",
        "+4111111111111111",
        "41111111-1111-1111-1111-411111111111",
        "1-4111-1111-1111-1111",
        "4111-1111-1111-1111-1",
        "1234 4111 1111 1111 1111",
        "4111 1111 1111 1111 1111 1111",
        "4111 1111-1111 1111",
        "410F 4111 1111 1111 1111",
        "4111 1111 1111 1111\n411A",
        "4111  1111  1111  1111",
        // Times and identifiers.
        "20260927123456",
        "1790000000000",
        "1790000000000000",
        "1790000000000000000",
        "2026-09-27T12:34:56.789012Z",
        "4222222222222",
        "4000000000000000006",
        "TCK-2026-0000918273",
        "position 1234567890123 lots",
        "id=4111111111111111",
        "\"_id\":4111111111111111",
        "{\"orderId\": \"4111111111111111\"}",
        "order_id=4111111111111111",
        "traceID=4111111111111111",
        "deadline=4111111111111111",
        "order number 4111111111111111",
        "moved 4111111111111111 bytes",
        "discard_offset=4111111111111111",
        "https://x/y/4111111111111111",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn a_word_for_cards_decides() {
    for (text, expected) in [
        ("visa 4222222222222", "visa #"),
        ("card number: 4222222222222", "card number: #"),
        ("card_id=4111111111111111", "card_id=#"),
        ("\"pan\":\"4000000000000000006\"", "\"pan\":\"#\""),
        ("cardNumber=4111111111111111", "cardNumber=#"),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn ibans_are_hidden() {
    for iban in [
        "DE89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "DE89-3704-0044-0532-0130-00",
        "GB82WEST12345698765432",
        "GB82 WEST 1234 5698 7654 32",
        "NO9386011117947",
        "NO93 8601 1117 947",
        "NL91ABNA0417164300",
        "BE68 5390 0754 7034",
        "AT61 1904 3002 3457 3201",
        "FR1420041010050500013M02606",
        "CH9300762011623852957",
        "LC55HEMM000100010012001200023015",
        "LC55 HEMM 0001 0001 0012 0012 0002 3015",
        "MT84MALT011000012345MTLCAST001S",
        "KW81CBKU0000000000001234560101",
    ] {
        assert_eq!(hidden(iban), "#");
        assert_eq!(hidden(&format!("to {iban}, EUR 5")), "to #, EUR 5");
        assert_eq!(hidden(&format!("IBAN{iban}")), "IBAN#");
        assert_eq!(hidden(&format!(r"\n{iban}\n")), r"\n#\n");
    }
}

#[test]
fn what_is_no_iban_stays() {
    for text in [
        "DE89370400440532013001",
        "DE8937040044053201300",
        "DE893704004405320130000",
        "XX89370400440532013000",
        "XDE89370400440532013000",
        "DE89 3704 0044 0532 0130 001",
        "DE89 37040044 0532 0130 00",
        "de89370400440532013000",
        "DE89",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn any_place_to_start_from_is_fine() {
    let text = b"a 4111111111111111 DE89370400440532013000";
    assert_eq!(next(text, 0), Some(Hide::account(2, 18)));
    assert_eq!(next(text, 2), Some(Hide::account(2, 18)));
    assert_eq!(next(text, 18), Some(Hide::account(19, 41)));
    assert_eq!(next(text, 20), None);
    assert_eq!(next(text, text.len()), None);
    assert_eq!(next(text, 99), None);
}
