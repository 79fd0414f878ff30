//! What looks a little like a token and is none.

use super::hidden;

#[test]
fn words_that_begin_like_a_token_stay() {
    for text in [
        "task-0123456789abcdefghijABCDEFGHIJ",
        "xoxo and hugs",
        "EAAAFTER the break",
        "see SG.1 and SG.12",
        "npm_lifecycle_event=build",
        "npm_config_user_agent=npm/10.2.4 node/v20.11.0",
        "hf_transfer enabled",
        "AKIRA was released in 1988",
        "eyJ is how base64 of JSON starts",
        "GLC_CreateLightmapTextureAtlas0123456789",
        "API_ORG_EXIST",
        "API-KEY-MISSING",
        "com.example.sgp.X",
        "NOROM_OSCHF_Debug_01234567890123456789",
        "https://example.org/path/to/patches/keyboard?sort=key-name",
        "live_streaming_service_configuration_v2 started",
        "test_parses_http2_headers_with_padding ... ok",
        "sk-estimator-id-1 sk-container-id-12 sk-learn",
        "secret_manager_client_v2_initialised",
        "re_export_all_the_things_in_module",
        "app-7d9f8b6c5d-x2v9k is running",
        "2024-01-12T10:00:00.000Z 1/12/2024",
        "00D is an organisation",
        "the $1$ and $2b$ of crypt",
        "st.column_config.TextColumn",
        "Mailing list",
        "MTIzNDU2Nzg5MDEyMzQ1Njc4 alone is a base64 of digits",
        "pk_live_0123456789abcdefghijABCD",
        "docs.rs/tokio/1.2.3",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn ids_and_digests_stay() {
    for text in [
        "7d444840-9dc0-11d1-b245-5ffdce74fad2",
        "trace=4bf92f3577b34da6a3ce929d0e0e4736",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "AC0123456789abcdef0123456789abcdef",
        "integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn the_middle_of_a_base64_blob_stays() {
    let blob = format!(
        "iVBORw0KGgo{}EZAK{}AKIAIOSFODNN7EXAMPLEab+/9",
        "a1B2".repeat(20),
        "c3D4".repeat(20)
    );
    assert_eq!(hidden(&blob), blob);
}

#[test]
fn a_token_that_is_too_short_stays() {
    assert_eq!(hidden("ghp_0123456789abcdefghi"), "ghp_0123456789abcdefghi");
    assert_eq!(hidden("AKIAIOSFODNN7EXAMPL"), "AKIAIOSFODNN7EXAMPL");
    assert_eq!(hidden("AKIAIOSFODNN7EXAMPLES"), "AKIAIOSFODNN7EXAMPLES");
}

#[test]
fn nothing_panics_at_the_ends_of_a_text() {
    for token in super::TOKENS {
        for len in 1..=token.prefix.len() {
            let text = &token.prefix.as_bytes()[..len];
            assert_eq!(super::token_at(text, 0), None);
            assert_eq!(super::token_at(text, len), None);
            assert_eq!(super::token_at(text, len + 1), None);
        }
    }
    assert_eq!(super::infix_at(b"", 1), None);
    assert_eq!(super::webhook_at(b"", 0), None);
    assert_eq!(super::user_token_at(b"x", 2, &["x"]), None);
}
