//! Arguments: borrowed, owned, cloned, generic, taken apart.

use std::fmt::Display;
use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;
use wait_or_die::{circuit_breaker as guard, testing, wait_or_die as retry};

use super::{Flaky, failures, flaky, sent};

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn mutable(
    flaky: &Flaky,
    log: &mut Vec<u32>,
    out: &mut (impl Extend<u32> + Send),
) -> io::Result<usize> {
    log.push(1);
    out.extend([7]);
    async move {
        log.push(0);
        flaky.ask().await?;
        Ok(log.len())
    }
    .await
}

#[retry(max_retries = 3)]
#[guard(name = "s")]
async fn walks(flaky: &Flaky, mut rest: &mut [u32]) -> io::Result<u32> {
    while let [first, tail @ ..] = rest {
        *first += 1;
        rest = tail;
    }
    flaky.ask().await
}

#[guard(name = "s")]
#[retry(max_retries = 3, clone(page, id), fields(page, id = id.len()))]
async fn consumes(
    flaky: Arc<Flaky>,
    page: String,
    id: Vec<u8>,
    shown: String,
) -> io::Result<(Vec<u8>, Vec<u8>, usize)> {
    let bytes = page.into_bytes();
    flaky.ask().await?;
    Ok((bytes, id, shown.len()))
}

#[retry(max_retries = 3, clone(numbers))]
#[guard(name = "s", key = key.as_ref())]
async fn generic<T, const N: usize>(
    flaky: &Flaky,
    key: impl AsRef<str> + Send + Sync,
    numbers: impl Iterator<Item = u32> + Clone + Send,
    call: impl Fn(u32) -> u32 + Send + Sync,
    value: T,
    bytes: [u8; N],
) -> io::Result<String>
where
    T: Display + Send + Sync,
{
    let n = flaky.ask().await?;
    let sum = call(n) + numbers.sum::<u32>();
    Ok(format!("{} {sum} {value} {}", key.as_ref(), bytes.len()))
}

#[guard(name = "s")]
#[retry(max_retries = 3)]
async fn objects<'a, 'b: 'a>(
    flaky: &Flaky,
    shown: &(dyn Display + Sync),
    next: &mut (dyn FnMut() -> u32 + Send),
    found: &mut Vec<&'a str>,
    last: &'b str,
) -> io::Result<&'a str> {
    found.push(last);
    let n = next();
    flaky.ask().await?;
    assert_eq!(format!("{shown}{n}"), "n2");
    Ok(last)
}

#[retry(max_retries = 3)]
#[guard(name = "s")]
async fn sends(flaky: Arc<Flaky>, to: mpsc::Sender<u32>) -> io::Result<()> {
    to.send(1).await.map_err(io::Error::other)?;
    flaky.ask().await.map(drop)
}

struct Point {
    x: u32,
    y: u32,
}

#[guard(name = "s")]
#[retry(max_retries = 3, clone(log))]
async fn patterns(
    flaky: &Flaky,
    (mut a, b): (u32, String),
    Point { mut x, y: z }: Point,
    [first, ..]: [u32; 3],
    Point { x: inner, .. }: &mut Point,
    mut log: Vec<u32>,
    #[cfg(not(test))] mut gone: u32,
    _: u32,
) -> io::Result<u32> {
    a += 1;
    x += 10;
    *inner += 1;
    log.push(a);
    flaky.ask().await?;
    assert_eq!(log, [9, 2]);
    Ok(a + x + z + first + u32::try_from(b.len()).unwrap())
}

#[retry(max_retries = 1, fallback = cached)]
#[guard(name = "s")]
async fn falls_back(flaky: &Flaky, n: u32) -> io::Result<u32> {
    flaky.ask().await?;
    Err(io::Error::other(n.to_string()))
}

#[allow(clippy::unused_async)] // a fallback of an `async fn` is one
async fn cached(_: &Flaky, n: u32, _: io::Error) -> io::Result<u32> {
    Ok(n)
}

#[tokio::test(start_paused = true)]
async fn arguments() {
    let _scope = testing::scope(1);
    let (mut log, mut out) = (Vec::new(), Vec::new());
    assert_eq!(
        sent(mutable(&flaky(), &mut log, &mut out)).await.unwrap(),
        4
    );
    assert_eq!(out, [7, 7]);
    let mut numbers = [0, 1, 2];
    assert_eq!(sent(walks(&flaky(), &mut numbers)).await.unwrap(), 2);
    assert_eq!(numbers, [2, 3, 4]);
    let consumed = tokio::spawn(consumes(
        flaky(),
        "page".to_owned(),
        vec![1],
        "x".to_owned(),
    ));
    assert_eq!(
        consumed.await.unwrap().unwrap(),
        (b"page".to_vec(), vec![1], 1)
    );
    let asked = flaky();
    let made = generic(&asked, "key", [10, 20].into_iter(), |n| n * 100, 7, [0; 3]);
    assert_eq!(sent(made).await.unwrap(), "key 230 7 3");
    let (mut n, mut found) = (0, Vec::new());
    let mut next = || {
        n += 1;
        n
    };
    assert_eq!(
        sent(objects(&flaky(), &"n", &mut next, &mut found, "last"))
            .await
            .unwrap(),
        "last"
    );
    assert_eq!(found, ["last", "last"]);
    let (to, mut from) = mpsc::channel(2);
    tokio::spawn(sends(flaky(), to)).await.unwrap().unwrap();
    assert_eq!(from.recv_many(&mut Vec::new(), 9).await, 2);
    let mut point = Point { x: 0, y: 7 };
    let owned = Point { x: 1, y: 100 };
    let asked = flaky();
    let out = patterns(
        &asked,
        (1, "bb".to_owned()),
        owned,
        [1000, 0, 0],
        &mut point,
        vec![9],
        0,
    );
    assert_eq!(sent(out).await.unwrap(), 1115);
    assert_eq!((point.x, point.y), (2, 7));
    assert_eq!(sent(falls_back(&flaky(), 4)).await.unwrap(), 4);
    assert_eq!(failures(), 0, "all ended well");
}
