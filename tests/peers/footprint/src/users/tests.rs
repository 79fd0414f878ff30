use super::*;

#[test]
fn every_source_gives_a_hundred_functions_with_one_attempt_each() {
    for variant in VARIANTS {
        let text = read(&source(variant.id)).unwrap();
        let library = hundred(variant, &text).unwrap();
        for number in 0..HUNDRED {
            let function = format!("pub async fn push_page_{number}(");
            assert_eq!(library.matches(&function).count(), 1, "{}", variant.id);
            let used = format!("pub fn use_{number}<");
            assert_eq!(library.matches(&used).count(), 1, "{}", variant.id);
        }
        let attempts = library.matches("client.send(token, id, &page)").count();
        assert_eq!(attempts, HUNDRED, "{}", variant.id);
        for placeholder in ["BODY", "SEED", "BUFFER", "_N", "SERVICE", "PASSED"] {
            assert!(
                !library.contains(placeholder),
                "{}: {placeholder}",
                variant.id
            );
        }
    }
}

#[test]
fn bodies_differ_so_that_none_stands_for_another() {
    let text = functions("// one function\nfn f_N() { BODY }\n", &[16; HUNDRED]).unwrap();
    for number in 0..HUNDRED {
        let seed = format!("let buffer = [{}u8; 16];", number + 1);
        assert_eq!(text.matches(&seed).count(), 1, "{number}");
    }
}

#[test]
fn the_sizes_are_those_of_a_body_with_a_small_and_one_with_a_large_buffer() {
    for variant in VARIANTS {
        let text = sizes(variant, &read(&source(variant.id)).unwrap()).unwrap();
        assert_eq!(text.matches("let buffer = [1u8; 16];").count(), 1);
        assert_eq!(text.matches("let buffer = [2u8; 1024];").count(), 1);
        assert_eq!(text.matches("fn size_0(").count(), 1);
        assert_eq!(text.matches("fn size_1(").count(), 1);
        for placeholder in ["SERVICE", "CLONED", "PASSED", "BESIDE"] {
            assert!(!text.contains(placeholder), "{}", variant.id);
        }
    }
}

#[test]
fn a_source_without_a_mark_is_refused() {
    assert!(functions("fn f_N() { BODY }", &[16]).is_err());
}

#[test]
fn what_the_check_compiles_is_ours_and_what_stands_beside_it_by_hand() {
    let checked = VARIANTS.iter().filter(|variant| variant.peerless());
    assert_eq!(
        checked.map(|variant| variant.id).collect::<Vec<_>>(),
        [
            "plain",
            "hand-retry",
            "wait-or-die-retry",
            "hand-breaker",
            "wait-or-die-breaker",
            "hand-all",
            "wait-or-die-all",
        ]
    );
}

#[test]
fn a_service_is_borrowed_and_a_call_beside_another_has_one_of_its_own() {
    let template = "SERVICE CLONED f_N(PASSEDa) f_N(BESIDEa)";
    let called = |id: &str| {
        let variant = VARIANTS.iter().find(|variant| variant.id == id).unwrap();
        calling(variant, template, 3)
    };
    assert_eq!(
        called("tower"),
        "let mut service = service_3(); let mut other = service.clone(); f_3(&mut service, a) f_3(&mut other, a)"
    );
    assert_eq!(called("backon"), "  f_3(a) f_3(a)");
}
