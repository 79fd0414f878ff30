//! Free functions, with few options.

use core::fmt::Display;
use std::error::Error;
use std::io;
use std::sync::Arc;

use tokio::sync::Mutex;
use wait_or_die::wait_or_die;

/// Makes an attempt that fails for one who fails.
///
/// # Errors
/// If `fine` is false.
pub(crate) async fn ask(fine: bool) -> io::Result<u32> {
    tokio::task::yield_now().await;
    fine.then_some(1)
        .ok_or_else(|| io::ErrorKind::TimedOut.into())
}

/// The same, where the answer does not matter.
///
/// # Errors
/// If `fine` is false.
pub(crate) async fn probe(fine: bool) -> io::Result<()> {
    ask(fine).await.map(drop)
}

/// Nothing written.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die]
pub async fn bare(fine: bool) -> io::Result<u32> {
    ask(fine).await
}

/// A tail that is a `match`, with a value across an `.await`.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(timeout = "30s")]
pub async fn branches(fine: bool) -> io::Result<u32> {
    let text = format!("{fine}");
    match ask(fine).await {
        Ok(found) if text.is_empty() => Ok(found.saturating_add(1)),
        other => other,
    }
}

/// A body that is one expression.
///
/// # Errors
/// Always.
#[wait_or_die(timeout = "30s")]
pub async fn fails() -> io::Result<()> {
    probe(false).await?;
    Err(io::ErrorKind::NotFound.into())
}

/// A tail that never comes to a value.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(timeout = "30s")]
pub async fn loops(fine: bool) -> io::Result<u32> {
    loop {
        if let found @ 2.. = ask(fine).await? {
            return Ok(found);
        }
    }
}

/// Mutable references, used, moved and not needed.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(max_retries = 3)]
pub async fn references(
    log: &mut Vec<u32>,
    mut rest: &mut [u32],
    name: &str,
    _idle: &mut u32,
    mut _index: u32,
) -> io::Result<()> {
    while let [first, tail @ ..] = rest {
        *first = first.wrapping_add(1);
        rest = tail;
    }
    log.push(ask(name.is_empty()).await?);
    Ok(())
}

/// Owned values: borrowed, cloned, changed, taken apart.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(max_retries = 3, clone(page, log))]
pub async fn owned(
    key: Arc<str>,
    page: String,
    mut log: Vec<u32>,
    mut count: u32,
    (mut left, right): (u32, u32),
) -> io::Result<(Vec<u8>, Vec<u32>)> {
    count = count.wrapping_add(1);
    left = left.wrapping_add(right);
    log.extend([count, left]);
    probe(key.is_empty()).await?;
    Ok((page.into_bytes(), log))
}

/// Generic arguments and an opaque result.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(max_retries = 3)]
pub async fn generic<T, const N: usize>(
    value: &T,
    bytes: [u8; N],
    shown: impl Display + Send + Sync,
) -> io::Result<impl Iterator<Item = u8>>
where
    T: AsRef<str> + Sync + ?Sized,
{
    probe(value.as_ref() == shown.to_string()).await?;
    Ok(bytes.into_iter())
}

/// An error in a box, by `?` and by coercion.
///
/// # Errors
/// Those of the attempt, and where `text` is no number.
#[wait_or_die(max_retries = 3)]
pub async fn boxes(text: &str) -> Result<u32, Box<dyn Error + Send + Sync>> {
    match text.parse::<u32>() {
        Ok(number) => Ok(ask(true).await?.saturating_add(number)),
        Err(error) => Err(Box::new(error)),
    }
}

/// A guard across an `.await`.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(max_retries = 3)]
pub async fn guards(shared: &Mutex<Vec<u32>>) -> io::Result<usize> {
    let mut held = shared.lock().await;
    held.push(ask(true).await?);
    Ok(held.len())
}

/// A lifetime that is needed.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(max_retries = 3)]
pub async fn lends<'a>(names: &'a [String], other: &str) -> io::Result<Option<&'a str>> {
    probe(other.is_empty()).await?;
    Ok(names.first().map(String::as_str))
}

/// A function in a function.
///
/// # Errors
/// Those of the attempt.
#[wait_or_die(max_retries = 3)]
pub async fn nests(fine: bool) -> io::Result<u32> {
    #[wait_or_die(max_retries = 1)]
    async fn inner(fine: bool) -> io::Result<u32> {
        ask(fine).await
    }
    inner(fine).await
}

/// The plain `fn`.
///
/// # Errors
/// Where `text` is no number.
#[wait_or_die(max_retries = 3, clone(page))]
pub fn plain(text: &str, mut count: u32, log: &mut Vec<u32>, page: String) -> io::Result<String> {
    count = count.wrapping_add(1);
    log.push(count);
    if text.parse::<u32>().map_err(io::Error::other)? == count {
        return Ok(String::new());
    }
    Ok(page)
}
