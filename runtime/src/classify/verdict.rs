//! The verdicts.

use core::fmt;
use core::time::Duration;

/// What a failure says about trying again, and about the health of what was called.
///
/// A `bool` counts as a verdict where one is asked for: `true` is [`Transient`](Self::Transient),
/// `false` is [`Permanent`](Self::Permanent).
///
/// # `std::io::Error`
/// Judged by its kind. What decides is whether the same call can succeed later without anybody's
/// doing; what is not listed is permanent.
///
/// | kind | verdict | why |
/// |---|---|---|
/// | `ConnectionRefused`, `ConnectionReset`, `ConnectionAborted`, `NotConnected`, `BrokenPipe`, `UnexpectedEof` | transient | the peer went away or is not there yet; the next attempt connects anew |
/// | `HostUnreachable`, `NetworkUnreachable`, `NetworkDown` | transient | routes and links come back |
/// | `AddrNotAvailable` | transient | what `connect` gives when all local ports are in use; they are released with time |
/// | `TimedOut`, `WouldBlock` | transient | no answer yet |
/// | `Interrupted` | transient | documented as: "typically be retried" |
/// | `ResourceBusy`, `ExecutableFileBusy`, `Deadlock` | transient | another holder is to release it |
/// | `OutOfMemory`, `StorageFull`, `ReadOnlyFilesystem` | fault | the host itself is sick: trying again adds load and repairs nothing, and what comes next will fail too |
/// | `AddrInUse` | permanent | another program listens there, most often for good; retry it where a predecessor is being replaced |
/// | `QuotaExceeded`, `FileTooLarge`, `StaleNetworkFileHandle` | permanent | a refusal of this very call, which says nothing about others |
/// | `NotFound`, `PermissionDenied`, `AlreadyExists`, `InvalidInput`, `InvalidData`, `Unsupported`, `WriteZero`, .. | permanent | an answer |
/// | `Other` | as the error inside it, else permanent | it is no kind of its own |
/// | no stable kind: a name that could not be looked up, too many open files, .. | permanent | kinds do not tell them from what is worse; where they matter, let `retry_if` look at `raw_os_error()` or try again where the name is looked up |
///
/// An [`Error`](crate::Error) anywhere inside is looked for first: a timeout is a fault, everything else is ignored. An
/// outer call does not retry what an inner call has given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// Worth another attempt, after the wait that the policy computes. A failure for a breaker.
    Transient,
    /// Worth another attempt, but no sooner than the server's delay, where it gave one: the wait
    /// is that delay plus a jittered `initial_wait`, not capped by `max_wait`, only by `timeout`.
    /// Not the breaker's failure.
    Throttled(Option<Duration>),
    /// Not to be retried: the dependency answered, so it is well. Not a failure for a breaker.
    Permanent,
    /// Not to be retried, and the dependency is sick: a failure for a breaker.
    Fault,
    /// Not to be retried, and says nothing about the dependency.
    Ignore,
}

impl Verdict {
    /// The name, as events and `#[classify(..)]` write it: `transient`, `throttled`, `permanent`,
    /// `fault` or `ignore`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Throttled(_) => "throttled",
            Self::Permanent => "permanent",
            Self::Fault => "fault",
            Self::Ignore => "ignore",
        }
    }
}

/// `true` is [`Transient`](Verdict::Transient), `false` is [`Permanent`](Verdict::Permanent).
impl From<bool> for Verdict {
    #[inline]
    fn from(retry: bool) -> Self {
        if retry {
            Self::Transient
        } else {
            Self::Permanent
        }
    }
}

/// The name alone; `Debug` shows the delay too.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::Verdict::{Fault, Ignore, Permanent, Throttled, Transient};

    #[test]
    fn verdicts_have_names() {
        let delay = Some(Duration::from_secs(1));
        for (verdict, name) in [
            (Transient, "transient"),
            (Throttled(None), "throttled"),
            (Throttled(delay), "throttled"),
            (Permanent, "permanent"),
            (Fault, "fault"),
            (Ignore, "ignore"),
        ] {
            assert_eq!(verdict.as_str(), name);
            assert_eq!(format!("{verdict:>10}"), format!("{name:>10}"));
        }
    }
}
