//! What is known of a page between the attempts at it, and between calls.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as BlockingMutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex;

use crate::api::{FoundBlock, FoundPage, Reading};
use crate::clock::Stopwatch;
use crate::push::fill::Filling;
use crate::report::NewPage;

/// How long after a request was sent Notion may carry it out and tell it: 10 s for the connection, 60 s until Notion gives
/// up by itself, and some more, because it does not say how soon it tells.
pub(super) const SETTLES_AFTER: Duration = Duration::from_secs(80);

/// How long Notion needs, as far as is assumed, until it tells of a page that it has made.
pub(super) const TELLS_WITHIN: Duration = Duration::from_secs(2);

/// How long after its creation a page may be unknown to Notion.
const APPEARS_WITHIN: Duration = Duration::from_secs(60);

/// How long Notion may tell of things as they were before a request that it has ended without saying how. Blocks that are
/// there twice cannot be mended, so this is ample.
const ENDS_ARE_TOLD_WITHIN: Duration = Duration::from_secs(12);

/// How long a client remembers a creation that was not answered, and a page that nobody pushes any more. What Notion has
/// done by then, it tells.
const REMEMBERED_FOR: Duration = Duration::from_secs(900);

/// A request that was sent, and not answered by whoever carries it out.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenRequest {
    since: Stopwatch,
    settles_after: Duration,
}

impl OpenRequest {
    /// One that is sent now.
    pub(super) fn sent() -> Self {
        Self {
            since: Stopwatch::start(),
            settles_after: SETTLES_AFTER,
        }
    }

    /// The same, and it is known by now that nobody works on it any more.
    pub(super) fn ended(mut self) -> Self {
        self.settles_after = self.since.elapsed().saturating_add(ENDS_ARE_TOLD_WITHIN);
        self
    }

    /// The same, and it was answered.
    pub(super) fn answered(mut self) -> Self {
        self.settles_after = Duration::ZERO;
        self
    }

    /// The time until what is seen of it is all that comes of it.
    pub(super) fn remaining(self) -> Duration {
        self.settles_after.saturating_sub(self.since.elapsed())
    }
}

/// How far a page has got.
///
/// What is about to be sent is noted before it is sent, as if its outcome were unknown: an attempt may be given up at any
/// moment.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Creations that were sent and not answered, and whose pages have not been found; when they were sent.
    pub(super) unanswered: Vec<Stopwatch>,
    /// The last creation, unless Notion refused it.
    pub(super) creation: Option<OpenRequest>,
    /// The page that was created, or found.
    pub(super) known: Option<Known>,
    /// The page that is being filled.
    pub(super) filling: Option<Filling>,
    /// Pages of ours beside it.
    pub(super) doubles: Vec<Double>,
    /// A look-up that has not come to its end.
    pub(super) search: Reading<FoundPage>,
    /// What had to be waited for when it began.
    open_then: Option<Duration>,
}

/// A page that there is.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) page: String,
    /// Whether this client has made it.
    pub(super) is_ours: bool,
    /// How many blocks Notion had confirmed when a push last let go of it.
    pub(super) confirmed: Option<usize>,
}

impl Progress {
    /// A look-up begins, or goes on. What it does not find may be found once this time is over.
    pub(super) fn open(&mut self) -> Option<Duration> {
        if self.search.is_at_its_beginning() {
            self.open_then = self.remaining();
        }
        self.open_then
    }

    /// A call begins. What was read of a list for another one may be out of date, and a creation that was looked for in
    /// vain for minutes was not carried out.
    pub(super) fn begin(&mut self) {
        self.search = Reading::default();
        self.unanswered
            .retain(|sent| sent.elapsed() < REMEMBERED_FOR);
    }

    /// Lets go of the page. An answer that knows less of it than this push did is out of date for the next one too.
    pub(super) fn let_go(&mut self) {
        if let (Some(known), Some(filling)) = (&mut self.known, self.filling.take()) {
            known.confirmed = Some(filling.confirmed);
        }
    }

    /// So many of the pages have been found.
    pub(super) fn found(&mut self, pages: usize) {
        let left = self.unanswered.len().saturating_sub(pages);
        self.unanswered.truncate(left);
    }

    /// How long to wait before the page is looked up again, while a creation is open: a moment at first, then until
    /// nothing more can come of it. None if there is nothing to wait for.
    fn remaining(&self) -> Option<Duration> {
        let request = self.creation.filter(|_| !self.unanswered.is_empty())?;
        let remaining = request.remaining();
        let pause = if request.since.elapsed() < TELLS_WITHIN {
            TELLS_WITHIN.min(remaining)
        } else {
            remaining
        };
        (!pause.is_zero()).then_some(pause)
    }

    /// Whether Notion may not know by its id yet what it was last asked to create.
    pub(super) fn is_new(&self) -> bool {
        self.creation
            .is_some_and(|request| request.since.elapsed() < APPEARS_WITHIN)
    }
}

/// A page of ours too many.
#[derive(Debug)]
pub(super) struct Double {
    pub(super) page: String,
    /// The user that is ours.
    pub(super) by: String,
    /// Whether the request that moves it to the trash has been sent.
    pub(super) sent: bool,
    pub(super) reading: Reading<FoundBlock>,
}

impl Double {
    pub(super) fn new(page: String, by: &str) -> Self {
        Self {
            page,
            by: by.to_owned(),
            sent: false,
            reading: Reading::default(),
        }
    }
}

/// The pages that a client and its clones have pushed in the last minutes. They outlive the calls: one may end by its
/// deadline, or be given up, and the next one has to know what was sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pushes(Arc<BlockingMutex<HashMap<String, Remembered>>>);

#[derive(Debug)]
struct Remembered {
    progress: Arc<Mutex<Progress>>,
    used: Stopwatch,
}

impl Pushes {
    /// How far this page has got; one attempt at a time holds it.
    pub(super) fn of(&self, page: &NewPage) -> Arc<Mutex<Progress>> {
        // The same report in another place, or found in another way, is another page.
        let key = format!("{:?} {}", page.parent, page.external_id().as_str());
        // Nothing that is held under the lock can be left half done.
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pages.retain(|_, page| page.is_wanted());
        let page = pages.entry(key).or_insert_with(Remembered::new);
        page.used = Stopwatch::start();
        Arc::clone(&page.progress)
    }
}

impl Remembered {
    fn new() -> Self {
        Self {
            progress: Arc::default(),
            used: Stopwatch::start(),
        }
    }

    /// Whether a call is at it, or was so a short time ago.
    fn is_wanted(&self) -> bool {
        Arc::strong_count(&self.progress) > 1 || self.used.elapsed() < REMEMBERED_FOR
    }
}
