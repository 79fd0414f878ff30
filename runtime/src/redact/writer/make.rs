//! For `tracing-subscriber`.

use core::fmt;
use std::sync::Arc;

use tracing::Metadata;
use tracing_subscriber::fmt as subscriber;

use super::engine::Source;
use super::{Filter, Writer};

/// Filters everything that a `tracing_subscriber::fmt` subscriber or layer writes.
///
/// ```
/// use wait_or_die::redact;
///
/// tracing_subscriber::fmt()
///     .with_writer(redact::MakeWriter::new(std::io::stderr))
///     .init();
/// tracing::info!("connecting with password=hunter2secret"); // .. INFO ..: connecting with password=[REDACTED]
/// ```
///
/// Each event gets a [`Writer`] of its own, which writes the event's lines in one write, and without an allocation if
/// there is nothing to hide. A private key whose lines are events of their own is not known for one; one whose lines are
/// in one event is.
///
/// The inner `make` can be a function such as [`std::io::stderr`], a `Mutex` of a writer, a
/// `tracing_appender::non_blocking::NonBlocking`, or anything else that implements the trait
/// [`tracing_subscriber::fmt::MakeWriter`], which this type implements as well.
#[derive(Clone)]
pub struct MakeWriter<M> {
    make: M,
    filter: Source,
}

impl<M> MakeWriter<M> {
    /// Filters with the filter of the process ([`set_filter`](crate::redact::set_filter), else the built-in one).
    pub const fn new(make: M) -> Self {
        Self {
            make,
            filter: Source::Process,
        }
    }

    /// Filters with a filter of its own.
    pub fn with_filter(make: M, filter: impl Into<Arc<Filter>>) -> Self {
        Self {
            make,
            filter: Source::Own(filter.into()),
        }
    }
}

impl<'a, M: subscriber::MakeWriter<'a>> subscriber::MakeWriter<'a> for MakeWriter<M> {
    type Writer = Writer<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Writer::with_source(self.make.make_writer(), self.filter.clone())
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        Writer::with_source(self.make.make_writer_for(metadata), self.filter.clone())
    }
}

impl<M: fmt::Debug> fmt::Debug for MakeWriter<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MakeWriter")
            .field("make", &self.make)
            .finish_non_exhaustive()
    }
}
