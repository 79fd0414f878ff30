//! Lists, objects and numbers, marks at every depth, and what a value is replaced by.

use super::{hidden, kept, shown_as};

#[test]
fn json_stays_json() {
    shown_as(&[
        (r#"{"password":12345}"#, r#"{"password":"[REDACTED]"}"#),
        (
            r#"{"cvv": -1.5e3, "a": 1}"#,
            r#"{"cvv": "[REDACTED]", "a": 1}"#,
        ),
        (
            r#"{"password":["a","b"],"a":1}"#,
            r#"{"password":"[REDACTED]","a":1}"#,
        ),
        (
            r#"{"secret":{"a":{"b":[1,"]}"]}},"a":1}"#,
            r#"{"secret":"[REDACTED]","a":1}"#,
        ),
        (
            "{\n  \"secret\": {\n    \"a\": 1\n  },\n  \"b\": 2\n}",
            "{\n  \"secret\": \"[REDACTED]\",\n  \"b\": 2\n}",
        ),
        (
            r#"{"headers":{"authorization":["Basic dXNlcjpwYXNz"]}}"#,
            r#"{"headers":{"authorization":"[REDACTED]"}}"#,
        ),
        (
            r#"{"name":"password","value":17}"#,
            r#"{"name":"password","value":"[REDACTED]"}"#,
        ),
        (
            r#"{"a":"{\"pin\":4711}"}"#,
            r#"{"a":"{\"pin\":\"[REDACTED]\"}"}"#,
        ),
        ("{'password': 12345}", "{'password': '[REDACTED]'}"),
        (r#"["a",4111111111111111]"#, r#"["a","[REDACTED]"]"#),
        (r#"{"a": 4111111111111111 }"#, r#"{"a": "[REDACTED]" }"#),
    ]);
}

#[test]
fn a_value_ends_with_the_string_its_name_stands_in() {
    shown_as(&[
        (r#"["token={a","b"]"#, r#"["token=[REDACTED]","b"]"#),
        (
            r#"["-----BEGIN PRIVATE KEY-----","a"]"#,
            r#"["[REDACTED]","a"]"#,
        ),
        (
            r#"{"a":"Cookie: b=","c":"d"}"#,
            r#"{"a":"Cookie: [REDACTED]","c":"d"}"#,
        ),
        (
            r#"{"a":"token='b","c":"d'e"}"#,
            r#"{"a":"token='[REDACTED]","c":"d'e"}"#,
        ),
        (
            r#"{"a":"<password>b","c":"<"}"#,
            r#"{"a":"<password>[REDACTED]","c":"<"}"#,
        ),
        (
            r#"{"a":"curl -u 'b:cdef","g":"h'i"}"#,
            r#"{"a":"curl -u 'b:[REDACTED]","g":"h'i"}"#,
        ),
    ]);
    kept(&[
        r#"{"&sig=":"\"","":""}"#,
        r#"["password=","token:","secret: "]"#,
        r#"{"url":"https://example.com/?token=","user":"anna"}"#,
        r#"Request { url: "https://example.com/?token=", user: "anna" }"#,
        r#"["Bearer ",5,"Basic "]"#,
        r#"{"Bearer ":0.679,"a":1}"#,
    ]);
}

#[test]
fn marks_at_every_depth() {
    hidden(&[
        r#"{"password":"‹a\"b›"}"#,
        r#""{\"password\":\"‹a\\\"b›\"}""#,
        r#""\"{\\\"password\\\":\\\"‹ab›\\\"}\"""#,
        r#"body: {\"password\": \"‹ab cd›\", \"a\": 1}"#,
        "password='‹ab \"cd\" ef›', b",
        "password=`‹ab cd›` b",
        "password=\"\"\"‹a \"b\" c\nd›\"\"\" e",
        r"{\u0022password\u0022:\u0022‹ab›\u0022}",
        "%7B%22password%22%3A%22‹ab›%22%7D",
        "%257B%2522password%2522: %2522‹ab›%2522",
        "{&quot;password&quot;:&quot;‹ab›&quot;}",
        "{&#34;password&#34;:&#34;‹ab›&#34;}",
    ]);
}

#[test]
fn marks_that_are_missing_or_too_many() {
    hidden(&[
        // Not closed: to the end of its line, or of the text.
        "password='‹ab cd›\nnext line",
        // What is like the name of a resource, the user of a URL, a tag, the result of a test.
        "1700000000000:password=‹hunter2secret›",
        "{\"1700000000000:token\":\"‹hunter2Secret9›\"}",
        "//password=‹hunter2secret›;mail=anna@example.com",
        "//token=‹hunter2Secret9›&mail=anna@example.com",
        "password=‹!QAZzaqwsx› ok=1",
        "password: ‹!Hunter› next",
        "REDIS_PASS: ‹testHunter2›",
        "m&KEY=>\npassword: ‹s8aZBYL#go52~-›\n",
        "Cookie1  Some(  \ndbPassword: \"‹-LJ!K129yo5G#.po›\"\n",
        "token: Some(\ndbPassword: \"‹-LJ!K129yo5G#.po›\"\n",
        "token: Some(\n    Secret(\n        \"‹abc def›\",\n    ),\n)",
        "password=\"‹ab cd›",
        // Doubled, an apostrophe, and one that opens another text.
        "password='‹it''s 1›' next",
        "password='‹it's 1›' next",
        "password=\"‹ab\"\"cd›\" next",
        "password=\"‹ token=\"ab›\nnext",
    ]);
    shown_as(&[
        (
            "pwd=\"\ndbPassword: \"hunter2x\"",
            "pwd=\"\ndbPassword: \"[REDACTED]\"",
        ),
        (
            "pwd=\"\ndbPassword: \"$unter2x\"",
            "pwd=\"\ndbPassword: \"[REDACTED]\"",
        ),
        (
            "pwd=\"\ndbPassword: \".~unter2x\"",
            "pwd=\"\ndbPassword: \"[REDACTED]\"",
        ),
        (
            "pwd=\\\"\ndbPassword: \"hunter2x\"",
            "pwd=\\\"\ndbPassword: \"[REDACTED]\"",
        ),
        (
            "token='\npassword='hunter2x' user='anna'",
            "token='\npassword='[REDACTED]' user='anna'",
        ),
    ]);
}

#[test]
fn several_parts() {
    shown_as(&[
        ("Cookie: a=1; b=2, c", "Cookie: [REDACTED], c"),
        (
            "Set-Cookie: sid=a1; Path=/; HttpOnly\r\nHost: b",
            "Set-Cookie: [REDACTED]\r\nHost: b",
        ),
        (
            "Authorization: Digest username=\"anna\", realm=\"b\", response=\"cd\"\r\nHost: e",
            "Authorization: Digest [REDACTED]\r\nHost: e",
        ),
        (
            "authorization: AWS4-HMAC-SHA256 Credential=ab/cd, SignedHeaders=host, Signature=ef12 next",
            "authorization: AWS4-HMAC-SHA256 [REDACTED] next",
        ),
        ("Cookie: a=\"b c\"d; e=\"f\"", "Cookie: [REDACTED]"),
    ]);
}

#[test]
fn lists_and_objects_without_marks() {
    shown_as(&[
        ("secret=[a, b] c", "secret=[REDACTED] c"),
        ("secret: {a: '}', b: 2} c", "secret: [REDACTED] c"),
        ("secret=[a}b] c", "secret=[REDACTED] c"),
        ("secret={a\nb", "secret=[REDACTED]\nb"),
        ("secret: {\n  a: 1,\n}\nb", "secret: [REDACTED]\nb"),
        ("secret=[a]bc d", "secret=[REDACTED] d"),
        ("password=[REDACTED]bc d", "password=[REDACTED] d"),
        ("passwords=[\"a\", \"b\"]", "passwords=[REDACTED]"),
    ]);
    kept(&[
        "tokens=[1, 2, 3]",
        "tokens: [the, quick, fox]",
        r#"{"tokens":{"prompt":12,"completion":34}}"#,
        "secrets=[]",
        "secret={}",
        "key=[1, 2]",
    ]);
}

#[test]
fn texts_of_several_lines() {
    shown_as(&[
        (
            "private_key: |-\n    ab\n    cd\nuser: anna",
            "private_key: |-\n    [REDACTED]\nuser: anna",
        ),
        (
            "password: >\n  ab\n    cd\n  ef",
            "password: >\n  [REDACTED]",
        ),
        ("password: |\nuser: anna", "password: |\nuser: anna"),
        (
            "private_key: -----BEGIN PRIVATE KEY-----\nab\n-----END PRIVATE KEY-----\nc",
            "private_key: [REDACTED]\nc",
        ),
    ]);
}

#[test]
fn what_stays_is_short_so_that_it_is_not_read_again_and_again() {
    use crate::redact::Filter;
    for (piece, end) in [("token=a.b(", ")"), ("Token(", " x"), ("//token:", "")] {
        let text = piece.repeat(1000) + end;
        assert!(Filter::new().filter(&text).len() < 64, "{piece}");
    }
    let text = "password=[]".repeat(1000);
    assert_eq!(Filter::new().filter(&text), text);
}

#[test]
fn what_is_hidden_twice_is_hidden_as_one() {
    shown_as(&[
        ("pwd=4111 1111 1111 1111# a", "pwd=[REDACTED] a"),
        ("pwd=4111111111111111# a", "pwd=[REDACTED] a"),
        ("DE89370400440532013000密码:0", "[REDACTED]密码:[REDACTED]"),
        (
            "passord\\u003d4111111111111111(",
            "passord\\u003d[REDACTED]",
        ),
        ("s://:(4111 1111 1111 1111@", "s://:[REDACTED]@"),
    ]);
}

#[test]
fn blocks_under_a_name_and_in_marks_that_are_missing() {
    shown_as(&[
        (
            "\"api_key':\napi-key: a1b2",
            "\"api_key':\napi-key: [REDACTED]",
        ),
        ("{\"pin\":\n  4711}", "{\"pin\":\n  \"[REDACTED]\"}"),
        (
            "\"api_key':\n-----BEGIN PRIVATE KEY-----\nab+cd/ef\n",
            "\"api_key':\n[REDACTED]",
        ),
        (
            "a \"-----BEGIN PRIVATE KEY-----b \"--c\n{\"password\":\"d\\\"ef\",\"port\":1}\ng",
            "a \"[REDACTED]",
        ),
    ]);
}
