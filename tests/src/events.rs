//! What is told on a thread, for tests of events.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// The fields of an event by name, as text, with `level` and `target` beside them.
pub type Event = BTreeMap<String, String>;

thread_local! {
    static EVENTS: RefCell<Vec<Event>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the events of each thread.
///
/// One subscriber for the whole program: with one for each test, a place that tells its first event while another
/// test's subscriber comes or goes may be taken for one that nobody listens to.
#[derive(Debug)]
pub struct Capture(());

struct Fields<'a>(&'a mut Event);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Capture {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut seen = Event::new();
        event.record(&mut Fields(&mut seen));
        seen.insert("level".to_owned(), metadata.level().to_string());
        seen.insert("target".to_owned(), metadata.target().to_owned());
        EVENTS.with_borrow_mut(|events| events.push(seen));
    }
}

impl Capture {
    /// Forgets what was told on this thread, and keeps what will be. Before anything is told on any thread: a place
    /// that tells an event remembers for a while that nobody listens.
    ///
    /// # Panics
    /// If the program has another subscriber.
    pub fn begin() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            let subscriber = tracing_subscriber::registry().with(Self(()));
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        EVENTS.take();
        Self(())
    }

    /// What has been told on this thread.
    #[allow(clippy::unused_self)] // whoever asks has begun
    pub fn events(&self) -> Vec<Event> {
        EVENTS.with_borrow(Clone::clone)
    }

    /// The same, and forgets it.
    #[allow(clippy::unused_self)] // as above
    pub fn take(&self) -> Vec<Event> {
        EVENTS.take()
    }
}
