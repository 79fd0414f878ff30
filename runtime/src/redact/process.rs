//! The filter of the whole process: set once, the built-in one when not set.

use core::fmt;
use std::borrow::Cow;
use std::sync::OnceLock;

use super::Filter;

static BUILT_IN: Filter = Filter::new();
static SET: OnceLock<Filter> = OnceLock::new();

/// The filter of the process: the one that [`set_filter`] was given, else [`Filter::new`].
pub(crate) fn current() -> &'static Filter {
    SET.get().unwrap_or(&BUILT_IN)
}

/// `text` through the filter of the process; borrowed if there is nothing to hide in it.
pub fn filter(text: &str) -> Cow<'_, str> {
    current().filter(text)
}

/// Sets the filter of the process, once, best before anything is printed.
///
/// # Errors
///
/// [`FilterAlreadySet`], which gives the filter back, if one was set before.
pub fn set_filter(filter: Filter) -> Result<(), FilterAlreadySet> {
    SET.set(filter)
        .map_err(|filter| FilterAlreadySet(Box::new(filter)))
}

/// The filter of the process was set before; the one that was not taken is in it.
#[derive(Debug)]
pub struct FilterAlreadySet(
    /// The filter that was not taken.
    pub Box<Filter>,
);

impl fmt::Display for FilterAlreadySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the filter of the process is set already; set it once, at the start of `main`")
    }
}

impl std::error::Error for FilterAlreadySet {}
