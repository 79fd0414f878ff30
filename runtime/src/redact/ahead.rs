//! What is known of a text before its place is reached.

use std::collections::VecDeque;

use super::out::Hide;

/// What was found ahead of the place that is looked at, and is hidden when that is reached.
pub(super) struct Ahead {
    /// A secret that the program knows.
    pub(super) known: Option<Hide>,
    /// The passwords of a command.
    pub(super) command: VecDeque<Hide>,
    /// How far a command was looked through.
    pub(super) command_end: usize,
    /// The first of them begins here.
    pub(super) due: usize,
}

impl Ahead {
    pub(super) const NOTHING: Self = Self {
        known: None,
        command: VecDeque::new(),
        command_end: 0,
        due: usize::MAX,
    };

    /// The first of them.
    pub(super) fn first(&self) -> Option<Hide> {
        match (self.known, self.command.front().copied()) {
            (Some(known), Some(command)) if command.start < known.start => Some(command),
            (known, command) => known.or(command),
        }
    }

    /// Notes where the first of them begins.
    pub(super) fn note(&mut self) {
        self.due = self.first().map_or(usize::MAX, |hide| hide.start);
    }
}
