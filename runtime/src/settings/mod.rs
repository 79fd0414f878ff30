//! Settings of named calls and breakers, changed while the program runs.
//!
//! What is set here goes over what the attribute says, by name; what is not set stays as it is written. A set of settings
//! is plain data, which a program reads from where it likes (feature `serde`: the names of the options, durations as
//! text such as `"1m30s"` or seconds, unknown names refused) and puts in force with [`apply`].
//!
//! ```
//! use core::time::Duration;
//! use wait_or_die::settings::{self, BreakerSettings, CallSettings, Settings};
//!
//! settings::apply(
//!     Settings::new()
//!         .with_call("orders", CallSettings::new().with_timeout(Duration::from_secs(5)))
//!         .with_call("prices", CallSettings::new().with_enabled(false))
//!         .with_breaker("broker", BreakerSettings::new().with_failure_threshold(3)),
//! )?;
//! assert_eq!(settings::current().calls.len(), 2);
//!
//! settings::apply(Settings::new())?; // all as it is written again
//! # Ok::<(), settings::SettingsError>(())
//! ```
//!
//! A call takes its settings when it opens and keeps them to its end. As long as nothing is set for it that costs one
//! relaxed load, but for the very first call of a call site, which takes a lock and puts the site on a list; a call with
//! changed settings takes a lock that such calls share, for one look, however often they were changed. Each different
//! set of settings that a call site ever had stays in memory, some 300 bytes, and is used again when the same settings
//! return: a program that makes up new ones for ever, such as a timeout to the millisecond every second, grows.
//!
//! Inside a [`testing::scope`](crate::testing::scope) (feature `test-util`) there are settings of its own: none at
//! first, and what is applied is gone with the scope.

mod book;
mod breaker;
mod breakers;
mod call;
mod error;
#[cfg(feature = "serde")]
mod serial;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use book::Book;
pub use breaker::BreakerSettings;
pub use call::CallSettings;
pub use error::{SettingsError, SettingsRule};

use crate::RetryPolicy;
use crate::observe::{self, Event};
use crate::retry::site::{Function, Site};
use crate::sync::{Mutex, lock};

static BOOK: Mutex<Book> = Mutex::new(Book::of_the_program());

/// A whole set of settings, by the names of calls and of breakers.
///
/// The name of a call is its `name = ".."`, or else its module path and function, such as `shop::orders::place`.
#[derive(Debug, Clone, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields, default))]
#[non_exhaustive]
pub struct Settings {
    /// Of calls, by the operation's name; all call sites of that name get them.
    pub calls: BTreeMap<String, CallSettings>,
    /// Of breakers, by name; those of all keys get them.
    pub breakers: BTreeMap<String, BreakerSettings>,
}

impl Settings {
    /// Nothing is set: everything is as it is written.
    pub const fn new() -> Self {
        Self {
            calls: BTreeMap::new(),
            breakers: BTreeMap::new(),
        }
    }

    /// Sets what is set for the call of this name, in place of what was.
    #[must_use]
    pub fn with_call(mut self, operation: impl Into<String>, settings: CallSettings) -> Self {
        self.calls.insert(operation.into(), settings);
        self
    }

    /// Sets what is set for the breaker of this name, in place of what was.
    #[must_use]
    pub fn with_breaker(mut self, name: impl Into<String>, settings: BreakerSettings) -> Self {
        self.breakers.insert(name.into(), settings);
        self
    }
}

/// A protected call that has run.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct CallInfo {
    /// The operation's name.
    pub operation: &'static str,
    /// The file of the annotated function.
    pub file: &'static str,
    /// The line of the annotated function.
    pub line: u32,
    /// What holds for the next call, settings included; `None` of a function that has only a breaker.
    pub policy: Option<RetryPolicy>,
    /// Whether the call is protected; false after `enabled = false`.
    pub enabled: bool,
}

/// Puts `settings` in force in place of all that were: what is no longer named returns to what is written.
///
/// All or nothing: where one entry is refused, nothing changes. An entry for a call that has run, or for a breaker that
/// exists, is checked over what is written there; one for a name that is unknown is checked alone, kept, and
/// put in force when a call or breaker of that name first turns up. If it does not fit then, an event at WARN says
/// so and what is written holds.
///
/// Calls under way are not changed. A breaker keeps its state and counts; `enabled = false` disables it, and
/// the return to `true` resets it. When this returns, every breaker holds these settings, or newer ones where somebody
/// else has applied some meanwhile; it waits for no other thread's listeners, only for those that it calls itself. Takes
/// locks; safe from every thread, and from listeners of breakers, where it is in force at once too.
///
/// # Errors
/// The first entry that breaks a rule, calls before breakers, in the order of the names.
pub fn apply(settings: Settings) -> Result<(), SettingsError> {
    let declared = breakers::declared();
    with_book(|book| book.replace(settings, &declared))?;
    breakers::follow();
    Ok(())
}

/// The settings in force: what was last applied, entries for names that have not turned up included.
pub fn current() -> Settings {
    with_book(|book| book.settings().clone())
}

/// The protected calls that have run so far, in the order of operation, file and line.
///
/// A call whose settings did not fit when it first ran is listed with what is written.
pub fn calls() -> Vec<CallInfo> {
    with_book(|book| book.calls())
}

/// The site that holds for a call of `site`: known from now on, and changed if there are settings of its name.
pub(crate) fn meet(site: &'static Site, function: Function) -> &'static Site {
    let (current, misfit) = with_book(|book| book.meet(site, function));
    if let Some(rule) = misfit {
        observe::emit(&Event::SettingsLeftOut {
            name: &site.operation().into(),
            place: Some(site.place()),
            rule: rule.message(),
        });
    }
    current
}

/// Runs `act` on the settings of the thread's test scope, or else of the program. Nothing of a user's runs in `act`, and
/// nothing else is locked there, so that others may ask under locks of their own.
fn with_book<T>(act: impl FnOnce(&mut Book) -> T) -> T {
    #[cfg(test)]
    ASKED.set(ASKED.get() + 1);
    #[cfg(feature = "test-util")]
    if let Some(scope) = crate::testing::current() {
        return act(&mut scope.settings.borrow_mut());
    }
    act(&mut lock(&BOOK))
}

#[cfg(test)]
std::thread_local! {
    /// How often this thread has asked for the settings.
    pub(crate) static ASKED: core::cell::Cell<u32> = const { core::cell::Cell::new(0) };
}
