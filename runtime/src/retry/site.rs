//! What is fixed about an annotated function, in a `static`.

use crate::RetryPolicy;
use crate::backoff::WaitSequence;

/// Makes the state of a custom strategy; asked once per call, at its first failure.
pub type MakeSequence = fn() -> Box<dyn WaitSequence + Send>;

/// An annotated function: its name, where it stands, and its policy.
///
/// The engine reads the policy through this one indirection.
#[derive(Debug)]
pub struct Site {
    operation: &'static str,
    file: &'static str,
    line: u32,
    policy: RetryPolicy,
    sequence: Option<MakeSequence>,
}

impl Site {
    /// A call site with one of the built-in strategies.
    pub const fn new(
        operation: &'static str,
        file: &'static str,
        line: u32,
        policy: RetryPolicy,
    ) -> Self {
        Self {
            operation,
            file,
            line,
            policy,
            sequence: None,
        }
    }

    /// The same site with a custom strategy.
    #[must_use]
    pub const fn with_sequence(mut self, sequence: MakeSequence) -> Self {
        self.sequence = Some(sequence);
        self
    }

    pub(crate) const fn operation(&self) -> &'static str {
        self.operation
    }

    pub(crate) const fn policy(&self) -> &RetryPolicy {
        &self.policy
    }

    pub(crate) const fn sequence(&self) -> Option<MakeSequence> {
        self.sequence
    }

    pub(crate) const fn place(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }
}
