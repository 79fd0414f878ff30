//! Texts that are put together from what the filter has to tell apart.

use fastrand::Rng;
use serde_json::{Map, Value, json};

const KEYS: &[&str] = &[
    "password",
    "PASSWORD",
    "passwords",
    "passwd",
    "pwd",
    "dbPassword",
    "db_password",
    "secret",
    "client_secret",
    "api_key",
    "apiKey",
    "api-key",
    "X-Api-Key",
    "token",
    "access_token",
    "token_type",
    "tokens_used",
    "Authorization",
    "authorization",
    "Cookie",
    "Set-Cookie",
    "public_key",
    "order_id",
    "keyboard",
    "user",
    "author",
    "private_key",
    "credentials",
    "key",
    "value",
    "name",
    "Passwort",
    "contraseña",
    "пароль",
    "密码",
    "p\u{430}ssword",
    "sig",
    "pin",
];
const SEPARATORS: &[&str] = &[
    "=",
    ":",
    ": ",
    " = ",
    "=>",
    " => ",
    " : ",
    ":=",
    "==",
    "%3D",
    "%3A",
    "\\u003d",
    "\\u003D",
    " ",
    "\t",
    "",
    "=\"",
    "='",
    "=[",
    "={",
    "=(",
    "\":\"",
    "\\\":\\\"",
    "\\\\\\\":\\\\\\\"",
    "': '",
    "\": ",
    ", ",
    ",",
    ";",
    "&",
    "?",
    "#",
];
const QUOTES: &[&str] = &[
    "\"", "'", "`", "\\\"", "\\'", "\\\\\"", "\\\\\\\"", "\\u0022", "\\u0027", "%22", "%27",
    "&quot;", "&#34;", "“", "\\", "\\\\", "{", "}", "[", "]", "(", ")", "<", ">", "Some(",
    "Some(\"", "Ok(", "{\"", "\"}", "\"]",
];
const VALUES: &[&str] = &[
    "hunter2secret",
    "null",
    "None",
    "true",
    "1234567890",
    "12.5",
    "[REDACTED]",
    "\"[REDACTED]\"",
    "****",
    "",
    "550e8400-e29b-41d4-a716-446655440000",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "2026-11-21T15:20:14Z",
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1112",
    "DE89370400440532013000",
    "Bearer",
    "Bearer ",
    "Basic ",
    "Digest username=\"anna\", response=\"",
    "Token ",
    "YWxhZGRpbjpvcGVuc2VzYW1l",
    "correct horse",
];
const PREFIXES: &[&str] = &[
    "ghp_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-1-",
    "sk_live_",
    "pk_live_",
    "sk-ant-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "npm_",
    "SG.",
    "eyJ",
    "eyJhbGciOiJIUzI1NiJ9.",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNyJ9.",
    "hvs.",
    "-----BEGIN ",
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN PRIVATE KEY-----\n",
    "-----END PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----",
    "-----",
    "--password ",
    "-p ",
    "ssh-rsa AAAA",
];
const URLS: &[&str] = &[
    "https://",
    "://",
    "http:/",
    "postgres://anna:",
    "redis://:",
    "anna:hunter2secret@",
    "@",
    "@example.com",
    "/v1?key=",
    "?access_token=",
    "&sig=",
    "#",
    "https://hooks.slack.com/services/T0/B0/",
    "mailto:anna@example.com",
    "git@example.com:anna/pages.git",
    "jdbc:mysql://",
    "//",
    "/",
    ":8080",
    "[::1]",
    "C:\\Users\\",
];
const ODDITIES: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    "\0",
    "\u{1b}[31m",
    "\u{1b}[0m",
    "\u{7f}",
    "\u{85}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\u{301}",
    "é",
    "ß",
    "İ",
    "ſ",
    "K",
    "🔑",
    "👩‍🚀",
    "\u{10ffff}",
    "。",
    "：",
    "＝",
    "ｐａｓｓｗｏｒｄ",
    "%",
    "%2",
    "%zz",
    "\\u",
    "\\u00",
    "\\x22",
    "\\n",
    "  ",
    "...",
    "-",
    "_",
    ".",
    "~",
    "*",
];
const ALL: [&[&str]; 7] = [KEYS, SEPARATORS, QUOTES, VALUES, PREFIXES, URLS, ODDITIES];

fn pick<'a>(rng: &mut Rng, list: &[&'a str]) -> &'a str {
    list[rng.usize(..list.len())]
}

/// Up to 24 pieces of all kinds, some of them noise.
pub(crate) fn pieces(rng: &mut Rng) -> String {
    (0..rng.usize(1..=24)).map(|_| piece(rng)).collect()
}

fn piece(rng: &mut Rng) -> String {
    match rng.usize(..10) {
        kind @ 0..7 => pick(rng, ALL[kind]).to_owned(),
        7 => format!(
            "{}{}{}",
            pick(rng, KEYS),
            pick(rng, SEPARATORS),
            pick(rng, VALUES)
        ),
        8 => (0..rng.usize(1..40)).map(|_| rng.alphanumeric()).collect(),
        _ => (0..rng.usize(1..6)).map(|_| rng.char(..)).collect(),
    }
}

/// JSON of nested objects and arrays, in which texts may themselves be JSON.
pub(crate) fn json_text(rng: &mut Rng) -> String {
    let value = container(rng, 3);
    let pretty = rng.bool();
    let text = if pretty {
        serde_json::to_string_pretty(&value)
    } else {
        serde_json::to_string(&value)
    };
    text.unwrap_or_default()
}

fn container(rng: &mut Rng, depth: usize) -> Value {
    let length = rng.usize(..5);
    if rng.bool() {
        return (0..length).map(|_| any(rng, depth)).collect();
    }
    let entries = (0..length).map(|_| (key(rng), any(rng, depth)));
    Value::Object(entries.collect::<Map<_, _>>())
}

fn key(rng: &mut Rng) -> String {
    if rng.usize(..8) == 0 {
        piece(rng)
    } else {
        pick(rng, KEYS).to_owned()
    }
}

fn any(rng: &mut Rng, depth: usize) -> Value {
    match rng.usize(..10) {
        0 => Value::Null,
        1 => rng.bool().into(),
        2 => rng.i64(..).into(),
        3 => json!(rng.f64()),
        4 => pieces(rng).into(),
        5 | 6 if depth > 0 => container(rng, depth - 1),
        7 if depth > 0 => container(rng, depth - 1).to_string().into(),
        _ => pick(rng, VALUES).into(),
    }
}
