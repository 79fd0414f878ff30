//! One attempt at a push, which goes on where the one before it ended.

mod fill;
mod progress;

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::sync::Mutex;
use tokio::time::timeout;

use crate::api::{Api, FoundPage};
use crate::block::Block;
use crate::clock::Stopwatch;
use crate::error::{Fate, NotionError};
use crate::fit::next_request;
use crate::http::Transport;
use crate::push::fill::{Filling, agreeing};
pub(crate) use crate::push::progress::Pushes;
use crate::push::progress::{Double, Known, OpenRequest, Progress};
use crate::report::NewPage;

/// The most creations without an answer in a quarter of an hour, should look-ups never find what they made. A call has room
/// for some fifteen, as the waits between them grow.
const MAX_UNANSWERED: usize = 20;

/// After how many seconds each a page that is certainly there is looked up again until it is found: a minute and a half in
/// all.
const LOOKS: [u64; 6] = [2, 4, 8, 16, 32, 32];

/// A page that holds its report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pushed {
    /// The page's id.
    pub page: String,
    /// Whether this call has created a page of the report, this one or one that went to the trash beside it; otherwise it
    /// was there before, whole or in part.
    pub created: bool,
    /// How many blocks it has, without those inside others.
    pub blocks: usize,
    /// How many pages were moved to the trash: the integration had made them of the same report, because Notion carried
    /// out a creation after all that it had not answered, in this call or in an earlier one.
    pub trashed: usize,
    /// Pages like those that stay, because somebody has written on them, or because the integration may not update pages.
    pub left: Vec<String>,
}

/// One call's push of a page.
#[derive(Debug)]
pub(crate) struct Push<'a> {
    new: &'a NewPage,
    progress: Arc<Mutex<Progress>>,
    stage: Stage,
    /// Whether this call has sent a creation that may have been carried out.
    has_sent: bool,
    created: bool,
    /// How often the page was looked up at the end, and not found.
    looks: usize,
    trashed: usize,
    left: Vec<String>,
}

/// Where a call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    New,
    Looking,
    /// It has found the page, or made it.
    Placed,
}

impl<'a> Push<'a> {
    pub(crate) fn new(new: &'a NewPage, pushes: &Pushes) -> Self {
        Self {
            new,
            progress: pushes.of(new),
            stage: Stage::New,
            has_sent: false,
            created: false,
            looks: 0,
            trashed: 0,
            left: Vec::new(),
        }
    }

    /// Goes on until the page is there once and holds the report.
    ///
    /// Long waits are not made here: they are asked for by [`NotionError::NotYet`], so that a breaker whose only probe
    /// this is, and another call with the same report, need not wait too.
    pub(crate) async fn attempt<T: Transport>(
        &mut self,
        api: &Api<T>,
    ) -> Result<Pushed, NotionError> {
        let progress = Arc::clone(&self.progress);
        // Another call with the same report is at it, and need not take long.
        let Ok(mut progress) = timeout(Duration::from_secs(1), progress.lock()).await else {
            return Err(NotionError::NotYet(Duration::from_secs(5)));
        };
        if self.stage == Stage::New {
            progress.begin();
            self.stage = Stage::Looking;
        }
        loop {
            let Some(filling) = progress
                .filling
                .as_mut()
                .filter(|_| self.stage == Stage::Placed)
            else {
                self.find_or_create(api, &mut progress).await?;
                continue;
            };
            let filled = filling.fill(api, &self.new.blocks).await;
            let page = filling.page.clone();
            if let Err(NotionError::Differs { .. }) = filled {
                // Whoever pushes again looks again.
                progress.let_go();
            }
            filled.map_err(|error| unless_new(error, &progress))?;
            if self.is_kept(api, &mut progress, &page).await?
                && self.trash_doubles(api, &mut progress, &page).await?
            {
                progress.let_go();
                return Ok(self.pushed(page));
            }
        }
    }

    fn pushed(&mut self, page: String) -> Pushed {
        Pushed {
            page,
            created: self.created,
            blocks: self.new.blocks.len(),
            trashed: self.trashed,
            left: std::mem::take(&mut self.left),
        }
    }

    async fn find_or_create<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
    ) -> Result<(), NotionError> {
        let open = progress.open();
        let found = api.find(self.new, &mut progress.search).await?;
        if !found.is_empty() {
            return self.take(api, progress, found).await;
        }
        if self.take_known(api, progress).await? {
            return Ok(());
        }
        if let Some(remaining) = open {
            return Err(NotionError::NotYet(remaining));
        }
        if progress.unanswered.len() >= MAX_UNANSWERED {
            return Err(NotionError::Unsettled(progress.unanswered.len()));
        }
        self.create(api, progress).await
    }

    /// Goes on with the page that was found.
    async fn take<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
        found: Vec<FoundPage>,
    ) -> Result<(), NotionError> {
        let known = progress.known.as_ref();
        let is_new = |page: &&FoundPage| known.is_none_or(|known| known.page != page.id);
        let seen = found.iter().filter(is_new).count();
        let (kept, doubles) = sort_out(api, found).await?;
        let is_ours = match &progress.known {
            Some(known) if known.page == kept => known.is_ours,
            _ => !progress.unanswered.is_empty(),
        };
        progress.found(seen);
        self.created |= self.has_sent;
        self.place(progress, kept, is_ours, doubles);
        Ok(())
    }

    /// Goes on with the page that there was, though it is not found: it may be too new, or moved elsewhere.
    async fn take_known<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
    ) -> Result<bool, NotionError> {
        let Some(known) = progress.known.clone() else {
            return Ok(false);
        };
        let is_there = self.is_there(api, progress, &known.page).await?;
        if is_there {
            self.place(progress, known.page, known.is_ours, Vec::new());
        }
        Ok(is_there)
    }

    /// Whether a page is there and not in the trash. One that is not is not known any more.
    async fn is_there<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
        page: &str,
    ) -> Result<bool, NotionError> {
        let is_there = match api.page(page).await {
            Ok(page) => !page.in_trash,
            Err(error) if error.is_not_found() && !progress.is_new() => false,
            Err(error) => return Err(unless_new(error, progress)),
        };
        if !is_there {
            (progress.known, progress.filling) = (None, None);
            progress.doubles.clear();
            self.stage = Stage::Looking;
        }
        Ok(is_there)
    }

    /// `is_ours` if nobody else can be working on it, unless they push the same report at the same time.
    fn place(
        &mut self,
        progress: &mut Progress,
        page: String,
        is_ours: bool,
        doubles: Vec<Double>,
    ) {
        self.stage = Stage::Placed;
        self.left.clear();
        progress.doubles = doubles;
        let known = progress.known.take().filter(|known| known.page == page);
        let confirmed = known.and_then(|known| known.confirmed);
        progress.known = Some(Known {
            page: page.clone(),
            is_ours,
            confirmed,
        });
        let blocks = &self.new.blocks;
        match (&mut progress.filling, confirmed) {
            (Some(filling), _) if filling.page == page => filling.look_again(),
            (other, Some(confirmed)) if is_ours => *other = Some(Filling::again(page, confirmed)),
            (other, None) if is_ours => *other = Some(Filling::found(page, next_request(blocks))),
            (other, confirmed) => {
                let confirmed = confirmed.unwrap_or_default();
                *other = Some(Filling::resumed(page, confirmed, blocks.len()));
            }
        }
    }

    async fn create<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
    ) -> Result<(), NotionError> {
        let first = next_request(&self.new.blocks);
        let children = self.new.blocks.get(..first).unwrap_or_default();
        let (request, before) = (OpenRequest::sent(), progress.creation);
        let had_sent = std::mem::replace(&mut self.has_sent, true);
        progress.creation = Some(request);
        progress.unanswered.push(Stopwatch::start());
        let created = api.create(self.new, children).await;
        match created.as_ref().map_err(NotionError::fate) {
            Ok(page) => {
                progress.unanswered.pop();
                progress.creation = Some(request.answered());
                self.place(progress, page.clone(), true, Vec::new());
                progress.filling = Some(Filling::created(page.clone(), first));
                self.created = true;
            }
            Err(Fate::NotDone) => {
                progress.unanswered.pop();
                progress.creation = before;
                self.has_sent = had_sent;
            }
            Err(Fate::Ended) => progress.creation = Some(request.ended()),
            Err(Fate::Open) => {}
        }
        created.map(drop)
    }

    /// Whether this page is the one to be kept. Looks only if the pages of some creations have not been seen. As soon as
    /// this page is found, older ones are found too; younger ones when nothing more can come of what was sent.
    async fn is_kept<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
        page: &str,
    ) -> Result<bool, NotionError> {
        if progress.unanswered.is_empty() {
            return Ok(true);
        }
        let open = progress.open();
        let found = api.find(self.new, &mut progress.search).await?;
        if let Some(remaining) = open {
            return Err(NotionError::NotYet(remaining));
        }
        if found.iter().all(|found| found.id != page) {
            let pause = LOOKS.get(self.looks).copied().map(Duration::from_secs);
            self.looks += 1;
            return Err(pause.map_or(
                NotionError::Unsettled(progress.unanswered.len()),
                NotionError::NotYet,
            ));
        }
        let (kept, doubles) = sort_out(api, found).await?;
        progress.unanswered.clear();
        if kept == page {
            progress.doubles = doubles;
            return Ok(true);
        }
        self.place(progress, kept, true, doubles);
        Ok(false)
    }

    /// Moves the doubles to the trash, unless somebody has worked on one, and as long as the page that is kept is there;
    /// whether it is.
    async fn trash_doubles<T: Transport>(
        &mut self,
        api: &Api<T>,
        progress: &mut Progress,
        kept: &str,
    ) -> Result<bool, NotionError> {
        while !progress.doubles.is_empty() {
            if !self.is_there(api, progress, kept).await? {
                return Ok(false);
            }
            let is_new = progress.is_new();
            let Some(double) = progress.doubles.last_mut() else {
                break;
            };
            let there = match api.page(&double.page).await {
                Err(error) if error.is_not_found() && !is_new => None,
                Err(error) => return Err(unless_new(error, progress)),
                Ok(page) => (!page.in_trash).then_some(page),
            };
            match there {
                // Moved there by a request that had no answer, or by somebody else.
                None => self.trashed += usize::from(double.sent),
                Some(page) if trash(api, double, &page, &self.new.blocks).await? => {
                    self.trashed += 1;
                }
                Some(page) => self.left.push(page.id),
            }
            progress.doubles.pop();
        }
        Ok(true)
    }
}

/// Moves a double to the trash; whether it is there. Not, if somebody has written on it, or if the integration may not.
async fn trash<T: Transport>(
    api: &Api<T>,
    double: &mut Double,
    page: &FoundPage,
    blocks: &[Block],
) -> Result<bool, NotionError> {
    match agreeing(api, &double.page, blocks, &mut double.reading).await {
        Err(NotionError::Differs { .. }) => return Ok(false),
        Err(error) => return Err(error),
        Ok(_) if !page.was_last_edited_by(&double.by) => return Ok(false),
        Ok(_) => {}
    }
    double.sent = true;
    match api.trash(&double.page).await {
        Err(error) if error.has_status(StatusCode::FORBIDDEN) => Ok(false),
        trashed => trashed.map(|()| true),
    }
}

/// Notion may not know a page at once that it has just created.
fn unless_new(error: NotionError, progress: &Progress) -> NotionError {
    if error.is_not_found() && progress.is_new() {
        return error.passing();
    }
    error
}

/// The page to be kept of those that were found, the oldest that the integration made, and its doubles: the others that
/// it made. Copies that somebody made for themselves are neither.
async fn sort_out<T: Transport>(
    api: &Api<T>,
    mut found: Vec<FoundPage>,
) -> Result<(String, Vec<Double>), NotionError> {
    let mut by = String::new();
    if found.len() > 1 {
        by = api.me().await?.id;
        if found.iter().any(|page| page.is_by(&by)) {
            found.retain(|page| page.is_by(&by));
        } else {
            found.truncate(1);
        }
    }
    let mut ids = found.into_iter().map(|page| page.id);
    let Some(kept) = ids.next() else {
        return Err(NotionError::Unexpected("no page at all".to_owned()));
    };
    let doubles = ids.map(|page| Double::new(page, &by)).collect();
    Ok((kept, doubles))
}
