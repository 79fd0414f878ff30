//! A breaker without retries: what it counts, and how little it asks of a function.

use std::io;

use wait_or_die::{Breaker, Classify, Error, Verdict, circuit_breaker, testing};
use wait_or_die_tests::refused;

/// Neither `Classify` nor `Display` nor `Debug`.
enum Opaque {
    Own,
    Dead(Error),
}

impl From<Error> for Opaque {
    fn from(error: Error) -> Self {
        Self::Dead(error)
    }
}

/// Not `Clone`.
struct Page(String);

#[circuit_breaker(name = "opaque", failure_threshold = 2)]
async fn opaque(page: Page, fails: bool) -> Result<String, Opaque> {
    let Page(text) = page;
    if fails { Err(Opaque::Own) } else { Ok(text) }
}

#[circuit_breaker(name = "opaque", failure_threshold = 2)]
fn opaque_now(page: Page, fails: bool) -> Result<String, Opaque> {
    let Page(text) = page;
    if fails { Err(Opaque::Own) } else { Ok(text) }
}

fn page() -> Page {
    Page("page".to_owned())
}

#[tokio::test(start_paused = true)]
async fn every_error_without_a_verdict_is_a_failure() {
    let _scope = testing::scope(1);
    assert!(matches!(opaque(page(), false).await, Ok(text) if text == "page"));
    assert!(matches!(opaque(page(), true).await, Err(Opaque::Own)));
    assert!(matches!(opaque_now(page(), true), Err(Opaque::Own)));
    let rejected = opaque(page(), false).await;
    assert!(matches!(rejected, Err(Opaque::Dead(Error::Rejected(_)))));
    let rejected = opaque_now(page(), false);
    assert!(matches!(rejected, Err(Opaque::Dead(Error::Rejected(_)))));
}

#[circuit_breaker(name = "by-kind", failure_threshold = 1)]
async fn by_kind(kind: io::ErrorKind) -> io::Result<()> {
    Err(kind.into())
}

#[circuit_breaker(name = "boxed", failure_threshold = 1)]
fn boxed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> anyhow::Result<()> {
    Err(anyhow::Error::from_boxed(error.into()))
}

#[tokio::test(start_paused = true)]
async fn a_verdict_says_otherwise() {
    let _scope = testing::scope(1);
    by_kind(io::ErrorKind::NotFound).await.unwrap_err();
    assert_eq!(failures("by-kind"), 0);
    by_kind(io::ErrorKind::ConnectionReset).await.unwrap_err();
    let error = by_kind(io::ErrorKind::NotFound).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);

    // What the chain does not know is permanent.
    boxed("unheard of").unwrap_err();
    assert_eq!(failures("boxed"), 0);
    boxed(refused()).unwrap_err();
    assert!(boxed("x").unwrap_err().downcast_ref::<Error>().is_some());
}

fn failures(breaker: &str) -> u32 {
    let seen = Breaker::find(breaker).unwrap().snapshot();
    assert_eq!(seen.core.state.as_str(), "closed");
    seen.core.consecutive_failures
}

#[derive(Debug)]
struct Judged(Verdict);

impl Classify for Judged {
    fn classify(&self) -> Verdict {
        self.0
    }
}

impl From<Error> for Judged {
    fn from(_: Error) -> Self {
        Self(Verdict::Ignore)
    }
}

#[circuit_breaker(name = "generic", failure_threshold = 100)]
async fn generic<E: From<Error>>(error: E) -> Result<(), E> {
    Err(error)
}

#[circuit_breaker(name = "generic-classified", failure_threshold = 100)]
async fn generic_classified<E>(error: E) -> Result<(), E>
where
    E: From<Error> + Classify,
{
    Err(error)
}

#[circuit_breaker(name = "generic-now", failure_threshold = 100)]
fn generic_now<E: From<Error>>(error: E) -> Result<(), E> {
    Err(error)
}

#[circuit_breaker(name = "generic-now-classified", failure_threshold = 100)]
fn generic_now_classified<E: From<Error> + Classify>(error: E) -> Result<(), E> {
    Err(error)
}

#[tokio::test(start_paused = true)]
async fn a_generic_error_is_classified_where_its_bounds_say_so() {
    let _scope = testing::scope(1);
    let judged = || Judged(Verdict::Permanent);
    for _ in 0..2 {
        generic(judged()).await.unwrap_err();
        generic_now(judged()).unwrap_err();
        generic_classified(judged()).await.unwrap_err();
        generic_now_classified(judged()).unwrap_err();
    }
    let counts = [
        "generic",
        "generic-now",
        "generic-classified",
        "generic-now-classified",
    ];
    assert_eq!(counts.map(failures), [2, 2, 0, 0]);
    for verdict in [
        Verdict::Transient,
        Verdict::Fault,
        Verdict::Throttled(None),
        Verdict::Ignore,
    ] {
        generic_classified(Judged(verdict)).await.unwrap_err();
        generic_now_classified(Judged(verdict)).unwrap_err();
    }
    assert_eq!(counts.map(failures), [2, 2, 2, 2]);
}

/// Through a reference and through a box, as the provided implementations say.
#[circuit_breaker(name = "pointers", failure_threshold = 100)]
async fn pointers(error: Box<Judged>) -> Result<(), Boxed> {
    Err(Boxed(error))
}

#[derive(Debug, Classify)]
#[classify(source)]
struct Boxed(Box<Judged>);

impl From<Error> for Boxed {
    fn from(error: Error) -> Self {
        Self(Box::new(error.into()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_derived_verdict_counts() {
    let _scope = testing::scope(1);
    for (verdict, counted) in [
        (Verdict::Fault, 1),
        (Verdict::Ignore, 1),
        (Verdict::Permanent, 0),
    ] {
        pointers(Box::new(Judged(verdict))).await.unwrap_err();
        assert_eq!(failures("pointers"), counted, "{verdict:?}");
    }
}

mod shadowing {
    use wait_or_die::{Error, circuit_breaker};

    /// A trait of every type, with methods of every name that comes to mind.
    trait Everywhere {
        fn outcome(&self) -> u32 {
            7
        }

        fn settle(&self) -> u32 {
            self.outcome()
        }

        fn run(&self) -> u32 {
            self.settle()
        }

        fn attempt(&self) -> u32 {
            self.run()
        }
    }

    impl<T: ?Sized> Everywhere for T {}

    #[circuit_breaker(name = "shadowing", failure_threshold = 2)]
    pub(super) fn plain(number: u32) -> Result<u32, super::Opaque> {
        if number.attempt() == 7 {
            Err(super::Opaque::Own)
        } else {
            Ok(number)
        }
    }

    #[circuit_breaker(name = "shadowing", failure_threshold = 2)]
    pub(super) async fn asynchronous(number: u32) -> Result<u32, Error> {
        Ok(number + number.outcome())
    }
}

#[tokio::test(start_paused = true)]
async fn methods_of_the_users_traits_are_not_taken_for_ours() {
    let _scope = testing::scope(1);
    assert_eq!(shadowing::asynchronous(1).await.unwrap(), 8);
    assert!(shadowing::plain(1).is_err());
    assert!(shadowing::plain(1).is_err());
    assert!(matches!(
        shadowing::asynchronous(1).await,
        Err(Error::Rejected(_))
    ));
}
