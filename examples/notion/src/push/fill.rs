//! Appending what a page has not got yet, each block once.

use crate::api::{Api, FoundBlock, Reading};
use crate::block::Block;
use crate::clock::Stopwatch;
use crate::error::{Fate, NotionError};
use crate::fit::next_request;
use crate::http::Transport;
use crate::push::progress::{OpenRequest, SETTLES_AFTER, TELLS_WITHIN};

/// How often a page is asked again that has fewer blocks than Notion has confirmed.
const STALE_LOOKS: u32 = 5;

/// A page, and how far it is filled.
#[derive(Debug)]
pub(super) struct Filling {
    pub(super) page: String,
    /// How many of the blocks the page has, and since when that is known.
    written: Option<(usize, Stopwatch)>,
    /// How many Notion has confirmed. What says less is out of date.
    pub(super) confirmed: usize,
    confirmed_in: ConfirmedIn,
    /// Answers in a row that were out of date.
    stale: u32,
    /// An append without an answer, and how many blocks the page has once it is carried out.
    open: Option<(OpenRequest, usize)>,
    /// Whether that is somebody else's, who may be working on the page now.
    others: bool,
    /// How many blocks the page had when it was last looked at while they may.
    seen: Option<usize>,
    /// An append was sent again. Should the first one have been carried out unseen, the page has more than the report.
    doubtful: bool,
    /// Whether the page was seen to have them all.
    is_whole: bool,
    reading: Reading<FoundBlock>,
}

/// The push in which Notion confirmed what a page has.
#[derive(Debug, PartialEq, Eq)]
enum ConfirmedIn {
    ThisPush,
    /// Somebody may have taken blocks away since.
    EarlierPush,
}

impl Filling {
    /// A page that was created with so many blocks.
    pub(super) fn created(page: String, written: usize) -> Self {
        Self {
            page,
            written: Some((written, Stopwatch::start())),
            confirmed: written,
            confirmed_in: ConfirmedIn::ThisPush,
            stale: 0,
            open: None,
            others: false,
            seen: None,
            doubtful: false,
            is_whole: false,
            reading: Reading::default(),
        }
    }

    /// A page that was found, that was created with so many blocks, and that nobody else is working on.
    pub(super) fn found(page: String, first: usize) -> Self {
        Self {
            written: None,
            ..Self::created(page, first)
        }
    }

    /// The same, of which an earlier push knew so many blocks.
    pub(super) fn again(page: String, confirmed: usize) -> Self {
        Self {
            confirmed_in: ConfirmedIn::EarlierPush,
            ..Self::found(page, confirmed)
        }
    }

    /// A page that was there when the push began, in which nobody has taken part who is known: whoever wrote it may have
    /// left an append behind that is still open, or be at it now.
    pub(super) fn resumed(page: String, confirmed: usize, blocks: usize) -> Self {
        Self {
            open: Some((OpenRequest::sent(), blocks)),
            others: true,
            ..Self::again(page, confirmed)
        }
    }

    /// Takes nothing that was seen before for granted.
    pub(super) fn look_again(&mut self) {
        (self.written, self.is_whole, self.stale) = (None, false, 0);
        self.reading = Reading::default();
    }

    /// Appends what the page has not got yet.
    pub(super) async fn fill<T: Transport>(
        &mut self,
        api: &Api<T>,
        blocks: &[Block],
    ) -> Result<(), NotionError> {
        while !self.is_whole {
            // After a wait somebody else may have written.
            let fresh = |known: &(usize, Stopwatch)| known.1.elapsed() <= TELLS_WITHIN;
            let written = match self.written.filter(fresh) {
                Some((written, _)) => written,
                None => self.look(api, blocks).await?,
            };
            let rest = blocks.get(written..).unwrap_or_default();
            let next = next_request(rest);
            if next > 0 {
                let next = rest.get(..next).unwrap_or_default();
                self.append(api, written, next).await?;
            } else if self.doubtful {
                self.look_again();
                self.look(api, blocks).await?;
                self.doubtful = false;
            } else {
                self.is_whole = true;
            }
        }
        Ok(())
    }

    async fn append<T: Transport>(
        &mut self,
        api: &Api<T>,
        written: usize,
        next: &[Block],
    ) -> Result<(), NotionError> {
        let (request, after) = (OpenRequest::sent(), written + next.len());
        let known = self.written.take();
        self.open = Some((request, after));
        let appended = api.append(&self.page, next).await;
        match appended.as_ref().map_err(NotionError::fate) {
            Ok(()) => {
                self.open = None;
                self.written = Some((after, Stopwatch::start()));
                self.confirmed = after;
            }
            Err(Fate::NotDone) => {
                self.open = None;
                self.written = known;
            }
            Err(Fate::Ended) => self.open = Some((request.ended(), after)),
            Err(Fate::Open) => {}
        }
        appended
    }

    /// Asks how many of the blocks the page has. While an append is open that may still be seen, the answer is not yet.
    async fn look<T: Transport>(
        &mut self,
        api: &Api<T>,
        blocks: &[Block],
    ) -> Result<usize, NotionError> {
        let is_settled = (self.open).is_none_or(|(request, _)| request.remaining().is_zero());
        let written = self.count(api, blocks).await?;
        if let Some((request, after)) = self.open
            && written < after
        {
            let before = self.seen.replace(written);
            if self.others && before.is_some_and(|before| before != written) {
                // Somebody is at it. It is theirs until nothing has come for as long as a request may take.
                self.open = Some((OpenRequest::sent(), after));
                return Err(NotionError::NotYet(SETTLES_AFTER));
            }
            if !is_settled {
                return Err(NotionError::NotYet(request.remaining()));
            }
            self.doubtful = true;
        }
        (self.open, self.others, self.seen) = (None, false, None);
        (self.confirmed, self.confirmed_in) = (written, ConfirmedIn::ThisPush);
        self.written = Some((written, Stopwatch::start()));
        Ok(written)
    }

    /// How many of the blocks the page has, which is less than what was confirmed only if that was in an earlier push: what
    /// was taken away since then is put back.
    async fn count<T: Transport>(
        &mut self,
        api: &Api<T>,
        blocks: &[Block],
    ) -> Result<usize, NotionError> {
        let written = agreeing(api, &self.page, blocks, &mut self.reading).await?;
        if written >= self.confirmed {
            self.stale = 0;
            return Ok(written);
        }
        if self.stale < STALE_LOOKS {
            self.stale += 1;
            return Err(NotionError::NotYet(TELLS_WITHIN));
        }
        if self.confirmed_in == ConfirmedIn::EarlierPush {
            return Ok(written);
        }
        // Somebody has taken blocks away.
        Err(differs(&self.page, written + 1))
    }
}

/// How many of our blocks the page has, if what it has is how ours begin.
pub(super) async fn agreeing<T: Transport>(
    api: &Api<T>,
    page: &str,
    blocks: &[Block],
    reading: &mut Reading<FoundBlock>,
) -> Result<usize, NotionError> {
    // A part more than ours is enough to know that it has more.
    let present = api.blocks(page, blocks.len(), reading).await?;
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
