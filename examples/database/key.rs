//! Keys by which the database tells a repetition from another write.

use std::fmt;

/// The longest key, in bytes.
const LONGEST: usize = 200;

/// The client's own name for a write, made before the write is sent for the first time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// A key that nobody has used: 128 random bits.
    ///
    /// # Errors
    /// The operating system gave no randomness.
    pub fn random() -> std::io::Result<Self> {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).map_err(std::io::Error::other)?;
        Ok(Self(format!("{:032x}", u128::from_be_bytes(bits))))
    }

    /// A key of the client's making: 1 to 200 bytes, without control characters.
    pub fn new(key: impl Into<String>) -> Option<Self> {
        let key = key.into();
        let fits = !key.is_empty() && key.len() <= LONGEST && !key.contains(char::is_control);
        fits.then_some(Self(key))
    }

    /// The key as it is in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, LONGEST};

    #[test]
    fn keys_are_bounded_and_printable() {
        for key in ["a", "order 7/\u{e9}", &"x".repeat(LONGEST)] {
            assert_eq!(Key::new(key).unwrap().as_str(), key);
        }
        for key in ["", "a\0", "a\nb", &"x".repeat(LONGEST + 1)] {
            assert_eq!(Key::new(key), None);
        }
    }

    #[test]
    fn random_keys_differ_and_are_keys() {
        let (one, other) = (Key::random().unwrap(), Key::random().unwrap());
        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 32);
        assert_eq!(Key::new(one.as_str()), Some(one));
    }
}
