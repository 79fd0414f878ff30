//! Reads key files.
//!
//! Errors tell the file and the line, never what is written there: it may be a secret in the wrong place.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer};
use wait_or_die::redact::RedactedString;

use super::{ClientKeys, GatewayKeys, NotAKey, PublicKey, SecretKey, decode};

/// Bytes of a key file: more than ten thousand clients.
pub(crate) const MAX_KEY_FILE: u64 = 1024 * 1024;
/// The permissions of all but the owner.
const OTHERS: u32 = 0o077;

/// Why a key file is of no use; `{0}` is its name.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error("cannot read the key file `{0}`: {1}")]
    Unreadable(String, io::Error),
    #[error(
        "the key file `{0}` is open to others (mode {1:04o}); run `chmod 600 {0}`, and make new keys if they may have read it"
    )]
    Open(String, u32),
    #[error("the key file `{0}` is larger than {MAX_KEY_FILE} bytes")]
    TooLarge(String),
    #[error("the key file `{0}` is not text")]
    NotText(String),
    /// The line, from 1.
    #[error(
        "the key file `{0}`, line {1}: not understood; there are `public-key`, `secret-key`, `server-key`, and `[clients]` with one `name = \"public key\"` a line"
    )]
    NotUnderstood(String, usize),
    #[error("the key file `{0}`, line {1}: {NotAKey}")]
    NotAKey(String, usize),
    #[error("the key file `{0}` has no `public-key` or no `secret-key`")]
    Incomplete(String),
    #[error("`{0}` is a client's key file, and a gateway's is needed: one with `[clients]`")]
    OfAClient(String),
    #[error("`{0}` is a gateway's key file, and a client's is needed: one with `server-key`")]
    OfAGateway(String),
    #[error("the key file `{0}` lists no client: nobody could come in")]
    NoClients(String),
    #[error("the key file `{0}` gives one key to two clients, `{1}` and `{2}`")]
    Shared(String, String, String),
}

impl GatewayKeys {
    /// Reads the gateway's key file.
    ///
    /// # Errors
    /// It cannot be read, others may read it, it is a client's, or what is in it are no keys.
    pub(crate) fn read(path: &Path) -> Result<Self, KeyFileError> {
        Self::parse(&name(path), &open(path)?)
    }

    pub(super) fn parse(file: &str, text: &RedactedString) -> Result<Self, KeyFileError> {
        let keys = parse(file, text)?;
        let (None, Some(listed)) = (keys.server_key, keys.clients) else {
            return Err(KeyFileError::OfAClient(file.to_owned()));
        };
        if listed.is_empty() {
            return Err(KeyFileError::NoClients(file.to_owned()));
        }
        let mut clients = BTreeMap::new();
        for (name, Public(key)) in listed {
            if let Some(other) = clients.insert(key, name.clone()) {
                return Err(KeyFileError::Shared(file.to_owned(), other, name));
            }
        }
        let (public, secret) = (keys.public_key.0, keys.secret_key);
        Ok(Self {
            public,
            secret,
            clients,
        })
    }
}

impl ClientKeys {
    /// Reads a client's key file.
    ///
    /// # Errors
    /// It cannot be read, others may read it, it is a gateway's, or what is in it are no keys.
    pub(crate) fn read(path: &Path) -> Result<Self, KeyFileError> {
        Self::parse(&name(path), &open(path)?)
    }

    pub(super) fn parse(file: &str, text: &RedactedString) -> Result<Self, KeyFileError> {
        let keys = parse(file, text)?;
        let (Some(Public(gateway)), None) = (keys.server_key, keys.clients) else {
            return Err(KeyFileError::OfAGateway(file.to_owned()));
        };
        let (public, secret) = (keys.public_key.0, keys.secret_key);
        Ok(Self {
            public,
            secret,
            gateway,
        })
    }
}

/// Whether a gateway can be started with this text as its key file.
///
/// # Errors
/// As of [`GatewayKeys::read`], of what is in the text.
pub(crate) fn check_text(path: &Path, text: &RedactedString) -> Result<GatewayKeys, KeyFileError> {
    GatewayKeys::parse(&name(path), text)
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// The text of a key file that only its owner can read.
fn open(path: &Path) -> Result<RedactedString, KeyFileError> {
    let unreadable = |error| KeyFileError::Unreadable(name(path), error);
    let file = File::open(path).map_err(unreadable)?;
    private(path, &file)?;
    let mut text = RedactedString::zeroizing(String::new());
    let read = file
        .take(MAX_KEY_FILE + 1)
        .read_to_string(text.expose_mut());
    match read {
        Ok(length) if length as u64 > MAX_KEY_FILE => Err(KeyFileError::TooLarge(name(path))),
        Ok(_) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            Err(KeyFileError::NotText(name(path)))
        }
        Err(error) => Err(unreadable(error)),
    }
}

/// Asked of the open file, so that it cannot be exchanged in between.
#[cfg(unix)]
fn private(path: &Path, file: &File) -> Result<(), KeyFileError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = file.metadata();
    let mode = metadata.map_err(|error| KeyFileError::Unreadable(name(path), error))?;
    let mode = mode.permissions().mode() & 0o7777;
    if mode & OTHERS == 0 {
        Ok(())
    } else {
        Err(KeyFileError::Open(name(path), mode))
    }
}

/// Elsewhere the directory's permissions decide.
#[cfg(not(unix))]
fn private(_: &Path, _: &File) -> Result<(), KeyFileError> {
    Ok(())
}

/// Both kinds of files; which one it is, is said by what is there beside the two keys.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct KeyFile {
    public_key: Public,
    secret_key: SecretKey,
    server_key: Option<Public>,
    clients: Option<BTreeMap<String, Public>>,
}

fn parse(file: &str, text: &RedactedString) -> Result<KeyFile, KeyFileError> {
    let text: &str = text.expose();
    toml::from_str(text).map_err(|error| {
        let file = file.to_owned();
        let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
            return KeyFileError::Incomplete(file);
        };
        let line = before.matches('\n').count() + 1;
        if error.message() == NotAKey.to_string() {
            KeyFileError::NotAKey(file, line)
        } else if error.message().starts_with("missing field") {
            KeyFileError::Incomplete(file)
        } else {
            KeyFileError::NotUnderstood(file, line)
        }
    })
}

struct Public(PublicKey);

impl<'de> Deserialize<'de> for Public {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let key = deserializer.deserialize_str(Text)?;
        decode(key.expose()).map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for SecretKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

/// A key in a file: text that is not told.
struct Text;

impl Visitor<'_> for Text {
    type Value = SecretKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&NotAKey, f)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<SecretKey, E> {
        SecretKey::new(text.to_owned()).map_err(E::custom)
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<SecretKey, E> {
        SecretKey::new(text).map_err(E::custom)
    }
}
