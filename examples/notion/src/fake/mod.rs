//! Notion's part in the demonstration and in the tests: what the client needs of its API, with its limits.
//!
//! It holds pages in memory, refuses what Notion refuses, and can be late: a page that was just created may be found
//! only some time later. Faults are put before it, not into it.

mod handlers;
mod held;
mod limits;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};

use crate::clock::Stopwatch;

use self::held::Workspace;
pub use self::held::{HeldBlock, HeldPage};

/// The page that others can be put under.
pub const PARENT: &str = "00000000-0000-4000-8000-00000000aaaa";
/// The data source that pages can be put into. It has the property `External ID`.
pub const DATA_SOURCE: &str = "00000000-0000-4000-8000-00000000dddd";
/// What the ids of new pages begin with.
pub const PAGES: &str = "10000000-";
/// The token that is accepted.
pub const TOKEN: &str = "ntn_332211009988fakeFakeFakeFakeFakeFakeFakeFake00";

/// The user that the token belongs to.
pub const BOT: &str = "00000000-0000-4000-8000-00000000b0b0";
/// A user of the workspace.
pub const SOMEBODY: &str = "00000000-0000-4000-8000-000000005555";

/// A workspace that others can look into. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct FakeNotion(Arc<Mutex<Workspace>>);

impl FakeNotion {
    /// An empty workspace.
    pub fn new() -> Self {
        Self::default()
    }

    /// A workspace where a new page is not found for so long.
    pub fn late_by(lag: Duration) -> Self {
        let fake = Self::default();
        fake.locked().lag = lag;
        fake
    }

    /// A workspace where a new page is not known by its id for so long: reading and changing it answers 404.
    pub fn unknown_for(time: Duration) -> Self {
        let fake = Self::default();
        fake.locked().unknown_for = time;
        fake
    }

    /// Answers questions for a page's blocks, for so long, as if so many of its last blocks were not there yet.
    pub fn be_stale(&self, time: Duration, blocks: usize) {
        self.locked().stale = Some((Stopwatch::start(), time, blocks));
    }

    /// The API.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/v1/users/me", get(handlers::me))
            .route("/v1/pages", post(handlers::create))
            .route(
                "/v1/pages/{page}",
                get(handlers::page).patch(handlers::update),
            )
            .route(
                "/v1/blocks/{block}/children",
                get(handlers::children).patch(handlers::append),
            )
            .route("/v1/data_sources/{source}/query", post(handlers::query))
            // Beyond the 500 KB that Notion takes, so that it is the handlers that refuse.
            .layer(axum::extract::DefaultBodyLimit::max(8 * 1024 * 1024))
            .with_state(self.clone())
    }

    /// Every page, also those in the trash, in the order in which they were created.
    pub fn pages(&self) -> Vec<HeldPage> {
        self.locked().pages.clone()
    }

    /// Puts a block behind those of a page, as somebody does who works on it.
    pub fn interfere(&self, page: &str) {
        self.edit(page, |page| {
            page.blocks.push(HeldBlock::paragraph("a note"));
        });
    }

    /// Changes what cannot be seen in the text of a page's blocks, as somebody does who ticks a box.
    pub fn touch(&self, page: &str) {
        self.edit(page, |_| ());
    }

    /// Puts a block inside the last one of a page, as somebody does who comments on it.
    pub fn put_inside(&self, page: &str) {
        self.edit(page, |page| {
            if let Some(block) = page.blocks.last_mut() {
                block.children.push(HeldBlock::paragraph("a note"));
            }
        });
    }

    /// Takes the last block of a page away, as somebody does who does not want it.
    pub fn take_away(&self, page: &str) {
        self.edit(page, |page| drop(page.blocks.pop()));
    }

    /// Moves a page to the trash, as somebody does who does not want it.
    pub fn trash(&self, page: &str) {
        self.edit(page, |page| page.in_trash = true);
    }

    /// Moves a page to another parent.
    pub fn move_elsewhere(&self, page: &str) {
        self.edit(page, |page| SOMEBODY.clone_into(&mut page.parent));
    }

    /// Takes a page out of the trash, as if it had never been there.
    pub fn bring_back(&self, page: &str) {
        self.edit(page, |page| {
            page.in_trash = false;
            page.last_edited_by.clone_from(&page.created_by);
        });
    }

    fn edit(&self, page: &str, change: impl FnOnce(&mut HeldPage)) {
        if let Some(page) = self.locked().pages.iter_mut().find(|held| held.id == page) {
            SOMEBODY.clone_into(&mut page.last_edited_by);
            change(page);
        }
    }

    /// Copies a page, as somebody does who wants another one like it. The copy has an id of its own.
    pub fn duplicate(&self, page: &str) {
        let mut workspace = self.locked();
        if let Some(mut copy) = workspace.pages.iter().find(|held| held.id == page).cloned() {
            (copy.id, copy.created_time) = workspace.next_id();
            SOMEBODY.clone_into(&mut copy.created_by);
            SOMEBODY.clone_into(&mut copy.last_edited_by);
            copy.since = Stopwatch::start();
            workspace.pages.push(copy);
        }
    }

    fn locked(&self) -> MutexGuard<'_, Workspace> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What Notion would say against the blocks of a request.
///
/// # Errors
/// Its message, if it would refuse them.
pub fn check(request: &serde_json::Value) -> Result<(), String> {
    if request.to_string().len() > limits::MAX_BYTES {
        return Err("The body is too large.".to_owned());
    }
    limits::check(&request["children"])
}
