//! Keys and key files. Errors must tell nothing that is written in a file.

use std::path::Path;

use wait_or_die::redact::RedactedString;

use super::{ClientKeys, GatewayKeys, NotAKey, SecretKey, decode, encode};

/// The keys that RFC 26 and libzmq's own tests use.
const PUBLIC: &str = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
const OTHER: &str = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
const SECRET: &str = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";

fn gateway(text: &str) -> Result<GatewayKeys, String> {
    let text = RedactedString::zeroizing(text.to_owned());
    GatewayKeys::parse("g.key", &text).map_err(|error| error.to_string())
}

fn client(text: &str) -> Result<ClientKeys, String> {
    let text = RedactedString::zeroizing(text.to_owned());
    ClientKeys::parse("c.key", &text).map_err(|error| error.to_string())
}

fn gateway_text() -> String {
    format!(
        "public-key = \"{PUBLIC}\"\nsecret-key = \"{SECRET}\"\n\n[clients]\ndesk7 = \"{OTHER}\"\n"
    )
}

fn client_text() -> String {
    format!("public-key = \"{OTHER}\"\nsecret-key = \"{SECRET}\"\nserver-key = \"{PUBLIC}\"\n")
}

#[test]
fn a_key_is_forty_characters_of_its_alphabet() {
    let key = decode(PUBLIC).unwrap();
    assert_eq!(encode(&key).unwrap(), PUBLIC);
    // The example of RFC 32, four times.
    let hello = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B].repeat(4);
    assert_eq!(decode(&"HelloWorld".repeat(4)).unwrap().as_slice(), hello);
    let long = format!("{PUBLIC}x");
    let more_than_four_bytes = "#".repeat(40);
    let strange = PUBLIC.replace('r', " ");
    let wide = format!("{}é", &PUBLIC[..38]);
    for text in [
        "",
        &PUBLIC[..39],
        &long,
        &more_than_four_bytes,
        &strange,
        &wide,
    ] {
        assert_eq!(decode(text), Err(NotAKey), "{text}");
    }
}

#[test]
fn a_secret_is_not_told() {
    let keys = gateway(&gateway_text()).unwrap();
    assert!(!format!("{keys:?}").contains(SECRET), "{keys:?}");
    assert!(!format!("{:?}", client(&client_text()).unwrap()).contains(SECRET));
    assert_eq!(keys.secret.expose(), SECRET);
    let refused = SecretKey::new(SECRET.replace('J', "~")).unwrap_err();
    assert_eq!(refused.to_string(), "not a key: 40 characters of Z85");
}

#[test]
fn a_gateways_file_lists_clients() {
    let keys = gateway(&gateway_text()).unwrap();
    assert_eq!(keys.public, decode(PUBLIC).unwrap());
    let listed: Vec<_> = keys.clients.into_iter().collect();
    assert_eq!(listed, [(decode(OTHER).unwrap(), "desk7".to_owned())]);
}

#[test]
fn a_clients_file_names_its_gateway() {
    let keys = client(&client_text()).unwrap();
    assert_eq!(keys.gateway, decode(PUBLIC).unwrap());
    assert_eq!(keys.public, decode(OTHER).unwrap());
    assert_eq!(keys.secret.expose(), SECRET);
}

#[test]
fn what_is_wrong_is_told_with_its_line_and_without_a_word_of_it() {
    let good = gateway_text();
    let short = &SECRET[..39];
    let cases = [
        // A comment after the key; no line for what is not there.
        (
            good.replace("[clients]", "# [clients]"),
            "line 5: not understood",
        ),
        (good.replace(SECRET, short), "line 2: not a key"),
        (good.replace(OTHER, "x"), "line 5: not a key"),
        (
            good.replace(&format!("\"{SECRET}\""), "7"),
            "line 2: not understood",
        ),
        (
            good.replace("secret-key", "secret"),
            "line 2: not understood",
        ),
        // The secret where a name belongs, and where nothing does.
        (
            format!("\"{SECRET}\" = 1\n{good}"),
            "line 1: not understood",
        ),
        (format!("{good}{SECRET}\n"), "line 6: not understood"),
        (
            format!("{good}desk7 = \"{OTHER}\"\n"),
            "line 6: not understood",
        ),
        (
            good.replace(&format!("\"{SECRET}\""), SECRET),
            "line 2: not understood",
        ),
        (
            good.replace(&format!("secret-key = \"{SECRET}\"\n"), ""),
            "no `public-key` or no `secret-key`",
        ),
        (String::new(), "no `public-key` or no `secret-key`"),
        (
            format!("{good}again = \"{OTHER}\"\n"),
            "one key to two clients, `again` and `desk7`",
        ),
        (
            good.replace(&format!("desk7 = \"{OTHER}\""), ""),
            "lists no client",
        ),
        (client_text(), "`g.key` is a client's key file"),
    ];
    for (text, told) in cases {
        let error = gateway(&text).unwrap_err();
        assert!(
            error.contains(told) && error.contains("g.key"),
            "{told}: {error}"
        );
        for part in [SECRET, short, &SECRET[..8], &SECRET[20..28]] {
            assert!(!error.contains(part), "{error}");
        }
    }
    let error = client(&good).unwrap_err();
    assert!(error.contains("`c.key` is a gateway's key file"), "{error}");
}

fn read(path: &Path) -> String {
    GatewayKeys::read(path).unwrap_err().to_string()
}

#[test]
fn a_file_that_is_none_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let error = read(&directory.path().join("gateway.key"));
    assert!(error.starts_with("cannot read the key file `"), "{error}");
    assert!(!read(directory.path()).is_empty());
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gateway.key");
    std::fs::write(&path, gateway_text()).unwrap();
    let allow = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode));
    for mode in [0o644, 0o640, 0o604, 0o601, 0o620] {
        allow(mode).unwrap();
        let error = read(&path);
        let told = format!(
            "is open to others (mode {mode:04o}); run `chmod 600 {}`",
            path.display()
        );
        assert!(error.contains(&told), "{error}");
    }
    for mode in [0o600, 0o400] {
        allow(mode).unwrap();
        assert_eq!(GatewayKeys::read(&path).unwrap().clients.len(), 1);
    }
}

#[test]
fn a_file_without_an_end_is_not_read_to_its_end() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("gateway.key");
    let private = tempfile::NamedTempFile::new_in(directory.path()).unwrap();
    private.as_file().set_len(super::MAX_KEY_FILE + 1).unwrap();
    private.persist(&path).unwrap();
    assert!(read(&path).ends_with("is larger than 1048576 bytes"));
}
