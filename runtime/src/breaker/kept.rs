//! What is kept under the lock.

use super::hot::Hot;
use super::listeners::Listeners;
use super::ticks::Span;
use super::trial::Trial;
use super::window::Window;
use crate::policy::BreakerPolicy;

pub(super) struct Kept {
    pub(super) policy: BreakerPolicy,
    pub(super) window: Window,
    /// When the state began.
    pub(super) since: u64,
    /// How long the open state lasts.
    pub(super) wait: Span,
    /// Times that probes have failed since the breaker was last closed.
    pub(super) reopenings: u32,
    pub(super) trial: Trial,
    pub(super) listeners: Listeners,
}

impl Kept {
    pub(super) fn new(policy: BreakerPolicy, hot: &Hot, now: u64) -> Self {
        Self {
            window: Window::new(&policy, hot, 0, now),
            policy,
            since: now,
            wait: Span::new(now, 0),
            reopenings: 0,
            trial: Trial::new(),
            listeners: Listeners::new(),
        }
    }
}
