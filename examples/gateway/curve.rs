//! CURVE: who may connect, and what encrypts the way there (RFC 25, RFC 26).
//!
//! A gateway's key file holds its own keys and the public keys of the clients that may come in; a client's key file
//! holds its own keys and the gateway's public key. Both are TOML, so that a comment may say whose key it is.

use std::collections::BTreeMap;

use wait_or_die::redact::RedactedString;

mod file;

pub(crate) use file::{MAX_KEY_FILE, check_text};

/// By how many bytes an encrypted frame is longer than what is in it: a name of 8 bytes, a counter of 8, a seal of 16,
/// and flags.
pub(crate) const OVERHEAD: i64 = 33;

/// What a socket with keys tells the handler that decides on its peers.
pub(crate) const DOMAIN: &str = "gateway";

/// A key that anybody may see.
pub(crate) type PublicKey = [u8; 32];

/// A key that is not told, in Z85 (RFC 32): it prints as `[REDACTED]` and is overwritten when it is dropped.
#[derive(Debug)]
pub(crate) struct SecretKey(RedactedString);

impl SecretKey {
    /// # Errors
    /// The text is no key; it is given to nobody.
    pub(crate) fn new(z85: String) -> Result<Self, NotAKey> {
        let text = RedactedString::zeroizing(z85);
        decode(text.expose())?;
        Ok(Self(text))
    }

    pub(crate) fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// What was taken for a key has not 40 characters of Z85.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key: 40 characters of Z85")]
pub(crate) struct NotAKey;

/// What a gateway needs.
#[derive(Debug)]
pub(crate) struct GatewayKeys {
    pub(crate) public: PublicKey,
    secret: SecretKey,
    /// Who may come in, and what the file calls them.
    pub(crate) clients: BTreeMap<PublicKey, String>,
}

/// What a client needs.
#[derive(Debug)]
pub(crate) struct ClientKeys {
    public: PublicKey,
    secret: SecretKey,
    gateway: PublicKey,
}

impl GatewayKeys {
    /// Makes `socket` one that only takes encrypted connections. Who may connect is decided elsewhere: without a
    /// handler for that, anybody who knows the gateway's public key may.
    ///
    /// # Errors
    /// What libzmq says, `EINVAL` where it was built without CURVE.
    pub(crate) fn arm(&self, socket: &zmq::Socket) -> zmq::Result<()> {
        socket.set_curve_server(true)?;
        socket.set_curve_secretkey(self.secret.expose().as_bytes())
    }
}

impl ClientKeys {
    /// Makes `socket` connect to this gateway only, and as this client.
    ///
    /// # Errors
    /// What libzmq says, `EINVAL` where it was built without CURVE.
    pub(crate) fn arm(&self, socket: &zmq::Socket) -> zmq::Result<()> {
        socket.set_curve_serverkey(&self.gateway)?;
        socket.set_curve_publickey(&self.public)?;
        socket.set_curve_secretkey(self.secret.expose().as_bytes())
    }
}

/// Why this program cannot take keys, and how to build one that can; nothing where it can.
///
/// # Errors
/// The libzmq in this program was built without CURVE.
pub(crate) fn available() -> Result<(), &'static str> {
    const REFUSAL: &str = "\
the libzmq in this program was built without CURVE, so it can neither make nor use keys; build it with the system's:
  apt-get install libzmq3-dev
  cargo --config examples/system-libzmq.toml build --example gateway --target-dir target/system-libzmq";
    if zmq::has("curve") == Some(true) {
        Ok(())
    } else {
        Err(REFUSAL)
    }
}

/// The bytes of a key in Z85. The binding's own decoder takes any text for a key, and leaks a copy of it.
///
/// # Errors
/// The text is no key.
pub(crate) fn decode(z85: &str) -> Result<[u8; 32], NotAKey> {
    const ALPHABET: &[u8; 85] =
        b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
    if z85.len() != 40 {
        return Err(NotAKey);
    }
    let mut key = [0; 32];
    for (bytes, digits) in key.chunks_exact_mut(4).zip(z85.as_bytes().chunks_exact(5)) {
        let value = digits.iter().try_fold(0_u64, |value, digit| {
            let index = ALPHABET.iter().position(|known| known == digit)?;
            Some(value * 85 + u64::try_from(index).ok()?)
        });
        let value = value.and_then(|value| u32::try_from(value).ok());
        bytes.copy_from_slice(&value.ok_or(NotAKey)?.to_be_bytes());
    }
    Ok(key)
}

/// A key in Z85.
///
/// # Errors
/// None: 32 bytes always have a text; it is the binding that has an error here.
pub(crate) fn encode(key: &[u8; 32]) -> Result<String, NotAKey> {
    zmq::z85_encode(key).map_err(|_| NotAKey)
}

#[cfg(test)]
mod tests;
