//! A secret in everything that a call deals with.

use wait_or_die::Classify;
use wait_or_die_tests::encodings::{base64, json, percent};

/// What a call is made with.
#[derive(Debug, Clone)]
pub(crate) struct Planted {
    pub(crate) secret: String,
    pub(crate) url: String,
    pub(crate) userinfo: String,
    pub(crate) header: String,
    pub(crate) basic: String,
    pub(crate) body: String,
}

impl Planted {
    pub(crate) fn new(secret: &str) -> Self {
        let (encoded, escaped) = (percent(secret), json(secret));
        Self {
            secret: secret.to_owned(),
            url: format!("https://api.example.com/v1?page=2&key={encoded}"),
            userinfo: format!("https://anna:{encoded}@api.example.com/v1"),
            header: format!("Authorization: Bearer {encoded}"),
            basic: format!(
                "Authorization: Basic {}",
                base64(format!("anna:{secret}").as_bytes())
            ),
            body: format!(r#"{{"user":"anna","password":"{escaped}","port":5432}}"#),
        }
    }

    /// The request that was refused, worth another attempt.
    pub(crate) fn refused(&self) -> CallError {
        CallError::Refused {
            request: Box::new(self.clone()),
            source: Upstream(self.cache()),
        }
    }

    /// The same, not worth one.
    pub(crate) fn denied(&self) -> CallError {
        CallError::Denied {
            request: Box::new(self.clone()),
            source: Upstream(self.cache()),
        }
    }

    fn cache(&self) -> Cache {
        Cache(format!("redis://:{}@cache:6379/0", percent(&self.secret)))
    }
}

/// Every variant shows the secret by `Display`, by `Debug` and by its sources.
#[derive(Debug, thiserror::Error, Classify)]
pub(crate) enum CallError {
    #[error("error sending request for url ({}) with {} and {}: {source}", request.url, request.header, request.body)]
    #[classify(transient)]
    Refused {
        request: Box<Planted>,
        source: Upstream,
    },
    #[error("401 from {} with {} and {request:?}", request.userinfo, request.basic)]
    #[classify(permanent)]
    Denied {
        request: Box<Planted>,
        source: Upstream,
    },
    #[error(transparent)]
    #[classify(source)]
    WaitOrDie(#[from] wait_or_die::Error),
}

#[derive(Debug, thiserror::Error)]
#[error("the session was lost")]
pub(crate) struct Upstream(#[source] Cache);

#[derive(Debug, thiserror::Error)]
#[error("cannot reach {0}")]
pub(crate) struct Cache(String);
