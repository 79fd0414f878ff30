use super::table::{SCHEMES, starting_with};
use super::{WORDS, credentials_at};

/// The text with `#` in the place of what the scheme at the first `@` leads to; without the `@`.
fn hidden(text: &str) -> String {
    let at = text.find('@').unwrap_or(0);
    let text = text.replacen('@', "", 1);
    credentials_at(text.as_bytes(), at).map_or_else(
        || text.clone(),
        |r| format!("{}#{}", &text[..r.start], &text[r.end..]),
    )
}

const HEX: &str = "9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b";

#[test]
fn bearer_tokens_are_hidden() {
    for (text, expected) in [
        ("@Bearer abc123", "Bearer #"),
        ("@bearer abc123, x", "bearer #, x"),
        ("@BEARER abc123.", "BEARER #."),
        ("a: @Bearer  mF_9.B5f-4.1JqM~+/== b", "a: Bearer  # b"),
        ("@Bearer mysupersecrettokenvalue", "Bearer #"),
        ("@Bearer my-super-secret-token", "Bearer #"),
        ("@Bearer AbCdEfGhIjKlMnOpQr", "Bearer #"),
        ("\"@Bearer 12|abcdef\"", "\"Bearer #\""),
        (r#"\"@Bearer abc123\""#, r#"\"Bearer #\""#),
        (r"\n@Bearer abc123\n", r"\nBearer #\n"),
        ("h=%20@Bearer%20abc123%2Fx%20y", "h=%20Bearer%20#%20y"),
        ("h=@Bearer+abc123+y&z", "h=Bearer+#+y&z"),
        ("@Bearer \"abc123\"", "Bearer \"#\""),
        ("(@Bearer abc123)", "(Bearer #)"),
        ("@Bearer 12345678", "Bearer #"),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn words_after_bearer_stay() {
    for text in [
        "@Bearer token missing",
        "@bearer authentication required",
        "@Bearer authentication-required",
        "@Bearer error=\"insufficient_scope\"",
        "@Bearer error=insufficient_scope1",
        "@Bearer realm=\"x1\", error=\"y\"",
        "@bearer my-long-winded-words",
        "@Bearer some-other-long-words are",
        "@Bearer RFC6750",
        "@Bearer OAuth2",
        "the @bearer 1234567 of",
        "token_type=@Bearer&expires_in=3600",
        "token_type=@Bearer expires_in=3600",
        "\"token_type\":\"@Bearer\",\"expires_in\":3600",
        "@Bearer: abc123abc123",
        "@Bearer",
        "@Bearer ",
        "@Bearer [REDACTED]",
        "@Bearer <token1234>",
        "@Bearer ${TOKEN123}",
        "@Bearer $ACCESS_TOKEN_VALUE",
        "@Bearer {token1}",
        "@Bearer ****************",
        "@Bearer xxxxxxxxxxxxxxxx",
        "for@Bearer abc123",
        "_@Bearer abc123",
    ] {
        assert_eq!(hidden(text), text.replacen('@', "", 1));
    }
}

#[test]
fn basic_credentials_are_those_that_decode() {
    for (text, expected) in [
        ("@Basic dXNlcjpwYXNz", "Basic #"),
        ("@basic dXNlcjpwYXNz,", "basic #,"),
        ("@Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Basic #"),
        ("@Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ", "Basic #"),
        ("@Basic YTo=", "Basic #"),
        ("@Basic w7x6OsO8", "Basic #"),
        ("@Basic 0123456789abcdef0123", "Basic #"),
        ("@Basic%20dXNlcjpwYXNz", "Basic%20#"),
    ] {
        assert_eq!(hidden(text), expected);
    }
    for text in [
        "@Basic auth",
        "@Basic authentication",
        "@Basic information about",
        "@Basic Options",
        "@Basic Open",
        "@basic realm=\"x\"",
        "@Basic dXNlcg==",
        "@Basic dXNlcjpwYXNz=====",
        "@Basic [REDACTED]",
        "@basic 0123456789abcdef0123",
    ] {
        assert_eq!(hidden(text), text.replacen('@', "", 1));
    }
}

#[test]
fn long_tokens_after_other_schemes_are_hidden() {
    for name in [
        "Token",
        "ApiKey",
        "Negotiate",
        "NTLM",
        "SSWS",
        "GenieKey",
        "Splunk",
        "DPoP",
        "JWT",
        "Bot",
        "OAuth",
        "HMAC",
    ] {
        assert_eq!(
            hidden(&format!("x @{name} {HEX} y")),
            format!("x {name} # y")
        );
        for text in [
            "required",
            "is-not-valid",
            "0123456789",
            "v1.2",
            "[REDACTED]",
            "a-long-list-of-many-words",
        ] {
            assert_eq!(hidden(&format!("@{name} {text}")), format!("{name} {text}"));
        }
    }
    assert_eq!(
        hidden("@GenieKey 01234567-89ab-cdef-0123-456789abcdef"),
        "GenieKey #"
    );
    assert_eq!(hidden(&format!("a @token {HEX}")), format!("a token {HEX}"));
    assert_eq!(hidden(&format!("auth: @token {HEX}")), "auth: token #");
    assert_eq!(
        hidden("Ghost in https://a.b/0123456789abcdef0123"),
        "Ghost in https://a.b/0123456789abcdef0123"
    );
    assert_eq!(
        hidden("@Token https://a.b/0123456789abcdef0123"),
        "Token https://a.b/0123456789abcdef0123"
    );
    assert_eq!(
        hidden("@Token 2026-09-27T12:34:56.123456Z"),
        "Token 2026-09-27T12:34:56.123456Z"
    );
}

#[test]
fn signatures_are_hidden_and_what_they_sign_stays() {
    for (text, expected) in [
        (
            "@AWS4-HMAC-SHA256 Credential=A/20260927/x/s3/aws4_request, SignedHeaders=host;date, Signature=fe5f80 x",
            "AWS4-HMAC-SHA256 Credential=A/20260927/x/s3/aws4_request, SignedHeaders=host;date, Signature=# x",
        ),
        (
            "@AWS4-HMAC-SHA256 Credential=A/20260927/x/s3/aws4_request,SignedHeaders=host,Signature=fe5f80 x",
            "AWS4-HMAC-SHA256 Credential=A/20260927/x/s3/aws4_request,SignedHeaders=host,Signature=# x",
        ),
        (
            "@Digest username=\"joe\", realm=\"x\", response=\"6629fae4\", qop=auth",
            "Digest username=\"joe\", realm=\"x\", response=\"#\", qop=auth",
        ),
        (
            r#""@Digest username=\"joe\", response=\"6629fae4\"""#,
            r##""Digest username=\"joe\", response=\"#\"""##,
        ),
        (
            "@Hawk id=\"dh37\", mac=\"6R4rV5\"",
            "Hawk id=\"dh37\", mac=\"#\"",
        ),
        (
            "@SharedAccessSignature sr=a.b&sig=fPzN%2B%3D&se=1790000000&skn=k",
            "SharedAccessSignature sr=a.b&sig=#&se=1790000000&skn=k",
        ),
        ("@GoogleLogin auth=DQAAABCD", "GoogleLogin auth=#"),
        (
            "@Digest realm=\"x\", nonce=\"y\"",
            "Digest realm=\"x\", nonce=\"y\"",
        ),
        ("@Hawk mac=[REDACTED]", "Hawk mac=[REDACTED]"),
        ("@AWS AKIDX:frJIUN8DYpKDtOLCwo2yllqDzg= x", "AWS AKIDX:# x"),
        ("@AWS region:eu-west-1", "AWS region:eu-west-1"),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn every_scheme_can_be_indexed_and_found() {
    for (scheme, word) in SCHEMES.iter().zip(WORDS) {
        assert!(word.len() >= 4, "{word}");
        assert_eq!(word.trim_end(), scheme.name);
        let name = scheme.name;
        assert_eq!(
            SCHEMES
                .iter()
                .filter(|other| other.name.eq_ignore_ascii_case(name))
                .count(),
            1,
            "{name}"
        );
        let text = match name {
            "Basic" => "Basic dXNlcjpwYXNz".to_owned(),
            _ => format!("{name} id:abc0123456789def0123"),
        };
        assert!(credentials_at(text.as_bytes(), 0).is_some(), "{name}");
    }
    assert!(SCHEMES.is_sorted_by_key(|scheme| scheme.name.to_ascii_lowercase()));
    assert_eq!(starting_with(b'['), &[]);
    assert_eq!(starting_with(b'Z').len(), 2);
}
