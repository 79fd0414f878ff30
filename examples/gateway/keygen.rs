//! `keygen`: makes key files.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fs4::FileExt;
use tempfile::NamedTempFile;
use wait_or_die::redact::RedactedString;

use crate::curve::{self, GatewayKeys, MAX_KEY_FILE, PublicKey};
use crate::serve::Failure;

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The client's file, to be made.
    pub(crate) client: PathBuf,
    /// What the gateway's file calls the client; the name of the client's file without its ending, if `None`.
    pub(crate) name: Option<String>,
    pub(crate) gateway: Gateway,
}

/// The gateway that the client is for.
#[derive(Debug)]
pub(crate) enum Gateway {
    /// Its file is to be made.
    New(PathBuf),
    /// Its file is there, and is to list one more client.
    Old(PathBuf),
}

/// Makes the files, and says what to do with them. No file is written over; after an error none has been left behind.
///
/// # Errors
/// This program's libzmq has no CURVE; a file is there already or cannot be written; the name is taken or is none.
pub(crate) fn run(wanted: &Wanted) -> Result<ExitCode, Failure> {
    curve::available()?;
    let client = Pair::generate()?;
    let name = client_name(wanted)?;
    match &wanted.gateway {
        Gateway::New(path) => {
            let gateway = Pair::generate()?;
            let listing = gateway_text(&gateway, &name, &client)?;
            let file = client_text(&client, &gateway.public)?;
            create(path, &listing)?;
            create(&wanted.client, &file).inspect_err(|_| take_back(path))?;
            println!(
                "{}: for `gateway serve --curve-secret-file`",
                path.display()
            );
        }
        Gateway::Old(path) => {
            let gateway = GatewayKeys::read(path)?;
            let file = client_text(&client, &gateway.public)?;
            create(&wanted.client, &file)?;
            add(path, &name, &client.public).inspect_err(|_| take_back(&wanted.client))?;
            println!(
                "{}: lists `{name}` too, from the gateway's next start on",
                path.display()
            );
        }
    }
    println!("{}: for the client `{name}`", wanted.client.display());
    Ok(ExitCode::SUCCESS)
}

struct Pair {
    public: PublicKey,
    /// In Z85.
    secret: RedactedString,
}

impl Pair {
    fn generate() -> Result<Self, Failure> {
        let pair =
            zmq::CurveKeyPair::new().map_err(|error| format!("libzmq made no keys: {error}"))?;
        Ok(Self {
            public: pair.public_key,
            secret: RedactedString::zeroizing(curve::encode(&pair.secret_key)?),
        })
    }
}

fn client_name(wanted: &Wanted) -> Result<String, Failure> {
    let stem = wanted.client.file_stem().unwrap_or_default();
    let name = wanted.name.clone();
    let name = name.unwrap_or_else(|| stem.to_string_lossy().into_owned());
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if (1..=64).contains(&name.len()) && name.chars().all(plain) {
        Ok(name)
    } else {
        Err(
            "a client's name has 1 to 64 letters, digits, `-` and `_`; give one with `--name`"
                .into(),
        )
    }
}

fn gateway_text(gateway: &Pair, name: &str, client: &Pair) -> Result<RedactedString, Failure> {
    let (public, secret) = (
        curve::encode(&gateway.public)?,
        gateway.secret.expose().as_str(),
    );
    let line = listed(name, &client.public)?;
    Ok(RedactedString::zeroizing(format!(
        "\
# The gateway's keys. Whoever has this file can pass for the gateway: it stays on its machine, readable by its owner only.
# Keys are 32 bytes in Z85 (ZeroMQ RFC 32).
public-key = \"{public}\"
secret-key = \"{secret}\"

# Who may come in: a name of your choice, and the client's public key. Read when the gateway starts.
[clients]
{line}"
    )))
}

fn client_text(client: &Pair, gateway: &PublicKey) -> Result<RedactedString, Failure> {
    let (public, secret) = (
        curve::encode(&client.public)?,
        client.secret.expose().as_str(),
    );
    let server = curve::encode(gateway)?;
    Ok(RedactedString::zeroizing(format!(
        "\
# A client's keys. Whoever has this file can trade: it stays on the client's machine, readable by its owner only.
# Keys are 32 bytes in Z85 (ZeroMQ RFC 32).
public-key = \"{public}\"
secret-key = \"{secret}\"

# The gateway's public key: by it the client knows that it speaks with the gateway.
server-key = \"{server}\"
"
    )))
}

fn listed(name: &str, key: &PublicKey) -> Result<String, Failure> {
    Ok(format!("{name} = \"{}\"\n", curve::encode(key)?))
}

/// Writes a file that only its owner can read; it is there as a whole or not at all, and never in another one's place.
fn create(path: &Path, text: &RedactedString) -> Result<(), Failure> {
    let cannot = |error: &io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!(
            "`{}` is there already, and keys are not written over; give another name, or move it away",
            path.display()
        ),
        _ => format!("cannot make `{}`: {error}", path.display()),
    };
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    // Made with mode 0600.
    let mut file = NamedTempFile::new_in(directory).map_err(|error| cannot(&error))?;
    file.write_all(text.expose().as_bytes())
        .map_err(|error| cannot(&error))?;
    file.as_file().sync_all().map_err(|error| cannot(&error))?;
    file.persist_noclobber(path)
        .map_err(|error| cannot(&error.error))?;
    Ok(())
}

/// Of a file that this run made.
fn take_back(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        eprintln!(
            "gateway: `{}` was made and could not be removed: {error}",
            path.display()
        );
    }
}

/// Appends a client to the gateway's file, which keeps its owner and its permissions. Held against other runs that do
/// the same, and checked before it is written: a list that is not the last part of the file would not get the line.
fn add(path: &Path, name: &str, key: &PublicKey) -> Result<(), Failure> {
    let cannot = |error: io::Error| format!("cannot add to `{}`: {error}", path.display());
    let file = File::options()
        .read(true)
        .write(true)
        .open(path)
        .map_err(cannot)?;
    FileExt::lock(&file).map_err(cannot)?;
    let mut text = RedactedString::zeroizing(String::new());
    (&file)
        .take(MAX_KEY_FILE)
        .read_to_string(text.expose_mut())
        .map_err(cannot)?;
    let before = curve::check_text(path, &text)?;
    if before.clients.values().any(|taken| taken == name) {
        let path = path.display();
        return Err(format!(
            "`{path}` lists a client `{name}` already; give another one with `--name`"
        )
        .into());
    }
    let begin = if text.expose().ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let line = format!("{begin}{}", listed(name, key)?);
    text.expose_mut().push_str(&line);
    let after = curve::check_text(path, &text).ok();
    if after.is_none_or(|after| after.clients.get(key).is_none_or(|listed| listed != name)) {
        return Err(format!(
            "`[clients]` is not the last part of `{}`; add by hand: {line}",
            path.display()
        )
        .into());
    }
    append(&file, |mut file| file.write_all(line.as_bytes())).map_err(cannot)?;
    Ok(())
}

/// Has something written behind the end of the file, as a whole or not at all: the gateway would not start with a part of it.
fn append(mut file: &File, write: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
    let whole = file.seek(SeekFrom::End(0))?;
    let written = write(file).and_then(|()| file.sync_all());
    written.map_err(|error| match file.set_len(whole) {
        Ok(()) => error,
        Err(cut) => io::Error::other(format!(
            "{error}; take out what stands behind byte {whole}, which failed too: {cut}"
        )),
    })
}

#[cfg(test)]
mod tests;
