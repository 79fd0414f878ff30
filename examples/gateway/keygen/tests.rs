//! The files, with keys that are made up: whether this libzmq can make some does not matter.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use wait_or_die::redact::RedactedString;

use super::{Gateway, Pair, Wanted, add, append, client_name, client_text, create, gateway_text};
use crate::curve::{self, ClientKeys, GatewayKeys};

fn pair(number: u8) -> Pair {
    Pair {
        public: [number; 32],
        secret: RedactedString::zeroizing(curve::encode(&[number + 100; 32]).unwrap()),
    }
}

fn files(directory: &Path) -> [std::path::PathBuf; 2] {
    let paths = ["gateway.key", "client.key"].map(|name| directory.join(name));
    create(
        &paths[0],
        &gateway_text(&pair(1), "client", &pair(2)).unwrap(),
    )
    .unwrap();
    create(&paths[1], &client_text(&pair(2), &pair(1).public).unwrap()).unwrap();
    paths
}

#[test]
fn what_is_written_can_be_read_by_its_owner_only() {
    let directory = tempfile::tempdir().unwrap();
    let [gateway, client] = files(directory.path());
    let keys = GatewayKeys::read(&gateway).unwrap();
    assert_eq!(keys.public, pair(1).public);
    assert_eq!(keys.clients.get(&pair(2).public).unwrap(), "client");
    ClientKeys::read(&client).unwrap();
    #[cfg(unix)]
    for path in [gateway, client] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn keys_are_not_written_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("client.key");
    fs::write(&path, "mine").unwrap();
    let text = client_text(&pair(2), &pair(1).public).unwrap();
    let error = create(&path, &text).unwrap_err().to_string();
    assert!(
        error.contains("is there already, and keys are not written over"),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    // Nor is anything left beside it.
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    let nowhere = directory.path().join("none").join("client.key");
    let error = create(&nowhere, &text).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("cannot make `{}`: ", nowhere.display())),
        "{error}"
    );
}

#[test]
fn a_further_client_is_listed_beside_the_first() {
    let directory = tempfile::tempdir().unwrap();
    let [gateway, _] = files(directory.path());
    add(&gateway, "desk8", &pair(3).public).unwrap();
    let keys = GatewayKeys::read(&gateway).unwrap();
    let names: Vec<_> = keys.clients.values().collect();
    assert_eq!(names, ["client", "desk8"]);
    let before = fs::read_to_string(&gateway).unwrap();
    let error = add(&gateway, "desk8", &pair(4).public)
        .unwrap_err()
        .to_string();
    assert!(error.contains("lists a client `desk8` already"), "{error}");
    assert_eq!(fs::read_to_string(&gateway).unwrap(), before);
}

#[test]
fn a_line_that_cannot_be_written_to_its_end_is_taken_out_again() {
    let directory = tempfile::tempdir().unwrap();
    let [gateway, _] = files(directory.path());
    let before = fs::read_to_string(&gateway).unwrap();
    let file = fs::File::options().write(true).open(&gateway).unwrap();
    let error = append(&file, |mut file| {
        file.write_all(b"desk8 = \"abc")?;
        Err(io::ErrorKind::StorageFull.into())
    })
    .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    assert_eq!(fs::read_to_string(&gateway).unwrap(), before);
    append(&file, |mut file| file.write_all(b"# desk8\n")).unwrap();
    let after = fs::read_to_string(&gateway).unwrap();
    assert_eq!(after, format!("{before}# desk8\n"));
}

#[test]
fn a_list_whose_last_line_has_no_end_gets_a_line_of_its_own() {
    let directory = tempfile::tempdir().unwrap();
    let [gateway, _] = files(directory.path());
    let text = fs::read_to_string(&gateway).unwrap();
    fs::write(&gateway, text.trim_end()).unwrap();
    add(&gateway, "desk8", &pair(3).public).unwrap();
    assert_eq!(GatewayKeys::read(&gateway).unwrap().clients.len(), 2);
}

#[test]
fn a_file_that_was_rearranged_is_left_as_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let [gateway, _] = files(directory.path());
    let mine = format!(
        "clients = {{ desk7 = \"{}\" }}\npublic-key = \"{}\"\nsecret-key = \"{}\"\n",
        curve::encode(&[5; 32]).unwrap(),
        curve::encode(&[6; 32]).unwrap(),
        pair(1).secret.expose().as_str(),
    );
    fs::write(&gateway, &mine).unwrap();
    let error = add(&gateway, "desk8", &pair(3).public)
        .unwrap_err()
        .to_string();
    assert!(error.contains("add by hand: desk8 = \""), "{error}");
    assert!(!error.contains(pair(1).secret.expose().as_str()));
    assert_eq!(fs::read_to_string(&gateway).unwrap(), mine);
}

#[test]
fn a_client_is_called_as_its_file_or_as_is_said() {
    let called = |client: &str, name: Option<&str>| {
        client_name(&Wanted {
            client: client.into(),
            name: name.map(str::to_owned),
            gateway: Gateway::New("gateway.key".into()),
        })
        .ok()
    };
    assert_eq!(called("keys/desk-7.key", None).as_deref(), Some("desk-7"));
    assert_eq!(called("x y.key", Some("desk_8")).as_deref(), Some("desk_8"));
    for (client, name) in [
        ("x y.key", None),
        ("x", Some("")),
        ("x", Some("a.b")),
        ("x", Some("a\nb")),
    ] {
        assert_eq!(called(client, name), None, "{client} {name:?}");
    }
    assert_eq!(called("x", Some(&"n".repeat(65))), None);
}
