//! Texts with a place for a secret, marked by `§`; whatever the secret is, it must not be seen.

use super::secrets::Form::{self, Base64, Capitals, Card, Digits, Hex, Iban, Password, Word};

/// The place of the secret.
pub(crate) const PLACE: char = '§';

/// A text and the form of the secret in it.
pub(crate) const TEMPLATES: &[(&str, Form)] = &[
    // Behind a key.
    ("password=§", Password(14)),
    ("password = §, user = anna", Password(14)),
    ("password: §", Password(14)),
    ("DB_PASSWORD=§", Password(20)),
    ("dbPassword: \"§\"", Password(16)),
    (
        "the password is \"hidden\"; password='§' user='anna'",
        Password(12),
    ),
    ("level=info user=anna passwd=§ port=5432", Password(12)),
    ("Server=db;User Id=anna;Pwd=§;Timeout=5", Word(16)),
    ("client_secret=§&grant_type=client_credentials", Word(32)),
    ("api-key: §", Word(32)),
    ("apiKeys = [\"§\", \"none\"]", Word(24)),
    ("export AWS_SECRET_ACCESS_KEY=§", Base64(40)),
    ("Passwort: §", Password(12)),
    ("contraseña=§", Password(12)),
    ("mot_de_passe=§", Password(12)),
    ("PIN: 17, access_token: § (expires in 3600)", Word(40)),
    ("mysql --user anna --password=§ db", Password(12)),
    ("mysql --user anna --password § db", Word(12)),
    ("<user>anna</user><password>§</password>", Password(12)),
    ("password%3D§%26user%3Danna", Word(20)),
    // Quoted, at every depth.
    (
        r#"{"user":"anna","password":"§","port":5432}"#,
        Password(14),
    ),
    (r#"{"password" : "§"}"#, Password(14)),
    (r#"{"password":§}"#, Digits(10)),
    (r#"{"passwords":["§","none"],"port":1}"#, Password(14)),
    (
        r#"{"credentials":{"user":"anna","pass":"§"},"port":1}"#,
        Password(14),
    ),
    (r#""{\"user\":\"anna\",\"password\":\"§\"}""#, Password(14)),
    (r#"body: "{\\\"password\\\":\\\"§\\\"}""#, Password(14)),
    (r"{\u0022password\u0022:\u0022§\u0022}", Word(14)),
    ("{'user': 'anna', 'password': '§'}", Password(14)),
    (
        "Config { user: \"anna\", password: Some(\"§\"), port: 5432 }",
        Password(14),
    ),
    ("Config { password: Password(\"§\") }", Password(14)),
    (r#"{"password":"a\"§","port":1}"#, Word(16)),
    // Headers.
    ("Authorization: Bearer §", Word(40)),
    ("Authorization: Basic §==", Word(24)),
    ("> authorization: Token §", Word(40)),
    ("Proxy-Authorization: Basic §", Base64(24)),
    ("request refused for Bearer §", Word(40)),
    ("X-Api-Key: §", Word(32)),
    ("Cookie: theme=dark; session=§", Word(32)),
    ("Set-Cookie: sid=§; Path=/; HttpOnly", Word(32)),
    (
        "[(\"accept\", \"*/*\"), (\"authorization\", \"Bearer §\")]",
        Word(40),
    ),
    (r#"{"name":"Authorization","value":"Bearer §"}"#, Word(40)),
    (r#"{"authorization": ["Bearer §"]}"#, Word(40)),
    // URLs.
    ("https://anna:§@example.com/pages", Word(14)),
    ("postgres://anna:p@§@db.internal:5432/pages", Word(14)),
    ("redis://:§@cache:6379/0", Word(20)),
    (
        "error sending request for url (https://api.example.com/v1?key=§): timed out",
        Word(32),
    ),
    ("GET /v1?page=2&access_token=§&limit=5 HTTP/1.1", Word(32)),
    ("https://example.com/cb#access_token=§&state=1", Word(32)),
    (
        "https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature=§",
        Hex(64),
    ),
    (
        "https://hooks.slack.com/services/T0123ABCD/B0123ABCD/§",
        Word(24),
    ),
    ("jdbc:mysql://db:3306/pages?user=anna&password=§", Word(16)),
    // Tokens that say what they are.
    ("pushed with ghp_§.", Word(36)),
    ("glpat-§ was refused", Word(20)),
    ("xoxb-123456789012-123456789012-§", Word(24)),
    ("sk_live_§", Word(24)),
    ("key AKIA§ is not known", Capitals(16)),
    ("AIza§", Word(35)),
    ("npm_§", Word(36)),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxNyJ9.§", Word(43)),
    // Blocks and numbers with a checksum.
    (
        "-----BEGIN PRIVATE KEY-----\n§\n-----END PRIVATE KEY-----",
        Base64(64),
    ),
    ("-----BEGIN RSA PRIVATE KEY-----\n§", Base64(64)),
    (
        r#"{"key":"-----BEGIN EC PRIVATE KEY-----\n§\n-----END EC PRIVATE KEY-----\n"}"#,
        Base64(64),
    ),
    ("paid with § by anna", Card { grouped: false }),
    ("paid with § by anna", Card { grouped: true }),
    ("to account § at once", Iban),
];

/// The template with the secret in its place.
pub(crate) fn fill(template: &str, secret: &str) -> String {
    template.replace(PLACE, secret)
}
