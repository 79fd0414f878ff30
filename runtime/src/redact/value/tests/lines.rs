//! How a value may follow its name.

use super::{hidden, kept};

#[test]
fn every_sign() {
    for sign in [
        "=", ":", " = ", ": ", "\t=\t", ":=", "=>", " => ", "==", "===", "!=", "->", "::=", "+=",
        "%3D", "%3d", "%3A", "\\u003d", "\\u003A",
    ] {
        hidden(&[&format!("a password{sign}‹b1› c")]);
    }
}

#[test]
fn beside_a_name_only_what_can_be_nothing_else() {
    hidden(&[
        "password '‹hunter2x›'",
        "token ‹4fK29sLq01Bd7xWz› was refused",
        "setx API_KEY ‹abc123def456›",
        "machine a login b password ‹hunter›",
        "password\t‹hunter2x›",
        "--password ‹hunter› b",
        "-Password ‹hunter›",
        "[\"--password\", \"‹hunter›\"]",
        "the password is ‹hunter2x›",
        "API key provided: ‹abc12345›.",
    ]);
    kept(&[
        "password hunter2x",
        "token refresh20260102 done",
        "API_KEY environment variable",
        "session_id 550e8400-e29b-41d4-a716-446655440000 closed",
        "--password --user anna",
        "[\"--password\", \"--user\"]",
        "--token string",
        "the password is required",
        "user\tpassword\temail",
    ]);
}

#[test]
fn wrapped() {
    hidden(&[
        "password: Some(\"‹a›\")",
        "password: Some(‹12345›)",
        "password: Some(Secret(\"‹a›\"))",
        "password: Some(\n    \"‹a›\",\n)",
        "Password(\"‹a›\")",
        "PASSWORD('‹a›')",
        "password: b\"‹a›\"",
        "password: r#\"‹a›\"#",
        "password = string(3) \"‹abc›\"",
        "password=‹Tr0ub4dor(3)›",
        "password=‹abc(def1›",
    ]);
    kept(&[
        "struct Password(String);",
        "password = get_password()",
        "password: None",
        "password: Some([REDACTED])",
    ]);
}

#[test]
fn pairs_and_names() {
    hidden(&[
        "(\"password\", \"‹a1b2c3›\")",
        "[\"x-api-key\", \"‹a1b2c3›\"]",
        "{\"name\":\"password\",\"value\":\"‹a›\"}",
        "{\"name\": \"password\",\n \"value\": \"‹a›\"}",
        "<add key=\"password\" value=\"‹a›\"/>",
        "- name: DB_PASSWORD\n  value: ‹a›",
        "name=\"password\"\r\n\r\n‹a›\r\n--b",
        "<entry key=\"password\">‹a›</entry>",
        "config['password'] = '‹a›'",
        "let token: &'static str = \"‹a›\";",
    ]);
    kept(&[
        "(\"password\", \"email\")",
        "[\"user\", \"password\", \"email\"]",
        "<label for=\"password\">Your password</label>",
    ]);
}

#[test]
fn queries() {
    hidden(&[
        "/a?key=‹b1›&c=d",
        "/a?c=d&code=‹b1›#e",
        "/a#access_token=‹b1›&c=d",
        "/a?token=‹b1›;c=d",
        "%2Fa%3Ftoken%3D‹b1›%26c%3Dd",
        "/a?c=d\\u0026token=‹b1›",
        "a=b&amp;password=‹c1›&amp;d=e",
        "password=‹a&b›",
    ]);
    kept(&["key=b1", "code=b1", "/a?token=&c=d"]);
}

#[test]
fn what_is_put_in_later_stays() {
    kept(&[
        "password=${PASSWORD}",
        "password=${PASSWORD:-}",
        "password=${{ secrets.PASSWORD }}",
        "password={{ password }}",
        "password=<%= password %>",
        "password=$PASSWORD",
        "password=%s",
        "password=<your password>",
    ]);
    hidden(&[
        "password=‹${PASSWORD:-hunter2}›",
        "password=‹$ecret1›",
        "password=‹<abc1>›",
    ]);
}

#[test]
fn counts_and_paths_stay() {
    kept(&[
        "tokens=512",
        "max_tokens: 4096",
        "pass: 12",
        "pin=13 mode=output",
        "secret: /run/secrets/db",
        "token: 17",
    ]);
    hidden(&[
        "pass: ‹hunter2x›",
        "pin=‹4711›",
        "otp=‹482913›",
        "AWS_SECRET_ACCESS_KEY=‹/raPMwIzMF/5/2/i/Y/D21t4Z1/9G/i/A6/gv03k›",
        "token: ‹17171717›",
    ]);
}
