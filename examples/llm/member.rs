//! One service with all that it takes to ask it.

use std::fmt;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use wait_or_die::redact::Redacted;

use crate::cli::is_loopback;
use crate::error::CallError;
use crate::provider::{Provider, Question};

/// A service, where it is, and what opens it.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) provider: Provider,
    pub(crate) url: Url,
    pub(crate) model: String,
    /// None for a server of one's own that asks for none.
    pub(crate) key: Option<Redacted<String>>,
}

/// A request that is ready, for as many attempts as it takes.
pub(crate) struct Prepared {
    pub(crate) provider: Provider,
    pub(crate) model: String,
    pub(crate) is_stream: bool,
    request: Request,
}

impl Member {
    /// Whether it cannot be asked for want of a key.
    pub(crate) fn is_locked(&self) -> bool {
        let needs_none = self.provider == Provider::OpenAi && is_loopback(&self.url);
        self.key.is_none() && !needs_none
    }

    /// Makes the request.
    ///
    /// # Errors
    /// There is no key, or it holds what no header can.
    pub(crate) fn prepare(&self, question: &Question<'_>) -> Result<Prepared, CallError> {
        if self.is_locked() {
            return Err(CallError::Asking("there is no key for it"));
        }
        let path = self.provider.path(question);
        let address = format!("{}{path}", self.url.as_str().trim_end_matches('/'));
        let url =
            Url::parse(&address).map_err(|_| CallError::Asking("no URL comes of its address"))?;
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some((name, value)) = self.provider.version_header() {
            headers.insert(name, value);
        }
        if let Some(key) = &self.key {
            let (name, scheme) = self.provider.key_header();
            let value = HeaderValue::try_from(format!("{scheme}{}", key.expose()));
            let mut value =
                value.map_err(|_| CallError::Asking("its key is no text for a header"))?;
            // Shown by nobody who prints headers.
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let body = self.provider.body(question).to_string();
        *request.body_mut() = Some(body.into());
        Ok(Prepared {
            provider: self.provider,
            model: self.model.clone(),
            is_stream: question.stream,
            request,
        })
    }
}

impl Prepared {
    /// The request of one attempt; the body is shared.
    ///
    /// # Errors
    /// None, as the body is bytes.
    pub(crate) fn request(&self) -> Result<Request, CallError> {
        let request = self.request.try_clone();
        request.ok_or(CallError::Asking("its body cannot be sent twice"))
    }
}

/// Says nothing of the request, which holds the key and the document.
impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("provider", &self.provider)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::demo::fakes::KEY;
    use crate::provider::Provider;
    use crate::rig::{member, question};

    #[test]
    fn neither_shows_the_key_or_the_document() {
        for provider in [Provider::Anthropic, Provider::Gemini, Provider::OpenAi] {
            let member = member(provider, "http://127.0.0.1:1");
            let prepared = member.prepare(&question(false)).unwrap();
            let sent = prepared.request().unwrap();
            let body = sent.body().unwrap().as_bytes().unwrap();
            let document = question(false).document;
            assert!(String::from_utf8_lossy(body).contains(document));
            let shown = format!("{member:?}{prepared:?}{:?}", sent.headers());
            assert!(!shown.contains(KEY) && !shown.contains(document), "{shown}");
        }
    }

    #[test]
    fn only_a_server_of_ones_own_needs_no_key() {
        for (provider, url, is_locked) in [
            (Provider::OpenAi, "http://127.0.0.1:1/v1", false),
            (Provider::OpenAi, "https://api.openai.com/v1", true),
            (Provider::Anthropic, "http://127.0.0.1:1", true),
        ] {
            let mut member = member(provider, url);
            assert!(!member.is_locked());
            member.key = None;
            assert_eq!(member.is_locked(), is_locked);
            assert_eq!(member.prepare(&question(false)).is_err(), is_locked);
        }
    }
}
