//! One attempt at a push, which goes on where the one before it ended.

mod fill;
mod open;

use std::time::Duration;

use tokio::time::sleep;

use crate::api::{Api, FoundPage};
use crate::clock::Stopwatch;
use crate::error::{Fate, NotionError};
use crate::fit::next_request;
use crate::http::Transport;
use crate::push::fill::{Filling, agreeing};
pub(crate) use crate::push::open::OpenCreations;
use crate::push::open::{OpenRequest, TELLS_WITHIN};
use crate::report::{NewPage, Parent};

/// The most creations without an answer in one push, should look-ups never find what they made.
const MAX_UNANSWERED: usize = 10;

/// After how many seconds each a page that is certainly there is looked up until it is found: a minute and a
/// half in all.
const LOOKS: [u64; 7] = [0, 2, 4, 8, 16, 32, 32];

/// How long after its creation a page may be unknown to Notion.
const APPEARS_WITHIN: Duration = Duration::from_secs(60);

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
    /// How many pages were moved to the trash: the integration had made them of the same report, because Notion carried
    /// out a creation after all that it had not answered, in this call or in an earlier one.
    pub trashed: usize,
}

/// How far a push has got, from one attempt to the next.
///
/// What is about to be sent is noted before it is sent, as if its outcome were unknown: an attempt may be given up at any
/// moment.
#[derive(Debug)]
pub(crate) struct Push<'a> {
    new: &'a NewPage,
    /// What the open creations know the page by.
    key: String,
    open: &'a OpenCreations,
    begun: OpenRequest,
    /// Whether it has been looked up in this call, so that what is found from now on is not from before.
    looked: bool,
    /// Whether the page has to be looked up before it may be created.
    look_first: bool,
    /// Creations that have been sent and not answered, and whose pages have not been found.
    unanswered: usize,
    filling: Option<Filling>,
    /// Since Notion has confirmed that it created the page in this call.
    confirmed: Option<Stopwatch>,
    created: bool,
    /// Pages of ours beside the one that is kept, not in the trash yet.
    doubles: Vec<Double>,
    trashed: usize,
}

/// A page of ours too many.
#[derive(Debug)]
struct Double {
    page: String,
    /// Whether the request that moves it to the trash has been sent.
    sent: bool,
}

impl<'a> Push<'a> {
    pub(crate) fn new(new: &'a NewPage, open: &'a OpenCreations) -> Self {
        let (Parent::Page(parent) | Parent::DataSource { id: parent, .. }) = &new.parent;
        let key = format!("{parent}/{}", new.external_id().as_str());
        Self {
            // An earlier call may have ended while its creation was open.
            unanswered: usize::from(open.remaining(&key).is_some()),
            new,
            key,
            open,
            begun: OpenRequest::sent(),
            looked: false,
            look_first: true,
            filling: None,
            confirmed: None,
            created: false,
            doubles: Vec::new(),
            trashed: 0,
        }
    }

    /// Goes on until the page is there once and holds the report.
    pub(crate) async fn attempt<T: Transport>(
        &mut self,
        api: &Api<T>,
    ) -> Result<Pushed, NotionError> {
        loop {
            let Some(filling) = &mut self.filling else {
                self.find_or_create(api).await?;
                continue;
            };
            let filled = filling.fill(api, &self.new.blocks).await;
            let page = filling.page.clone();
            filled.map_err(|error| self.unless_new(error))?;
            if self.is_kept(api, &page).await? {
                self.trash_doubles(api).await?;
                return Ok(Pushed {
                    page,
                    created: self.created,
                    blocks: self.new.blocks.len(),
                    trashed: self.trashed,
                });
            }
        }
    }

    async fn find_or_create<T: Transport>(&mut self, api: &Api<T>) -> Result<(), NotionError> {
        if self.look_first {
            let found = self.look(api).await?;
            if !found.is_empty() {
                return self.take(api, found).await;
            }
            (self.looked, self.look_first) = (true, false);
        }
        if self.unanswered >= MAX_UNANSWERED {
            return Err(NotionError::Unsettled(self.unanswered));
        }
        self.create(api).await
    }

    /// Looks the page up, and while a creation is open again until nothing more can come of it.
    async fn look<T: Transport>(&self, api: &Api<T>) -> Result<Vec<FoundPage>, NotionError> {
        let mut found = api.find(self.new).await?;
        if found.is_empty() && self.unanswered > 0 {
            sleep(TELLS_WITHIN).await;
            found = api.find(self.new).await?;
        }
        if found.is_empty()
            && let Some(remaining) = self.open.remaining(&self.key)
        {
            sleep(remaining).await;
            found = api.find(self.new).await?;
        }
        Ok(found)
    }

    /// Goes on with the page that was found.
    async fn take<T: Transport>(
        &mut self,
        api: &Api<T>,
        found: Vec<FoundPage>,
    ) -> Result<(), NotionError> {
        let pages = found.len();
        let (kept, doubles) = sort_out(api, found).await?;
        self.unanswered = self.unanswered.saturating_sub(pages);
        self.open.close(&self.key);
        self.doubles = doubles;
        self.created = self.looked;
        self.filling = Some(if self.looked {
            Filling::found(kept)
        } else {
            Filling::resumed(kept, self.new.blocks.len(), self.begun)
        });
        Ok(())
    }

    async fn create<T: Transport>(&mut self, api: &Api<T>) -> Result<(), NotionError> {
        let first = next_request(&self.new.blocks);
        let children = self.new.blocks.get(..first).unwrap_or_default();
        let request = OpenRequest::sent();
        self.look_first = true;
        self.unanswered += 1;
        self.open.set(&self.key, request);
        let created = api.create(self.new, children).await;
        match created.as_ref().map_err(NotionError::fate) {
            Ok(page) => {
                self.settle();
                self.created = true;
                self.confirmed = Some(Stopwatch::start());
                self.filling = Some(Filling::created(page.clone(), first));
            }
            Err(Fate::NotDone) => {
                self.settle();
                self.look_first = false;
            }
            Err(Fate::Ended) => self.open.set(&self.key, request.ended()),
            Err(Fate::Open) => {}
        }
        created.map(drop)
    }

    /// The last creation was answered.
    fn settle(&mut self) {
        self.unanswered -= 1;
        self.open.close(&self.key);
    }

    /// Notion may not know a page at once that it has just created.
    fn unless_new(&self, error: NotionError) -> NotionError {
        let is_new = |confirmed: Stopwatch| confirmed.elapsed() < APPEARS_WITHIN;
        if error.is_not_found() && self.confirmed.is_some_and(is_new) {
            return error.passing();
        }
        error
    }

    /// Whether this page is the one to be kept. Looks only if the pages of some creations have not been seen: as soon as
    /// this page is found, older ones are found too.
    async fn is_kept<T: Transport>(
        &mut self,
        api: &Api<T>,
        page: &str,
    ) -> Result<bool, NotionError> {
        if self.unanswered == 0 {
            return Ok(true);
        }
        for pause in LOOKS {
            sleep(Duration::from_secs(pause)).await;
            let found = api.find(self.new).await?;
            if found.iter().any(|found| found.id == page) {
                let (kept, doubles) = sort_out(api, found).await?;
                self.unanswered = 0;
                self.doubles = doubles;
                if kept == page {
                    return Ok(true);
                }
                self.filling = Some(Filling::found(kept));
                return Ok(false);
            }
        }
        Err(NotionError::Unsettled(self.unanswered))
    }

    /// Moves the doubles to the trash, unless somebody has worked on one.
    async fn trash_doubles<T: Transport>(&mut self, api: &Api<T>) -> Result<(), NotionError> {
        while let Some(double) = self.doubles.last_mut() {
            // If this was sent before, it may be in the trash already.
            if !double.sent {
                agreeing(api, &double.page, &self.new.blocks).await?;
            }
            double.sent = true;
            api.trash(&double.page).await?;
            self.doubles.pop();
            self.trashed += 1;
        }
        Ok(())
    }
}

/// The page to be kept of those that were found, the oldest that the integration made, and its doubles: the others that
/// it made. Copies that somebody made for themselves are neither.
async fn sort_out<T: Transport>(
    api: &Api<T>,
    mut found: Vec<FoundPage>,
) -> Result<(String, Vec<Double>), NotionError> {
    if found.len() > 1 {
        let bot = api.me().await?.id;
        if found.iter().any(|page| page.is_by(&bot)) {
            found.retain(|page| page.is_by(&bot));
        } else {
            found.truncate(1);
        }
    }
    let mut ids = found.into_iter().map(|page| page.id);
    let Some(kept) = ids.next() else {
        return Err(NotionError::Unexpected("no page at all".to_owned()));
    };
    let doubles = ids.map(|page| Double { page, sent: false }).collect();
    Ok((kept, doubles))
}
