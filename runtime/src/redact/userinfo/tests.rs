use super::{dsn_at, userinfo_at};

/// The text with `#` in the place of what the first `://` leads to.
fn hidden(text: &str) -> String {
    let openers = [
        "://",
        r":\/\/",
        r":\\\/\\\/",
        "%3A%2F%2F",
        "%3a%2f%2f",
        "%253A%252F%252F",
    ];
    let at = openers
        .iter()
        .filter_map(|o| text.find(o))
        .min()
        .unwrap_or(text.len());
    userinfo_at(text.as_bytes(), at).map_or_else(
        || text.to_owned(),
        |h| format!("{}#{}", &text[..h.start], &text[h.end..]),
    )
}

/// The text with `#` in the place of every data source name's password.
fn hidden_dsn(text: &str) -> String {
    let mut out = text.to_owned();
    for (at, _) in text.match_indices('@') {
        if let Some(r) = dsn_at(text.as_bytes(), at, 0) {
            out = format!("{}#{}", &text[..r.start], &text[r.end..]);
            break;
        }
    }
    out
}

#[test]
fn passwords_are_hidden_to_the_last_at() {
    for (text, expected) in [
        ("postgres://app:hunter2@db/x", "postgres://app:#@db/x"),
        ("postgres://app:p@ss@word@db/x", "postgres://app:#@db/x"),
        ("redis://:pass@h", "redis://:#@h"),
        ("redis://:12345@h:6379/0", "redis://:#@h:6379/0"),
        ("amqp://u:p:q@h", "amqp://u:#@h"),
        ("a http://u:p@h b", "a http://u:#@h b"),
        ("imap://joe%40x.com:pw@h", "imap://joe%40x.com:#@h"),
        ("smtp://joe@x.com:pw@h:25", "smtp://joe@x.com:#@h:25"),
        (
            "mongodb://u:p@a:1,b:2/?x=y@z",
            "mongodb://u:#@a:1,b:2/?x=y@z",
        ),
        (
            "nats://u:p@a:1,nats://v:q@b:2",
            "nats://u:#@a:1,nats://v:q@b:2",
        ),
        ("<https://u:p@h>", "<https://u:#@h>"),
        ("[x](https://u:p@h/a)", "[x](https://u:#@h/a)"),
        ("://u:p@h", "://u:#@h"),
        (
            "https://u:pw@host/@scope/pkg",
            "https://u:#@host/@scope/pkg",
        ),
        (
            "https://u:pw@registry/pkg@latest",
            "https://u:#@registry/pkg@latest",
        ),
        ("https://u:pw@[::1]:8080/", "https://u:#@[::1]:8080/"),
        ("https://u:pw@", "https://u:#@"),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn passwords_with_signs_that_should_be_encoded_are_hidden() {
    for (text, expected) in [
        ("scheme://user:pa/ss?w#rd@host", "scheme://user:#@host"),
        ("scheme://user:pa#ss@host/a", "scheme://user:#@host/a"),
        (
            "scheme://user:p@ss/w@host:5432/db",
            "scheme://user:#@host:5432/db",
        ),
        (
            "scheme://user:p@ss/w@db.example.com/x",
            "scheme://user:#@db.example.com/x",
        ),
        ("scheme://:pa/ss@host", "scheme://:#@host"),
        ("scheme://user:p{a}|^ss@host", "scheme://user:#@host"),
        (r"scheme://user:p\a@host", r"scheme://user:#@host"),
        ("scheme://user:pä/ß@host", "scheme://user:#@host"),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn escapes_are_understood() {
    for (text, expected) in [
        (r#""http:\/\/u:p@h\/x""#, r#""http:\/\/u:#@h\/x""#),
        (
            r#""http:\\\/\\\/u:p@h\\\/x""#,
            r#""http:\\\/\\\/u:#@h\\\/x""#,
        ),
        (r#""http://u:p\u0040q@h/x""#, r#""http://u:#@h/x""#),
        (r#""http://u:p\u0026q@h/x""#, r#""http://u:#@h/x""#),
        (r#"\"http://u:p@h\",\"a@b\""#, r#"\"http://u:#@h\",\"a@b\""#),
        (
            "a=http%3A%2F%2Fu%3Apw%40h%2Fx&b=c@d",
            "a=http%3A%2F%2Fu%3A#%40h%2Fx&b=c@d",
        ),
        (
            "a=http%3a%2f%2fu%3apw%2540q%40h",
            "a=http%3a%2f%2fu%3a#%40h",
        ),
        (
            "a=http%253A%252F%252Fu%253Apw%2540h",
            "a=http%253A%252F%252Fu%253A#%2540h",
        ),
        (
            "a=http%3A%2F%2Fh%3A80%2Fx%40y",
            "a=http%3A%2F%2Fh%3A80%2Fx%40y",
        ),
    ] {
        assert_eq!(hidden(text), expected);
    }
}

#[test]
fn tokens_in_the_place_of_the_user_are_hidden() {
    let token = "0123456789abcdef0123";
    let uuid = "01234567-89ab-cdef-0123-456789abcdef";
    for (text, expected) in [
        (format!("https://{token}@host/a"), "https://#@host/a"),
        (format!("https://{uuid}@host/a"), "https://#@host/a"),
        (format!("https://{token}:@host/a"), "https://#:@host/a"),
        (
            format!("https://{token}:x-oauth-basic@host/a"),
            "https://#@host/a",
        ),
        (
            format!("https://{token}:***@host/a"),
            "https://#:***@host/a",
        ),
        (
            format!("https://{token}:[REDACTED]@h"),
            "https://0123456789abcdef0123:[REDACTED]@h",
        ),
        ("https://u:x@host".to_owned(), "https://u:#@host"),
        (
            "https://x-access-token:abcdef@host".to_owned(),
            "https://x-access-token:#@host",
        ),
    ] {
        assert_eq!(hidden(&text), expected);
    }
}

#[test]
fn what_is_no_password_stays() {
    for text in [
        "https://example.com:443/@scope/pkg",
        "https://example.com/a@b/c:d",
        "https://maps.example.com/@52.37,4.89,12z",
        "wss://h:9443/ws/btcusdt@trade",
        "http://[::1]:8080/metrics",
        "http://[::1]:8080/a@b",
        "http://fe80::1:2/a@b",
        "s3://bucket/key",
        "amqp://rabbit:5672/%2f",
        "ssh://git@github.com/org/repo",
        "ssh://git@github.com:org/repo@v1.2",
        "ssh://github.com:org/repo@v1.2",
        "https://user@host",
        "https://svc-account-prod-eu-west-1@host",
        "https://some.host.example.com@host",
        "mongodb://a:1,b:2/?authSource=x@y",
        "jdbc:sqlserver://host:1433;user=sa;mail=a:b@c",
        "http://host:80,client=joe@x.com",
        "http://host:80&mail=joe@x.com",
        "http://host:http/path?email=joe@x.com",
        "http://${HOST}:${PORT}/x@y",
        "http://host:port/x@y",
        "http://host:/x@y",
        "docker://nginx:1.25@sha256:0123",
        "http://host:abc joe@x.com",
        "\"http://host:abc\",\"joe@x.com\"",
        r#""http://host:abc\njoe@x.com""#,
        "http://host:abc/x",
        "otpauth://totp/Issuer:joe@x.com",
        "file:///a:b@c",
        "mailto:joe@x.com",
        "://",
        "://@",
        "://:@",
        ":/",
    ] {
        assert_eq!(hidden(text), text);
    }
}

#[test]
fn placeholders_stay() {
    for password in [
        "",
        "[REDACTED]",
        "***",
        "<password>",
        "${PW}",
        "{{pw}}",
        "$PW",
        "xxxxx",
        "%s",
    ] {
        let text = format!("postgres://user:{password}@host/db");
        assert_eq!(hidden(&text), text);
    }
    assert_eq!(hidden("https://[REDACTED]@host"), "https://[REDACTED]@host");
    assert_eq!(
        hidden("https://u:[REDACTED]@host/a@b.c"),
        "https://u:[REDACTED]@host/a@b.c"
    );
    assert_eq!(
        hidden("https://u:[REDACTED]@h/a@b.c"),
        "https://u:[REDACTED]@h/a@b.c"
    );
}

#[test]
fn data_source_names() {
    for (text, expected) in [
        ("app:hunter2@tcp(h:3306)/db", "app:#@tcp(h:3306)/db"),
        ("dsn=app:p@s:s@unix(/tmp/s)/db", "dsn=app:#@unix(/tmp/s)/db"),
        ("\"app:pw@/db?x=y\"", "\"app:#@/db?x=y\""),
        ("mysql://app:pw@tcp(h)/db", "mysql://app:#@tcp(h)/db"),
        ("sqlplus scott/tiger@db", "sqlplus scott/#@db"),
        (
            "sqlplus -S -L scott/tiger@//h:1521/x",
            "sqlplus -S -L scott/#@//h:1521/x",
        ),
        (
            "SQL> CONNECT scott/tiger@h:1521/x",
            "SQL> CONNECT scott/#@h:1521/x",
        ),
        (
            "jdbc:oracle:thin:scott/tiger@h:1521:x",
            "jdbc:oracle:thin:scott/#@h:1521:x",
        ),
        ("impdp userid=scott/tiger@db", "impdp userid=scott/#@db"),
        ("\"//u:p@q@h.example/x\"", "\"//u:#@h.example/x\""),
    ] {
        assert_eq!(hidden_dsn(text), expected);
    }
    for text in [
        "joe@x.com",
        "a:b@c",
        "a/b@c",
        "tcp(h:3306)/db",
        "@tcp(h)/db",
        "u@tcp(h)/db",
        "u:***@tcp(h)/db",
        "mysql://app:[REDACTED]@tcp(h)/db",
        "connect a/b@v2",
        "install @scope/pkg@1.2",
        "//note: a@b.c",
        "//note:a@b",
        "jdbc:oracle:thin:@//h:1521/x",
    ] {
        assert_eq!(hidden_dsn(text), text);
    }
}

#[test]
fn what_is_before_the_floor_is_not_looked_at() {
    let text = b"app:hunter2@tcp(h)/db";
    assert_eq!(dsn_at(text, 11, 0), Some(4..11));
    assert_eq!(dsn_at(text, 11, 4), None);
    assert_eq!(dsn_at(text, 11, 11), None);
    assert_eq!(dsn_at(text, 99, 0), None);
}

#[test]
fn a_user_a_password_a_host_and_a_port_need_no_scheme() {
    for (text, expected) in [
        ("a:hunter2@b:80", "a:#@b:80"),
        ("(a.b:Hunter@c.d:8080)", "(a.b:#@c.d:8080)"),
        ("proxy=a:hunter2@b:80/c", "proxy=a:#@b:80/c"),
    ] {
        assert_eq!(hidden_dsn(text), expected);
    }
    for text in [
        "mailto:hunter2@b.example:80",
        "sip:hunter2@b:5060",
        "a:hunter2@b.example",
        "a:hunter@b:80",
        "a:b1@c:80",
        "nginx:1.25.3@sha256:12345abc",
        "a:hunter2@b:80:90",
        "at 10:30:45@b:80",
        "a/b:hunter2@c:80",
    ] {
        assert_eq!(hidden_dsn(text), text);
    }
}
