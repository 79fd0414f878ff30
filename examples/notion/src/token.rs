//! The token.

use std::env::{self, VarError};
use std::io;
use std::path::Path;

use http::HeaderValue;
use wait_or_die::redact::Redacted;

use crate::file;

/// The variable that the token is taken from.
pub const VARIABLE: &str = "NOTION_TOKEN";

/// What stands before the token in its header.
const PREFIX: &str = "Bearer ";

/// A token of an integration. It is opaque: Notion says that its form may change.
#[derive(Debug, Clone)]
pub struct Token(Redacted<HeaderValue>);

/// A token that cannot be had. Nothing of its value is told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It is empty, or has characters that no token has.
    #[error("this is no token: one line of visible ASCII, such as ntn_..")]
    Malformed,
    /// Its file cannot be read.
    #[error("cannot read the token's file: {0}")]
    File(#[from] io::Error),
}

/// The most bytes of a token's file: many times what a header may have.
const MAX_FILE: usize = 64 * 1024;

impl Token {
    /// A token as it is. White space around it is left out.
    ///
    /// # Errors
    /// If it cannot be a token.
    pub fn new(token: &str) -> Result<Self, TokenError> {
        let token = token.trim();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(TokenError::Malformed);
        }
        let mut header =
            HeaderValue::try_from(format!("{PREFIX}{token}")).map_err(|_| TokenError::Malformed)?;
        // Keeps it out of the `Debug` of requests.
        header.set_sensitive(true);
        Ok(Self(Redacted::new(header)))
    }

    /// From the environment's `NOTION_TOKEN`; none if that is not set, or empty.
    ///
    /// # Errors
    /// If what is there cannot be a token.
    pub fn from_environment() -> Result<Option<Self>, TokenError> {
        match env::var(VARIABLE) {
            Ok(token) if token.trim().is_empty() => Ok(None),
            Ok(token) => Self::new(&token).map(Some),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(TokenError::Malformed),
        }
    }

    /// From a file that holds nothing else, of at most 64 KiB.
    ///
    /// # Errors
    /// If the file cannot be read or has more bytes, or what is in it cannot be a token.
    pub fn from_file(path: &Path) -> Result<Self, TokenError> {
        Self::new(&file::read_now(path, MAX_FILE)?)
    }

    /// A text without the token, should somebody have sent it back.
    pub(crate) fn cut_out(&self, text: &str) -> String {
        let header = self.0.expose().to_str().unwrap_or_default();
        let token = header.strip_prefix(PREFIX).unwrap_or_default();
        if token.is_empty() {
            return text.to_owned();
        }
        text.replace(token, "[token]")
    }

    /// The header that carries it.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.expose().clone()
    }
}
