use super::block_at;

const BODY: &str = "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu";

/// What stands after the first `-----BEGIN` is hidden; the rest of the text with a mark in its place.
fn hidden(text: &str) -> String {
    let at = text.find("----").unwrap_or(text.len());
    block_at(text.as_bytes(), at).map_or_else(
        || text.to_owned(),
        |r| format!("{}#{}", &text[..r.start], &text[r.end..]),
    )
}

/// `-----BEGIN label-----`, in two pieces, so that no scanner takes this file for a leak.
fn block(label: &str, newline: &str) -> String {
    format!("-----BEGIN {label}-----{newline}{BODY}{newline}-----END {label}-----")
}

#[test]
fn secret_blocks_are_hidden_to_their_last_line() {
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
        "SSH2 ENCRYPTED PRIVATE KEY",
        "OpenVPN Static key V1",
        "SECRET THING",
        "SOMETHING NEW",
    ] {
        for newline in ["\n", "\r\n", r"\n", r"\\n", " ", ""] {
            let text = format!("key: {}{newline}after", block(label, newline));
            assert_eq!(hidden(&text), format!("key: #{newline}after"), "{label}");
        }
    }
}

#[test]
fn four_dashes_with_spaces_are_a_block_too() {
    let text = format!(
        "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\n{BODY}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\nx"
    );
    assert_eq!(hidden(&text), "#\nx");
    let text = format!("---- BEGIN SSH2 PUBLIC KEY ----\n{BODY}\n---- END SSH2 PUBLIC KEY ----\nx");
    assert_eq!(hidden(&text), text);
}

#[test]
fn public_blocks_stay() {
    for label in [
        "CERTIFICATE",
        "TRUSTED CERTIFICATE",
        "CERTIFICATE REQUEST",
        "PUBLIC KEY",
        "RSA PUBLIC KEY",
        "X509 CRL",
        "PKCS7",
        "DH PARAMETERS",
        "EC PARAMETERS",
        "PGP PUBLIC KEY BLOCK",
        "PGP SIGNATURE",
        "PGP SIGNED MESSAGE",
    ] {
        let text = block(label, "\n");
        assert_eq!(hidden(&text), text, "{label}");
    }
}

#[test]
fn without_a_last_line_all_the_rest_is_hidden() {
    assert_eq!(
        hidden(&format!("a -----BEGIN RSA PRIVATE KEY-----\n{BODY}\nmore")),
        "a #"
    );
    assert_eq!(hidden("a -----BEGIN RSA PRIVATE KEY--"), "a #");
    assert_eq!(hidden("a -----BEGIN RSA PRIV"), "a #");
    assert_eq!(
        hidden(&format!(
            "a -----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIV"
        )),
        "a #"
    );
    assert_eq!(hidden("a -----BEGIN CERTIF"), "a -----BEGIN CERTIF");
    assert_eq!(
        hidden("a -----BEGIN PUBLIC KEY--"),
        "a -----BEGIN PUBLIC KEY--"
    );
}

#[test]
fn a_lone_begin_is_no_block() {
    for text in [
        "starts with -----BEGIN",
        "starts with -----BEGIN and then",
        "-----BEGIN of a report-----",
        "-----BEGIN PRIVATE KEY without dashes",
        "-----BEGIN PRIVATE KEY...",
        "-----BEGINNING-----",
        "----BEGIN PRIVATE KEY----",
        "-----BEGIN -----",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn a_string_without_a_last_line_ends_at_its_quote() {
    for (open, newline, close) in [
        ("\"", r"\n", "\""),
        ("\"", r"\n", r#"\n""#),
        (r#"\""#, r"\\n", r#"\""#),
        (r#"\\\""#, r"\\\\n", r#"\\\""#),
        ("'", "\n", "'"),
        ("'", r"\n", "'"),
    ] {
        let text =
            format!("k={open}-----BEGIN PRIVATE KEY-----{newline}{BODY}{close},{open}b{open}");
        let kept = format!("k={open}#{close},{open}b{open}");
        // The escape of a line break before the quote is part of what is hidden.
        assert_eq!(hidden(&text), kept.replacen(r"\n", "", 1), "{text}");
    }
    let inner = format!(r#"{{"m":"key -----BEGIN PRIVATE KEY-----\n{BODY}","n":1}}"#);
    assert_eq!(hidden(&inner), r#"{"m":"key #","n":1}"#);
    let outer = format!(r#"{{"m":"{{\"k\":\"-----BEGIN PRIVATE KEY-----\\n{BODY}","n":1}}"#);
    assert_eq!(hidden(&outer), r##"{"m":"{\"k\":\"#","n":1}"##);
}

#[test]
fn the_last_line_is_the_one_of_the_same_label() {
    let text =
        format!("-----BEGIN A KEY-----\nx\n-----END B KEY-----\n{BODY}\n-----END A KEY-----y");
    assert_eq!(hidden(&text), "#y");
    let text = format!(
        "-----BEGIN A KEY-----\nx\n-----END B KEY-----\n-----BEGIN A KEY-----{BODY}\n-----END A KEY-----y"
    );
    assert_eq!(
        hidden(&text),
        format!("#\n-----BEGIN A KEY-----{BODY}\n-----END A KEY-----y")
    );
    assert_eq!(
        hidden(&format!("-----BEGIN A KEY-----{BODY}-----END B KEY-----y")),
        "#y"
    );
}

#[test]
fn form_encoding_is_understood() {
    assert_eq!(
        hidden(&format!(
            "key=-----BEGIN+RSA+PRIVATE+KEY-----%0A{BODY}%0A-----END+RSA+PRIVATE+KEY-----&a=b"
        )),
        "key=#&a=b"
    );
    assert_eq!(
        hidden(&format!(
            "key=-----BEGIN%20RSA%20PRIVATE%20KEY-----%0A{BODY}&a=b c"
        )),
        "key=#&a=b c"
    );
    let public = format!("key=-----BEGIN%20PUBLIC%20KEY-----%0A{BODY}&a=b c");
    assert_eq!(hidden(&public), public);
}

#[test]
fn a_block_of_one_string_a_line_is_hidden_as_a_whole() {
    let text = format!(r#"["-----BEGIN PRIVATE KEY-----","{BODY}","-----END PRIVATE KEY-----"]"#);
    assert_eq!(hidden(&text), "[\"#\"]");
    let text =
        format!("'-----BEGIN PRIVATE KEY-----\\n' +\n '{BODY}\\n' + '-----END PRIVATE KEY-----';");
    assert_eq!(hidden(&text), "'#';");
}

#[test]
fn the_mention_of_a_first_line_is_no_block() {
    for text in [
        "const BEGIN = \"-----BEGIN PRIVATE KEY-----\";",
        r#"{"a":"-----BEGIN PRIVATE KEY-----\n","b":"c"}"#,
        "expected -----BEGIN PRIVATE KEY----- but found garbage",
        "\"-----BEGIN PRIVATE KEY-----\" \"-----BEGIN PRIVATE KEY-----\"",
    ] {
        assert_eq!(hidden(text), text);
    }
}
