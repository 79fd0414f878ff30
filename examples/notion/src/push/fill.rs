//! Appending what a page has not got yet, each block once.

use tokio::time::sleep;

use crate::api::{Api, FoundBlock};
use crate::block::Block;
use crate::error::{Fate, NotionError};
use crate::fit::next_request;
use crate::http::Transport;
use crate::push::open::{OpenRequest, TELLS_WITHIN};

/// How often a page is asked again that has fewer blocks than Notion has confirmed.
const STALE_LOOKS: usize = 5;

/// A page, and how far it is filled, from one attempt to the next.
///
/// What is about to be sent is noted before it is sent, as if its outcome were unknown: an attempt may be given up at any
/// moment.
#[derive(Debug)]
pub(super) struct Filling {
    pub(super) page: String,
    /// How many of the blocks the page has; none if it has to be asked.
    written: Option<usize>,
    /// How many Notion has confirmed. What says less is out of date.
    confirmed: usize,
    /// An append without an answer, and how many blocks the page has once it is carried out.
    open: Option<(OpenRequest, usize)>,
    /// An append was sent again. Should the first one have been carried out unseen, the page has more than the report.
    doubtful: bool,
}

impl Filling {
    /// A page that was created with so many blocks.
    pub(super) fn created(page: String, written: usize) -> Self {
        Self {
            page,
            written: Some(written),
            confirmed: written,
            open: None,
            doubtful: false,
        }
    }

    /// A page that was found, and that nobody else is working on.
    pub(super) fn found(page: String) -> Self {
        Self {
            written: None,
            ..Self::created(page, 0)
        }
    }

    /// A page that was there when the push began: whoever wrote it may have left an append behind that is still open.
    pub(super) fn resumed(page: String, blocks: usize, begun: OpenRequest) -> Self {
        Self {
            open: Some((begun, blocks)),
            ..Self::found(page)
        }
    }

    /// Appends what the page has not got yet.
    pub(super) async fn fill<T: Transport>(
        &mut self,
        api: &Api<T>,
        blocks: &[Block],
    ) -> Result<(), NotionError> {
        loop {
            let written = match self.written {
                Some(written) => written,
                None => self.look(api, blocks).await?,
            };
            let rest = blocks.get(written..).unwrap_or_default();
            let next = next_request(rest);
            if next > 0 {
                let next = rest.get(..next).unwrap_or_default();
                self.append(api, written, next).await?;
            } else if self.doubtful {
                self.written = None;
                self.look(api, blocks).await?;
                self.doubtful = false;
            } else {
                return Ok(());
            }
        }
    }

    async fn append<T: Transport>(
        &mut self,
        api: &Api<T>,
        written: usize,
        next: &[Block],
    ) -> Result<(), NotionError> {
        let (request, after) = (OpenRequest::sent(), written + next.len());
        self.written = None;
        self.open = Some((request, after));
        let appended = api.append(&self.page, next).await;
        match appended.as_ref().map_err(NotionError::fate) {
            Ok(()) => {
                self.open = None;
                self.written = Some(after);
                self.confirmed = after;
            }
            Err(Fate::NotDone) => {
                self.open = None;
                self.written = Some(written);
            }
            Err(Fate::Ended) => self.open = Some((request.ended(), after)),
            Err(Fate::Open) => {}
        }
        appended
    }

    /// Asks how many of the blocks the page has, and again until nothing more can come of an append that was not answered.
    async fn look<T: Transport>(
        &mut self,
        api: &Api<T>,
        blocks: &[Block],
    ) -> Result<usize, NotionError> {
        let mut written = self.count(api, blocks).await?;
        if let Some((request, after)) = self.open
            && written < after
        {
            sleep(request.remaining()).await;
            written = self.count(api, blocks).await?;
            self.doubtful |= written < after;
        }
        self.open = None;
        self.confirmed = written;
        self.written = Some(written);
        Ok(written)
    }

    /// How many of the blocks the page has, which is never less than what was confirmed before.
    async fn count<T: Transport>(
        &self,
        api: &Api<T>,
        blocks: &[Block],
    ) -> Result<usize, NotionError> {
        for _ in 0..STALE_LOOKS {
            let written = agreeing(api, &self.page, blocks).await?;
            if written >= self.confirmed {
                return Ok(written);
            }
            sleep(TELLS_WITHIN).await;
        }
        // Somebody has taken blocks away.
        let written = agreeing(api, &self.page, blocks).await?;
        if written >= self.confirmed {
            return Ok(written);
        }
        Err(differs(&self.page, written + 1))
    }
}

/// How many of our blocks the page has, if what it has is how ours begin.
pub(super) async fn agreeing<T: Transport>(
    api: &Api<T>,
    page: &str,
    blocks: &[Block],
) -> Result<usize, NotionError> {
    // One more than ours is enough to know that it has more.
    let present = api.blocks(page, blocks.len()).await?;
    compare(blocks, &present).map_err(|block| differs(page, block))
}

fn differs(page: &str, block: usize) -> NotionError {
    NotionError::Differs {
        page: page.to_owned(),
        block,
    }
}

/// How many of our blocks are there, if what is there is how ours begin; else the first one that differs, counted from 1.
///
/// White space is left out: that is where services are free with texts. What is inside a block is not read: it came with
/// it, in one request.
fn compare(ours: &[Block], present: &[FoundBlock]) -> Result<usize, usize> {
    let same = |(ours, present): (&Block, &FoundBlock)| {
        let dense = |text: &str| text.split_whitespace().collect::<String>();
        present.kind == ours.kind.name()
            && present.has_children != ours.children.is_empty()
            && dense(&present.text) == dense(&ours.plain_text())
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
