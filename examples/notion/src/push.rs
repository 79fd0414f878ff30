//! One attempt at a push, which goes on where the one before it ended.

use std::time::Duration;

use tokio::time::sleep;

use crate::api::{Api, FoundBlock, FoundPage};
use crate::block::Block;
use crate::error::NotionError;
use crate::fit::next_request;
use crate::http::Transport;
use crate::report::NewPage;

/// After a creation without an answer, a look-up that finds nothing is made once more so much later: Notion does not say
/// how soon it finds what it has created.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// The most creations without an answer in one push, should look-ups never find what they made.
const MAX_UNANSWERED: usize = 10;

/// A page that holds its report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pushed {
    /// The page's id.
    pub page: String,
    /// Whether this call created it; otherwise it was there before, whole or in part.
    pub created: bool,
    /// How many blocks it has, without those inside others.
    pub blocks: usize,
    /// How many pages were moved to the trash, because Notion carried out a creation of this call after all that it had
    /// not answered.
    pub trashed: usize,
}

/// How far a push has got, from one attempt to the next.
///
/// What is about to be sent is noted before it is sent, as if its outcome were unknown: an attempt may be given up at any
/// moment.
#[derive(Debug)]
pub(crate) struct Push<'a> {
    new: &'a NewPage,
    /// The page, once it is known.
    page: Option<String>,
    /// Whether the page has to be looked up before it may be created.
    look_first: bool,
    /// Creations that have been sent and not answered.
    unanswered: usize,
    /// How many of the blocks the page has; none if it has to be asked.
    written: Option<usize>,
    /// Appends that have been sent, not answered, and not been seen on the page.
    appends_unanswered: usize,
    /// How many blocks the page had before the last of them.
    written_before: usize,
    created: bool,
    trashed: usize,
}

impl<'a> Push<'a> {
    pub(crate) const fn new(new: &'a NewPage) -> Self {
        Self {
            new,
            page: None,
            // An earlier run may have created it.
            look_first: true,
            unanswered: 0,
            written: None,
            appends_unanswered: 0,
            written_before: 0,
            created: false,
            trashed: 0,
        }
    }

    /// Goes on until the page is there once and holds the report.
    pub(crate) async fn attempt<T: Transport>(
        &mut self,
        api: &Api<T>,
    ) -> Result<Pushed, NotionError> {
        loop {
            let page = self.page(api).await?;
            self.fill(api, &page).await?;
            if self.is_only(api, &page).await? {
                return Ok(Pushed {
                    page,
                    created: self.created,
                    blocks: self.new.blocks.len(),
                    trashed: self.trashed,
                });
            }
        }
    }

    /// The page: known, found, or created.
    async fn page<T: Transport>(&mut self, api: &Api<T>) -> Result<String, NotionError> {
        if let Some(page) = &self.page {
            return Ok(page.clone());
        }
        if self.look_first {
            let mut found = api.find(self.new).await?;
            if found.is_empty() && self.unanswered > 0 {
                sleep(LOOK_AGAIN_AFTER).await;
                found = api.find(self.new).await?;
            }
            if !found.is_empty() {
                return self.settle(api, found).await;
            }
            self.look_first = false;
        }
        if self.unanswered >= MAX_UNANSWERED {
            return Err(NotionError::Unsettled(self.unanswered));
        }
        self.create(api).await
    }

    async fn create<T: Transport>(&mut self, api: &Api<T>) -> Result<String, NotionError> {
        let first = next_request(&self.new.blocks);
        let children = self.new.blocks.get(..first).unwrap_or_default();
        self.look_first = true;
        self.unanswered += 1;
        let created = api.create(self.new, children).await;
        if created.as_ref().is_err_and(NotionError::nothing_done) {
            self.look_first = false;
        }
        if created.is_ok() || !self.look_first {
            self.unanswered -= 1;
        }
        let page = created?;
        self.created = true;
        self.written = Some(first);
        self.page = Some(page.clone());
        Ok(page)
    }

    /// Takes the oldest of the pages that were found. If this call has created without an answer, the others are its own
    /// and are moved to the trash; if it has not, they are somebody's copies and stay.
    async fn settle<T: Transport>(
        &mut self,
        api: &Api<T>,
        found: Vec<FoundPage>,
    ) -> Result<String, NotionError> {
        let mut found = found.into_iter();
        let Some(first) = found.next() else {
            return self.create(api).await;
        };
        if self.unanswered > 0 {
            for page in found {
                api.trash(&page.id).await?;
                self.trashed += 1;
                self.unanswered = self.unanswered.saturating_sub(1);
            }
            if !self.created {
                self.created = true;
                self.unanswered = self.unanswered.saturating_sub(1);
            }
        }
        if self.page.as_ref() != Some(&first.id) {
            self.written = None;
        }
        self.page = Some(first.id.clone());
        Ok(first.id)
    }

    /// Appends what the page has not got yet.
    async fn fill<T: Transport>(&mut self, api: &Api<T>, page: &str) -> Result<(), NotionError> {
        loop {
            let written = match self.written {
                Some(written) => written,
                None => self.look(api, page).await?,
            };
            let rest = self.new.blocks.get(written..).unwrap_or_default();
            let next = next_request(rest);
            if next == 0 && self.appends_unanswered == 0 {
                return Ok(());
            }
            if next == 0 {
                // What was not answered may have been carried out since: then the page has more than the report.
                self.look(api, page).await?;
                self.appends_unanswered = 0;
                continue;
            }
            self.written = None;
            self.written_before = written;
            self.appends_unanswered += 1;
            let appended = api.append(page, rest.get(..next).unwrap_or_default()).await;
            match &appended {
                Ok(()) => self.written = Some(written + next),
                Err(error) if error.nothing_done() => self.written = Some(written),
                Err(_) => return appended,
            }
            self.appends_unanswered -= 1;
            appended?;
        }
    }

    /// Asks how many of the blocks the page has.
    async fn look<T: Transport>(&mut self, api: &Api<T>, page: &str) -> Result<usize, NotionError> {
        let present = api.blocks(page).await?;
        let written =
            compare(&self.new.blocks, &present).map_err(|block| NotionError::Differs {
                page: page.to_owned(),
                block,
            })?;
        if written > self.written_before {
            // That is the last one, carried out.
            self.appends_unanswered = self.appends_unanswered.saturating_sub(1);
        }
        self.written = Some(written);
        Ok(written)
    }

    /// Whether the page is the only one of its id. Asks only if a creation of this call is still open: Notion may have
    /// carried it out since it was looked up, and then the oldest page stays.
    async fn is_only<T: Transport>(
        &mut self,
        api: &Api<T>,
        page: &str,
    ) -> Result<bool, NotionError> {
        if self.unanswered == 0 {
            return Ok(true);
        }
        sleep(LOOK_AGAIN_AFTER).await;
        let mut found = api.find(self.new).await?;
        if found.iter().all(|found| found.id != page) {
            // A page that was just created is not always found at once. It is younger than those that are.
            found.push(FoundPage::unseen(page));
        }
        let kept = self.settle(api, found).await?;
        self.unanswered = 0;
        Ok(kept == page)
    }
}

/// How many of our blocks are there, if what is there is how ours begin; else the first one that differs, counted from 1.
///
/// White space is left out: that is where services are free with texts.
fn compare(ours: &[Block], present: &[FoundBlock]) -> Result<usize, usize> {
    let same = |(ours, present): (&Block, &FoundBlock)| {
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        present.kind == ours.kind.name() && dense(&present.text) == dense(&ours.plain_text())
    };
    let agreeing = ours
        .iter()
        .zip(present)
        .take_while(|pair| same(*pair))
        .count();
    if agreeing == present.len() {
        Ok(agreeing)
    } else {
        Err(agreeing + 1)
    }
}
