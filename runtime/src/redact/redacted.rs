//! A value that does not print itself.

use core::fmt;

use super::PLACEHOLDER;
#[cfg(not(loom))]
use super::SafeText;
#[cfg(not(loom))]
use crate::observe::Record;

/// A secret of the program's own: a password, a token, a key. It prints as `[REDACTED]`, whatever is in it, and gives
/// its value only to [`expose`](Self::expose), which is easy to search for.
///
/// It derefs to nothing, is borrowed as nothing and compares with nothing; whoever compares exposes, best with a
/// comparison that takes the same time for every value. It is `Clone` and `Default` where the value is.
///
/// ```
/// use wait_or_die::redact::Redacted;
///
/// #[derive(Debug)]
/// struct Login {
///     user: String,
///     password: Redacted<String>,
/// }
///
/// let login = Login { user: "svc".into(), password: Redacted::new("hunter2".into()) };
/// assert_eq!(format!("{login:?}"), r#"Login { user: "svc", password: [REDACTED] }"#);
/// assert_eq!(login.password.expose(), "hunter2");
/// ```
///
/// ```compile_fail,E0308
/// # use wait_or_die::redact::Redacted;
/// let password = Redacted::new(String::from("hunter2"));
/// let text: &str = &password;
/// ```
///
/// ```compile_fail,E0369
/// # use wait_or_die::redact::Redacted;
/// let same = Redacted::new("hunter2") == Redacted::new("hunter2");
/// ```
///
/// With the feature `serde` it is read as its value is, and written as `"[REDACTED]"`: what was written cannot be read
/// back.
///
/// As a `fields(..)` argument it is recorded as `[REDACTED]`.
///
/// # In memory
///
/// The value lies in memory as it is, and stays there after the drop until something else is written over it. With the
/// feature `zeroize`, `Redacted<Zeroizing<T>>` overwrites it with zeros when it is dropped (`RedactedString` is one of a
/// string). That is a matter of the type, so that a crate that turns the feature on changes nothing for others.
#[derive(Clone, Default)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Keeps `value` from being printed.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value. Mind what becomes of it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value, to change it.
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }

    /// The value, which prints itself again from here on.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Redacted<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

/// `[REDACTED]`
impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(PLACEHOLDER)
    }
}

/// `[REDACTED]`
impl<T> fmt::Display for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(PLACEHOLDER)
    }
}

/// `[REDACTED]`
#[cfg(not(loom))]
impl<T> Record for Redacted<T> {
    fn record(&self) -> SafeText {
        SafeText::withheld()
    }
}

/// `"[REDACTED]"`
#[cfg(feature = "serde")]
impl<T> serde::Serialize for Redacted<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(PLACEHOLDER)
    }
}

/// Whatever the value is read from. Of what the format says of a value that does not fit, or is missing, only the type is told: the rest
/// may repeat the value.
#[cfg(feature = "serde")]
impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Redacted<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let unfit = |_| {
            serde::de::Error::custom(format_args!(
                "a redacted value that is missing or no {}",
                core::any::type_name::<T>()
            ))
        };
        T::deserialize(deserializer).map(Self::new).map_err(unfit)
    }
}

#[cfg(feature = "zeroize")]
mod zeroizing {
    use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

    use super::Redacted;

    /// A secret text that is overwritten with zeros when it is dropped (feature `zeroize`).
    ///
    /// ```
    /// use wait_or_die::redact::RedactedString;
    ///
    /// let password = RedactedString::zeroizing("hunter2".into());
    /// assert_eq!(password.to_string(), "[REDACTED]");
    /// assert_eq!(password.expose().as_str(), "hunter2");
    /// ```
    ///
    /// Only this one copy is overwritten: not those that were made on the way here or are made of what is exposed, nor
    /// what a string leaves behind where it grows.
    #[cfg_attr(docsrs, doc(cfg(feature = "zeroize")))]
    pub type RedactedString = Redacted<Zeroizing<String>>;

    impl<T: Zeroize> Redacted<Zeroizing<T>> {
        /// Keeps `value` from being printed, and overwrites it with zeros when it is dropped (feature `zeroize`).
        ///
        /// There is no `From` the bare value: a second one beside that of every `Redacted` would leave other crates'
        /// `Redacted::from(..)` ambiguous as soon as one crate turns the feature on.
        #[cfg_attr(docsrs, doc(cfg(feature = "zeroize")))]
        pub fn zeroizing(value: T) -> Self {
            Self::new(Zeroizing::new(value))
        }
    }

    impl<T: Zeroize> Zeroize for Redacted<T> {
        fn zeroize(&mut self) {
            self.0.zeroize();
        }
    }

    impl<T: ZeroizeOnDrop> ZeroizeOnDrop for Redacted<T> {}
}

#[cfg(feature = "zeroize")]
pub use zeroizing::RedactedString;

#[cfg(test)]
mod tests;
