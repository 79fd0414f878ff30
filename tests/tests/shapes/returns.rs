//! What a body returns, and how it gets there.

use std::error::Error as StdError;
use std::fmt::{self, Display};
use std::io;
use std::rc::Rc;

use wait_or_die::{Classify, Verdict, wait_or_die};

use super::{Flaky, sent};

// 26: `impl Trait` in the return type, nested and on both sides
#[wait_or_die(max_retries = 3)]
async fn opaque(flaky: &Flaky) -> io::Result<impl Iterator<Item = impl Display>> {
    let n = flaky.ask().await?;
    Ok([n, n + 1].into_iter())
}

#[wait_or_die(max_retries = 3)]
async fn opaque_error<'a>(flaky: &Flaky, name: &'a str) -> Result<u32, impl StdError + use<'a>> {
    flaky.ask().await.map_err(|_| Named(name))
}

// 27: `?` with a conversion
#[derive(Debug, thiserror::Error, Classify)]
enum Failure {
    #[error(transparent)]
    #[classify(source)]
    Io(#[from] io::Error),
    #[error(transparent)]
    #[classify(permanent)]
    Parse(#[from] std::num::ParseIntError),
    #[error(transparent)]
    #[classify(source)]
    Dead(#[from] wait_or_die::Error),
}

#[wait_or_die(max_retries = 3)]
async fn converts(flaky: &Flaky, text: &str) -> Result<u32, Failure> {
    Ok(flaky.ask().await? + text.parse::<u32>()?)
}

// 28: early `return`, in a loop, in a closure and in an inner block
#[wait_or_die(max_retries = 3)]
async fn returns_early(flaky: &Flaky, limit: u32) -> io::Result<u32> {
    let doubled = |n: u32| {
        if n > 100 {
            return 0;
        }
        n * 2
    };
    'outer: for n in 0.. {
        for m in 0..n {
            if m == limit {
                return Ok(doubled(flaky.ask().await?));
            }
            if m > 1000 {
                break 'outer;
            }
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

// 29: `Box<dyn Error>` by `?`
#[wait_or_die(max_retries = 3)]
async fn boxes(flaky: &Flaky, text: &str) -> Result<u32, Box<dyn StdError + Send + Sync>> {
    let n = flaky.ask().await?;
    Ok(n + text.parse::<u32>()?)
}

// 30: `Box<dyn Error>` by coercion, from two types
#[wait_or_die(max_retries = 3)]
async fn coerces(flaky: &Flaky, text: &str) -> Result<u32, Box<dyn StdError + Send + Sync>> {
    let n = match flaky.ask().await {
        Ok(n) => n,
        Err(error) => return Err(Box::new(error)),
    };
    match text.parse::<u32>() {
        Ok(m) => Ok(n + m),
        Err(error) => Err(Box::new(error)),
    }
}

// 31: an error that is not `Send`, of a function that is
#[wait_or_die(max_retries = 3)]
async fn not_send_error(flaky: &Flaky) -> Result<u32, Box<dyn StdError>> {
    Ok(flaky.ask().await?)
}

// 32: tails that never come to a value
#[wait_or_die(max_retries = 3)]
async fn diverges(flaky: &Flaky) -> io::Result<u32> {
    loop {
        match flaky.ask().await {
            Ok(2) => {}
            out => return out,
        }
    }
}

#[wait_or_die(max_retries = 3)]
async fn only_fails(flaky: &Flaky) -> io::Result<u32> {
    Err(io::Error::other(flaky.ask().await?.to_string()))?
}

#[wait_or_die(max_retries = 3)]
async fn panics(flaky: &Flaky) -> io::Result<u32> {
    flaky.ask().await?;
    panic!("the second attempt")
}

// 33: a borrow of an argument, elided and named
#[wait_or_die(max_retries = 3)]
async fn lends<'a>(flaky: &Flaky, names: &'a [String]) -> io::Result<&'a str> {
    flaky.ask().await?;
    names
        .first()
        .map(String::as_str)
        .ok_or_else(|| io::ErrorKind::NotFound.into())
}

struct Names(Flaky, Vec<String>);

impl Names {
    // 34: a borrow of `self`
    #[wait_or_die(max_retries = 3)]
    async fn first(&self) -> io::Result<Option<&str>> {
        self.0.ask().await?;
        Ok(self.1.first().map(String::as_str))
    }
}

/// An error that borrows.
#[derive(Debug)]
struct Named<'a>(&'a str);

impl Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl StdError for Named<'_> {}

impl From<wait_or_die::Error> for Named<'_> {
    fn from(_: wait_or_die::Error) -> Self {
        Self("dead")
    }
}

impl Classify for Named<'_> {
    fn classify(&self) -> Verdict {
        Verdict::Transient
    }
}

// 35: an error that borrows from an argument
#[wait_or_die(max_retries = 1)]
async fn blames<'a>(flaky: &Flaky, name: &'a str) -> Result<u32, Named<'a>> {
    flaky.ask().await.map_err(|_| Named(name))?;
    Err(Named(name))
}

// 36: a generic error
#[wait_or_die(max_retries = 3)]
async fn generic_error<E, F>(fail: F) -> Result<u32, E>
where
    E: Display + Classify + From<wait_or_die::Error>,
    F: Fn() -> Result<u32, E>,
{
    tokio::task::yield_now().await;
    fail()
}

type Answer<T = u32, E = io::Error> = Result<T, E>;

mod aliases {
    pub(crate) type Strange = Result<u32, std::io::Error>;
}

// 37: result aliases
#[wait_or_die(max_retries = 3)]
async fn aliased(flaky: &Flaky) -> Answer {
    flaky.ask().await
}

#[wait_or_die(max_retries = 3)]
async fn aliased_elsewhere(flaky: &Flaky) -> aliases::Strange {
    flaky.ask().await
}

// 38: an outcome that is not `Send`
#[wait_or_die(max_retries = 3)]
async fn not_send_value(flaky: &Flaky) -> io::Result<Rc<u32>> {
    Ok(Rc::new(flaky.ask().await?))
}

#[tokio::test(start_paused = true)]
async fn values() {
    let flaky = Flaky::default();
    let opaque = sent(opaque(&flaky)).await.unwrap();
    assert_eq!(
        opaque.map(|n| n.to_string()).collect::<Vec<_>>(),
        ["2", "3"]
    );
    assert_eq!(sent(opaque_error(&Flaky::default(), "n")).await.unwrap(), 2);
    assert_eq!(sent(aliased(&Flaky::default())).await.unwrap(), 2);
    assert_eq!(sent(aliased_elsewhere(&Flaky::default())).await.unwrap(), 2);
    assert_eq!(*not_send_value(&Flaky::default()).await.unwrap(), 2);
    let names = Names(Flaky::default(), vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(sent(names.first()).await.unwrap(), Some("a"));
    assert_eq!(
        sent(lends(&Flaky::default(), &names.1[1..])).await.unwrap(),
        "b"
    );
}

#[tokio::test(start_paused = true)]
async fn ways_out() {
    let flaky = Flaky::default();
    assert_eq!(sent(returns_early(&flaky, 3)).await.unwrap(), 4);
    assert_eq!(flaky.attempts(), 2);
    let flaky = Flaky::default();
    assert_eq!(sent(diverges(&flaky)).await.unwrap(), 3);
    let error = sent(only_fails(&Flaky::default())).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::Other);
    let flaky = Flaky::shared();
    let held = flaky.clone();
    let panicked = tokio::spawn(async move { panics(&held).await })
        .await
        .unwrap_err();
    assert!(panicked.is_panic());
    assert_eq!(flaky.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn errors() {
    assert_eq!(sent(converts(&Flaky::default(), "40")).await.unwrap(), 42);
    let flaky = Flaky::default();
    let error = sent(converts(&flaky, "x")).await.unwrap_err();
    assert!(matches!(error, Failure::Parse(_)));
    assert_eq!(flaky.attempts(), 2);
    for text in ["40", "x"] {
        let (one, other) = (Flaky::default(), Flaky::default());
        let by_question_mark = sent(boxes(&one, text)).await.ok();
        assert_eq!(by_question_mark, (text == "40").then_some(42));
        assert_eq!(sent(coerces(&other, text)).await.ok(), by_question_mark);
        assert_eq!((one.attempts(), other.attempts()), (2, 2));
    }
    assert_eq!(sent(not_send_error(&Flaky::default())).await.unwrap(), 2);
    let flaky = Flaky::default();
    assert_eq!(sent(blames(&flaky, "b")).await.unwrap_err().0, "b");
    assert_eq!(flaky.attempts(), 2);
    let flaky = Flaky::default();
    let out = sent(generic_error(|| flaky.ask_now().map_err(Failure::from)));
    assert_eq!(out.await.unwrap(), 2);
}
