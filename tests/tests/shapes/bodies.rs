//! What stands in a body.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use wait_or_die::wait_or_die;

use super::{Flaky, sent};

// 43: values across an `.await` that are not `Send`
#[wait_or_die(max_retries = 3)]
async fn local(flaky: Rc<Flaky>, count: &Cell<u32>) -> io::Result<u32> {
    let held = Rc::clone(&flaky);
    count.set(count.get() + 1);
    let n = flaky.ask().await?;
    Ok(n + held.attempts())
}

// 44: recursion
#[wait_or_die(max_retries = 3)]
async fn recursive(flaky: Arc<Flaky>, depth: u32) -> io::Result<u32> {
    if depth == 0 {
        return flaky.ask().await;
    }
    let inner = Box::pin(recursive(Arc::clone(&flaky), depth - 1));
    Ok(inner.await? + 1)
}

// 45: variables of the user's with names that the expansion uses
#[wait_or_die(max_retries = 3, attempt = attempt)]
async fn named(flaky: &Flaky, run: u32, call: u32, fields: &mut u32) -> io::Result<u32> {
    let out = run + call;
    let error = attempt.number();
    let retry = out + error;
    *fields += 1;
    flaky.ask().await?;
    Ok(retry + *fields)
}

// 46: one annotated function calls another, and holds a third
#[wait_or_die(max_retries = 3)]
async fn outer(flaky: &Flaky) -> io::Result<u32> {
    #[wait_or_die(max_retries = 3)]
    async fn inside(flaky: &Flaky) -> io::Result<u32> {
        flaky.ask().await
    }
    let n = inside(flaky).await?;
    named(flaky, n, 0, &mut 0).await
}

// 47: closures that borrow, change and are returned from
#[wait_or_die(max_retries = 3)]
async fn closures(flaky: &Flaky, log: &mut Vec<u32>) -> io::Result<usize> {
    let mut push = |n| log.push(n);
    push(1);
    push(2);
    let ask = async || flaky.ask().await;
    ask().await?;
    let fallible = || -> Result<u32, io::Error> { "3".parse().map_err(io::Error::other) };
    log.push(fallible()?);
    Ok(log.len())
}

// 48: `async` blocks, spawned and awaited
#[wait_or_die(max_retries = 3)]
async fn blocks(flaky: Arc<Flaky>) -> io::Result<u32> {
    let spawned = tokio::spawn({
        let flaky = Arc::clone(&flaky);
        async move { flaky.ask().await }
    });
    let first = async { Ok::<_, io::Error>(1) }.await?;
    Ok(first + spawned.await.map_err(io::Error::other)??)
}

// 49: `join!` and `select!`
#[wait_or_die(max_retries = 3)]
async fn joined(flaky: &Flaky, log: &mut Vec<&str>) -> io::Result<u32> {
    let (one, other) = tokio::join!(flaky.ask(), async { Ok::<u32, io::Error>(40) });
    tokio::select! {
        () = sleep(Duration::from_secs(1)) => log.push("slept"),
        () = sleep(Duration::from_secs(2)) => return Err(io::ErrorKind::TimedOut.into()),
    }
    Ok(one? + other?)
}

macro_rules! ask {
    ($flaky:expr) => {{
        let out = match $flaky.ask().await {
            Ok(out) => out,
            Err(error) => return Err(error),
        };
        out
    }};
}

// 50: macros that bind names and return
#[wait_or_die(max_retries = 3)]
async fn expands(flaky: &Flaky) -> io::Result<u32> {
    let out = ask!(flaky);
    assert!(out > 0, "{out} of {flaky:?}");
    Ok(vec![out, ask!(flaky)].into_iter().sum())
}

// 51: inner attributes and items
#[wait_or_die(max_retries = 3)]
async fn attributed(flaky: &Flaky) -> io::Result<u32> {
    #![allow(unused_variables)]
    //! And a comment in the function's own documentation.
    use std::ops::Add;
    const ONE: u32 = 1;
    static TWO: u32 = 2;
    struct Three;
    impl Three {
        const VALUE: u32 = 3;
    }
    let unused = ();
    Ok(flaky.ask().await?.add(ONE + TWO + Three::VALUE))
}

// 52: the plain `fn`, with all that again
#[wait_or_die(max_retries = 3, clone(page))]
fn plain(flaky: &Flaky, mut n: u32, log: &mut Vec<u32>, page: String) -> io::Result<Vec<u8>> {
    #![allow(unused_variables)]
    n += 1;
    let moved = log;
    moved.push(n);
    if flaky.ask_now()? > 9 {
        return Ok(Vec::new());
    }
    let unused = ();
    Ok(page.into_bytes())
}

#[tokio::test(start_paused = true)]
async fn not_send() {
    let count = Cell::new(0);
    assert_eq!(local(Rc::default(), &count).await.unwrap(), 4);
    assert_eq!(count.get(), 2);
}

#[tokio::test(start_paused = true)]
async fn calls_of_calls() {
    let flaky = Flaky::shared();
    let out = tokio::spawn(recursive(Arc::clone(&flaky), 3))
        .await
        .unwrap();
    assert_eq!(out.unwrap(), 5);
    assert_eq!(flaky.attempts(), 2, "only the innermost call failed");

    let mut fields = 0;
    // Attempt 2: `out` is 30, `error` 2, and `fields` was counted up by both.
    assert_eq!(
        sent(named(&Flaky::default(), 10, 20, &mut fields))
            .await
            .unwrap(),
        34
    );
    // The inner call answers 2 after a retry; the third question succeeds at once.
    assert_eq!(sent(outer(&Flaky::default())).await.unwrap(), 4);
}

#[tokio::test(start_paused = true)]
async fn expressions() {
    let mut log = Vec::new();
    assert_eq!(
        sent(closures(&Flaky::default(), &mut log)).await.unwrap(),
        5
    );
    assert_eq!(log, [1, 2, 1, 2, 3]);
    assert_eq!(
        tokio::spawn(blocks(Flaky::shared()))
            .await
            .unwrap()
            .unwrap(),
        3
    );
    let mut log = Vec::new();
    assert_eq!(sent(joined(&Flaky::default(), &mut log)).await.unwrap(), 42);
    assert_eq!(log, ["slept", "slept"]);
    assert_eq!(sent(expands(&Flaky::default())).await.unwrap(), 5);
    assert_eq!(sent(attributed(&Flaky::default())).await.unwrap(), 8);
}

#[test]
fn plain_functions() {
    let _scope = wait_or_die::testing::scope(1);
    let mut log = Vec::new();
    let out = plain(&Flaky::default(), 1, &mut log, "page".to_owned());
    assert_eq!(out.unwrap(), b"page");
    assert_eq!(log, [2, 2]);
}
