//! Keys: from the environment, or from a file that the environment names. Never from the command line, which everybody sees
//! who lists processes.

use std::io::Read as _;
use std::path::Path;

use wait_or_die::redact::Redacted;

/// Bytes of a file with a key.
const LONGEST: u64 = 4096;

/// Looks for the key of a service: in the variable, else in the file that the variable with `_FILE` behind its name names.
///
/// # Errors
/// The file is named and cannot be read, or is no text, empty, or longer than 4,096 bytes.
pub(crate) fn key(
    variable: &str,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Option<Redacted<String>>, String> {
    if let Some(key) = environment(variable).and_then(|key| trimmed(&key)) {
        return Ok(Some(key));
    }
    let name = format!("{variable}_FILE");
    let Some(path) = environment(&name).filter(|path| !path.is_empty()) else {
        return Ok(None);
    };
    let file =
        read(Path::new(&path)).map_err(|error| format!("{name}: cannot read `{path}`: {error}"))?;
    let key = trimmed(&file).ok_or_else(|| format!("{name}: `{path}` is empty"))?;
    Ok(Some(key))
}

fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    // One byte more than allowed, to see whether there is one: half a key is none.
    std::fs::File::open(path)?
        .take(LONGEST + 1)
        .read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Err(std::io::Error::other("longer than 4,096 bytes"));
    }
    Ok(text)
}

fn trimmed(key: &str) -> Option<Redacted<String>> {
    let key = key.trim();
    (!key.is_empty()).then(|| Redacted::from(key.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::key;

    fn found(variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let environment = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        key("A_KEY", environment).map(|key| key.map(wait_or_die::redact::Redacted::into_inner))
    }

    #[test]
    fn the_variable_comes_before_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key");
        std::fs::write(&path, "from-file\n").unwrap();
        let file = ("A_KEY_FILE", path.to_str().unwrap());
        assert_eq!(found(&[]), Ok(None));
        assert_eq!(found(&[("A_KEY", " plain ")]), Ok(Some("plain".to_owned())));
        assert_eq!(found(&[file]), Ok(Some("from-file".to_owned())));
        assert_eq!(
            found(&[("A_KEY", "plain"), file]),
            Ok(Some("plain".to_owned()))
        );
        assert_eq!(
            found(&[("A_KEY", " "), file]),
            Ok(Some("from-file".to_owned()))
        );
        std::fs::write(&path, " \n").unwrap();
        assert!(found(&[file]).unwrap_err().ends_with("` is empty"));
        std::fs::write(&path, "k".repeat(4096)).unwrap();
        assert_eq!(found(&[file]), Ok(Some("k".repeat(4096))));
        std::fs::write(&path, "k".repeat(4097)).unwrap();
        assert!(
            found(&[file])
                .unwrap_err()
                .ends_with("longer than 4,096 bytes")
        );
        std::fs::remove_file(&path).unwrap();
        assert!(
            found(&[file])
                .unwrap_err()
                .starts_with("A_KEY_FILE: cannot read `")
        );
    }
}
