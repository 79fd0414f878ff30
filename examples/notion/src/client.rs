//! The protected calls.

use std::path::Path;

use serde_json::{Map, Value};
use wait_or_die::{circuit_breaker, wait_or_die};

use crate::api::{Api, Bot};
use crate::error::NotionError;
use crate::http::{Http, Transport};
use crate::push::{Push, Pushed, Pushes};
use crate::report::{NewPage, Parent};
use crate::token::Token;

/// Where Notion is.
pub const URL: &str = "https://api.notion.com";

/// Notion, protected: each call waits for a sick service within its bounds, or dies with an account of why. All calls of
/// all clients share the breaker and the retry budget named `notion`.
///
/// Dropping a call's future gives it up. What it had sent may be carried out all the same; the next push of the same
/// report by this client or a clone of it waits for it.
#[derive(Debug, Clone)]
pub struct Notion<T = Http> {
    api: Api<T>,
    pushes: Pushes,
}

impl Notion {
    /// A client of the service.
    ///
    /// # Errors
    /// If the system's certificates cannot be had.
    pub fn new(token: Token) -> Result<Self, NotionError> {
        Self::at(URL, token)
    }

    /// A client of what is at an address, such as `http://127.0.0.1:41234`.
    ///
    /// # Errors
    /// If the system's certificates cannot be had.
    pub fn at(url: &str, token: Token) -> Result<Self, NotionError> {
        let transport = Http::new().map_err(|error| NotionError::Request(error.to_string()))?;
        Ok(Self::with_transport(transport, url, token))
    }
}

impl<T: Transport> Notion<T> {
    /// A client over another transport.
    pub fn with_transport(transport: T, url: &str, token: Token) -> Self {
        Self {
            api: Api::new(transport, url, token),
            pushes: Pushes::default(),
        }
    }

    /// Asks Notion whom the token belongs to: 30 s, 5 retries.
    ///
    /// # Errors
    /// `unauthorized` at once if the token is not valid; [`NotionError::Died`] at once if the breaker is open.
    #[circuit_breaker(name = "notion", failure_threshold = 5, recovery_timeout = "10s")]
    #[wait_or_die(
        name = "notion.validate_token",
        timeout = "30s",
        attempt_timeout = "10s",
        max_retries = 5,
        initial_wait = "1s",
        max_wait = "5s"
    )]
    pub async fn validate_token(&self) -> Result<Bot, NotionError> {
        self.api.me().await
    }

    /// Makes sure that there is one page that holds the report: 300 s, 50 retries, 1 s to 60 s apart.
    ///
    /// The page is looked up by its external id first, and created only if it is not there; after an answer that was lost
    /// it is looked up again, and created again only when Notion has given up on that, 80 s later. So it may be pushed
    /// as often as one likes, also by another process after a crash: a page that is whole is left alone, one that is not
    /// gets the rest of its blocks, in order, and doubles that the integration has made go to the trash.
    ///
    /// # Errors
    /// [`NotionError::Request`] before anything is sent, if Notion would refuse title or properties ([`NewPage::check`]).
    /// Notion's refusal at once; the last failure, if time or retries are used up. Then the page may be there in part.
    /// [`NotionError::Differs`] if somebody else has changed it, or a double of it; [`NotionError::Unsettled`] if there may
    /// be a double that Notion does not find; [`NotionError::NotYet`] at once if the time, or the retry budget, is too
    /// short to wait for what was sent; [`NotionError::TooMany`] if the parent is too long to search.
    pub async fn push_page(&self, page: &NewPage) -> Result<Pushed, NotionError> {
        page.check()?;
        self.attempt_push(&mut Push::new(page, &self.pushes)).await
    }

    /// Goes on with a push. What an attempt has reached is kept for the next one, and a breaker that is open is waited for.
    #[circuit_breaker(name = "notion", failure_threshold = 5, recovery_timeout = "10s")]
    #[wait_or_die(
        name = "notion.push_page",
        timeout = "300s",
        max_retries = 50,
        initial_wait = "1s",
        max_wait = "60s",
        when_open = wait
    )]
    async fn attempt_push(&self, push: &mut Push<'_>) -> Result<Pushed, NotionError> {
        push.attempt(&self.api).await
    }

    /// Pushes a Markdown file as the page of a task, as [`push_page`](Self::push_page) does. The file's name is the
    /// caller's part of the external id: the same report from elsewhere is the same page.
    ///
    /// # Errors
    /// [`NotionError::Report`] if the file cannot be read, is too long ([`NewPage::from_file`]), or is not UTF-8; else those
    /// of `push_page`.
    pub async fn push_task_report(
        &self,
        parent: Parent,
        title: &str,
        markdown: &Path,
        properties: Map<String, Value>,
    ) -> Result<Pushed, NotionError> {
        let page = NewPage::from_file(parent, Some(title), markdown, properties).await?;
        self.push_page(&page).await
    }
}
