//! Verdicts on errors that are not the user's own, on what they were caused by, and on derived ones.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::time::Duration;

use wait_or_die::Verdict::{Fault, Ignore, Permanent, Throttled, Transient};
use wait_or_die::classify::chain;
use wait_or_die::{Classify, Verdict, wait_or_die};

#[path = "classify/pointers.rs"]
mod pointers;

/// An error of somebody else's that was caused by another.
#[derive(Debug)]
struct Wrapped<E>(E);

impl<E> fmt::Display for Wrapped<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapped")
    }
}

impl<E: StdError + 'static> StdError for Wrapped<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

/// The same where the depth is not known to the compiler.
#[derive(Debug)]
struct Nested(Box<dyn StdError + Send + Sync>);

impl fmt::Display for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nested")
    }
}

impl StdError for Nested {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.0)
    }
}

/// An error that names itself as its cause.
#[derive(Debug)]
struct Ouroboros;

impl fmt::Display for Ouroboros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ouroboros")
    }
}

impl StdError for Ouroboros {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self)
    }
}

fn reset() -> io::Error {
    ErrorKind::ConnectionReset.into()
}

/// The error of a call that a deadline cut off.
async fn timed_out() -> wait_or_die::Error {
    #[wait_or_die(timeout = "1s", max_retries = 0)]
    async fn hung() -> Result<(), wait_or_die::Error> {
        std::future::pending().await
    }
    hung().await.expect_err("the body never ends")
}

const KINDS: [(ErrorKind, Verdict); 39] = [
    (ErrorKind::ConnectionRefused, Transient),
    (ErrorKind::ConnectionReset, Transient),
    (ErrorKind::ConnectionAborted, Transient),
    (ErrorKind::NotConnected, Transient),
    (ErrorKind::BrokenPipe, Transient),
    (ErrorKind::UnexpectedEof, Transient),
    (ErrorKind::HostUnreachable, Transient),
    (ErrorKind::NetworkUnreachable, Transient),
    (ErrorKind::NetworkDown, Transient),
    (ErrorKind::AddrNotAvailable, Transient),
    (ErrorKind::TimedOut, Transient),
    (ErrorKind::WouldBlock, Transient),
    (ErrorKind::Interrupted, Transient),
    (ErrorKind::ResourceBusy, Transient),
    (ErrorKind::ExecutableFileBusy, Transient),
    (ErrorKind::Deadlock, Transient),
    (ErrorKind::OutOfMemory, Fault),
    (ErrorKind::StorageFull, Fault),
    (ErrorKind::ReadOnlyFilesystem, Fault),
    (ErrorKind::AddrInUse, Permanent),
    (ErrorKind::QuotaExceeded, Permanent),
    (ErrorKind::FileTooLarge, Permanent),
    (ErrorKind::StaleNetworkFileHandle, Permanent),
    (ErrorKind::NotFound, Permanent),
    (ErrorKind::PermissionDenied, Permanent),
    (ErrorKind::AlreadyExists, Permanent),
    (ErrorKind::InvalidInput, Permanent),
    (ErrorKind::InvalidData, Permanent),
    (ErrorKind::Unsupported, Permanent),
    (ErrorKind::WriteZero, Permanent),
    (ErrorKind::NotADirectory, Permanent),
    (ErrorKind::IsADirectory, Permanent),
    (ErrorKind::DirectoryNotEmpty, Permanent),
    (ErrorKind::NotSeekable, Permanent),
    (ErrorKind::CrossesDevices, Permanent),
    (ErrorKind::TooManyLinks, Permanent),
    (ErrorKind::InvalidFilename, Permanent),
    (ErrorKind::ArgumentListTooLong, Permanent),
    (ErrorKind::Other, Permanent),
];

#[test]
fn every_kind_of_io_error() {
    for (kind, verdict) in KINDS {
        assert_eq!(kind.classify(), verdict, "{kind:?}");
        assert_eq!(io::Error::from(kind).classify(), verdict, "{kind:?}");
        assert_eq!(io::Error::new(kind, "text").classify(), verdict, "{kind:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn errors_of_the_operating_system() {
    for (code, name, verdict) in [
        (111, "ECONNREFUSED", Transient),
        (110, "ETIMEDOUT", Transient),
        (4, "EINTR", Transient),
        (12, "ENOMEM", Fault),
        (28, "ENOSPC", Fault),
        (13, "EACCES", Permanent),
        (5, "EIO, which has no kind of its own", Permanent),
    ] {
        assert_eq!(
            io::Error::from_raw_os_error(code).classify(),
            verdict,
            "{name}"
        );
    }
}

#[test]
fn the_first_known_kind_of_a_chain_decides() {
    assert_eq!(chain(&reset()), Some(Transient));
    assert_eq!(chain(&Wrapped(Wrapped(reset()))), Some(Transient));
    let denied = io::Error::new(ErrorKind::PermissionDenied, Wrapped(reset()));
    assert_eq!(chain(&denied), Some(Permanent));
    assert_eq!(chain(&Wrapped(denied)), Some(Permanent));
}

#[test]
fn other_is_as_what_it_carries() {
    assert_eq!(chain(&io::Error::other(reset())), Some(Transient));
    assert_eq!(chain(&io::Error::other(Wrapped(reset()))), Some(Transient));
    let full = io::Error::from(ErrorKind::StorageFull);
    assert_eq!(io::Error::other(io::Error::other(full)).classify(), Fault);
    assert_eq!(chain(&io::Error::other("text")), None);
    assert_eq!(io::Error::other("text").classify(), Permanent);
}

#[test]
fn pointers_that_are_errors_hide_nothing() {
    assert_eq!(chain(&Wrapped(Box::new(reset()))), Some(Transient));
    assert_eq!(chain(&Wrapped(Arc::new(reset()))), Some(Transient));
    assert_eq!(chain(&Arc::new(io::Error::other(reset()))), Some(Transient));
}

#[test]
fn what_is_not_known_is_left_open() {
    assert_eq!(chain(&fmt::Error), None);
    assert_eq!(chain(&Wrapped(fmt::Error)), None);
    assert_eq!(chain(&Ouroboros), None);
}

#[test]
fn a_chain_is_followed_to_its_hundred_and_twenty_eighth_link() {
    let nested = |depth: usize| {
        let start: Box<dyn StdError + Send + Sync> = Box::new(reset());
        (0..depth).fold(start, |cause, _| Box::new(Nested(cause)))
    };
    assert_eq!(chain(&*nested(127)), Some(Transient));
    assert_eq!(chain(&*nested(128)), None);
}

#[tokio::test(start_paused = true)]
async fn an_inner_call_that_gave_up_is_a_fault_wherever_it_is() {
    let own = timed_out().await;
    assert_eq!(own.classify(), Fault);
    assert_eq!(chain(&own), Some(Fault));
    assert_eq!(chain(&Wrapped(Arc::new(own.clone()))), Some(Fault));
    // The kinds around it would each be transient by themselves.
    assert_eq!(ErrorKind::TimedOut.classify(), Transient);
    assert_eq!(io::Error::from(own.clone()).classify(), Fault);
    let within = io::Error::new(ErrorKind::ConnectionReset, Wrapped(own.clone()));
    assert_eq!(within.classify(), Fault);
    let boxed: Box<dyn StdError + Send + Sync> = Box::new(Wrapped(within));
    assert_eq!(boxed.classify(), Fault);
    let reported = anyhow::Error::new(io::Error::from(own)).context("outer");
    assert_eq!(reported.classify(), Fault);
}

#[test]
fn anyhow_errors() {
    let boxed = || -> Box<dyn StdError + Send + Sync> { Box::new(reset()) };
    assert_eq!(anyhow::Error::new(reset()).classify(), Transient);
    assert_eq!(
        anyhow::Error::new(reset())
            .context("a")
            .context("b")
            .classify(),
        Transient
    );
    assert_eq!(anyhow::Error::from_boxed(boxed()).classify(), Transient);
    assert_eq!(
        anyhow::Error::from_boxed(boxed()).context("a").classify(),
        Transient
    );
    assert_eq!(anyhow::anyhow!("text").classify(), Permanent);
    assert_eq!(anyhow::anyhow!(reset()).classify(), Transient);
}

#[test]
fn eyre_reports() {
    let boxed = || -> Box<dyn StdError + Send + Sync> { Box::new(reset()) };
    assert_eq!(eyre::Report::new(reset()).classify(), Transient);
    assert_eq!(
        eyre::Report::new(reset())
            .wrap_err("a")
            .wrap_err("b")
            .classify(),
        Transient
    );
    assert_eq!(eyre::eyre!(boxed()).classify(), Transient);
    assert_eq!(eyre::eyre!(boxed()).wrap_err("a").classify(), Transient);
    assert_eq!(eyre::eyre!("text").classify(), Permanent);
}

#[test]
fn a_bool_is_a_verdict() {
    assert_eq!(Verdict::from(true), Transient);
    assert_eq!(Verdict::from(false), Permanent);
}

#[derive(Debug, Classify)]
#[classify(permanent)]
#[expect(dead_code, reason = "a verdict reads only the fields that are named")]
enum PushError {
    #[classify(transient)]
    Lost,
    #[classify(throttled)]
    Busy,
    #[classify(throttled(after = delay))]
    Later {
        delay: Option<Duration>,
    },
    #[classify(throttled(after = 1))]
    Slower(u8, Duration),
    #[classify(fault)]
    Broken,
    #[classify(ignore)]
    Cancelled {
        by: &'static str,
    },
    #[classify(source)]
    Io(io::Error),
    #[classify(source = cause)]
    Http {
        url: &'static str,
        cause: io::Error,
    },
    Refused(u16),
}

#[derive(Classify)]
#[classify(throttled(after = retry_after))]
struct TooManyRequests {
    retry_after: Duration,
}

#[derive(Classify)]
#[classify(source)]
struct Newtype(PushError);

#[test]
fn derived_verdicts() {
    let delay = Duration::from_secs(7);
    for (error, verdict) in [
        (PushError::Lost, Transient),
        (PushError::Busy, Throttled(None)),
        (
            PushError::Later { delay: Some(delay) },
            Throttled(Some(delay)),
        ),
        (PushError::Later { delay: None }, Throttled(None)),
        (PushError::Slower(0, delay), Throttled(Some(delay))),
        (PushError::Broken, Fault),
        (PushError::Cancelled { by: "user" }, Ignore),
        (PushError::Io(reset()), Transient),
        (PushError::Io(ErrorKind::NotFound.into()), Permanent),
        (
            PushError::Http {
                url: "x",
                cause: reset(),
            },
            Transient,
        ),
        (PushError::Refused(403), Permanent),
    ] {
        assert_eq!(error.classify(), verdict, "{error:?}");
        assert_eq!(Newtype(error).classify(), verdict);
    }
    let retry_after = delay;
    assert_eq!(
        TooManyRequests { retry_after }.classify(),
        Throttled(Some(delay))
    );
}

/// How often the call was attempted.
async fn attempts(make: fn() -> anyhow::Error) -> u32 {
    #[wait_or_die(timeout = "30s", max_retries = 3, initial_wait = "1s", jitter = none)]
    async fn call(count: &mut u32, make: fn() -> anyhow::Error) -> anyhow::Result<()> {
        *count += 1;
        Err(make())
    }
    let mut count = 0;
    let outcome = call(&mut count, make).await;
    assert!(outcome.is_err());
    count
}

#[tokio::test(start_paused = true)]
async fn the_cause_decides_whether_a_call_is_retried() {
    assert_eq!(
        attempts(|| anyhow::Error::new(reset()).context("push")).await,
        4
    );
    assert_eq!(
        attempts(|| anyhow::Error::new(fmt::Error).context("push")).await,
        1
    );
    assert_eq!(
        attempts(|| io::Error::from(ErrorKind::StorageFull).into()).await,
        1
    );
}
