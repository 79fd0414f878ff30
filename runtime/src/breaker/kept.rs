//! What is kept under the lock.

use super::hot::Hot;
use super::listeners::Listeners;
use super::ticks::Span;
use super::trial::Trial;
use super::window::Window;
use crate::policy::BreakerPolicy;

/// What somebody above the breaker says of it, in an order of his own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// Counts what is said; an older saying that comes late is not heard.
    pub(super) number: u64,
    pub(super) policy: BreakerPolicy,
    /// False: the breaker lets every call pass and counts nothing.
    pub(super) enabled: bool,
}

/// Who waits for a breaker and has something to gain from asking it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wake {
    /// Any one: a probe's place has fallen free.
    One,
    /// All: the state or the settings are others.
    All,
}

pub(super) struct Kept {
    pub(super) policy: BreakerPolicy,
    pub(super) held: Held,
    pub(super) window: Window,
    /// When the state began.
    pub(super) since: u64,
    /// How long the open state lasts.
    pub(super) wait: Span,
    /// Times that probes have failed since the breaker was last closed.
    pub(super) reopenings: u32,
    pub(super) trial: Trial,
    pub(super) listeners: Listeners,
    /// Who is to be woken of those who wait, when the lock is given back.
    pub(super) wake: Option<Wake>,
}

impl Kept {
    pub(super) fn new(policy: BreakerPolicy, hot: &Hot, now: u64) -> Self {
        Self {
            window: Window::new(&policy, hot, 0, now),
            policy,
            held: Held {
                number: 0,
                policy,
                enabled: true,
            },
            since: now,
            wait: Span::new(now, 0),
            reopenings: 0,
            trial: Trial::new(),
            listeners: Listeners::new(),
            wake: None,
        }
    }
}
