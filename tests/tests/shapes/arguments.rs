//! Arguments: borrowed, owned, cloned, generic, taken apart.

use std::fmt::{Display, Write};
use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;
use wait_or_die::wait_or_die;

use super::{Flaky, sent};

// 10: `&mut` arguments that the body uses
#[wait_or_die(max_retries = 3)]
async fn uses(flaky: &Flaky, log: &mut Vec<u32>, left: &mut [u32]) -> io::Result<usize> {
    log.push(1);
    left[0] += 1;
    flaky.ask().await?;
    Ok(log.len())
}

async fn push(log: &mut Vec<u32>, flaky: &Flaky) -> io::Result<u32> {
    log.push(1);
    flaky.ask().await
}

// 11: `&mut` arguments that the body passes on
#[wait_or_die(max_retries = 3)]
async fn passes_on(flaky: &Flaky, log: &mut Vec<u32>) -> io::Result<u32> {
    push(log, flaky).await?;
    push(log, flaky).await
}

fn write<W: Write>(mut out: W) -> io::Result<()> {
    out.write_str("x").map_err(io::Error::other)
}

// 12: `&mut` arguments that the body moves: into a generic function, a loop, an `async move` block
#[wait_or_die(max_retries = 3)]
async fn moves(
    flaky: &Flaky,
    out: &mut String,
    numbers: &mut (impl Iterator<Item = u32> + Send),
    log: &mut Vec<u32>,
) -> io::Result<u32> {
    write(out)?;
    for n in numbers {
        log.push(n);
        if n == 2 {
            break;
        }
    }
    async move {
        log.push(0);
        flaky.ask().await
    }
    .await
}

// 13: `mut` on a `&mut` argument, which each attempt finds as it was
#[wait_or_die(max_retries = 3)]
async fn walks(flaky: &Flaky, mut rest: &mut [u32]) -> io::Result<u32> {
    while let [first, tail @ ..] = rest {
        *first += 1;
        rest = tail;
    }
    flaky.ask().await
}

// 14: owned, only borrowed
#[wait_or_die(max_retries = 3)]
async fn borrows(flaky: Arc<Flaky>, page: String) -> io::Result<usize> {
    flaky.ask().await?;
    Ok(page.len())
}

// 15: owned and used up, cloned for each attempt, and still there for `fields`
#[wait_or_die(max_retries = 3, clone(page, id), fields(page, id = id.len()))]
async fn consumes(flaky: Arc<Flaky>, page: String, id: Vec<u8>) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let bytes = page.into_bytes();
    flaky.ask().await?;
    Ok((bytes, id))
}

// 16: owned, cloned by the body
#[wait_or_die(max_retries = 3)]
async fn clones(flaky: Arc<Flaky>, page: String) -> io::Result<String> {
    flaky.ask().await?;
    Ok(page.clone())
}

// 17: generic arguments, with conditions and without `Clone`
#[wait_or_die(max_retries = 3)]
async fn generic<T, U: Display>(flaky: &Flaky, value: T, shown: U) -> io::Result<String>
where
    T: AsRef<str>,
{
    flaky.ask().await?;
    Ok(format!("{} {shown}", value.as_ref()))
}

struct NotClone;

impl AsRef<str> for NotClone {
    fn as_ref(&self) -> &'static str {
        "value"
    }
}

// 18: `impl Trait` arguments
#[wait_or_die(max_retries = 3, clone(numbers))]
async fn implementing(
    flaky: &Flaky,
    key: impl AsRef<str>,
    numbers: impl Iterator<Item = u32> + Clone,
    call: impl Fn(u32) -> u32,
) -> io::Result<u32> {
    let n = flaky.ask().await?;
    Ok(call(n) + numbers.sum::<u32>() + u32::try_from(key.as_ref().len()).unwrap())
}

// 19: const generics
#[wait_or_die(max_retries = 3)]
async fn sized<const N: usize>(flaky: &Flaky, bytes: [u8; N]) -> io::Result<[u8; N]> {
    flaky.ask().await?;
    Ok(bytes)
}

// 20: references to `dyn`
#[wait_or_die(max_retries = 3)]
async fn objects(
    flaky: &Flaky,
    shown: &(dyn Display + Sync),
    next: &mut (dyn FnMut() -> u32 + Send),
) -> io::Result<String> {
    let n = next();
    flaky.ask().await?;
    Ok(format!("{shown}{n}"))
}

// 21: slices of references, and lifetimes that are related
#[wait_or_die(max_retries = 3)]
async fn references<'a, 'b: 'a>(
    flaky: &Flaky,
    names: &[&'a str],
    found: &mut Vec<&'a str>,
    last: &'b str,
) -> io::Result<usize> {
    found.extend_from_slice(names);
    found.push(last);
    flaky.ask().await?;
    Ok(found.len())
}

// 22: channel senders
#[wait_or_die(max_retries = 3)]
async fn sends(flaky: Arc<Flaky>, to: mpsc::Sender<u32>) -> io::Result<()> {
    to.send(flaky.attempts()).await.map_err(io::Error::other)?;
    flaky.ask().await.map(drop)
}

// 23: `mut` arguments, which start afresh: `Copy` ones as they are, others by `clone`
#[wait_or_die(max_retries = 3, clone(log))]
async fn changes(
    flaky: &Flaky,
    mut n: u32,
    mut rest: &[u32],
    mut log: Vec<u32>,
) -> io::Result<(u32, usize, Vec<u32>)> {
    n += 1;
    rest = &rest[1..];
    log.push(n);
    flaky.ask().await?;
    Ok((n, rest.len(), log))
}

struct Point {
    x: u32,
    y: u32,
}

// 24: patterns, whose `mut` parts start afresh as well
#[wait_or_die(max_retries = 3)]
async fn patterns(
    flaky: &Flaky,
    (mut a, b): (u32, String),
    Point { mut x, y: z }: Point,
    [first, ..]: [u32; 3],
    Point {
        x: by_reference, ..
    }: &mut Point,
    _: u32,
    _unused: u32,
) -> io::Result<u32> {
    a += 1;
    x += 10;
    *by_reference += 1;
    flaky.ask().await?;
    Ok(a + x + z + first + u32::try_from(b.len()).unwrap())
}

// 25: arguments that are configured away, or carry lints
#[wait_or_die(max_retries = 3, fallback = configured_fallback)]
async fn configured(
    flaky: &Flaky,
    #[cfg(not(test))] mut gone: u32,
    #[cfg(test)] mut there: u32,
    #[allow(unused_variables)] idle: u32,
) -> io::Result<u32> {
    there += 1;
    flaky.ask().await?;
    Err(io::Error::other(format!("{there}")))
}

#[allow(clippy::unused_async)] // a fallback of an `async fn` is one
async fn configured_fallback(_: &Flaky, there: u32, _: u32, _: io::Error) -> io::Result<u32> {
    Ok(there)
}

#[tokio::test(start_paused = true)]
async fn mutable_references() {
    let (mut log, mut left) = (Vec::new(), [0, 5]);
    assert_eq!(
        sent(uses(&Flaky::default(), &mut log, &mut left))
            .await
            .unwrap(),
        2
    );
    assert_eq!((log.len(), left), (2, [2, 5]));

    let mut log = Vec::new();
    // The second push of the first round answers 2.
    assert_eq!(
        sent(passes_on(&Flaky::default(), &mut log)).await.unwrap(),
        3
    );
    assert_eq!(log.len(), 3);

    let (mut out, mut log) = (String::new(), Vec::new());
    let (flaky, mut numbers) = (Flaky::default(), 1..5);
    let moved = moves(&flaky, &mut out, &mut numbers, &mut log);
    assert_eq!(sent(moved).await.unwrap(), 2);
    assert_eq!((out.as_str(), &log[..]), ("xx", &[1, 2, 0, 3, 4, 0][..]));

    let mut numbers = [0, 1, 2];
    assert_eq!(
        sent(walks(&Flaky::default(), &mut numbers)).await.unwrap(),
        2
    );
    assert_eq!(
        numbers,
        [2, 3, 4],
        "each of two attempts walked all of them"
    );
}

#[tokio::test(start_paused = true)]
async fn owned_values() {
    let page = || "page".to_owned();
    let borrowed = tokio::spawn(borrows(Flaky::shared(), page()))
        .await
        .unwrap();
    assert_eq!(borrowed.unwrap(), 4);
    let consumed = tokio::spawn(consumes(Flaky::shared(), page(), vec![1]))
        .await
        .unwrap();
    assert_eq!(consumed.unwrap(), (b"page".to_vec(), vec![1]));
    let cloned = tokio::spawn(clones(Flaky::shared(), page())).await.unwrap();
    assert_eq!(cloned.unwrap(), "page");
}

#[tokio::test(start_paused = true)]
async fn generic_values() {
    let flaky = Flaky::default();
    assert_eq!(sent(generic(&flaky, NotClone, 7)).await.unwrap(), "value 7");
    assert_eq!(flaky.attempts(), 2);
    let other = Flaky::default();
    let out = implementing(&other, "key", [10, 20].into_iter(), |n| n * 100);
    assert_eq!(sent(out).await.unwrap(), 233);
    assert_eq!(
        sent(sized(&Flaky::default(), [7; 3])).await.unwrap(),
        [7; 3]
    );
    let mut n = 0;
    let mut next = || {
        n += 1;
        n
    };
    assert_eq!(
        sent(objects(&Flaky::default(), &"n", &mut next))
            .await
            .unwrap(),
        "n2"
    );
}

#[tokio::test(start_paused = true)]
async fn references_and_senders() {
    let mut found = Vec::new();
    let flaky = Flaky::default();
    let out = references(&flaky, &["a", "b"], &mut found, "c");
    assert_eq!(sent(out).await.unwrap(), 6);
    assert_eq!(found, ["a", "b", "c", "a", "b", "c"]);
    let (to, mut from) = mpsc::channel(2);
    tokio::spawn(sends(Flaky::shared(), to))
        .await
        .unwrap()
        .unwrap();
    let mut seen = Vec::new();
    assert_eq!(from.recv_many(&mut seen, 9).await, 2);
    assert_eq!(seen, [0, 1]);
}

#[tokio::test(start_paused = true)]
async fn mutable_and_taken_apart() {
    let flaky = Flaky::default();
    let changed = changes(&flaky, 1, &[1, 2, 3], vec![9]);
    assert_eq!(sent(changed).await.unwrap(), (2, 2, vec![9, 2]));

    let mut point = Point { x: 0, y: 7 };
    let flaky = Flaky::default();
    let out = patterns(
        &flaky,
        (1, "bb".to_owned()),
        Point { x: 1, y: 100 },
        [1000, 0, 0],
        &mut point,
        0,
        0,
    );
    // (1 + 1) + (1 + 10) + 100 + 1000 + 2: neither `a` nor `x` was counted up twice.
    assert_eq!(sent(out).await.unwrap(), 1115);
    assert_eq!((point.x, point.y), (2, 7));

    let flaky = Flaky::default();
    assert_eq!(sent(configured(&flaky, 4, 0)).await.unwrap(), 4);
    assert_eq!(flaky.attempts(), 2);
}
